public import BanksiaCore
import BanksiaSQL

extension Database {
    /// Runs a change to a library, alone among all changes to it: whatever `body` reads of the library stays true until the
    /// commit, and its events come after those of every change before.
    ///
    /// - Throws: `LibraryProblem.notFound` when the viewer sees no such live library, `AccountProblem.insufficientRole`;
    ///   what `body` throws.
    @discardableResult
    func change<Result: Sendable>(
        _ library: LibraryID, by viewer: Viewer, as role: Role = .collaborator,
        _ body: @Sendable (borrowing Transaction) throws -> Result
    ) async throws -> Result {
        try await change(library) { tx in
            try viewer.require(role, in: library, tx)
            return try body(tx)
        }
    }

    /// The same for what no role decides: the server's own work, and people who come or go.
    @discardableResult
    func change<Result: Sendable>(_ library: LibraryID, _ body: @Sendable (borrowing Transaction) throws -> Result)
        async throws -> Result
    {
        try await write(.committed) { tx in
            try tx.lock(library.uuid)
            return try body(tx)
        }
    }

    /// The same for a thing whose library has to be looked up before. Should it move to another one in between, that one is
    /// locked instead.
    ///
    /// - Parameter find: the library of the thing, or a throw when the viewer does not see it; true when `body` runs.
    /// - Throws: also `ChangeProblem.overtaken`.
    @discardableResult
    func change<Result: Sendable>(
        of find: @Sendable (borrowing Transaction) throws -> LibraryID, by viewer: Viewer, as role: Role = .collaborator,
        _ body: @Sendable (LibraryID, borrowing Transaction) throws -> Result
    ) async throws -> Result {
        for _ in 0..<Self.pursuits {
            let library = try await read(find)
            let result: Result? = try await change(library, by: viewer, as: role) { tx in
                guard try find(tx) == library else { return nil }
                return try body(library, tx)
            }
            if let result { return result }
        }
        throw ChangeProblem.overtaken
    }

    /// How often a thing is followed that moves between two looks; already once is rare.
    private static let pursuits = 5

    /// The same for a change to several libraries at once, with a role of its own in each. They are locked in the order of
    /// their ids, so that two such changes never wait for each other.
    ///
    /// - Parameter isolation: `serial` when `body` relies on what lies outside these libraries, such as all that someone owns.
    @discardableResult
    func change<Result: Sendable>(
        _ roles: [LibraryID: Role], by viewer: Viewer, _ isolation: Isolation = .committed,
        _ body: @Sendable (borrowing Transaction) throws -> Result
    ) async throws -> Result {
        let libraries = roles.sorted { $0.key < $1.key }
        return try await write(isolation) { tx in
            for (library, _) in libraries { try tx.lock(library.uuid) }
            for (library, role) in libraries { try viewer.require(role, in: library, tx) }
            return try body(tx)
        }
    }
}

/// What can go wrong with a change because of others that are made at the same time.
public enum ChangeProblem: Problem, Equatable {
    /// What is to be changed went to another library meanwhile.
    case overtaken

    public var code: String { "concurrent_modification" }
    public var kind: ProblemKind { .contention }
    public var detail: String { "What you are changing was moved to another library meanwhile. Look at it and try again." }
    public var field: String? { nil }
}
