import BanksiaTestKit
import Testing

@testable import BanksiaJobs

@Suite("What happens after an attempt") struct PolicyTests {
    private let policy = JobPolicy(maximumAttempts: 3)
    private static let crash = "The work was interrupted 100 times, most likely by a crash."

    @Test(arguments: [
        (JobPolicy.Ending.failed(because: "x"), 1, false, JobPolicy.Verdict.retry(after: .seconds(2), anew: false, because: "x")),
        (.failed(because: "x"), 2, false, .retry(after: .seconds(4), anew: false, because: "x")),
        (.failed(because: "x"), 3, false, .bury(because: "x")),
        (.failed(because: "x"), 2, true, .retry(after: .seconds(4), anew: false, because: "x")),
        (.failed(because: "x"), 3, true, .retry(after: .seconds(8), anew: true, because: "x")),
        (.hopeless(because: "x"), 1, false, .bury(because: "x")),
        (.hopeless(because: "x"), 1, true, .retry(after: .zero, anew: true, because: "x")),
        (.interrupted, 1, false, .retry(after: .zero, anew: false, because: nil)),
        (.interrupted, 99, false, .retry(after: .zero, anew: false, because: nil)),
        (.interrupted, 100, false, .bury(because: crash)),
    ])
    func `each ending has its verdict`(ending: JobPolicy.Ending, attempts: Int, again: Bool, verdict: JobPolicy.Verdict) {
        #expect(policy.verdict(on: ending, attempts: attempts, wantedAgain: again, chance: 0.5) == verdict)
    }

    @Test(arguments: [(1, 2.0), (2, 4), (5, 32), (11, 2048), (12, 3600), (1000, 3600)])
    func `pauses double up to an hour, a fifth more or less`(attempts: Int, seconds: Double) {
        #expect(JobPolicy.pause(after: attempts, chance: 0.5) == .seconds(seconds))
        #expect(JobPolicy.pause(after: attempts, chance: 0) == .seconds(seconds * 0.8))
        #expect(JobPolicy.pause(after: attempts, chance: 0.999) < .seconds(seconds * 1.2))
    }
}
