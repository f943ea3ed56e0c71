import BanksiaFiles
import BanksiaJobs
import BanksiaMedia
import BanksiaVision

/// Decodes originals for the stages. Those of a fresh upload share one decoding.
///
/// They run at about the same time, so the first of them has everything made, and the others find it here. A stage that comes
/// alone or too late, on another machine or after a crash, has its own part made, and gets the same. What cannot be made
/// together may still be made alone.
actor Darkroom {
    /// What was made; its files are there for as long as somebody holds it.
    final class Print: Sendable {
        let development: Development
        private let folder: TemporaryFolder

        init(_ development: Development, in folder: TemporaryFolder) {
            self.development = development
            self.folder = folder
        }

        deinit { folder.remove() }
    }

    private struct Entry {
        let version: AssetVersionID
        let wish: DevelopmentWish
        let work: Task<Print?, any Error>
        let ticket: Int
        /// How many stages have had their part.
        var served = 0
    }

    private let files: any FileStore
    private let media: MediaWorkers
    private var entries: [Entry] = []
    private var tickets = 0

    /// Some more than the assets whose stages are at work at once. Each holds about a megabyte of files; a film's two.
    private static let capacity = 12
    /// How long it is kept for stages that do not come.
    private static let patience = Duration.seconds(60)

    init(files: any FileStore, media: MediaWorkers) {
        self.files = files
        self.media = media
    }

    /// Lets go of everything.
    func clear() { entries = [] }

    /// Has something made of an original, and lends it.
    ///
    /// - Parameters:
    ///   - part: what this stage wants.
    ///   - all: what all stages together want, when they are about to ask for it.
    /// - Returns: `nil` when the original is gone.
    func lend<Result: Sendable>(
        _ part: DevelopmentWish, of all: DevelopmentWish?, from version: AssetVersion,
        _ use: @Sendable (Development) async throws -> Result
    ) async throws -> Result? {
        let print: Print?
        if let all, all.includes(part) {
            print = try await shared(all, part, from: version)
        } else {
            print = try await make(part, from: version)
        }
        guard let print else { return nil }
        defer { withExtendedLifetime(print) {} }
        return try await use(print.development)
    }

    private func shared(_ all: DevelopmentWish, _ part: DevelopmentWish, from version: AssetVersion) async throws -> Print? {
        let work = work(all, from: version)
        defer { serve(version) }
        do {
            return try await withTaskCancellationHandler {
                try await work.value
            } onCancel: {
                work.cancel()
            }
        } catch {
            // It was too much at once, or another part is at fault, or another stage was called off.
            try Task.checkCancellation()
            return try await make(part, from: version)
        }
    }

    private func work(_ wish: DevelopmentWish, from version: AssetVersion) -> Task<Print?, any Error> {
        if let known = entries.first(where: { $0.version == version.id && $0.wish == wish }) { return known.work }
        // Not a child of the first stage's, since others wait for it too. It ends by itself, or with whoever is called off.
        let work = Task { try await make(wish, from: version) }
        tickets += 1
        entries.append(Entry(version: version.id, wish: wish, work: work, ticket: tickets))
        if entries.count > Self.capacity { entries.removeFirst() }
        // Ends by itself.
        Task { [ticket = tickets] in
            try await Task.sleep(for: Self.patience)
            entries.removeAll { $0.ticket == ticket }
        }
        return work
    }

    private func serve(_ version: AssetVersion) {
        guard let place = entries.firstIndex(where: { $0.version == version.id }) else { return }
        entries[place].served += 1
        if entries[place].served == entries[place].wish.sharers { entries.remove(at: place) }
    }

    private nonisolated func make(_ wish: DevelopmentWish, from version: AssetVersion) async throws -> Print? {
        guard let original = try await files.localOriginal(version.checksum) else { return nil }
        let folder = try files.temporaryFolder()
        do {
            return Print(try await media.develop(original.path, wish, into: folder.path), in: folder)
        } catch {
            folder.remove()
            throw error
        }
    }
}

extension DevelopmentWish {
    /// How many stages ask for a part of it.
    fileprivate var sharers: Int { (ladder.isEmpty ? 0 : 1) + (inputs.isEmpty ? 0 : 1) + (thumbHash ? 1 : 0) }
}

extension PhotoLibrary {
    /// Lets go of what was made for stages that are not to come any more.
    public func clearDarkroom() async { await darkroom.clear() }

    /// Has a stage's part made of an original, together with those of the others where they are about to ask for them.
    ///
    /// - Returns: `nil` when the original is gone.
    func develop<Result: Sendable>(
        _ part: DevelopmentWish, of version: AssetVersion, for job: Job,
        _ use: @Sendable (Development) async throws -> Result
    ) async throws -> Result? {
        // One that is tried again, or again after years, comes alone.
        let isFirst = job.priority > JobPriority.backlog.rawValue && job.attempts == 1
        let all = isFirst ? try await wishOfAllStages() : nil
        return try await refusingBadFiles { try await darkroom.lend(part, of: all, from: version, use) }
    }

    private func wishOfAllStages() async throws -> DevelopmentWish {
        let inputs = try await models.spaces().compactMap { models.vision(of: $0)?.pack.image.input }
        return DevelopmentWish(ladder: Variant.ladder.compactMap(\.recipe), inputs: inputs, thumbHash: true)
    }
}
