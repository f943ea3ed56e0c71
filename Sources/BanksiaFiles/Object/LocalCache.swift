import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Originals that were fetched from a store, up to a number of bytes: whoever was used longest ago goes first.
///
/// One in use stays, so the bound may be exceeded for as long as that lasts. The files go with the process.
final class LocalCache: Sendable {
    /// Fetches an original to a path of its own; `nil` when there is none.
    typealias Fetch = @Sendable () async throws -> (path: String, size: Int64)?

    private struct Entry {
        let path: String
        let size: Int64
        var users = 0
        var lastUse: UInt64
    }

    private struct State {
        var entries: [ContentDigest: Entry] = [:]
        var fetches: [ContentDigest: Task<Bool, any Error>] = [:]
        var bytes: Int64 = 0
        var uses: UInt64 = 0
    }

    private let limit: Int64
    private let state = Mutex(State())

    init(limit: Int64) { self.limit = limit }

    deinit { state.withLock { state in for entry in state.entries.values { unlink(entry.path) } } }

    /// An original; fetched when it is not here. Callers that want the same at once share one fetch.
    func file(_ digest: ContentDigest, fetch: @escaping Fetch) async throws -> LocalFile? {
        while true {
            if let file = use(digest) { return file }
            // Between the fetch and the use it may have been evicted: then once more.
            guard try await fetched(digest, fetch) else { return nil }
        }
    }

    /// Takes over a file; removes it when the same is here already.
    func adopt(_ path: String, size: Int64, as digest: ContentDigest) {
        let isWelcome = state.withLock { state in
            guard state.entries[digest] == nil else { return false }
            state.uses += 1
            state.entries[digest] = Entry(path: path, size: size, lastUse: state.uses)
            state.bytes += size
            return true
        }
        if !isWelcome { unlink(path) }
        evict(sparing: digest)
    }

    private func use(_ digest: ContentDigest) -> LocalFile? {
        let path = state.withLock { state -> String? in
            guard var entry = state.entries[digest] else { return nil }
            state.uses += 1
            entry.users += 1
            entry.lastUse = state.uses
            state.entries[digest] = entry
            return entry.path
        }
        return path.map { path in LocalFile(path: path) { [self] in release(digest) } }
    }

    private func release(_ digest: ContentDigest) {
        state.withLock { $0.entries[digest]?.users -= 1 }
        evict(sparing: nil)
    }

    private func fetched(_ digest: ContentDigest, _ fetch: @escaping Fetch) async throws -> Bool {
        let task = state.withLock { state in
            if let task = state.fetches[digest] { return task }
            // Not a child of the first caller, whose going away must not fail the others; its requests have bounds.
            let task = Task { [self] in
                defer { self.state.withLock { $0.fetches[digest] = nil } }
                guard let (path, size) = try await fetch() else { return false }
                adopt(path, size: size, as: digest)
                return true
            }
            state.fetches[digest] = task
            return task
        }
        return try await task.value
    }

    /// - Parameter spared: has just come and is about to be used.
    private func evict(sparing spared: ContentDigest?) {
        let paths = state.withLock { state -> [String] in
            var paths: [String] = []
            let idle = state.entries.filter { $0.value.users == 0 && $0.key != spared }.sorted {
                $0.value.lastUse < $1.value.lastUse
            }
            for (digest, entry) in idle where state.bytes > limit {
                state.entries[digest] = nil
                state.bytes -= entry.size
                paths.append(entry.path)
            }
            return paths
        }
        for path in paths { unlink(path) }
    }
}
