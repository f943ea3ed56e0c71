import BanksiaCore
import BanksiaFiles
import BanksiaJobs
import BanksiaMedia
import BanksiaSQL

extension Renditions {
    /// Makes a film playable, or finds that it is. The caller keeps the row.
    ///
    /// - Returns: `nil` when the version was deleted meanwhile.
    func playable(_ version: AssetVersion) async throws -> Rendition? {
        guard let original = try await files.localOriginal(version.checksum) else { throw AssetProblem.notFound }
        let scratch = try files.temporaryFolder()
        defer { scratch.remove() }
        let film = try await media.playable(original.path, into: scratch.path)
        var rendition = Rendition(
            version: version.id, variant: .playback, mimeType: Self.playedType(version.mimeType), sizeBytes: version.sizeBytes,
            width: film.size.width, height: film.size.height, checksum: version.checksum, createdAt: clock.now)
        if let made = film.made {
            let kept = try await files.keepRendition(at: made.path, as: rendition.key)
            (rendition.mimeType, rendition.sizeBytes, rendition.checksum) = (made.mimeType, kept.size, kept.digest)
        }
        return try await removeIfGone(version) ? nil : rendition
    }

    /// As what browsers take a film that they play as it is: a QuickTime film for the MP4 that it nearly is.
    public static func playedType(_ mimeType: String) -> String {
        mimeType == MediaFormat.webm.mimeType ? mimeType : MediaFormat.mp4.mimeType
    }

    /// Has a playable form made that is missing, which takes too long to wait for.
    ///
    /// - Returns: what to answer meanwhile.
    func ordered(_ version: AssetVersion) async throws -> AssetProblem {
        try await database.write { [jobs] tx in
            guard let asset = try AssetStore.asset(version.assetID, tx), asset.mediaClass == .video else { return }
            let last = try jobs.list(scopes: nil, subject: asset.id.uuid, kinds: [Pipeline.playback], limit: 1, tx).first
            // What failed once would fail again; waiting jobs need no second order.
            guard last.map({ $0.status == .success }) ?? true else { return }
            try Pipeline.enqueuePlayback(of: asset, jobs, tx)
        }
        return .notFound
    }
}
