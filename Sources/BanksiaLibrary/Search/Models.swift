import BanksiaCore
public import BanksiaJobs
public import BanksiaSQL
public import BanksiaVision
import Synchronization

/// The model packs of an installation, and which of them answers searches.
///
/// Vectors of different packs are never compared. When another pack is chosen, every asset gets a vector of it in the
/// background while searches go on with the old one; fresh uploads get both until the new pack takes over.
public final class Models: Sendable {
    private let database: Database
    private let jobs: JobQueue
    private let packs: ModelPacks
    private let open: @Sendable (ModelPack) -> Vision
    private let visions = Mutex<[String: Vision]>([:])

    /// How many assets are enqueued in one transaction when a pack changes.
    private static let backlogBatch = 500

    /// - Parameter open: starts what runs a pack's towers.
    public init(database: Database, jobs: JobQueue, packs: ModelPacks, open: @escaping @Sendable (ModelPack) -> Vision) {
        self.database = database
        self.jobs = jobs
        self.packs = packs
        self.open = open
    }

    /// What runs a pack; `nil` when it is not installed, or damaged.
    func vision(of space: String) -> Vision? {
        visions.withLock { known in
            if let vision = known[space] { return vision }
            guard let pack = try? packs.pack(space) else { return nil }  // why it is damaged is shown by `doctor`
            let vision = open(pack)
            known[space] = vision
            return vision
        }
    }

    /// The spaces that new vectors are made in: the active one, and the coming one if there is one.
    func spaces() async throws -> [String] {
        let choice = try await database.read { tx in try EmbeddingStore.choice(tx) }
        return [choice?.active, choice?.coming].compactMap { $0 }
    }

    /// The space that answers searches; `nil` before any pack was chosen.
    public func activeSpace() async throws -> String? { try await database.read { tx in try EmbeddingStore.choice(tx)?.active } }

    /// What runs the pack that answers searches.
    ///
    /// - Throws: `SearchProblem.unavailable` without a pack that could be run.
    func activeVision() async throws -> Vision {
        guard let space = try await activeSpace(), let vision = vision(of: space) else {
            throw SearchProblem.unavailable("no model pack is installed.")
        }
        if case .unavailable(let reason) = vision.capability { throw SearchProblem.unavailable(reason) }
        return vision
    }

    /// What runs the pack that finds faces: the one that answers searches, or another where that one cannot.
    ///
    /// - Throws: `JobFailure.permanent` without a pack, or without models for faces in any.
    func faceVision() async throws -> Vision {
        let vision = try await vision(having: { $0.faces != nil }, orElse: "no faces can be found")
        if case .unavailable(let reason) = vision.faceCapability { throw JobFailure.permanent(reason) }
        return vision
    }

    /// What runs the pack that reads text in pictures: the one that answers searches, or another where that one cannot.
    ///
    /// - Throws: `JobFailure.permanent` without a pack, or without models for reading in any.
    func readingVision() async throws -> Vision {
        let vision = try await vision(having: { $0.reading != nil }, orElse: "no text can be read")
        if case .unavailable(let reason) = vision.readingCapability { throw JobFailure.permanent(reason) }
        return vision
    }

    /// The pack that answers searches comes first, then the others by their ids: whoever takes a pack that only searches loses
    /// nothing, and what was found before stays comparable.
    private func vision(having isThere: (ModelPack) -> Bool, orElse loss: String) async throws -> Vision {
        guard let space = try await activeSpace() else {
            throw JobFailure.permanent("No model pack is installed, so \(loss).")
        }
        guard let active = vision(of: space) else { throw JobFailure.permanent("The model pack \(space) is not installed.") }
        guard !isThere(active.pack) else { return active }
        for case .installed(let pack) in packs.list() where isThere(pack) { return vision(of: pack.id) ?? active }
        return active
    }

    /// The spaces in use whose packs are installed here.
    func vectorSpaces() async throws -> [VectorSpace] {
        try await spaces().compactMap { name in
            vision(of: name).map { VectorSpace(name: name, dimension: $0.pack.dimension) }
        }
    }

    /// Makes a pack the one that answers searches, at once when there was none, else when every asset has a vector of it.
    ///
    /// - Throws: `ModelPackProblem` when it is not installed.
    public func use(_ space: String) async throws {
        _ = try packs.pack(space)
        try await database.write { tx in
            let before = try EmbeddingStore.choice(tx)
            let after: EmbeddingStore.Choice =
                if let before, before.active != space { .init(active: before.active, coming: space) } else {
                    .init(active: space, coming: nil)
                }
            if after != before { try EmbeddingStore.choose(after, tx) }
        }
        _ = try await enqueueMissing(space)
        try await promoteIfComplete()
    }

    /// At the start of a server: takes the preferred pack if none was ever chosen.
    public func chooseFirst(preferring preferred: String) async throws {
        // not installed: nothing to choose
        guard try await activeSpace() == nil, (try? packs.pack(preferred)) != nil else { return }
        try await use(preferred)
    }

    /// Enqueues the making of vectors that are not there.
    ///
    /// - Parameter replaced: only for assets that have a vector of this space. Then what has failed is not done again, and what waits
    ///   for its library to come back goes on waiting.
    /// - Returns: how many jobs there are for it now, and for how many of those assets it failed.
    private func enqueueMissing(_ space: String, insteadOf replaced: String? = nil) async throws -> (enqueued: Int, lost: Int) {
        var (enqueued, lost) = (0, 0)
        var last: AssetID?
        while true {
            let (end, begun, failed) = try await database.write { [jobs, last] tx in
                let batch = try EmbeddingStore.missing(space, after: last, limit: Self.backlogBatch, tx)
                var begun = batch
                var failed = 0
                if let replaced {
                    let known = try EmbeddingStore.assets(among: batch.map(\.asset), in: replaced, tx)
                    let latest = try jobs.latest(kind: Pipeline.embedding, of: known.map(\.uuid), tx)
                    failed = latest.values.count { $0 == .failure }
                    begun.removeAll { asset, _ in
                        !known.contains(asset) || [.failure, .pending, .started].contains(latest[asset.uuid])
                    }
                }
                for (asset, library) in begun {
                    _ = try jobs.enqueue(
                        NewJob(kind: Pipeline.embedding, subject: asset.uuid, scope: library.uuid, priority: .backlog), tx)
                }
                return (batch.last?.asset, begun.count, failed)
            }
            (enqueued, lost) = (enqueued + begun, lost + failed)
            guard let end else { return (enqueued, lost) }
            last = end
        }
    }

    /// Lets the coming pack take over once nothing is left to be done for it. A switch that was broken off goes on.
    ///
    /// The present one stays while the coming one fails for more than one asset in a hundred of those it knows.
    func promoteIfComplete() async throws {
        let (choice, isWorking) = try await database.read { [jobs] tx in
            (try EmbeddingStore.choice(tx), try jobs.hasUnfinished(kind: Pipeline.embedding, tx))
        }
        guard let choice, let coming = choice.coming, !isWorking else { return }
        let (enqueued, lost) = try await enqueueMissing(coming, insteadOf: choice.active)
        guard enqueued == 0 else { return }
        try await database.write { [jobs] tx in
            guard try EmbeddingStore.choice(tx) == choice, try !jobs.hasUnfinished(kind: Pipeline.embedding, tx),
                try lost * Self.shareOfLost <= EmbeddingStore.number(in: choice.active, tx)
            else { return }
            try EmbeddingStore.choose(.init(active: coming, coming: nil), tx)
            try EmbeddingStore.deleteAll(except: coming, tx)
        }
    }

    /// One in so many may be lost when packs change: a photo that only the old one could read.
    private static let shareOfLost = 100

    /// Ends all child processes.
    public func close() async {
        for vision in visions.withLock({ Array($0.values) }) { await vision.close() }
    }
}
