import CVectorScan

/// The ways to scan that a machine may have. All give the same scores, bit by bit.
enum ScanKernel: Sendable, CaseIterable {
    case plain, avx2, avx512, neon

    var code: banksia_kernel {
        switch self {
        case .plain: BANKSIA_PLAIN
        case .avx2: BANKSIA_AVX2
        case .avx512: BANKSIA_AVX512_VNNI
        case .neon: BANKSIA_NEON
        }
    }

    /// Those that this machine can run.
    static var available: [ScanKernel] { allCases.filter { banksia_kernel_runs($0.code) } }

    /// The one to use on this machine.
    static var fastest: ScanKernel { available.first { $0.code == banksia_kernel_best() } ?? .plain }
}

/// A query in the forms that the kernels read.
struct ScanQuery {
    /// As floats, padded.
    let vector: [Float]
    /// Its length, and the length of what is lost in `whole`.
    let length: Float
    let loss: Float
    private let scale: Float
    private let whole: [Int16]
    private let high: [Int8]
    private let low: [Int8]

    /// `nil` when a value is not finite or absurdly large.
    init?(_ query: [Float], layout: SegmentLayout) {
        let greatest = query.reduce(Float(0)) { max($0, abs($1)) }
        guard query.allSatisfy({ abs($0) <= 1e6 }) else { return nil }
        vector = query + Array(repeating: 0, count: layout.vectorStride - query.count)
        let step = greatest / Float(BANKSIA_QUERY_MAX)
        scale = step < 1e-30 ? 0 : step
        let steps = query.map { [scale] value in scale == 0 ? 0 : Int16((value / scale).rounded()) }
        whole = steps + Array(repeating: 0, count: layout.rowStride - query.count)
        // 64 * high + low with low in -32…31: the arithmetic shift rounds down.
        high = whole.map { Int8(($0 + 32) >> 6) }
        low = zip(whole, high).map { Int8($0 - 64 * Int16($1)) }
        var squares = 0.0
        var lost = 0.0
        for (value, step) in zip(query, steps) {
            let error = Double(value) - Double(step) * Double(scale)
            squares += Double(value) * Double(value)
            lost += error * error
        }
        length = Float(squares.squareRoot()) * 1.000_001
        loss = Float(lost.squareRoot()) * 1.000_001
    }

    /// Calls `body` with the form that the C kernels take.
    func withKernelForm<Result>(_ body: (borrowing banksia_query) -> Result) -> Result {
        unsafe whole.withUnsafeBufferPointer { whole in
            unsafe high.withUnsafeBufferPointer { high in
                unsafe low.withUnsafeBufferPointer { low in
                    let bias = unsafe whole.reduce(Int32(0)) { $0 &+ Int32($1) } &* 128
                    return unsafe body(
                        banksia_query(
                            whole: whole.baseAddress, high: high.baseAddress, low: low.baseAddress, bias: bias, scale: scale,
                            padded: whole.count))
                }
            }
        }
    }
}
