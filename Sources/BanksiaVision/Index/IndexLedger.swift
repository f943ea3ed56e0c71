import Foundation

/// What an index consists of: its parts, which rows of them live, and how far it follows its database.
///
/// Written whole with every change and put in place by a rename, so a crash leaves either the old one or the new one.
struct IndexLedger: Sendable {
    var snapshot = IndexSnapshot()
    var lastSequence: Int64 = 0
    private(set) var nextNumber: UInt32 = 1

    init() {}

    init(snapshot: IndexSnapshot, lastSequence: Int64, nextNumber: UInt32) {
        self.snapshot = snapshot
        self.lastSequence = lastSequence
        self.nextNumber = nextNumber
    }

    mutating func kill(_ address: RowAddress) {
        guard let position = snapshot.position(of: address.segment), snapshot.parts[position].living.contains(Int(address.row))
        else { return }
        snapshot.parts[position].living.remove(Int(address.row))
        snapshot.parts[position].livingCount -= 1
    }

    mutating func drop(_ number: UInt32) { snapshot.parts.removeAll { $0.segment.number == number } }

    /// The part with the greatest share of dead rows, when more than a quarter of all rows are dead.
    var worthCompacting: IndexSnapshot.Part? {
        let all = snapshot.parts.reduce(0) { $0 + $1.count }
        let dead = all - snapshot.parts.reduce(0) { $0 + $1.livingCount }
        guard dead * 4 > all else { return nil }
        return snapshot.parts.min { $0.livingCount * $1.count < $1.livingCount * $0.count }
    }

    /// Writes rows behind the last part's rows, and into new segments when that is full. Of rows with one id only the
    /// last is alive.
    ///
    /// - Returns: where each row went.
    mutating func place(_ rows: EncodedRows, in folder: IndexFolder, layout: SegmentLayout) throws(VectorIndexProblem)
        -> [RowAddress]
    {
        var addresses: [RowAddress] = []
        while addresses.count < rows.count {
            if snapshot.parts.last.map({ $0.count < layout.capacity }) != true { try addSegment(in: folder, layout: layout) }
            let last = snapshot.parts.count - 1
            let part = snapshot.parts[last]
            let batch = min(rows.count - addresses.count, layout.capacity - part.count)
            let range = addresses.count..<(addresses.count + batch)
            try Segment.write(rows, range, to: folder.path(ofSegment: part.segment.number), at: part.count)
            snapshot.parts[last].grow(by: batch)
            addresses += (0..<batch).map { RowAddress(segment: part.segment.number, row: UInt32(part.count + $0)) }
        }
        var seen = Set<UUID>()
        for index in rows.ids.indices.reversed() where !seen.insert(rows.ids[index]).inserted { kill(addresses[index]) }
        return addresses
    }

    private mutating func addSegment(in folder: IndexFolder, layout: SegmentLayout) throws(VectorIndexProblem) {
        let segment = try folder.makeSegment(nextNumber, layout: layout)
        nextNumber += 1
        snapshot.parts.append(IndexSnapshot.Part(segment: segment, count: 0, living: RowSet(room: 0), livingCount: 0))
    }
}

extension IndexSnapshot.Part {
    fileprivate mutating func grow(by rows: Int) {
        living.makeRoom(for: count + rows)
        for row in count..<(count + rows) { living.insert(row) }
        count += rows
        livingCount += rows
    }
}

/// What an open index knows: the ledger as last written, and where each id stands.
struct IndexState: Sendable {
    private(set) var ledger = IndexLedger()
    var addresses: [UUID: RowAddress] = [:]

    var snapshot: IndexSnapshot { ledger.snapshot }
    var lastSequence: Int64 { ledger.lastSequence }

    /// An empty index.
    init() {}

    /// What the folder holds, or nothing when that is damaged or of another kind.
    init(reading folder: IndexFolder, layout: SegmentLayout, space: String) {
        guard let ledger = folder.readLedger(space: space, layout: layout) else { return }
        let living = ledger.snapshot.parts.reduce(0) { $0 + $1.livingCount }
        addresses.reserveCapacity(living)
        for part in ledger.snapshot.parts {
            for row in 0..<part.count where part.living.contains(row) {
                addresses[part.segment.id(at: row)] = RowAddress(segment: part.segment.number, row: UInt32(row))
            }
        }
        // An id that lives twice: files of different indexes were mixed.
        if addresses.count == living { self.ledger = ledger } else { addresses = [:] }
    }

    mutating func publish(_ ledger: IndexLedger) { self.ledger = ledger }
}
