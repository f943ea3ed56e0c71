/// When the next request may be sent: evenly spread over the minute, and not while the server wants a pause. Instants are counted
/// from some beginning.
struct Pace {
    private let interval: Duration
    private var next = Duration.zero
    private var pauses = 0

    init(perMinute: Int) { interval = .seconds(60) / max(1, perMinute) }

    /// Takes a turn.
    ///
    /// - Returns: `nil` when the request may go out now; else how long to wait before asking again.
    mutating func turn(at now: Duration) -> Duration? {
        guard now >= next else { return next - now }
        next = now + interval
        return nil
    }

    /// Longest pause, whatever a server asks for: jobs wait in the queue as long as need be, and come back.
    static let longest = Duration.seconds(300)
    /// What a server that names no time gets.
    static let shortest = Duration.seconds(5)

    /// Holds all requests back.
    mutating func rest(for pause: Duration?, at now: Duration) {
        next = max(next, now + min(max(pause ?? Self.shortest, .zero), Self.longest))
    }
}
