import CVectorScan

/// Where the parts of a segment lie in its file: ids, checksums, factors, bytes to scan (together the hot part, read
/// whole), then floats (the cold part, read row by row). All numbers little-endian.
struct SegmentLayout: Sendable, Equatable {
    let dimension: Int
    /// Rows of a full segment.
    let capacity: Int

    /// Bytes of a quantised row.
    var rowStride: Int { Self.roundUp(dimension, BANKSIA_ROW_MULTIPLE) }
    /// Floats of a stored vector: its values, then zeros.
    var vectorStride: Int { Self.roundUp(dimension, BANKSIA_LANES) }
    static let factorCount = BANKSIA_FACTORS
    static let idBytes = 16
    /// One for the hot part of a row, one for its vector.
    static let sumBytes = 16

    var sumsOffset: Int { capacity * Self.idBytes }
    var factorsOffset: Int { sumsOffset + capacity * Self.sumBytes }
    var rowsOffset: Int { Self.roundUp(factorsOffset + capacity * Self.factorCount * 4, 64) }
    /// At the start of a page (16 KiB is the largest in use): the part before it is mapped, the rest is not.
    var vectorsOffset: Int { Self.roundUp(rowsOffset + capacity * rowStride, 16_384) }
    var fileBytes: Int { vectorsOffset + capacity * vectorStride * 4 }

    private static func roundUp(_ value: Int, _ multiple: Int) -> Int { (value + multiple - 1) / multiple * multiple }
}
