import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The folder of files on their way in. Each process of an installation holds a lock file in it as long as it lives, and
/// puts the lock's name before those of its files; so another process can tell leftovers from work.
final class StagingFolder: Sendable {
    private let path: String
    private let owner: String
    private let lock: Int32
    private let counter = Atomic(0)

    init(_ path: String) throws(FileProblem) {
        self.path = path
        owner = UUID().uuidString.lowercased()
        lock = try Self.hold("\(path)/\(owner).lock")
    }

    /// Makes and locks a file. A sweep of another process may take it away between the two: then once more.
    private static func hold(_ path: String) throws(FileProblem) -> Int32 {
        while true {
            let descriptor = try system { open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600) }
            try system { flock(descriptor, LOCK_EX) }
            var status = stat()
            try system { fstat(descriptor, &status) }
            if status.st_nlink > 0 { return descriptor }
            close(descriptor)
        }
    }

    deinit {
        unlink("\(path)/\(owner).lock")
        close(lock)
    }

    /// A path that nothing lies at.
    func newPath() -> String { "\(path)/\(owner)-\(counter.add(1, ordering: .relaxed).newValue)" }

    /// Removes what belongs to processes that are gone.
    ///
    /// - Returns: how many files and folders that were, without locks.
    func sweep() -> Int {
        // Looked at before the locks: whoever puts a file here has made a lock before.
        let names = Folder.names(in: path)
        let living = Set(names.filter { $0.hasSuffix(".lock") && !removeAbandoned(lock: $0) }.map { $0.dropLast(5) })
        var removed = 0
        for name in names where !name.hasSuffix(".lock") && !living.contains(name.prefix(owner.count)) {
            let entry = "\(path)/\(name)"
            if unlink(entry) != 0 { Folder.removeTree(entry) }
            removed += 1
        }
        return removed
    }

    /// Removes a lock that no living process holds; its own counts as held.
    ///
    /// It is taken away while it is held here, so that a process that has just made it and waits for it sees that.
    private func removeAbandoned(lock name: String) -> Bool {
        let descriptor = open("\(path)/\(name)", O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return errno == ENOENT }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return false }
        return unlink("\(path)/\(name)") == 0
    }
}
