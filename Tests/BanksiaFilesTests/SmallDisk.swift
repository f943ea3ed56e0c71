import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// A disk of one megabyte, where the system lets tests have one: memory, mounted by the superuser.
final class SmallDisk {
    struct Refused: Error {}

    let path = NSTemporaryDirectory() + "/banksia-disk-" + UUID().uuidString

    static let isPossible: Bool = {
        // Refused without the right to mount, as in most containers.
        (try? SmallDisk()) != nil
    }()

    init() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        #if canImport(Glibc)
            guard mount("none", path, "tmpfs", 0, "size=1m") == 0 else {
                rmdir(path)
                throw Refused()
            }
        #else
            throw Refused()
        #endif
    }

    deinit {
        #if canImport(Glibc)
            umount2(path, Int32(MNT_DETACH))
        #endif
        rmdir(path)
    }
}
