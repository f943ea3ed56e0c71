import Logging
import Synchronization

/// Tells the person who runs the server what an object store is unhappy about, each thing once a minute.
final class OperatorNotices: Sendable {
    private let logger: Logger
    private let last = Mutex<[String: ContinuousClock.Instant]>([:])

    init(logger: Logger) { self.logger = logger }

    func report(_ failure: S3Failure) {
        guard let advice = failure.problem.advice else { return }
        let now = ContinuousClock.now
        let isNews = last.withLock { last in
            if let before = last[advice], now - before < .seconds(60) { return false }
            last[advice] = now
            return true
        }
        guard isNews else { return }
        switch failure.reason {
        case .noAnswer(let reason):
            logger.error("the object store does not answer", metadata: ["reason": "\(reason)", "advice": "\(advice)"])
        case .answer(let status, let code):
            logger.error(
                "the object store refused a request",
                metadata: ["status": "\(status)", "code": "\(code.map { String($0.prefix(64)) } ?? "-")", "advice": "\(advice)"])
        }
    }
}
