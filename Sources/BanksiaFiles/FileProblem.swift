public import BanksiaCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What a file system can answer instead of doing what it was asked.
public enum FileProblem: Problem, Equatable {
    /// No room, or the quota of the disk is used up.
    case full
    /// No right to write, or a disk mounted read-only.
    case notWritable
    /// A file that should be there is not, or is shorter than it should be.
    case missing
    /// Any other failure, by its `errno`.
    case failed(Int32)

    /// The present `errno` as a problem.
    static var last: FileProblem {
        switch errno {
        case ENOSPC, EDQUOT: .full
        case EACCES, EPERM, EROFS: .notWritable
        case ENOENT: .missing
        case let code: .failed(code)
        }
    }

    public var code: String { "storage_unavailable" }
    public var kind: ProblemKind { .storageFailed }
    public var detail: String {
        switch self {
        case .full: "The disk that holds the files is full."
        case .notWritable: "The file store cannot be written to."
        case .missing: "A file of the store is missing."
        case .failed: "The file store failed. Try again in a moment."
        }
    }
}

/// Runs a system call that answers -1 on failure, again when a signal interrupts it.
@discardableResult
func system<Number: SignedInteger>(_ call: () -> Number) throws(FileProblem) -> Number {
    while true {
        let result = call()
        if result != -1 { return result }
        guard errno == EINTR else { throw .last }
    }
}
