import BanksiaCore
import BanksiaSQL

/// How often somebody may try to sign in. An attempt is counted before the password is looked at, so that many at once do not
/// slip through; a success takes the count back.
struct SignInThrottle: Sendable {
    /// Attempts before the first pause.
    let free: Int

    /// Guessing at one account: five tries, then pauses that double from half a minute on.
    static let account = SignInThrottle(free: 5)
    /// Guessing at many accounts from one address, which a family shares.
    static let address = SignInThrottle(free: 30)

    private static let firstPause = Duration.seconds(30)
    /// Long enough to stop guessing (100 a day), short enough that nobody is locked out for good by somebody else.
    private static let longestPause = Duration.seconds(900)
    /// A count that nobody added to for so long is forgotten.
    static let memory = Duration.seconds(86_400)

    /// How long to wait after the last attempt.
    func pause(after failures: Int) -> Duration {
        guard failures >= free else { return .zero }
        return min(Self.firstPause * (1 << min(failures - free, 10)), Self.longestPause)
    }

    /// Counts an attempt.
    ///
    /// - Throws: `SignInProblem.tooManyAttempts`.
    func charge(_ subject: String, at now: Instant, _ tx: borrowing Transaction) throws {
        let before = try SignInStore.attempts(subject, tx)
        var failures = 0
        if let before, now.since(before.lastAt) < Self.memory {
            let left = pause(after: before.failures) - now.since(before.lastAt)
            guard left <= .zero else {
                throw SignInProblem.tooManyAttempts(secondsLeft: Int(left.components.seconds) + 1)
            }
            failures = before.failures
        }
        try SignInStore.setAttempts(subject, failures + 1, at: now, tx)
    }
}
