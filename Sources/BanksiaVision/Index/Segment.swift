import CVectorScan
import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// One file of rows: what is scanned is mapped into memory, vectors are read one by one when they are compared, so that
/// they never count as memory of this process.
///
/// Rows are written through the file, behind those that snapshots know of; a shared mapping sees what is written to the
/// file (POSIX.1-2017, mmap, MAP_SHARED).
@safe final class Segment: Sendable {
    let number: UInt32
    let layout: SegmentLayout
    // Read-only memory that stays mapped until `deinit`; the rows that a snapshot knows of never change again.
    private nonisolated(unsafe) let base: UnsafeRawPointer
    private let descriptor: Int32

    /// Maps a segment's file. `nil` when it is missing, shorter than it must be, or the system refuses.
    init?(opening path: String, number: UInt32, layout: SegmentLayout) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, Int(status.st_size) >= layout.fileBytes,
            let mapped = unsafe mmap(nil, layout.vectorsOffset, PROT_READ, MAP_SHARED, descriptor, 0), unsafe mapped != MAP_FAILED
        else {
            close(descriptor)
            return nil
        }
        unsafe base = UnsafeRawPointer(mapped)
        self.descriptor = descriptor
        self.number = number
        self.layout = layout
    }

    deinit {
        unsafe munmap(UnsafeMutableRawPointer(mutating: base), layout.vectorsOffset)
        close(descriptor)
    }

    // MARK: Reading

    func id(at row: Int) -> UUID {
        UUID(uuid: unsafe base.loadUnaligned(fromByteOffset: row * SegmentLayout.idBytes, as: uuid_t.self))
    }

    /// The bytes to scan, `rowStride` for each row.
    @unsafe var rows: UnsafePointer<UInt8> { unsafe (base + layout.rowsOffset).assumingMemoryBound(to: UInt8.self) }
    /// Three floats for each row.
    @unsafe var factors: UnsafePointer<Float> { unsafe (base + layout.factorsOffset).assumingMemoryBound(to: Float.self) }
    private func sum(_ which: Int, at row: Int) -> UInt64 {
        unsafe base.load(fromByteOffset: layout.sumsOffset + row * SegmentLayout.sumBytes + 8 * which, as: UInt64.self)
    }

    /// Reads the vector of a row into `vector`, which has `vectorStride` places. False when it is not the one that was
    /// written, or cannot be read.
    func read(_ vector: inout [Float], at row: Int) -> Bool {
        let start = off_t(layout.vectorsOffset + row * layout.vectorStride * 4)
        let sum = sum(1, at: row)
        return unsafe vector.withUnsafeMutableBytes { bytes in
            unsafe pread(descriptor, bytes.baseAddress, bytes.count, start) == bytes.count
                && banksia_checksum(0, bytes.baseAddress, bytes.count) == sum
        }
    }

    enum StoredVector {
        case intact([Float])
        case damaged
    }

    func vector(at row: UInt32) -> StoredVector {
        var vector = [Float](repeating: 0, count: layout.vectorStride)
        return read(&vector, at: Int(row)) ? .intact(Array(vector.prefix(layout.dimension))) : .damaged
    }

    /// Whether the hot part of the first `count` rows is what was written. Reads all of it, which also warms it up.
    func isIntact(_ count: Int) -> Bool {
        (0..<count).allSatisfy { row in
            let id = unsafe UnsafeRawBufferPointer(start: base + row * SegmentLayout.idBytes, count: SegmentLayout.idBytes)
            let factorBytes = SegmentLayout.factorCount * 4
            let factors = unsafe UnsafeRawBufferPointer(
                start: base + layout.factorsOffset + row * factorBytes, count: factorBytes)
            let bytes = unsafe UnsafeRawBufferPointer(
                start: base + layout.rowsOffset + row * layout.rowStride, count: layout.rowStride)
            return unsafe Self.hotSum(id: id, factors: factors, row: bytes) == sum(0, at: row)
        }
    }

    /// The checksum of a row's hot part.
    @unsafe static func hotSum(id: UnsafeRawBufferPointer, factors: UnsafeRawBufferPointer, row: UnsafeRawBufferPointer) -> UInt64
    {
        var words = (UInt64(0), UInt64(0), UInt64(0), UInt64(0))
        unsafe withUnsafeMutableBytes(of: &words) { words in
            unsafe words.copyMemory(from: id)
            unsafe UnsafeMutableRawBufferPointer(rebasing: words[id.count...]).copyMemory(from: factors)
        }
        let head = unsafe withUnsafeBytes(of: &words) { unsafe banksia_checksum(0, $0.baseAddress, $0.count) }
        return unsafe banksia_checksum(head, row.baseAddress, row.count)
    }

    // MARK: Writing

    /// Writes rows `range` of `rows` to the places from `first` on, and waits until they are on disk.
    static func write(_ rows: EncodedRows, _ range: Range<Int>, to path: String, at first: Int) throws(VectorIndexProblem) {
        let layout = rows.layout
        let file = try OutputFile(existing: path)
        let ids = rows.ids[range].map(\.uuid)
        try unsafe file.write(ids[...], at: first * SegmentLayout.idBytes)
        try unsafe file.write(
            rows.sums[(range.lowerBound * 2)..<(range.upperBound * 2)], at: layout.sumsOffset + first * SegmentLayout.sumBytes)
        let factors = SegmentLayout.factorCount
        try unsafe file.write(
            rows.factors[(range.lowerBound * factors)..<(range.upperBound * factors)],
            at: layout.factorsOffset + first * factors * 4)
        let row = layout.rowStride
        try unsafe file.write(rows.rows[(range.lowerBound * row)..<(range.upperBound * row)], at: layout.rowsOffset + first * row)
        let vector = layout.vectorStride
        try unsafe file.write(
            rows.vectors[(range.lowerBound * vector)..<(range.upperBound * vector)], at: layout.vectorsOffset + first * vector * 4
        )
        try file.synchronise()
    }
}
