public import BanksiaCore
import BanksiaSQL

/// The libraries a viewer may use.
public struct Libraries: Sendable {
    let database: Database
    let clock: any WallClock
    let ids: IdentifierSource

    // The seed's name for the library that comes with an account (contract §6); a literal that is a valid name.
    static let defaultName = try! Name("Default Library")

    /// What a request is for, which decides what happens when there is no library at all.
    public enum Purpose: Sendable { case reading, uploading }

    /// The viewer's libraries: oldest first, the trashed by time of trashing, newest first.
    public func list(_ state: Library.State = .live, by viewer: Viewer) async throws -> [Library] {
        try await database.read { tx in try LibraryStore.libraries(state, by: viewer, tx) }
    }

    /// One live library.
    ///
    /// - Throws: `LibraryProblem.notFound`.
    public func get(_ id: String, by viewer: Viewer) async throws -> Library {
        try await database.read { tx in try Self.live(id, by: viewer, tx) }
    }

    /// Makes a library; a live one of the same name with equal values is returned as it is.
    ///
    /// - Throws: `LibraryProblem.nameTaken`, `NameProblem`.
    public func create(_ name: Name, description: String?, by viewer: Viewer) async throws -> Stored<Library> {
        let wanted = try NameProblem.description(description)
        return try await database.write { [now = clock.now, ids] tx in
            if let known = try LibraryStore.library(named: name, of: viewer.user, by: viewer, tx) {
                guard known.trashedAt == nil, description == nil || known.description == wanted else {
                    throw LibraryProblem.nameTaken(name.text)
                }
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

    /// Changes name or description; `nil` leaves a value as it is.
    public func update(_ id: String, name: Name?, description: String?, by viewer: Viewer) async throws -> Library {
        let wanted = try NameProblem.description(description)
        return try await database.write { [now = clock.now] tx in
            let before = try Self.live(id, by: viewer, tx)
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

    /// The library a request means (contract §6, default rule).
    ///
    /// - Parameter requested: the `library_id` of the request; `nil` or blank when there was none.
    /// - Throws: `LibraryProblem.notFound` for an unknown or foreign id, `.choiceRequired` when several could be meant.
    public func resolve(_ requested: String?, for purpose: Purpose = .reading, by viewer: Viewer) async throws -> LibraryID {
        if let requested = requested?.nonBlank {
            return try await database.read { tx in try Self.live(requested, by: viewer, tx).id }
        }
        if let only = viewer.onlyLibrary { return only }
        let candidates = try await list(by: viewer)
        if candidates.count == 1 { return candidates[0].id }
        if candidates.isEmpty {
            guard purpose == .uploading, case .apiKey(_, selectedLibraries: true) = viewer.credential else {
                return try await defaultLibrary(for: purpose, of: viewer)
            }
            throw LibraryProblem.choiceRequired
        }
        let preferred = try await database.read { tx in try AccountStore.user(viewer.user, tx)?.immichLibraryID }
        guard let preferred, candidates.contains(where: { $0.id == preferred }) else { throw LibraryProblem.choiceRequired }
        return preferred
    }

    private func defaultLibrary(for purpose: Purpose, of viewer: Viewer) async throws -> LibraryID {
        guard purpose == .uploading else { throw LibraryProblem.choiceRequired }
        return try await create(Self.defaultName, description: nil, by: viewer).record.id
    }

    static func live(_ id: String, by viewer: Viewer, _ tx: borrowing Transaction) throws -> Library {
        guard let id = LibraryID(id), let library = try LibraryStore.library(id, by: viewer, tx), library.trashedAt == nil else {
            throw LibraryProblem.notFound
        }
        return library
    }
}
