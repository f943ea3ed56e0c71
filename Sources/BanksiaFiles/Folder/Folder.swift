#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// System calls on folders and names, each durable when it returns.
enum Folder {
    /// Makes a folder and those above it, readable by the owner only.
    static func make(_ path: String) throws(FileProblem) {
        if mkdir(path, 0o700) == 0 { return try sync(parent(of: path)) }
        if errno == EEXIST { return }
        guard errno == ENOENT, parent(of: path) != path else { throw .last }
        try make(parent(of: path))
        try make(path)
    }

    /// The folder that a name lies in.
    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Makes a file's bytes durable, or the names in a folder (POSIX fsync, on the folder itself).
    static func sync(_ path: String) throws(FileProblem) {
        let descriptor = try system { open(path, O_RDONLY | O_CLOEXEC) }
        defer { close(descriptor) }
        try system { fsync(descriptor) }
    }

    /// Gives a file a second name, in the place of what may have it already.
    ///
    /// Where the file system knows no hard links (FAT, some network shares) the file loses its first name.
    static func link(_ source: String, as target: String) throws(FileProblem) {
        #if canImport(Glibc)
            let link = Glibc.link
        #else
            let link = Darwin.link
        #endif
        if link(source, target) == 0 { return }
        switch errno {
        case EEXIST:
            let aside = source + "-again"
            try remove(aside)
            if link(source, aside) != 0 { throw .last }
            try system { rename(aside, target) }
        case EPERM, EOPNOTSUPP, ENOSYS, EMLINK, EXDEV: try system { rename(source, target) }
        default: throw .last
        }
    }

    /// Gives a file a second name, where the file system can.
    static func isLinked(_ source: String, as target: String) -> Bool {
        #if canImport(Glibc)
            Glibc.link(source, target) == 0
        #else
            Darwin.link(source, target) == 0
        #endif
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

    /// Whether there is anything at a path.
    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

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
