import CVectorScan
public import Foundation
import Synchronization

/// Exact nearest neighbours of unit vectors, over memory-mapped files.
///
/// The index is a derived copy of vectors that a database keeps: the caller appends what is newer than `lastSequence`
/// before it searches. Anything that is damaged, of another space or of another dimension is thrown away, the index is
/// then empty with a `lastSequence` of 0, and the caller's next append fills it again.
///
/// A scan reads one byte per dimension; only rows whose score may still reach the best ones are compared as floats, so
/// results are exact and the same on every machine. Searches never wait for writers: they read a snapshot. All calls
/// block (a scan of 100,000 rows takes milliseconds): call them on a `BlockingPool`.
///
/// Each 8,192 vectors take one file, which stays open.
public final class VectorIndex: Sendable {
    /// How many values a vector has.
    public let dimension: Int
    /// The id of the model pack whose vectors these are.
    public let space: String

    /// Rows of one segment: 8,192 rows of 512 dimensions are 4 MiB of bytes to scan and 16 MiB of floats.
    package static let rowsPerSegment = 8192

    private let folder: IndexFolder
    private let layout: SegmentLayout
    private let kernel: ScanKernel
    /// Held by the one who writes, through all of its input and output.
    private let writing = Mutex(())
    /// Held for moments only: what searches read.
    private let state: Mutex<IndexState>

    /// Opens the index in a folder, making the folder if need be. One index at a time may have a folder open.
    ///
    /// - Throws: `VectorIndexProblem` when the folder cannot be used; a damaged index is no error.
    public convenience init(folder: String, dimension: Int, space: String) throws {
        try self.init(folder: folder, dimension: dimension, space: space, rowsPerSegment: Self.rowsPerSegment, kernel: .fastest)
    }

    init(folder path: String, dimension: Int, space: String, rowsPerSegment: Int, kernel: ScanKernel) throws(VectorIndexProblem) {
        guard (1...BANKSIA_DIMENSION_MAX).contains(dimension) else { throw .dimension(dimension) }
        self.dimension = dimension
        self.space = space
        self.kernel = kernel
        layout = SegmentLayout(dimension: dimension, capacity: rowsPerSegment)
        folder = try IndexFolder(path)
        state = Mutex(IndexState(reading: folder, layout: layout, space: space))
        let kept = state.withLock { $0.snapshot.parts.map(\.segment.number) }
        if lastSequence == 0 { folder.removeLedger() }
        folder.removeSegments(except: Set(kept))
    }

    /// How many vectors can be found.
    public var count: Int { state.withLock { $0.addresses.count } }

    /// The highest sequence that was ever appended, 0 for an empty index. Removing rows does not lower it.
    public var lastSequence: Int64 { state.withLock { $0.lastSequence } }

    /// The stored vector of an id.
    public func vector(of id: UUID) -> [Float]? {
        let found = state.withLock { state in
            state.addresses[id].flatMap { state.snapshot.segment($0.segment)?.vector(at: $0.row) }
        }
        switch found {
        case .intact(let vector): return vector
        case .damaged:
            startOver()
            return nil
        case nil: return nil
        }
    }

    // MARK: Writing

    /// Adds vectors; one whose id is already there replaces it. Either all of them are there afterwards or none.
    ///
    /// On return the rows are on disk.
    /// - Parameter sequence: the `lastSequence` that they follow. If the index stands elsewhere meanwhile, nothing is added: a
    ///   search beside it that met damage has emptied it, and what comes before them is missing.
    /// - Throws: `VectorIndexProblem`: a vector of another dimension, one with values that are not finite, a disk that
    ///   refuses.
    public func append(_ entries: [(id: UUID, sequence: Int64, vector: [Float])], after sequence: Int64? = nil) throws {
        guard !entries.isEmpty else { return }
        var rows = EncodedRows(layout: layout)
        for entry in entries { try rows.append(entry.id, entry.vector) }
        let last = entries.map(\.sequence).max() ?? 0
        try writing.withLock { _ in
            guard sequence == nil || sequence == lastSequence else { return }
            try commit(rows) { $0.lastSequence = max($0.lastSequence, last) }
        }
    }

    /// Takes vectors out. Ids that are not there are passed over.
    public func remove(_ ids: some Sequence<UUID>) throws {
        try writing.withLock { _ in
            let (gone, before) = state.withLock { state in
                (ids.compactMap { id in state.addresses[id].map { (id: id, address: $0) } }, state.ledger)
            }
            guard !gone.isEmpty else { return }
            var next = before
            for row in gone { next.kill(row.address) }
            try folder.write(next, space: space, layout: layout)
            state.withLock { state in
                for row in gone { state.addresses[row.id] = nil }
                state.publish(next)
            }
        }
    }

    /// Empties the index and its folder; `lastSequence` is 0 afterwards.
    public func removeAll() throws { startOver() }

    /// Rewrites segments until at most a quarter of all rows are dead. Cheap when there is nothing to do.
    public func compactIfNeeded() throws {
        try writing.withLock { _ in
            while let victim = state.withLock({ $0.ledger.worthCompacting }) {
                guard let rows = EncodedRows(living: victim, layout: layout) else {
                    clear()
                    return
                }
                try commit(rows) { $0.drop(victim.segment.number) }
                folder.removeSegment(victim.segment.number)
            }
        }
    }

    /// Writes rows and then the ledger that names them. The caller holds `writing`.
    private func commit(_ rows: EncodedRows, _ change: (inout IndexLedger) -> Void) throws(VectorIndexProblem) {
        let (replaced, before) = state.withLock { state in (rows.ids.compactMap { state.addresses[$0] }, state.ledger) }
        var next = before
        for address in replaced { next.kill(address) }
        change(&next)
        let placed = try next.place(rows, in: folder, layout: layout)
        try folder.write(next, space: space, layout: layout)
        state.withLock { state in
            for (id, address) in zip(rows.ids, placed) { state.addresses[id] = address }
            state.publish(next)
        }
    }

    private func startOver() { writing.withLock { _ in clear() } }

    private func clear() {
        folder.removeLedger()
        state.withLock { $0 = IndexState() }
        folder.removeSegments(except: [])
    }

    // MARK: Searching

    /// The rows of these ids as they stand now, for one or several searches among them.
    public func selection(of ids: some Sequence<UUID>) -> Selection {
        state.withLock { state in
            var selection = Selection(nothingOf: state.snapshot)
            for id in ids {
                if let address = state.addresses[id] { selection.insert(address) }
            }
            return selection
        }
    }

    /// The vectors with the greatest dot product with `query`, greatest first, equal ones by id.
    ///
    /// - Parameter ids: only among these, when given.
    /// - Returns: at most `limit`; none for a query of another dimension or with a value that is not finite.
    public func search(_ query: [Float], limit: Int, among ids: Set<UUID>? = nil) -> [Neighbour] {
        if let ids { return search(query, limit: limit, among: selection(of: ids)) }
        return search(query, limit: limit, among: Selection(allOf: state.withLock { $0.snapshot }))
    }

    /// The nearest rows of a selection, as they were when the selection was made.
    public func search(_ query: [Float], limit: Int, among selection: Selection) -> [Neighbour] {
        guard limit > 0, query.count == dimension, let prepared = ScanQuery(query, layout: layout) else { return [] }
        let result = ExactSearch(query: prepared, kernel: kernel, selection: selection).nearest(limit)
        if result.metDamage { startOver() }
        return result.neighbours
    }
}

/// A row that was found.
public struct Neighbour: Sendable, Hashable {
    /// Whose vector it is.
    public let id: UUID
    /// Its dot product with the query: the cosine, for unit vectors.
    public let score: Float

    /// A row and its score.
    public init(id: UUID, score: Float) {
        self.id = id
        self.score = score
    }
}
