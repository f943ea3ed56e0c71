import BanksiaCore
import BanksiaFiles
import BanksiaJobs
import BanksiaSQL

extension Assets {
    /// Moves assets to another library, each for itself. They keep ids, versions, files and faces, and lose albums, stack and
    /// people.
    ///
    /// - Parameter ids: different ones.
    /// - Returns: what became of each, in the order given.
    /// - Throws: `AssetMoveProblem`; `AccountProblem` unless the viewer owns the source and may write to the destination.
    public func move(_ ids: [String], from source: String, to destination: String, by viewer: Viewer) async throws -> [AssetMove]
    {
        try viewer.require(.write)
        let (source, destination) = try await libraries(from: source, to: destination, by: viewer)
        let roles = [source: Role.owner, destination: .collaborator]
        // Serial for the sake of the owner's cap, which uploads to their other libraries use up at the same time.
        return try await database.change(roles, by: viewer, .serial) { [jobs, now = clock.now] tx in
            var plan = try AssetMovePlan(from: source, to: destination, of: ids.compactMap { AssetID($0) }, by: viewer, tx)
            let results = ids.map { AssetMove(asset: $0, outcome: plan.decide(AssetID($0))) }
            try plan.carryOut(at: now, jobs, tx)
            return results
        }
    }

    private func libraries(from source: String, to destination: String, by viewer: Viewer) async throws -> (LibraryID, LibraryID)
    {
        guard let from = LibraryID(source) else { throw AssetMoveProblem.noSuchLibrary(field: "source_library_id") }
        guard let into = LibraryID(destination) else { throw AssetMoveProblem.noSuchLibrary(field: "destination_library_id") }
        try await database.read { tx in
            for (library, role, field) in [(from, Role.owner, "source"), (into, .collaborator, "destination")] {
                do { try viewer.require(role, in: library, tx) } catch LibraryProblem.notFound {
                    throw AssetMoveProblem.noSuchLibrary(field: "\(field)_library_id")
                }
            }
        }
        guard from != into else { throw AssetMoveProblem.sameLibrary }
        return (from, into)
    }
}

/// Which assets move, decided one after another, and then all moved at once.
private struct AssetMovePlan {
    private let source: LibraryID
    private let destination: LibraryID
    private let places: [AssetID: AssetStore.Place]
    /// The contents that the destination holds already.
    private let taken: Set<ContentDigest>
    private let sourceOwner: UserID
    private var room: StorageRoom
    private var moving: [AssetID] = []
    private var bytes: Int64 = 0

    init(
        from source: LibraryID, to destination: LibraryID, of ids: [AssetID], by viewer: Viewer, _ tx: borrowing Transaction
    ) throws {
        (self.source, self.destination) = (source, destination)
        places = try AssetStore.places(of: ids, by: viewer, tx)
        taken = try AssetStore.contents(places.values.map(\.checksum), in: destination, tx)
        sourceOwner = try StorageRoom(in: source, tx).owner
        room = try StorageRoom(in: destination, tx)
    }

    mutating func decide(_ id: AssetID?) -> AssetMove.Outcome {
        guard let id, let place = places[id], place.isLive else { return .failed(.unavailable) }
        guard place.library != destination else { return .alreadyInDestination }
        guard place.library == source else { return .failed(.changedSource) }
        guard !taken.contains(place.checksum) else { return .failed(.duplicate) }
        guard room.take(place.bytes, from: sourceOwner) else { return .failed(.quota) }
        moving.append(id)
        bytes += place.bytes
        return .moved
    }

    /// Moves what was decided to. The transaction holds both libraries.
    func carryOut(at now: Instant, _ jobs: JobQueue, _ tx: borrowing Transaction) throws {
        guard !moving.isEmpty else { return }
        // First of all: a job that is just ending holds its row and may want others of the asset.
        try jobs.move(subjects: moving.map(\.uuid), to: destination.uuid, tx)
        try StackStore.leave(moving, in: source, at: now, tx)
        let parted = try FilmStore.leave(moving, in: source, at: now, tx)
        try AlbumStore.moveOut(moving, at: now, tx)
        try FaceStore.move(of: moving, to: destination, at: now, tx)
        try AssetStore.move(moving, to: destination, at: now, tx)
        try EmbeddingStore.move(of: moving, to: destination, tx)
        try NearDuplicateStore.move(moving, to: destination, tx)
        for asset in moving { try Pipeline.enqueueNearDuplicates(of: asset, jobs, tx) }
        try SearchWordsStore.keep(of: moving, tx)
        for asset in moving + parted { try Pipeline.enqueueSiblings(of: asset, jobs, tx) }
        try LibraryStore.count(assets: -moving.count, bytes: -bytes, in: source, tx)
        try LibraryStore.count(assets: moving.count, bytes: bytes, in: destination, tx)
        try EventStore.record(moving.map { .assetMovedOut($0) }, in: source, at: now, tx)
        try EventStore.record(moving.map { .assetMovedIn($0) }, in: destination, at: now, tx)
    }
}

extension AssetStore {
    /// Where an asset lies, and what it weighs with all its versions.
    struct Place {
        var library: LibraryID
        var isLive: Bool
        var checksum: ContentDigest
        var bytes: Int64
    }

    static func places(of ids: [AssetID], by viewer: Viewer, _ tx: borrowing Transaction) throws -> [AssetID: Place] {
        let rows: [(AssetID, Place)] = try tx.rows(
            """
            SELECT asset.id, asset.library_id, asset.trashed_at IS NULL, asset.checksum,
                (SELECT CAST(SUM(asset_version.size_bytes) AS BIGINT) FROM asset_version WHERE asset_version.asset_id = asset.id)
            FROM asset WHERE asset.id IN \(SQL.list(ids)) AND \(viewer.seesAsset)
            """
        ) { row in
            let place = Place(
                library: try row.value(1), isLive: try row.value(2), checksum: try row.value(3), bytes: try row.value(4))
            return (try row.value(0), place)
        }
        return Dictionary(uniqueKeysWithValues: rows)
    }

    /// Which of these contents were uploaded to a library, live or trashed.
    static func contents(_ checksums: [ContentDigest], in library: LibraryID, _ tx: borrowing Transaction) throws
        -> Set<ContentDigest>
    {
        Set(
            try tx.rows("SELECT checksum FROM asset WHERE library_id = \(library) AND checksum IN \(SQL.list(checksums))") {
                try $0.value(0)
            })
    }

    static func move(_ ids: [AssetID], to library: LibraryID, at now: Instant, _ tx: borrowing Transaction) throws {
        try tx.execute("UPDATE asset SET library_id = \(library), updated_at = \(now) WHERE id IN \(SQL.list(ids))")
    }
}
