/// What the kernel holds a child to (setrlimit(2)). `nil` leaves what this process has itself.
public struct ChildLimits: Sendable, Hashable {
    /// Address space, in bytes: mapped files and thread stacks count too, so it is well above the resident memory.
    public var addressSpaceBytes: Int?
    /// Private writable memory, in bytes: closer to what is really used; mapped files do not count.
    public var dataBytes: Int?
    /// The largest file it may write, in bytes; a write beyond fails with EFBIG.
    public var fileSizeBytes: Int?
    /// How many descriptors it may hold.
    public var openFiles: Int?
    /// How far it steps back for other processes, 0…19.
    public var niceness: Int

    /// Limits from their parts; without any, a child may do what this process may.
    public init(
        addressSpaceBytes: Int? = nil, dataBytes: Int? = nil, fileSizeBytes: Int? = nil, openFiles: Int? = 256, niceness: Int = 0
    ) {
        self.addressSpaceBytes = addressSpaceBytes
        self.dataBytes = dataBytes
        self.fileSizeBytes = fileSizeBytes
        self.openFiles = openFiles
        self.niceness = niceness
    }
}
