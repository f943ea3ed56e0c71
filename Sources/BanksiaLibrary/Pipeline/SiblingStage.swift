import BanksiaCore
import BanksiaJobs
import BanksiaMedia
import BanksiaSQL

/// Finds what belongs together: the halves of a live photo, the frames of a burst, a RAW file and its JPEG.
///
/// Whichever of them comes last finds the others, so the order of uploads does not matter. Only what their files say counts,
/// and a few rows are looked at however large the library is.
struct SiblingStage: AssetStage {
    static let kind = Pipeline.siblings
    static let recipe = 1

    let library: PhotoLibrary

    func run(_ job: Job) async throws -> JobCompletion {
        guard let id = job.assetID, let scope = job.scope else { return .assetGone }
        let found = try await library.database.read { tx in
            try AssetStore.asset(id, tx).map { ($0, try MetadataStore.layers(of: [id], tx)[id]) }
        }
        guard let (asset, layers) = found, let metadata = asset.metadata else { return .assetGone }
        let shot = Shot(asset, metadata, layers)
        return JobCompletion(alone: scope) { [now = library.clock.now, ids = library.ids] tx in
            // It may have moved meanwhile; its shot goes with it.
            guard let asset = try AssetStore.asset(id, tx) else { return }
            try ShotStore.keep(shot, of: id, tx)
            guard asset.libraryID.uuid == scope else { return }
            try LivePhotos.pair(id, shot, asset.mediaClass, in: asset.libraryID, at: now, tx)
            guard asset.mediaClass == .image, asset.trashedAt == nil else { return }
            try StackDetector(ids: ids).gather(around: id, shot, in: asset.libraryID, at: now, tx)
        }
    }
}

/// Ties the stills of live photos to their films.
enum LivePhotos {
    /// Ties a new half to what is there of the other.
    static func pair(
        _ asset: AssetID, _ shot: Shot, _ mediaClass: MediaClass, in library: LibraryID, at now: Instant,
        _ tx: borrowing Transaction
    ) throws {
        guard let contentID = shot.contentID else { return }
        let films = try ShotStore.sharing(contentID, .video, in: library, tx)
        let stills = mediaClass == .image ? [(asset, shot)] : try ShotStore.sharing(contentID, .image, in: library, tx)
        for (still, shot) in stills {
            // Among copies the nearest in time, then the first by content: the same whichever was uploaded first.
            let near = films.compactMap { film in shot.distance(toFilm: film.shot).map { (film.asset, $0) } }
            guard let film = near.min(by: { $0.1 < $1.1 })?.0, try FilmStore.pair(still, with: film, tx) else { continue }
            try AssetStore.touch([still], at: now, tx)
            try EventStore.record([.assetUpdated(still)], in: library, at: now, tx)
        }
    }
}
