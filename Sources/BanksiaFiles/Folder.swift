#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// System calls on folders and names, each durable when it returns.
enum Folder {
    /// Makes a folder and those above it, readable by the owner only.
    static func make(_ path: String) throws(FileProblem) {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else { throw .last }
        try make(String(path[..<slash]))
        if mkdir(path, 0o700) != 0 && errno != EEXIST { throw .last }
        try sync(String(path[..<slash]))
    }

    /// Makes the names in a folder durable (POSIX fsync on the folder itself).
    static func sync(_ path: String) throws(FileProblem) {
        let descriptor = try system { open(path, O_RDONLY | O_CLOEXEC) }
        defer { close(descriptor) }
        try system { fsync(descriptor) }
    }

    /// Gives a file a second name; one that is already taken is left as it is.
    static func link(_ source: String, as target: String) throws(FileProblem) {
        #if canImport(Glibc)
            let result = Glibc.link(source, target)
        #else
            let result = Darwin.link(source, target)
        #endif
        if result != 0 && errno != EEXIST { throw .last }
    }

    /// Takes a name away; one that does not exist is fine.
    static func remove(_ path: String) throws(FileProblem) {
        if unlink(path) != 0 && errno != ENOENT { throw .last }
    }

    /// The size of a regular file; `nil` when there is none.
    static func size(of path: String) -> Int64? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int64(status.st_size)
    }

    /// The names in a folder, without `.` and `..`; empty when there is no such folder.
    static func names(in path: String) -> [String] {
        guard let stream = opendir(path) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    /// Removes a folder with everything in it. Best effort: what is left is swept at the next start.
    static func removeTree(_ path: String) {
        for name in names(in: path) {
            let entry = "\(path)/\(name)"
            if unlink(entry) != 0 { removeTree(entry) }
        }
        rmdir(path)
    }
}
