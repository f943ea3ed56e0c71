public import BanksiaCore
import BanksiaJobs
import BanksiaSQL

/// The libraries a viewer may use. Trashing and restoring are in `Libraries+Trash.swift`.
public struct Libraries: Sendable {
    let database: Database
    let jobs: JobQueue
    let clock: any WallClock
    let ids: IdentifierSource

    // The seed's name for the library that comes with an account (contract §6); a literal that is a valid name.
    static let defaultName = try! Name("Default Library")

    /// What a request is for, which decides what happens when there is no library at all.
    public enum Purpose: Sendable { case reading, uploading }

    /// The viewer's libraries: their own first, oldest first, then those they have joined; the trashed ones, which only
    /// owners see, by time of trashing, newest first.
    public func list(_ state: Library.State = .live, by viewer: Viewer) async throws -> [Library] {
        try await database.read { tx in try LibraryStore.libraries(state, by: viewer, tx) }
    }

    /// One library; its owner gets it also when it is trashed.
    ///
    /// - Throws: `LibraryProblem.notFound`.
    public func get(_ id: String, by viewer: Viewer) async throws -> Library {
        try await database.read { tx in try Self.seen(id, by: viewer, tx) }
    }

    /// Makes a library; a live one of the same name with equal values is returned as it is.
    ///
    /// - Throws: `LibraryProblem.nameTaken`, `NameProblem`.
    public func create(_ name: Name, description: String?, by viewer: Viewer) async throws -> Stored<Library> {
        let wanted = try NameProblem.description(description)
        return try await changeOwn(of: viewer) { [now = clock.now, ids] tx in
            if let known = try LibraryStore.library(named: name, of: viewer.user, by: viewer, tx) {
                guard known.trashedAt == nil, description == nil || known.description == wanted,
                    try LibraryStore.library(known.id, by: viewer, tx) != nil
                else { throw LibraryProblem.nameTaken(name.text) }
                return Stored(known, isNew: false)
            }
            let id: LibraryID = ids.make()
            try LibraryStore.insert(id, owner: viewer.user, name, description: wanted, at: now, tx)
            // A key for selected libraries does not see the library it just made, so it is read as its owner.
            guard let library = try LibraryStore.library(id, by: Viewer(user: viewer.user, credential: .local), tx) else {
                throw LibraryProblem.notFound
            }
            return Stored(library, isNew: true)
        }
    }

    /// Changes name or description; `nil` leaves a value as it is. A trashed library can be renamed too, which frees its name.
    ///
    /// - Throws: `LibraryProblem.notFound`, `.nameTaken`; `AccountProblem.insufficientRole`; `NameProblem`.
    public func update(_ id: String, name: Name?, description: String?, by viewer: Viewer) async throws -> Library {
        let wanted = try NameProblem.description(description)
        return try await changeOwn(of: viewer) { [now = clock.now] tx in
            let before = try Self.owned(id, by: viewer, tx)
            var library = before
            if let name { library.name = name.text }
            if description != nil { library.description = wanted }
            guard library != before else { return before }
            if let name, let other = try LibraryStore.library(named: name, of: library.ownerID, by: viewer, tx),
                other.id != library.id
            {
                throw LibraryProblem.nameTaken(name.text)
            }
            library.updatedAt = now
            try LibraryStore.update(library, tx)
            return library
        }
    }

    /// Whose library it is, for the person who runs the server.
    ///
    /// - Throws: `LibraryProblem.notFound`.
    public func owner(of id: String) async throws -> UserID {
        try await database.read { tx in
            guard let id = LibraryID(id), let owner = try LibraryStore.owner(of: id, tx) else { throw LibraryProblem.notFound }
            return owner
        }
    }

    /// Sets the cap on what a library stores, for the person who runs the server.
    ///
    /// - Parameter bytes: `nil` for none but that of its owner.
    public func limit(_ id: String, toBytes bytes: Int64?) async throws -> Library {
        let owner = Viewer(user: try await owner(of: id), credential: .local)
        return try await changeOwn(of: owner) { [now = clock.now] tx in
            var library = try Self.owned(id, by: owner, tx)
            guard library.storageLimitBytes != bytes else { return library }
            library.storageLimitBytes = bytes
            library.updatedAt = now
            try LibraryStore.update(library, tx)
            return library
        }
    }

    /// The owner's id of a library they own, trashed or not, asked for before any value of a request is looked at (contract §4).
    ///
    /// - Throws: `LibraryProblem.notFound`, `AccountProblem.insufficientRole`.
    @discardableResult
    public func owned(_ id: String, by viewer: Viewer) async throws -> Library {
        try await database.read { tx in try Self.owned(id, by: viewer, tx) }
    }

    /// Runs a change to which libraries someone owns, alone among all such changes: names are unique among them, and one
    /// stays live.
    func changeOwn<Result: Sendable>(
        of viewer: Viewer, _ body: @Sendable (borrowing Transaction) throws -> Result
    ) async throws -> Result {
        try await database.write(.committed) { tx in
            try tx.lock(viewer.user.uuid)
            return try body(tx)
        }
    }

    static func seen(_ id: String, by viewer: Viewer, _ tx: borrowing Transaction) throws -> Library {
        guard let id = LibraryID(id), let library = try LibraryStore.library(id, by: viewer, tx) else {
            throw LibraryProblem.notFound
        }
        return library
    }

    static func live(_ id: String, by viewer: Viewer, _ tx: borrowing Transaction) throws -> Library {
        let library = try seen(id, by: viewer, tx)
        guard library.trashedAt == nil else { throw LibraryProblem.notFound }
        return library
    }

    static func owned(_ id: String, by viewer: Viewer, _ tx: borrowing Transaction) throws -> Library {
        let library = try seen(id, by: viewer, tx)
        guard library.role == .owner else { throw AccountProblem.insufficientRole(.owner) }
        return library
    }
}
