public import BanksiaCore

/// What became of one asset that was to be moved to another library.
public struct AssetMove: Sendable, Equatable {
    /// As the client wrote it.
    public var asset: String
    public var outcome: Outcome

    public enum Outcome: Sendable, Equatable {
        case moved, alreadyInDestination
        case failed(Failure)
    }

    /// Why an asset stayed where it is; the raw values are the contract's.
    public enum Failure: String, Sendable, CaseIterable {
        /// Missing, trashed, or not to be seen.
        case unavailable
        /// It lies in a third library.
        case changedSource = "changed_source"
        /// The destination holds the file already, perhaps in its trash.
        case duplicate
        /// There is no room in the destination.
        case quota
        /// It is being changed at the moment.
        case busy
    }
}

/// What can go wrong with a move as a whole.
public enum AssetMoveProblem: Problem, Equatable {
    case sameLibrary
    case noSuchLibrary(field: String)

    public var code: String { if case .sameLibrary = self { "validation_error" } else { "not_found" } }
    public var kind: ProblemKind { if case .sameLibrary = self { .invalid } else { .notFound } }
    public var detail: String {
        switch self {
        case .sameLibrary: "Source and destination are the same library."
        case .noSuchLibrary: "There is no such library, or you cannot see it."
        }
    }
    public var field: String? {
        switch self {
        case .sameLibrary: "destination_library_id"
        case .noSuchLibrary(let field): field
        }
    }
}
