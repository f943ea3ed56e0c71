public import BanksiaCore

/// What can go wrong with a vector index.
public enum VectorIndexProblem: Problem, Equatable {
    /// No index is made of vectors with this many values, or a vector of this length was appended to an index of another.
    case dimension(Int)
    /// A vector has a value that is not a number, or is absurdly large.
    case notFinite
    /// Another index, maybe in another process, has the folder open.
    case inUse
    /// The disk refused; the system's error number.
    case disk(errno: Int32)

    public var code: String {
        switch self {
        case .dimension, .notFinite: "vector_invalid"
        case .inUse: "index_in_use"
        case .disk: "index_storage_failed"
        }
    }
    public var kind: ProblemKind {
        switch self {
        case .dimension, .notFinite: .invalid
        case .inUse: .contention
        case .disk: .storageFailed
        }
    }
    public var detail: String {
        switch self {
        case .dimension(let count): "The search index does not take vectors of \(count) values."
        case .notFinite: "A vector for the search index has a value that is not a finite number."
        case .inUse: "Another process has the search index open. Only one server may use a data folder."
        case .disk(let code): "The search index could not be written (system error \(code)). Check the disk's space and rights."
        }
    }
}
