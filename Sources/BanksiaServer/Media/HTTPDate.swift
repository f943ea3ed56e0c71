import BanksiaCore

/// Dates as HTTP headers carry them (RFC 9110 §5.6.7, IMF-fixdate).
enum HTTPDate {
    // 1970-01-01 was a Thursday.
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    static func text(_ instant: Instant) -> String {
        let time = CivilTime(microseconds: instant.microseconds)
        let day = Int((instant.microseconds - time.microsecondOfDay) / 86_400_000_000)
        let seconds = Int(time.microsecondOfDay / 1_000_000)
        return "\(days[(day % 7 + 7) % 7]), \(two(time.day)) \(months[time.month - 1]) \(time.year) "
            + "\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60)) GMT"
    }

    private static func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
