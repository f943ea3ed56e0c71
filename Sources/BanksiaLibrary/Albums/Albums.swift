public import BanksiaCore
import BanksiaSQL

/// The albums of a library, as one viewer may use them. Their members are in `Albums+Assets.swift`.
public struct Albums: Sendable {
    let database: Database
    let clock: any WallClock
    let ids: IdentifierSource

    // What an album is called when nobody said (contract §10); a literal that is a valid name.
    private static let defaultName = try! Name("New Album")

    /// One album of any library the viewer sees.
    ///
    /// - Throws: `AlbumProblem.notFound`.
    public func get(_ id: String, by viewer: Viewer) async throws -> Album {
        try await database.read { tx in try Self.album(id, by: viewer, tx) }
    }

    /// One page of a library's albums, newest first.
    ///
    /// - Throws: `AlbumProblem.cursor`, `NameProblem` for a part of a name that is longer than a name.
    public func list(_ query: AlbumQuery, in library: LibraryID, by viewer: Viewer) async throws -> Page<Album> {
        var query = query
        query.name = try query.name?.nonBlank.map { text throws(NameProblem) in try Name(text).text }
        return try await database.read { [query] tx in
            var last: Album?
            if let text = query.startingAfter {
                guard let id = AlbumID(text), let album = try AlbumStore.album(id, by: viewer, tx), album.libraryID == library
                else { throw AlbumProblem.cursor }
                last = album
            }
            return Page(
                fetched: try AlbumStore.list(query, in: library, after: last, by: viewer, tx), limit: query.limit)
        }
    }

    /// Makes an album. A blank name becomes `New Album`.
    ///
    /// - Throws: `AlbumProblem.nameTaken` when the rule is to reuse and the values differ; `NameProblem`.
    public func create(_ name: String?, description: String?, in library: LibraryID, _ rule: AlbumNameRule, by viewer: Viewer)
        async throws -> Stored<Album>
    {
        let title = try name?.nonBlank.map { text throws(NameProblem) in try Name(text) } ?? Self.defaultName
        let text = try NameProblem.description(description)
        return try await database.change(library, by: viewer) { [now = clock.now, ids] tx in
            if case .reuseEqual = rule, let known = try AlbumStore.album(named: title, in: library, by: viewer, tx) {
                guard description == nil || known.description == text else {
                    throw AlbumProblem.nameTaken(title.text)
                }
                return Stored(known, isNew: false)
            }
            let id: AlbumID = ids.make()
            try AlbumStore.insert(id, title, description: text, in: library, at: now, tx)
            try EventStore.record([.albumCreated(id)], in: library, at: now, tx)
            guard let album = try AlbumStore.album(id, by: viewer, tx) else { throw AlbumProblem.notFound }
            return Stored(album, isNew: true)
        }
    }

    /// Changes name, description or cover.
    ///
    /// - Throws: `AlbumProblem`, `NameProblem`.
    public func update(_ id: String, _ edit: AlbumEdit, _ rule: AlbumNameRule, by viewer: Viewer) async throws -> Album {
        try await change(id, by: viewer) { [now = clock.now] before, tx in
            var album = before
            if let name = edit.name { album.name = name.text }
            switch edit.description {
            case .unchanged: break
            case .cleared: album.description = nil
            case .set(let text): album.description = try NameProblem.description(text)
            }
            switch edit.cover {
            case .unchanged: break
            case .cleared: album.pinnedCover = nil
            case .set(let text): album.pinnedCover = try Self.liveMember(text, of: before, by: viewer, tx)
            }
            guard album != before else { return before }
            if case .reuseEqual = rule, let name = edit.name, name.folded != before.name.lowercased(),
                try AlbumStore.album(named: name, in: album.libraryID, except: album.id, by: viewer, tx) != nil
            {
                throw AlbumProblem.nameTaken(name.text)
            }
            album.updatedAt = now
            try AlbumStore.update(album, tx)
            guard var after = try AlbumStore.album(album.id, by: viewer, tx) else { throw AlbumProblem.notFound }
            let changes = Self.changes(from: before, to: after)
            if changes.isEmpty {
                // The cover that is shown anyway was pinned. There is nothing to tell, so the time of the last change stays too.
                after.updatedAt = before.updatedAt
                try AlbumStore.touch([after.id], at: after.updatedAt, tx)
            }
            try EventStore.record(changes, in: after.libraryID, at: now, tx)
            return after
        }
    }

    /// Deletes an album; its assets stay.
    ///
    /// - Throws: `AlbumProblem.notFound`.
    public func delete(_ id: String, by viewer: Viewer) async throws {
        try await change(id, by: viewer) { [now = clock.now] album, tx in
            try AlbumStore.delete(album.id, tx)
            try EventStore.record([.albumDeleted(album.id)], in: album.libraryID, at: now, tx)
        }
    }

    // MARK: What the changes share

    /// Runs a change of an album that the viewer may change.
    func change<Result: Sendable>(
        _ text: String, by viewer: Viewer, _ body: @Sendable (Album, borrowing Transaction) throws -> Result
    ) async throws -> Result {
        try await database.change(of: { tx in try Self.album(text, by: viewer, tx).libraryID }, by: viewer) { _, tx in
            try body(try Self.album(text, by: viewer, tx), tx)
        }
    }

    static func album(_ text: String, by viewer: Viewer, _ tx: borrowing Transaction) throws -> Album {
        guard let id = AlbumID(text), let album = try AlbumStore.album(id, by: viewer, tx) else { throw AlbumProblem.notFound }
        return album
    }

    /// What the feed tells of an album: nothing when only its members are others, and its cover is not.
    static func changes(from before: Album, to after: Album) -> [Change] {
        let isSame =
            (before.name, before.description, before.coverAssetID) == (after.name, after.description, after.coverAssetID)
        return isSame ? [] : [.albumUpdated(after.id, cover: after.coverAssetID)]
    }

    private static func liveMember(_ text: String, of album: Album, by viewer: Viewer, _ tx: borrowing Transaction) throws
        -> AssetID
    {
        guard let id = AssetID(text), try AlbumStore.candidates([id], for: album, by: viewer, tx)[id] == true else {
            throw AlbumProblem.coverIsNoMember
        }
        return id
    }
}
