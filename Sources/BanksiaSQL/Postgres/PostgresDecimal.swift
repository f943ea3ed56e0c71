/// A decimal number as the server sends it: four digits at a time, the first with the given weight (`numeric_send`).
///
/// Statements meet it as the sum of whole numbers, which the server makes a decimal so that it cannot overflow.
struct PostgresDecimal {
    private let digits: [Int64]
    /// The first group counts this power of 10,000.
    private let weight: Int
    private let isNegative: Bool

    /// `nil` for what is no number, such as NaN and infinities.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= 8 else { return nil }
        let count = Int(unsafe PostgresBinary.read(bytes, at: 0, as: UInt16.self))
        let sign = unsafe PostgresBinary.read(bytes, at: 4, as: UInt16.self)
        guard sign == 0 || sign == 0x4000, bytes.count == 8 + 2 * count else { return nil }
        weight = Int(unsafe PostgresBinary.read(bytes, at: 2, as: Int16.self))
        isNegative = sign == 0x4000
        digits = (0..<count).map { Int64(unsafe PostgresBinary.read(bytes, at: 8 + 2 * $0, as: UInt16.self)) }
    }

    /// The number, when it is whole and fits.
    var integer: Int64? {
        guard digits.count <= weight + 1 || digits.dropFirst(max(0, weight + 1)).allSatisfy({ $0 == 0 }) else { return nil }
        guard !digits.isEmpty else { return 0 }
        var whole: Int64 = 0
        for place in 0...max(0, weight) {
            let digit = place < digits.count ? digits[place] : 0
            let (shifted, tooLarge) = whole.multipliedReportingOverflow(by: 10_000)
            // Built up below zero, because the smallest number has no counterpart above it.
            let (sum, tooSmall) = shifted.subtractingReportingOverflow(digit)
            if tooLarge || tooSmall { return nil }
            whole = sum
        }
        if isNegative { return whole }
        return whole == .min ? nil : -whole
    }

    /// The number, rounded.
    var real: Double {
        // By way of its text: adding up powers would round at each step.
        var text = isNegative ? "-0" : "0"
        for digit in digits { text += String(10_000 + digit).dropFirst() }
        return Double("\(text)e\(4 * (weight - digits.count + 1))") ?? .nan
    }
}
