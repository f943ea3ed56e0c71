/// What happens to a job after an attempt. Pure: all that it depends on comes in.
struct JobPolicy {
    /// How often a job of the kind may fail.
    let maximumAttempts: Int
    /// How often its process may go away under it. Many times the other: what can crash does its work in a child process, so
    /// it is mostly people and machines that stop a server, and that says nothing of the job.
    static let maximumInterruptions = 100

    /// How an attempt ended.
    enum Ending: Equatable {
        /// With an error; another attempt may fare better.
        case failed(because: String)
        /// With an error that no further attempt can avoid.
        case hopeless(because: String)
        /// The process went away, or gave no sign of life for too long.
        case interrupted
    }

    /// What is next.
    enum Verdict: Equatable {
        /// Try again after a while. With `anew`, attempts are counted from 0.
        case retry(after: Duration, anew: Bool, because: String?)
        case bury(because: String)
    }

    /// - Parameters:
    ///   - attempts: how often it ended like this: failed, or was interrupted; this time included, so at least 1.
    ///   - wantedAgain: it was enqueued once more during the attempt, so there is new work whatever became of this one.
    ///   - chance: 0 ..< 1, spreads what failed together.
    func verdict(on ending: Ending, attempts: Int, wantedAgain: Bool, chance: Double) -> Verdict {
        switch ending {
        case .failed(let reason):
            if attempts < maximumAttempts {
                return .retry(after: Self.pause(after: attempts, chance: chance), anew: false, because: reason)
            }
            if wantedAgain { return .retry(after: Self.pause(after: attempts, chance: chance), anew: true, because: reason) }
            return .bury(because: reason)
        case .hopeless(let reason):
            return wantedAgain ? .retry(after: .zero, anew: true, because: reason) : .bury(because: reason)
        case .interrupted:
            // Without a pause: most often the process was restarted, and nobody should notice. A job that ends its process
            // each time is stopped by the count.
            if attempts < Self.maximumInterruptions { return .retry(after: .zero, anew: false, because: nil) }
            return .bury(because: "The work was interrupted \(attempts) times, most likely by a crash.")
        }
    }

    /// Doubles from 2 seconds up to an hour, a fifth more or less.
    static func pause(after attempts: Int, chance: Double) -> Duration {
        let seconds = attempts < 12 ? Double(1 << max(1, attempts)) : 3600
        return .seconds(min(seconds, 3600) * (0.8 + 0.4 * chance))
    }
}
