/// When a picture was taken, as its camera knew it: a wall clock, and a UTC offset only where one is known.
///
/// Cameras mostly know local time and no zone, so this is not an `Instant`: the wall clock is kept as it was said and
/// the instant is derived only when the offset is known.
public struct CaptureTime: Hashable, Sendable, CustomStringConvertible {
    /// The wall clock as if it were UTC: microseconds since 1970-01-01T00:00:00.
    public let wallMicroseconds: Int64
    /// Seconds east of UTC; `nil` when nobody said.
    public let offsetSeconds: Int?

    /// A capture time from its stored parts.
    public init(wallMicroseconds: Int64, offsetSeconds: Int? = nil) {
        self.wallMicroseconds = wallMicroseconds
        self.offsetSeconds = offsetSeconds
    }

    /// An instant, seen at UTC.
    public init(_ instant: Instant) { self.init(wallMicroseconds: instant.microseconds, offsetSeconds: 0) }

    /// The point in time, when the offset is known.
    public var instant: Instant? { offsetSeconds.map { Instant(microseconds: wallMicroseconds - Int64($0) * 1_000_000) } }

    /// ISO 8601: `2024-05-01T12:30:00`, with `Z` or `+02:00` only when the offset is known.
    public var description: String { String(unsafeUninitializedCapacity: Self.longestText) { write(into: $0) } }

    /// Bytes that `write(into:)` needs at most.
    public static let longestText = CivilTime.longestText + 6

    /// Writes the bytes of `description`.
    ///
    /// - Parameter bytes: room for `longestText` bytes.
    /// - Returns: how many were written.
    public func write(into bytes: UnsafeMutableBufferPointer<UInt8>) -> Int {
        let length = CivilTime(microseconds: wallMicroseconds).write(into: bytes)
        guard let offsetSeconds else { return length }
        guard offsetSeconds != 0 else {
            bytes[length] = UInt8(ascii: "Z")
            return length + 1
        }
        let minutes = abs(offsetSeconds) / 60
        bytes[length] = UInt8(ascii: offsetSeconds < 0 ? "-" : "+")
        CivilTime.write(minutes / 60, into: bytes, at: length + 1, before: UInt8(ascii: ":"))
        CivilTime.write(minutes % 60, into: bytes, at: length + 4)
        return length + 6
    }

    /// Reads ISO 8601 as clients send it: `T` or a space between date and time, `Z` or `±hh:mm` or `±hhmm` or nothing,
    /// one to nine digits of fraction (cut to six), or a bare date (midnight, no offset). `nil` for anything else.
    public init?(_ text: some StringProtocol) {
        var scanner = DigitScanner(text)
        guard let year = scanner.number(4), scanner.skip("-"), let month = scanner.number(2), scanner.skip("-"),
            let day = scanner.number(2), let date = CivilTime(year: year, month: month, day: day)
        else { return nil }
        if scanner.isAtEnd {
            self.init(wallMicroseconds: date.microseconds)
            return
        }
        guard scanner.skip("T") || scanner.skip("t") || scanner.skip(" "), let hour = scanner.number(2), hour < 24,
            scanner.skip(":"),
            let minute = scanner.number(2), minute < 60
        else { return nil }
        var second = 0
        var fraction: Int64 = 0
        if scanner.skip(":") {
            guard let read = scanner.number(2), read <= 60 else { return nil }
            second = min(read, 59)  // a leap second is the last second of its minute here
            if scanner.skip(".") || scanner.skip(",") {
                guard let read = scanner.fraction() else { return nil }
                fraction = read
            }
        }
        guard let offset = scanner.offset(), scanner.isAtEnd else { return nil }
        let time = Int64(hour * 3600 + minute * 60 + second) * 1_000_000 + fraction
        self.init(wallMicroseconds: date.microseconds + time, offsetSeconds: offset.seconds)
    }
}

extension Instant {
    /// Reads ISO 8601; a text without offset is taken as UTC. `nil` when it is not a time.
    public init?(assumingUTC text: some StringProtocol) {
        guard let time = CaptureTime(text) else { return nil }
        self = time.instant ?? Instant(microseconds: time.wallMicroseconds)
    }
}

/// Reads a time's parts from ASCII bytes.
private struct DigitScanner {
    private var rest: ArraySlice<UInt8>
    init(_ text: some StringProtocol) { rest = Array(text.utf8)[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    mutating func number(_ digits: Int) -> Int? {
        guard rest.count >= digits, rest.prefix(digits).allSatisfy({ (48...57).contains($0) }) else { return nil }
        defer { rest.removeFirst(digits) }
        return rest.prefix(digits).reduce(0) { $0 * 10 + Int($1 - 48) }
    }

    /// One to nine digits, as microseconds.
    mutating func fraction() -> Int64? {
        let digits = rest.prefix { (48...57).contains($0) }
        guard (1...9).contains(digits.count) else { return nil }
        rest.removeFirst(digits.count)
        return (Array(digits) + Array(repeating: 48, count: 6)).prefix(6).reduce(Int64(0)) { $0 * 10 + Int64($1 - 48) }
    }

    /// `nil` when what stands there is no offset; an offset of `nil` when nothing stands there.
    mutating func offset() -> (seconds: Int?, Void)? {
        if isAtEnd { return (nil, ()) }
        if skip("Z") || skip("z") { return (0, ()) }
        let sign = skip("-") ? -1 : 1
        guard sign == -1 || skip("+"), let hours = number(2), hours <= 18 else { return nil }
        guard !isAtEnd else { return (sign * hours * 3600, ()) }
        _ = skip(":")
        guard let minutes = number(2), minutes < 60 else { return nil }
        return (sign * (hours * 3600 + minutes * 60), ())
    }
}
