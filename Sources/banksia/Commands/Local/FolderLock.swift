import ArgumentParser
import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Keeps a second server off a data folder: the vector indexes have one writer.
struct FolderLock {
    private let descriptor: Int32

    /// The lock goes with the process, so a killed server leaves none behind.
    init(_ folder: String) throws {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        descriptor = open("\(folder)/serve.lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw ValidationError("\(folder) cannot be written to: \(String(cString: strerror(errno))).")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw ValidationError("Another server is running on \(folder). Stop it, or name another folder with --data.")
        }
    }

    func release() { close(descriptor) }
}
