import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What a file must be that comes from elsewhere.
struct ExpectedFile: Sendable, Hashable {
    var bytes: Int64
    var checksum: Checksum.Expected
}

/// The place where files are put together, beside where their pack will stand: `.incoming-ID`. Survives an interruption.
final class PackStaging {
    let folder: String
    private let files: [String: ExpectedFile]
    private let destination: String
    private let lock: Int32

    /// Makes or continues the place for a pack. Files of another manifest are thrown away.
    convenience init(_ pack: ModelPack, manifest: [UInt8], in folder: String) throws(ModelPackProblem) {
        let files = pack.files.mapValues { ExpectedFile(bytes: $0.bytes, checksum: .sha256($0.sha256)) }
        try self.init(pack.id, files, listedIn: Manifest.fileName, Data(manifest), in: folder)
    }

    /// Makes or continues the place for some files. What is there of another list is thrown away.
    init(_ id: String, _ files: [String: ExpectedFile], listedIn list: String, _ content: Data, in folder: String)
        throws(ModelPackProblem)
    {
        self.files = files
        self.folder = "\(folder)/.incoming-\(id)"
        destination = "\(folder)/\(id)"
        try Self.attempt { [place = self.folder] in
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        }
        lock = unsafe Self.open(self.folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard lock >= 0 else { throw .folderUnusable("it cannot be opened") }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            Self.close(lock)
            throw .busy(id)
        }
        let path = "\(self.folder)/\(list)"
        if FileManager.default.contents(atPath: path) != content {
            try Self.attempt { [place = self.folder] in
                for name in try FileManager.default.contentsOfDirectory(atPath: place) {
                    try FileManager.default.removeItem(atPath: "\(place)/\(name)")
                }
                try content.write(to: URL(fileURLWithPath: path), options: .atomic)
            }
        }
    }

    deinit { Self.close(lock) }

    private func path(_ name: String) -> String { "\(folder)/\(name)" }

    /// Whether a file is here whole. One that is here whole and wrong, or too long, is thrown away.
    func isComplete(_ name: String) throws(ModelPackProblem) -> Bool {
        guard let file = files[name], received(name) >= file.bytes else { return false }
        if received(name) == file.bytes, file.checksum.isOf(file: path(name)) { return true }
        try discard(name)
        return false
    }

    /// How many bytes of a file are here.
    func received(_ name: String) -> Int64 { FileSize.of(path(name)) ?? 0 }

    func discard(_ name: String) throws(ModelPackProblem) {
        guard FileSize.of(path(name)) != nil else { return }
        try Self.attempt { try FileManager.default.removeItem(atPath: path(name)) }
    }

    func copy(_ name: String, from source: String) throws(ModelPackProblem) {
        try discard(name)
        try makeFolder(for: name)
        try Self.attempt { try FileManager.default.copyItem(atPath: source, toPath: path(name)) }
    }

    /// Gives a file of ours a second name here, which takes no room.
    func link(_ name: String, to source: String) throws(ModelPackProblem) {
        try discard(name)
        try makeFolder(for: name)
        try Self.attempt { try FileManager.default.linkItem(atPath: source, toPath: path(name)) }
    }

    func write(_ name: String, _ bytes: Data) throws(ModelPackProblem) {
        try makeFolder(for: name)
        try Self.attempt { try bytes.write(to: URL(fileURLWithPath: path(name))) }
    }

    /// Opens a file to write behind what is here.
    func open(_ name: String) throws(ModelPackProblem) -> Growing {
        try makeFolder(for: name)
        let descriptor = unsafe Self.open(path(name), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .folderUnusable("\(name) cannot be written") }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        return Growing(name: name, file: file, room: (files[name]?.bytes ?? 0) - received(name))
    }

    private func makeFolder(for name: String) throws(ModelPackProblem) {
        let parent = (path(name) as NSString).deletingLastPathComponent
        try Self.attempt { try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true) }
    }

    /// Throws away a file that is not what the manifest says.
    func check(_ name: String) throws(ModelPackProblem) {
        guard let file = files[name] else { return }
        // Short is not wrong: the rest may come next time.
        guard received(name) >= file.bytes else { throw .wrongSize(name) }
        guard try isComplete(name) else { throw .wrongChecksum(name) }
    }

    /// Puts the pack in place of an older one of its id.
    func finish() throws(ModelPackProblem) -> ModelPack {
        let old = folder + "-old"
        try Self.attempt {
            if FileManager.default.fileExists(atPath: old) { try FileManager.default.removeItem(atPath: old) }
            if FileManager.default.fileExists(atPath: destination) {
                try FileManager.default.moveItem(atPath: destination, toPath: old)
            }
            try FileManager.default.moveItem(atPath: folder, toPath: destination)
            if FileManager.default.fileExists(atPath: old) { try FileManager.default.removeItem(atPath: old) }
        }
        return try ModelPack(folder: destination)
    }

    /// Throws away everything that is here.
    func remove() throws(ModelPackProblem) { try Self.attempt { try FileManager.default.removeItem(atPath: folder) } }

    /// A file that is being received.
    final class Growing {
        private let name: String
        private let file: FileHandle
        private var room: Int64

        fileprivate init(name: String, file: FileHandle, room: Int64) {
            self.name = name
            self.file = file
            self.room = room
        }

        /// Writes bytes behind those that are here; no more than the manifest says.
        func append(_ bytes: [UInt8]) throws {
            room -= Int64(bytes.count)
            guard room >= 0 else { throw ModelPackProblem.wrongSize(name) }
            try file.write(contentsOf: bytes)
        }

        func close() throws {
            try file.synchronize()
            try file.close()
        }
    }

    private static func attempt(_ body: () throws -> Void) throws(ModelPackProblem) {
        do { try body() } catch { throw .folderUnusable((error as NSError).localizedDescription) }
    }

    private static func close(_ descriptor: Int32) {
        #if canImport(Glibc)
            Glibc.close(descriptor)
        #else
            Darwin.close(descriptor)
        #endif
    }

    @unsafe private static func open(_ path: String, _ flags: Int32, _ mode: mode_t = 0) -> Int32 {
        #if canImport(Glibc)
            unsafe Glibc.open(path, flags, mode)
        #else
            unsafe Darwin.open(path, flags, mode)
        #endif
    }
}
