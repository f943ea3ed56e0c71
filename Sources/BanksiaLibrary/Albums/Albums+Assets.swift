public import BanksiaCore
import BanksiaSQL

extension Albums {
    /// One membership, of any library the viewer sees; also that of an asset in the trash.
    ///
    /// - Throws: `AlbumProblem.linkNotFound`.
    public func link(_ id: String, by viewer: Viewer) async throws -> AlbumAsset {
        guard let id = AlbumAssetID(id), let link = try await database.read({ tx in try AlbumStore.link(id, by: viewer, tx) })
        else { throw AlbumProblem.linkNotFound }
        return link
    }

    /// One page of the memberships of live assets, newest first.
    ///
    /// - Throws: `AlbumProblem.cursor`.
    public func links(_ query: AlbumAssetQuery, in library: LibraryID, by viewer: Viewer) async throws -> Page<AlbumAsset> {
        try await database.read { tx in
            var last: AlbumAsset?
            if let text = query.startingAfter {
                guard let id = AlbumAssetID(text), let link = try AlbumStore.link(id, in: library, by: viewer, tx) else {
                    throw AlbumProblem.cursor
                }
                last = link
            }
            return Page(
                fetched: try AlbumStore.links(query, in: library, after: last, by: viewer, tx), limit: query.limit)
        }
    }

    /// Adds assets to an album. Assets already in it are reported as duplicates; those that the viewer cannot see, that are
    /// trashed or that lie in another library as not found.
    ///
    /// - Throws: `AlbumProblem.notFound`.
    public func add(_ assets: [String], to album: String, by viewer: Viewer) async throws -> AlbumAddition {
        try await change(album, by: viewer) { [now = clock.now, ids] before, tx in
            let candidates = try AlbumStore.candidates(assets.compactMap { AssetID($0) }, for: before, by: viewer, tx)
            let result = AlbumAddition(of: assets, candidates)
            guard !result.added.isEmpty else { return result }
            let links = result.added.map { asset in
                AlbumAsset(id: ids.make(), albumID: before.id, assetID: asset, createdAt: now, updatedAt: now)
            }
            try AlbumStore.add(links, to: before.id, at: now, tx)
            let after = try Self.album(album, by: viewer, tx)
            let added = links.map { Change.albumAssetAdded($0.id, album: $0.albumID, asset: $0.assetID) }
            try EventStore.record(added + Self.changes(from: before, to: after), in: after.libraryID, at: now, tx)
            return result
        }
    }

    /// Takes assets out of an album; those that are not in it are passed over. A pinned cover that leaves is unpinned.
    ///
    /// - Throws: `AlbumProblem.notFound`.
    public func remove(_ assets: [String], from album: String, by viewer: Viewer) async throws {
        try await change(album, by: viewer) { [now = clock.now] album, tx in
            let links = try AlbumStore.links(of: assets.compactMap { AssetID($0) }, in: album.id, tx)
            guard !links.isEmpty else { return }
            try AlbumStore.remove(links, in: album.libraryID, at: now, tx)
        }
    }
}

extension AlbumAddition {
    /// - Parameter candidates: the assets that could be in the album, and whether each is already.
    fileprivate init(of assets: [String], _ candidates: [AssetID: Bool]) {
        self.init()
        var seen: Set<String> = []
        for text in assets where seen.insert(text).inserted {
            guard let id = AssetID(text), let isMember = candidates[id] else {
                notFound.append(text)
                continue
            }
            if isMember { duplicates.append(id) } else { added.append(id) }
        }
    }
}
