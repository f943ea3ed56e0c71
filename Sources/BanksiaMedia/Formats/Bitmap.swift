internal import Foundation

/// A Windows bitmap, which libvips leaves to a library that is not let near untrusted files.
///
/// Headers of 12, 40 and more bytes; 1, 4, 8, 16, 24 and 32 bits per pixel; colour masks; run lengths of 8 and 4 bits
/// (Microsoft, "Bitmap Storage" and "Bitmap Compression" in the Windows GDI reference).
struct Bitmap {
    let size: PixelSize
    private let path: String
    private let layout: BitmapLayout
    /// File header, the longest header, masks and 256 colours.
    private static let headBytes = 14 + 124 + 16 + 1024
    /// A bitmap of the largest size decoded, at 32 bits, and room for its headers.
    private static let largestFile = 1_300_000_000

    /// Reads the headers.
    init(contentsOf path: String) throws(PictureFault) {
        self.path = path
        layout = try BitmapLayout(Self.read(path, upTo: Self.headBytes))
        size = layout.size
    }

    private static func read(_ path: String, upTo count: Int) throws(PictureFault) -> [UInt8] {
        do {
            let file = try FileHandle(forReadingFrom: URL(filePath: path))
            // Closing a file that was only read cannot lose anything.
            defer { try? file.close() }
            return [UInt8](try file.read(upToCount: count) ?? Data())
        } catch { throw .storage(reason: "the file cannot be read") }
    }

    /// The picture, in RGB or, when its masks hold alpha that is used, RGBA.
    func picture() throws(PictureFault) -> Picture {
        let bytes = try Self.read(path, upTo: Self.largestFile)
        guard layout.pixelOffset <= bytes.count else { throw .undecodable(reason: "the file ends before the picture does") }
        let indices = layout.runLengthBits.map { RunLengths(bits: $0).expand(bytes[layout.pixelOffset...], size: size) }
        if indices == nil, bytes.count < layout.pixelOffset + layout.rowBytes * size.height {
            throw .undecodable(reason: "the file ends before the picture does")
        }
        let bands = layout.hasAlpha(in: bytes) ? 4 : 3
        var pixels: [UInt8] = []
        pixels.reserveCapacity(size.count * bands)
        for row in 0..<size.height {
            let stored = layout.isTopDown ? row : size.height - 1 - row
            for column in 0..<size.width {
                let colour =
                    if let indices { layout.palette(Int(indices[stored * size.width + column]), in: bytes) } else {
                        layout.colour(row: stored, column: column, in: bytes)
                    }
                pixels.append(contentsOf: [colour.red, colour.green, colour.blue])
                if bands == 4 { pixels.append(colour.alpha) }
            }
        }
        return try Picture(pixels: pixels, size: size, bands: bands)
    }
}

/// Run-length coded indices: pairs of count and value, and escapes that begin with 0.
private struct RunLengths {
    let bits: Int

    /// One index per pixel, bottom row first. What the stream leaves out, and what it says beyond the picture, stays 0.
    func expand(_ stream: ArraySlice<UInt8>, size: PixelSize) -> [UInt8] {
        var indices = [UInt8](repeating: 0, count: size.count)
        var (row, column) = (0, 0)
        var rest = stream
        func put(_ value: UInt8) {
            if row < size.height, column < size.width { indices[row * size.width + column] = value }
            column += 1
        }
        while row < size.height, let count = rest.popFirst(), let value = rest.popFirst() {
            switch (count, value) {
            case (0, 0): (row, column) = (row + 1, 0)
            case (0, 1): return indices
            case (0, 2):
                guard let right = rest.popFirst(), let up = rest.popFirst() else { return indices }
                (row, column) = (row + Int(up), column + Int(right))
            case (0, let literal):
                let stored = (Int(literal) * bits + 7) / 8
                let run = rest.prefix(stored)
                rest = rest.dropFirst(stored + stored % 2)
                for index in 0..<Int(literal) where index * bits / 8 < run.count {
                    put(part(index, of: run[run.startIndex + index * bits / 8]))
                }
            case (let count, let pair): for index in 0..<Int(count) { put(part(index, of: pair)) }
            }
        }
        return indices
    }

    /// One byte is one index, or two, the first of them in its high half.
    private func part(_ index: Int, of byte: UInt8) -> UInt8 {
        bits == 8 ? byte : index.isMultiple(of: 2) ? byte >> 4 : byte & 15
    }
}
