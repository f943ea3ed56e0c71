import BanksiaCore
import BanksiaSQL

extension Assets {
    /// Changes what a user says about an asset, live or trashed.
    ///
    /// - Returns: the asset in full.
    /// - Throws: `AssetProblem.notFound`, `AccountProblem.insufficientRole`.
    public func update(_ id: String, _ change: MetadataChange, by viewer: Viewer) async throws -> Asset {
        let id = try AssetID(known: id)
        return try await database.change(of: { tx in try AssetStore.library(of: id, by: viewer, tx) }, by: viewer) {
            [now = clock.now] library, tx in
            try apply([(id, change)], in: library, at: now, by: viewer, tx)
            guard let asset = try AssetStore.asset(id, .full, by: viewer, tx) else { throw AssetProblem.notFound }
            return asset
        }
    }

    /// Changes several assets, in whatever libraries they lie: all or none.
    ///
    /// - Parameter changes: an asset once at most.
    /// - Throws: `AssetProblem.notFound` when one is unknown, `AccountProblem.insufficientRole`.
    public func update(_ changes: [(id: String, change: MetadataChange)], by viewer: Viewer) async throws {
        let changes = try changes.map { (try AssetID(known: $0.id), $0.change) }
        let ids = changes.map(\.0)
        let libraries = try await database.read { tx in try AssetStore.libraries(of: ids, by: viewer, tx) }
        guard libraries.count == ids.count else { throw AssetProblem.notFound }
        let roles = Dictionary(libraries.values.map { ($0, Role.collaborator) }) { role, _ in role }
        try await database.change(roles, by: viewer) { [now = clock.now] tx in
            for library in roles.keys.sorted() {
                let own = changes.filter { libraries[$0.0] == library }
                try apply(own, in: library, at: now, by: viewer, tx)
            }
        }
    }

    /// - Throws: `AssetProblem.notFound` when an asset is no longer in the library.
    private func apply(
        _ changes: [(AssetID, MetadataChange)], in library: LibraryID, at now: Instant, by viewer: Viewer,
        _ tx: borrowing Transaction
    ) throws {
        let ids = changes.map(\.0)
        let found = try AssetStore.assets(ids, in: library, matching: AssetFilter(state: .all), .metadata, by: viewer, tx)
        let assets = Dictionary(uniqueKeysWithValues: found.map { ($0.id, $0) })
        let layers = try MetadataStore.layers(of: ids, tx)
        var effects: [MetadataEffect] = []
        for (id, change) in changes {
            guard let asset = assets[id], let metadata = asset.metadata else { throw AssetProblem.notFound }
            effects.append(MetadataEffect(on: asset, metadata, layers[id], at: now) { $0.apply(change) })
        }
        try MetadataEffect.write(effects, in: library, jobs, at: now, tx)
    }
}
