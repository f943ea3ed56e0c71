import BanksiaCore
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
        try await write(.committed) { tx in
            try tx.lock(library.uuid)
            try viewer.require(role, in: library, tx)
            return try body(tx)
        }
    }

    /// The same for a thing whose library has to be looked up before.
    ///
    /// - Parameter find: the library of the thing, or a throw when the viewer does not see it. The thing may be gone when `body`
    ///   runs, so `body` looks once more.
    @discardableResult
    func change<Result: Sendable>(
        of find: @Sendable (borrowing Transaction) throws -> LibraryID, by viewer: Viewer, as role: Role = .collaborator,
        _ body: @Sendable (LibraryID, borrowing Transaction) throws -> Result
    ) async throws -> Result {
        let library = try await read(find)
        return try await change(library, by: viewer, as: role) { tx in try body(library, tx) }
    }

    /// The same for a change to several libraries at once, with a role of its own in each. They are locked in the order of
    /// their ids, so that two such changes never wait for each other.
    @discardableResult
    func change<Result: Sendable>(
        _ roles: [LibraryID: Role], by viewer: Viewer, _ body: @Sendable (borrowing Transaction) throws -> Result
    ) async throws -> Result {
        let libraries = roles.sorted { $0.key < $1.key }
        return try await write(.committed) { tx in
            for (library, _) in libraries { try tx.lock(library.uuid) }
            for (library, role) in libraries { try viewer.require(role, in: library, tx) }
            return try body(tx)
        }
    }
}
