import NIOHTTP1

/// A request that an object store did not do.
struct S3Failure: Error, Equatable {
    enum Reason: Equatable {
        /// There was no answer, or it broke off; what the network said.
        case noAnswer(String)
        /// An answer with a status and, where there was a body, S3's code (Amazon S3 API reference, "Error responses").
        case answer(status: Int, code: String?)
    }

    let reason: Reason

    /// Whether the same request may fare better a moment later.
    var isTransient: Bool {
        switch reason {
        case .noAnswer: true
        case .answer(let status, let code):
            [408, 429, 500, 502, 503, 504].contains(status)
                // Bytes that changed on the way, and a body that came too slowly.
                || ["BadDigest", "XAmzContentSHA256Mismatch", "IncompleteBody", "RequestTimeout", "OperationAborted"].contains(
                    code)
        }
    }

    /// What it means for the store.
    var problem: FileProblem {
        switch reason {
        case .noAnswer: return .unreachable
        case .answer(let status, let code):
            switch (status, code) {
            case (_, "NoSuchBucket"): return .noBucket
            case (404, _), (416, _): return .missing
            case (412, _), (_, "BadDigest"), (_, "XAmzContentSHA256Mismatch"), (_, "IncompleteBody"): return .damaged
            case (_, "InvalidAccessKeyId"), (_, "SignatureDoesNotMatch"), (_, "ExpiredToken"), (_, "InvalidToken"):
                return .refused(.keys)
            case (_, "RequestTimeTooSkewed"): return .refused(.time)
            // The answer to a HEAD has no code; this is what a session token that has run out comes to there.
            case (400, nil): return .refused(.keys)
            case (301, _), (307, _), (_, "AuthorizationHeaderMalformed"): return .refused(.region)
            case (401, _), (403, _): return .refused(.permission)
            case (507, _), (_, "QuotaExceeded"), (_, "XMinioStorageFull"): return .full
            case (_, "EntityTooLarge"): return .tooLarge
            case (408, _), (429, _), (500..., _): return .overloaded
            default: return .unexpected(status)
            }
        }
    }
}

/// How long to wait before a request is sent again.
struct Backoff: Sendable {
    /// How often a request is sent at most.
    var attempts = 5
    /// Before the second time; doubles each time up to five seconds.
    var first = Duration.milliseconds(300)

    /// The pause after so many attempts; `nil` when it was the last.
    ///
    /// - Parameter chance: 0 ..< 1; takes up to half of the pause away, so that those that failed together do not return together.
    func pause(after attempts: Int, chance: Double) -> Duration? {
        guard attempts < self.attempts else { return nil }
        let whole = min(first * (1 << max(0, attempts - 1)), .seconds(5))
        return whole * (1 - chance / 2)
    }
}
