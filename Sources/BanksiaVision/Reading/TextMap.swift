/// How likely each pixel of a picture belongs to text, as a detector says it.
struct TextMap {
    let columns: Int
    let rows: Int
    /// Row by row, 0 to 1.
    let values: [Float]

    /// Neighbouring pixels of one line of text.
    struct Blob: Equatable {
        /// The places to draw a rectangle around: the corners of its outermost pixels in each row.
        var outline: [TextRegion.Point] = []
        var pixels = 0
        var sum: Float = 0

        /// How sure the detector is of it, 0 to 1.
        var score: Float { sum / Float(max(pixels, 1)) }
    }

    /// From this likelihood on, a pixel is text (PaddleOCR's `thresh`).
    private static let threshold: Float = 0.3

    /// All blobs, those that touch at a corner too being one; found in one pass over the rows, whose stretches of text are joined
    /// with those they touch in the row above (He, Chao and Suzuki, 2008).
    func blobs() -> [Blob] {
        var stretches: [Stretch] = []
        var above = 0..<0
        for row in 0..<rows {
            let first = stretches.count
            appendStretches(of: row, to: &stretches)
            join(first..<stretches.count, with: above, &stretches)
            above = first..<stretches.count
        }
        var blobs: [Int: Blob] = [:]
        for place in stretches.indices {
            let stretch = stretches[place]
            blobs[Self.root(of: place, &stretches), default: Blob()].add(stretch)
        }
        return blobs.sorted { $0.key < $1.key }.map(\.value)
    }

    /// Neighbouring pixels of one row.
    fileprivate struct Stretch {
        var row: Int
        var start: Int
        var end: Int
        var sum: Float
        /// The index of another stretch of the same blob, or its own.
        var parent: Int
    }

    private func appendStretches(of row: Int, to stretches: inout [Stretch]) {
        var start = -1
        var sum: Float = 0
        for column in 0...columns {
            let value = column < columns ? values[row * columns + column] : 0
            if value > Self.threshold {
                if start < 0 { (start, sum) = (column, 0) }
                sum += value
            } else if start >= 0 {
                stretches.append(Stretch(row: row, start: start, end: column, sum: sum, parent: stretches.count))
                start = -1
            }
        }
    }

    private func join(_ current: Range<Int>, with above: Range<Int>, _ stretches: inout [Stretch]) {
        var upper = above.lowerBound
        for place in current {
            while upper < above.upperBound, stretches[upper].end < stretches[place].start { upper += 1 }
            var touching = upper
            while touching < above.upperBound, stretches[touching].start <= stretches[place].end {
                let one = Self.root(of: touching, &stretches), other = Self.root(of: place, &stretches)
                stretches[max(one, other)].parent = min(one, other)
                touching += 1
            }
        }
    }

    private static func root(of place: Int, _ stretches: inout [Stretch]) -> Int {
        var place = place
        while stretches[place].parent != place {
            stretches[place].parent = stretches[stretches[place].parent].parent
            place = stretches[place].parent
        }
        return place
    }
}

extension TextMap.Blob {
    fileprivate mutating func add(_ stretch: TextMap.Stretch) {
        pixels += stretch.end - stretch.start
        sum += stretch.sum
        for x in [Double(stretch.start) - 0.5, Double(stretch.end) - 0.5] {
            for y in [Double(stretch.row) - 0.5, Double(stretch.row) + 0.5] { outline.append(.init(x: x, y: y)) }
        }
    }
}
