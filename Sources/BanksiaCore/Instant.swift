/// A point on the UTC time line, in whole microseconds since 1970-01-01T00:00:00Z.
///
/// This is how instants are stored in both databases and written in the API. `Date` is not used because its binary
/// fraction does not survive a round trip at microsecond precision.
public struct Instant: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Microseconds since the Unix epoch; negative before it.
    public let microseconds: Int64

    /// An instant from its stored form.
    public init(microseconds: Int64) { self.microseconds = microseconds }

    /// RFC 3339 in UTC with `Z`; a fraction of six digits only when there is one.
    public var description: String { CivilTime(microseconds: microseconds).text + "Z" }

    public static func < (left: Self, right: Self) -> Bool { left.microseconds < right.microseconds }

    /// The instant that much later; saturates at the ends of the representable range.
    public func adding(_ duration: Duration) -> Instant {
        let (sum, overflowed) = microseconds.addingReportingOverflow(duration.microseconds)
        return Instant(microseconds: overflowed ? (duration < .zero ? .min : .max) : sum)
    }

    /// How far this instant lies behind another.
    public func since(_ other: Instant) -> Duration { .microseconds(microseconds - other.microseconds) }
}

extension Duration {
    /// Whole microseconds, rounded toward zero.
    public var microseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }
}

/// Where "now" comes from. A test hands in a clock that it moves itself.
public protocol WallClock: Sendable {
    /// The present instant.
    var now: Instant { get }
}
