public import BanksiaCore
import BanksiaSQL

/// The albums of a library, as one viewer may use them.
public struct Albums: Sendable {
    let database: Database
    let clock: any WallClock
    let ids: IdentifierSource

    // What an album is called when nobody said (contract §10); a literal that is a valid name.
    private static let defaultName = try! Name("New Album")

    /// Makes an album. A blank name becomes `New Album`.
    ///
    /// - Throws: `AlbumProblem.nameTaken` when the rule is to reuse and the values differ; `NameProblem`.
    public func create(_ name: String?, description: String?, in library: LibraryID, _ rule: AlbumNameRule, by viewer: Viewer)
        async throws -> Stored<Album>
    {
        let title = try name?.nonBlank.map { text throws(NameProblem) in try Name(text) } ?? Self.defaultName
        let text = try NameProblem.description(description)
        return try await database.write { [now = clock.now, ids] tx in
            if case .reuseEqual = rule, let known = try AlbumStore.album(named: title, in: library, by: viewer, tx) {
                guard description == nil || known.description == text else {
                    throw AlbumProblem.nameTaken(title.text)
                }
                return Stored(known, isNew: false)
            }
            let id: AlbumID = ids.make()
            try AlbumStore.insert(id, title, description: text, in: library, at: now, tx)
            guard let album = try AlbumStore.album(id, by: viewer, tx) else { throw AlbumProblem.notFound }
            return Stored(album, isNew: true)
        }
    }

    /// Adds assets to an album. Assets already in it are reported as duplicates; those that the viewer cannot see, that are
    /// trashed or that lie in another library as not found.
    ///
    /// - Throws: `AlbumProblem.notFound`.
    public func add(_ assets: [String], to album: String, by viewer: Viewer) async throws -> AlbumAddition {
        guard let albumID = AlbumID(album) else { throw AlbumProblem.notFound }
        return try await database.write { [now = clock.now, ids] tx in
            guard let album = try AlbumStore.album(albumID, by: viewer, tx) else { throw AlbumProblem.notFound }
            let candidates = try AlbumStore.candidates(assets.compactMap { AssetID($0) }, for: album, by: viewer, tx)
            var result = AlbumAddition()
            var seen: Set<String> = []
            for text in assets where seen.insert(text).inserted {
                guard let id = AssetID(text), let isMember = candidates[id] else {
                    result.notFound.append(text)
                    continue
                }
                guard !isMember else {
                    result.duplicates.append(id)
                    continue
                }
                try AlbumStore.add(id, to: albumID, as: ids.make(), at: now, tx)
                result.added.append(id)
            }
            if !result.added.isEmpty { try AlbumStore.touch(albumID, at: now, tx) }
            return result
        }
    }
}
