import BanksiaCore
import BanksiaSQL
import BanksiaVision
import Foundation

/// One vector index per library and space, each following its rows in the database.
///
/// The database is the truth: an index that is missing, damaged, or ahead of it (a restored backup) is filled anew.
actor VectorIndexes {
    private let database: Database
    private let folder: String
    /// Scans and fills are CPU and disk work of up to tens of milliseconds.
    private let pool: BlockingPool
    private var open: [Key: VectorIndex] = [:]
    private var following: [Key: Task<VectorIndex, any Error>] = [:]

    private struct Key: Hashable {
        var library: LibraryID
        var space: String
    }

    private static let batch = 2000

    init(database: Database, folder: String, pool: BlockingPool) {
        self.database = database
        self.folder = folder
        self.pool = pool
    }

    /// The index of a library with everything in it that was committed before the call.
    ///
    /// One whose files fail is thrown away and filled anew, once; a disk that is full or gone fails that too.
    func upToDate(_ library: LibraryID, space: String, dimension: Int) async throws -> VectorIndex {
        let key = Key(library: library, space: space)
        do {
            return try await followed(key, dimension: dimension)
        } catch VectorIndexProblem.disk {
            open[key] = nil
            try? FileManager.default.removeItem(atPath: path(of: key))  // if it stays, opening it again says why
            return try await followed(key, dimension: dimension)
        }
    }

    /// Callers follow one after the other: each looks at the database after it was called.
    private func followed(_ key: Key, dimension: Int) async throws -> VectorIndex {
        let previous = following[key]
        let task = Task {
            _ = await previous?.result
            let index = try await self.index(key, dimension: dimension)
            try await self.follow(index, key)
            return index
        }
        following[key] = task
        return try await task.value
    }

    private func path(of key: Key) -> String { "\(folder)/\(key.space)/\(key.library)" }

    private func index(_ key: Key, dimension: Int) async throws -> VectorIndex {
        if let index = open[key] { return index }
        let index = try await pool.run { [path = path(of: key)] in
            try VectorIndex(folder: path, dimension: dimension, space: key.space)
        }
        try await dropIfMostlyDead(index, key)
        open[key] = index
        return index
    }

    private func follow(_ index: VectorIndex, _ key: Key) async throws {
        let last = try await database.read { tx in try EmbeddingStore.lastSequence(in: key.library, space: key.space, tx) }
        if index.lastSequence > last { try await pool.run { try index.removeAll() } }
        while index.lastSequence < last {
            let after = index.lastSequence
            let entries = try await database.read { tx in
                try EmbeddingStore.entries(after: after, in: key.library, space: key.space, limit: Self.batch, tx)
            }
            guard !entries.isEmpty else { return }
            try await pool.run { try index.append(entries.map { ($0.id, $0.sequence, $0.vector) }, after: after) }
        }
    }

    /// Rows of deleted assets stay in an index until a quarter of it is dead; then it is filled anew.
    private func dropIfMostlyDead(_ index: VectorIndex, _ key: Key) async throws {
        let alive = try await database.read { tx in try EmbeddingStore.count(in: key.library, space: key.space, tx) }
        if index.count > alive + alive / 4 { try await pool.run { try index.removeAll() } }
    }

    /// Opens and fills the indexes of all libraries, so that the first search does not have to.
    func warmUp(space: String, dimension: Int) async throws {
        let libraries = try await database.read { tx in
            try tx.rows("SELECT DISTINCT library_id FROM asset_embedding WHERE space = \(space)") {
                try $0.value(0, as: LibraryID.self)
            }
        }
        for library in libraries { _ = try await upToDate(library, space: space, dimension: dimension) }
    }
}
