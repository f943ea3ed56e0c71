import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The files of one index: `ledger`, `lock` and `NUMBER.segment`. Locked against a second opener while it exists.
final class IndexFolder: Sendable {
    private let path: String
    private let lock: Int32

    init(_ path: String) throws(VectorIndexProblem) {
        self.path = path
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .disk(errno: EACCES)
        }
        lock = unsafe open("\(path)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw .disk(errno: errno) }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            close(lock)
            throw .inUse
        }
    }

    deinit {
        // Unlocked by word and not by closing alone: a child process between fork and exec still has the descriptor.
        flock(lock, LOCK_UN)
        close(lock)
    }

    private var ledgerPath: String { "\(path)/ledger" }
    func path(ofSegment number: UInt32) -> String { "\(path)/\(number).segment" }

    // MARK: Segments

    func makeSegment(_ number: UInt32, layout: SegmentLayout) throws(VectorIndexProblem) -> Segment {
        let path = path(ofSegment: number)
        try OutputFile(new: path, bytes: layout.fileBytes).synchronise()
        guard let segment = Segment(opening: path, number: number, layout: layout) else { throw .disk(errno: errno) }
        return segment
    }

    /// Forgets a file. Snapshots that hold its rows keep them. A failure leaves a file that the next start removes.
    func removeSegment(_ number: UInt32) { unsafe unlink(path(ofSegment: number)) }

    /// Removes what an earlier process left behind.
    func removeSegments(except kept: Set<UInt32>) {
        // A folder that cannot be listed only costs the room of its orphans.
        for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] where name.hasSuffix(".segment") {
            if let number = UInt32(name.dropLast(".segment".count)), !kept.contains(number) { removeSegment(number) }
        }
    }

    // MARK: The ledger

    func removeLedger() { unsafe unlink(ledgerPath) }

    func write(_ ledger: IndexLedger, space: String, layout: SegmentLayout) throws(VectorIndexProblem) {
        let bytes = LedgerFile.encode(ledger, space: space, layout: layout)
        let file = try OutputFile(new: ledgerPath + ".new")
        try unsafe file.write(bytes[...], at: 0)
        try file.synchronise()
        guard unsafe rename(ledgerPath + ".new", ledgerPath) == 0 else { throw .disk(errno: errno) }
        let folder = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw .disk(errno: errno) }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw .disk(errno: errno) }
    }

    /// `nil` when there is none, or anything about it or its segments is not as it was written.
    func readLedger(space: String, layout: SegmentLayout) -> IndexLedger? {
        // A million rows need 125 kB of bits; 64 MiB is beyond any index that fits a machine.
        guard let size = (try? FileManager.default.attributesOfItem(atPath: ledgerPath))?[.size] as? Int, size <= 64 << 20,
            let bytes = FileManager.default.contents(atPath: ledgerPath),
            let file = LedgerFile(decoding: Array(bytes), space: space, layout: layout)
        else { return nil }
        var parts: [IndexSnapshot.Part] = []
        for entry in file.parts {
            guard let segment = Segment(opening: path(ofSegment: entry.number), number: entry.number, layout: layout),
                segment.isIntact(entry.count)
            else { return nil }
            parts.append(.init(segment: segment, count: entry.count, living: entry.living, livingCount: entry.living.count))
        }
        return IndexLedger(snapshot: IndexSnapshot(parts: parts), lastSequence: file.lastSequence, nextNumber: file.nextNumber)
    }
}
