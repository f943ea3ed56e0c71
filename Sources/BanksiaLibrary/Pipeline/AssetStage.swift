import BanksiaCore
import BanksiaJobs
import BanksiaMedia
import BanksiaSQL

/// A stage that derives something from an asset, and can do so again at any time.
protocol AssetStage: Sendable {
    /// The kind of its jobs, whose subject is the asset.
    static var kind: JobKind { get }

    /// Counts up when it would make of the same file something else, or something where there was nothing, so that
    /// `banksia rebuild` knows what was made before.
    static var recipe: Int { get }

    /// What it can be done for.
    static var media: Set<MediaClass> { get }

    /// Which assets there is something to derive from, as a condition on their rows.
    static var condition: SQL { get }

    /// How long an attempt may take, and how many may fail.
    static var timeout: Duration { get }
    static var maxAttempts: Int { get }

    init(library: PhotoLibrary)
    func run(_ job: Job) async throws -> JobCompletion
}

extension AssetStage {
    static var media: Set<MediaClass> { [.image, .video] }
    static var condition: SQL { "TRUE" }
    static var timeout: Duration { .seconds(600) }
    static var maxAttempts: Int { 5 }

    /// Does the jobs of this stage, and notes with each result by which recipe it was made. What was skipped was not made.
    static func handler(_ library: PhotoLibrary) -> JobHandler {
        let stage = Self(library: library)
        return JobHandler(kind: kind, maxAttempts: maxAttempts, timeout: timeout) { job in
            let completion = try await stage.run(job)
            guard let asset = job.assetID else { return completion }
            let isSkipped = completion.outcome?.hasPrefix(AssetStageOutcome.skipped) == true
            return completion.also { [now = library.clock.now] tx in
                if isSkipped {
                    try DerivationStore.forget(Self.self, of: asset, tx)
                } else {
                    try DerivationStore.note(Self.self, of: asset, at: now, tx)
                }
            }
        }
    }
}

/// Words that outcomes of stages begin with.
enum AssetStageOutcome {
    /// The user does not want it, or the law; it is done when that changes.
    static let skipped = "skipped_"
}

/// By which recipe each stage last derived something from each asset.
enum DerivationStore {
    /// Notes that a stage has done its work for an asset; nothing when the asset is gone.
    static func note(_ stage: any AssetStage.Type, of asset: AssetID, at now: Instant, _ tx: borrowing Transaction) throws {
        try tx.execute(
            """
            INSERT INTO derivation (asset_id, kind, recipe, made_at)
            SELECT asset.id, \(stage.kind), \(stage.recipe), \(now) FROM asset WHERE asset.id = \(asset)
            ON CONFLICT (asset_id, kind) DO UPDATE SET recipe = excluded.recipe, made_at = excluded.made_at
            """)
    }

    /// Whether a stage has done its work, by its present recipe.
    static func isDone(_ stage: any AssetStage.Type, of asset: AssetID, _ tx: borrowing Transaction) throws -> Bool {
        try tx.value(
            """
            SELECT 1 FROM derivation
            WHERE asset_id = \(asset) AND kind = \(stage.kind) AND recipe = \(stage.recipe)
            """, as: Int.self) != nil
    }

    /// Whether a stage has done its work, by whatever recipe.
    static func wasDone(_ stage: any AssetStage.Type, of asset: AssetID, _ tx: borrowing Transaction) throws -> Bool {
        try tx.value("SELECT 1 FROM derivation WHERE asset_id = \(asset) AND kind = \(stage.kind)", as: Int.self) != nil
    }

    /// Forgets that a stage has done its work, after what it worked on became something else.
    static func forget(_ stage: any AssetStage.Type, of asset: AssetID, _ tx: borrowing Transaction) throws {
        try tx.execute("DELETE FROM derivation WHERE asset_id = \(asset) AND kind = \(stage.kind)")
    }

    /// The next assets for which a stage is to be run, in the order of their ids. Those of trashed libraries can wait.
    ///
    /// - Parameter isOutdated: only those for which it never ended well, or did so by another recipe.
    static func assets(
        for stage: any AssetStage.Type, in library: LibraryID?, isOutdated: Bool, after last: AssetID?, limit: Int,
        _ tx: borrowing Transaction
    ) throws -> [(asset: AssetID, library: LibraryID)] {
        var filter: SQL = """
            asset.media_class IN \(SQL.list(stage.media.map(\.rawValue).sorted())) AND \(stage.condition)
            AND asset.library_id IN (SELECT library.id FROM library WHERE library.trashed_at IS NULL)
            """
        if let library { filter = filter + " AND asset.library_id = \(library)" }
        if let last { filter = filter + " AND asset.id > \(last)" }
        if isOutdated {
            filter =
                filter + """
                     AND NOT EXISTS (
                        SELECT 1 FROM derivation
                        WHERE derivation.asset_id = asset.id AND derivation.kind = \(stage.kind)
                            AND derivation.recipe = \(stage.recipe))
                    """
        }
        return try tx.rows("SELECT asset.id, asset.library_id FROM asset WHERE \(filter) ORDER BY asset.id LIMIT \(limit)") {
            (try $0.value(0), try $0.value(1))
        }
    }
}
