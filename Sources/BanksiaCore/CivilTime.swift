/// A date and time of the proleptic Gregorian calendar, without zone.
///
/// The conversions are Howard Hinnant's `days_from_civil` and `civil_from_days` ("chrono-Compatible Low-Level Date
/// Algorithms"): integer arithmetic on eras of 400 years, no tables, no locale.
public struct CivilTime: Hashable, Sendable {
    public let year: Int
    public let month: Int
    public let day: Int
    /// Microseconds since midnight.
    public let microsecondOfDay: Int64

    private static let microsecondsPerDay: Int64 = 86_400_000_000

    /// The civil time that lies `microseconds` after 1970-01-01T00:00:00.
    public init(microseconds: Int64) {
        var days = microseconds / Self.microsecondsPerDay
        var rest = microseconds % Self.microsecondsPerDay
        if rest < 0 {
            rest += Self.microsecondsPerDay
            days -= 1
        }
        let shifted = Int(days) + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        microsecondOfDay = rest
    }

    /// Midnight of a date; `nil` when the calendar has no such day.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...12).contains(month), (1...Self.days(in: month, of: year)).contains(day) else { return nil }
        self.year = year
        self.month = month
        self.day = day
        microsecondOfDay = 0
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Microseconds since 1970-01-01T00:00:00.
    public var microseconds: Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Int64(era * 146_097 + dayOfEra - 719_468) * Self.microsecondsPerDay + microsecondOfDay
    }

    /// `2024-05-01T12:30:00`, with six digits of fraction only when there is one.
    public var text: String { String(unsafeUninitializedCapacity: Self.longestText) { write(into: $0) } }

    /// Bytes that `write(into:)` needs at most.
    public static let longestText = 26

    /// Writes the bytes of `text`. Years outside 0…9999 are written at the nearest end of that range.
    ///
    /// - Parameter bytes: room for `longestText` bytes.
    /// - Returns: how many were written.
    public func write(into bytes: UnsafeMutableBufferPointer<UInt8>) -> Int {
        let seconds = Int(microsecondOfDay / 1_000_000)
        let fraction = Int(microsecondOfDay % 1_000_000)
        let year = min(max(year, 0), 9999)
        Self.write(year / 100, into: bytes, at: 0)
        Self.write(year % 100, into: bytes, at: 2, before: UInt8(ascii: "-"))
        Self.write(month, into: bytes, at: 5, before: UInt8(ascii: "-"))
        Self.write(day, into: bytes, at: 8, before: UInt8(ascii: "T"))
        Self.write(seconds / 3600, into: bytes, at: 11, before: UInt8(ascii: ":"))
        Self.write(seconds / 60 % 60, into: bytes, at: 14, before: UInt8(ascii: ":"))
        Self.write(seconds % 60, into: bytes, at: 17)
        guard fraction != 0 else { return 19 }
        bytes[19] = UInt8(ascii: ".")
        Self.write(fraction / 10_000, into: bytes, at: 20)
        Self.write(fraction / 100 % 100, into: bytes, at: 22)
        Self.write(fraction % 100, into: bytes, at: 24)
        return 26
    }

    /// Two digits, and the character behind them if there is one.
    static func write(
        _ value: Int, into bytes: UnsafeMutableBufferPointer<UInt8>, at place: Int, before separator: UInt8? = nil
    ) {
        bytes[place] = UInt8(ascii: "0") + UInt8(value / 10)
        bytes[place + 1] = UInt8(ascii: "0") + UInt8(value % 10)
        if let separator { bytes[place + 2] = separator }
    }
}
