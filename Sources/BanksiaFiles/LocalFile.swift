/// A file of this machine that stays there as long as someone holds this.
public final class LocalFile: Sendable {
    /// Where it is. Not to be written to.
    public let path: String
    private let onRelease: @Sendable () -> Void

    init(path: String, onRelease: @escaping @Sendable () -> Void = {}) {
        self.path = path
        self.onRelease = onRelease
    }

    deinit { onRelease() }
}

/// A folder for files on their way; whoever asked for it removes it.
public struct TemporaryFolder: Sendable {
    /// Where it is.
    public let path: String

    init(path: String) throws(FileProblem) {
        try Folder.make(path)
        self.path = path
    }

    /// Removes the folder with everything in it.
    public func remove() { Folder.removeTree(path) }
}
