import CVectorScan

/// Vectors in memory, compared exactly: the same bits on every machine.
public struct VectorTable: Sendable {
    /// How many values a vector has.
    public let dimension: Int
    /// How many vectors there are.
    public private(set) var count = 0

    private let stride: Int
    private var values: [Float] = []
    private let kernel = ScanKernel.fastest

    /// An empty table.
    public init(dimension: Int) {
        self.dimension = dimension
        let lanes = Int(BANKSIA_LANES)
        stride = (dimension + lanes - 1) / lanes * lanes
    }

    /// Two vectors whose product is not small.
    public struct Pair: Sendable, Hashable {
        /// The one that was asked for.
        public var query: Int
        public var row: Int
        public var product: Float
    }

    public mutating func reserveCapacity(_ count: Int) { values.reserveCapacity(count * stride) }

    public mutating func append(_ vector: [Float]) {
        precondition(vector.count == dimension)
        values += vector
        for _ in dimension..<stride { values.append(0) }
        count += 1
    }

    public subscript(_ row: Int) -> [Float] {
        get { Array(values[row * stride..<row * stride + dimension]) }
        set {
            precondition(newValue.count == dimension)
            values.replaceSubrange(row * stride..<row * stride + dimension, with: newValue)
        }
    }

    /// The product of two of its vectors.
    public func product(_ one: Int, _ other: Int) -> Float {
        unsafe values.withUnsafeBufferPointer { values in
            guard let start = values.baseAddress else { return 0 }
            return unsafe banksia_dot(kernel.code, start + one * stride, start + other * stride, stride)
        }
    }

    /// All vectors of the table that have a product of at least `floor` with some of its own: by row, then by query.
    ///
    /// - Parameter queries: rows. Some dozens at once take little longer than one, because the table is read once.
    public func pairs(of queries: [Int], atLeast floor: Float) -> [Pair] {
        pairs(of: queries.flatMap { values[$0 * stride..<($0 + 1) * stride] }, queries.count, floor) { queries[$0] }
    }

    /// The same for a vector that is not in the table.
    public func pairs(of vector: [Float], atLeast floor: Float) -> [Pair] {
        precondition(vector.count == dimension)
        return pairs(of: vector + Array(repeating: 0, count: stride - dimension), 1, floor) { $0 }
    }

    private func pairs(of queries: [Float], _ queryCount: Int, _ floor: Float, _ name: (Int) -> Int) -> [Pair] {
        var room = 1024
        while true {
            var places = [UInt32](repeating: 0, count: 2 * room)
            var products = [Float](repeating: 0, count: room)
            let found = unsafe banksia_near(
                kernel.code, queries, queryCount, values, count, stride, floor, &places, &products, room)
            if found <= room {
                return (0..<found).map {
                    Pair(query: name(Int(places[2 * $0])), row: Int(places[2 * $0 + 1]), product: products[$0])
                }
            }
            room = found
        }
    }
}
