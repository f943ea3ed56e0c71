import BanksiaCore
import HTTPTypes

/// How a problem shows in HTTP: the one place that knows statuses and the headers that go with them.
struct ProblemStatus {
    var status: HTTPResponse.Status
    var headers: HTTPFields = [:]

    /// Seconds after which a client may try again. The official client ignores values above 60.
    private static let retryAfter = 2

    init(_ problem: some Problem) {
        switch problem.kind {
        case .unusable: status = .badRequest
        case .unauthenticated:
            status = .unauthorized
            headers[.wwwAuthenticate] = problem.code == "unauthorized" ? "Bearer" : #"Bearer error="invalid_token""#
        case .forbidden: status = .forbidden
        case .notFound: status = .notFound
        case .conflict:
            status = .conflict
            headers[.shouldRetry] = "false"
        case .contention:
            status = .conflict
            headers[.shouldRetry] = "true"
        case .tooLarge: status = .contentTooLarge
        case .unsupportedMediaType: status = .unsupportedMediaType
        case .invalid: status = .unprocessableContent
        case .rateLimited: status = .tooManyRequests
        case .storageFailed: status = .badGateway
        case .unavailable: status = .serviceUnavailable
        case .quotaExceeded:
            status = HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage")
            headers[.shouldRetry] = "false"
        }
        if [429, 502, 503].contains(status.code) {
            headers[.retryAfter] = String(min(max(1, problem.retryAfterSeconds ?? Self.retryAfter), 60))
        }
    }

    /// Like any problem, but for the few that have a status or headers of their own.
    init(_ problem: RequestProblem) {
        let general: any Problem = problem
        self.init(general)
        switch problem {
        case .wrongMethod(let allowed):
            status = .methodNotAllowed
            headers[.allow] = allowed.map(\.rawValue).joined(separator: ", ")
        case .rangeNotSatisfiable(let size):
            status = .rangeNotSatisfiable
            headers[.contentRange] = "bytes */\(size)"
            headers[.acceptRanges] = "bytes"
        case .headersTooLarge: status = HTTPResponse.Status(code: 431, reasonPhrase: "Request Header Fields Too Large")
        case .tooSlow: status = .requestTimeout
        default: break
        }
    }
}

extension HTTPField.Name {
    static let shouldRetry = HTTPField.Name("X-Should-Retry")!  // a constant token
    static let requestID = HTTPField.Name("X-Request-Id")!  // a constant token
}
