#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file that is being written; closed when it goes away.
struct OutputFile: ~Copyable {
    private let descriptor: Int32

    /// Opens a file that is there.
    init(existing path: String) throws(VectorIndexProblem) {
        descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .disk(errno: errno) }
    }

    /// Makes a file of a size (the room costs nothing until it is written). An older file of the name is forgotten, not
    /// emptied: it may still be mapped somewhere.
    init(new path: String, bytes: Int = 0) throws(VectorIndexProblem) {
        unsafe unlink(path)
        descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .disk(errno: errno) }
        guard ftruncate(descriptor, off_t(bytes)) == 0 else {
            let reason = errno
            close(descriptor)
            throw .disk(errno: reason)
        }
    }

    deinit { close(descriptor) }

    /// Writes the memory of plain values (numbers, ids) as it is.
    @unsafe func write<Value: BitwiseCopyable>(_ values: ArraySlice<Value>, at offset: Int) throws(VectorIndexProblem) {
        let failure: Int32? = unsafe values.withUnsafeBytes { bytes in
            var done = 0
            while done < bytes.count {
                let written = unsafe pwrite(descriptor, bytes.baseAddress! + done, bytes.count - done, off_t(offset + done))
                if written < 0 && errno == EINTR { continue }
                guard written > 0 else { return errno }
                done += written
            }
            return nil
        }
        if let failure { throw .disk(errno: failure) }
    }

    /// Waits until everything written is on disk.
    func synchronise() throws(VectorIndexProblem) {
        guard fsync(descriptor) == 0 else { throw .disk(errno: errno) }
    }
}
