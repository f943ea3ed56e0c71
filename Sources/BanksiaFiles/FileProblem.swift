public import BanksiaCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What a file system or an object store can answer instead of doing what it was asked.
public enum FileProblem: Problem, Equatable {
    /// No room, or the quota of the disk is used up.
    case full
    /// No right to write, or a disk mounted read-only.
    case notWritable
    /// A file that should be there is not, or is shorter than it should be.
    case missing
    /// Any other failure of a file system, by its `errno`.
    case failed(Int32)
    /// Bytes that are not what they should be, found on the way.
    case damaged
    /// More bytes than the store takes in one file.
    case tooLarge
    /// The object store cannot be reached, or did not answer in time.
    case unreachable
    /// The object store asks for less, or fails inside.
    case overloaded
    /// The object store does not let us in, or not do this.
    case refused(Refusal)
    /// The object store has no such bucket.
    case noBucket
    /// An answer of the object store that we do not understand, by its HTTP status.
    case unexpected(Int)

    /// Why an object store refuses.
    public enum Refusal: Sendable, Equatable {
        /// The keys are wrong or have run out.
        case keys
        /// The clocks differ too much.
        case time
        /// The bucket is of another region.
        case region
        /// The keys do not permit it.
        case permission
    }

    /// The present `errno` as a problem.
    static var last: FileProblem {
        switch errno {
        case ENOSPC, EDQUOT: .full
        case EACCES, EPERM, EROFS: .notWritable
        case ENOENT: .missing
        case let code: .failed(code)
        }
    }

    public var code: String { self == .tooLarge ? "payload_too_large" : "storage_unavailable" }
    public var kind: ProblemKind { self == .tooLarge ? .tooLarge : .storageFailed }
    public var detail: String {
        switch self {
        case .full: "The disk that holds the files is full."
        case .notWritable: "The file store cannot be written to."
        case .missing: "A file of the store is missing."
        case .failed, .unexpected: "The file store failed. Try again in a moment."
        case .damaged: "A file was damaged on its way to or from the store. Try again in a moment."
        case .tooLarge: "The file is larger than the store takes."
        case .unreachable: "The file store cannot be reached. Try again in a moment."
        case .overloaded: "The file store is overloaded. Try again in a moment."
        case .refused, .noBucket: "The file store refuses the server. The operator has to look after it."
        }
    }

    /// What the person who runs the server should look at; `nil` where `detail` says it all. Never keys or addresses.
    public var advice: String? {
        switch self {
        case .full, .notWritable, .missing, .failed, .tooLarge: nil
        case .damaged: "Bytes changed between this server and the object store. Look at what lies between them."
        case .unreachable:
            "Is the object store's endpoint right, is the store running, and does a firewall let this server through?"
        case .overloaded: "The object store answers that it has too much to do, or that it failed. Look at its own logs."
        case .refused(.keys):
            "Set the access key, the secret key and, if there is one, the session token that belong to the bucket."
        case .refused(.time): "The clocks of this server and of the object store differ too much. Set them, best by NTP."
        case .refused(.region): "Set the region in which the bucket is."
        case .refused(.permission):
            "Let the keys list the bucket (ListBucket, ListBucketMultipartUploads) and read, write, delete and abort uploads in it "
                + "(GetObject, PutObject, DeleteObject, AbortMultipartUpload)."
        case .noBucket: "Make the bucket, or set the name of one that exists."
        case .unexpected: "Does the endpoint speak S3? Its answer is not one of S3's."
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
