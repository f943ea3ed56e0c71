import BanksiaCore
import HTTPTypes

/// What is wrong with a request before the library is asked.
enum RequestProblem: Problem {
    case unknownPath
    case wrongMethod(allowed: [HTTPRequest.Method])
    case malformedPath
    case malformedBody(String)
    case malformedQuery
    case unknownChoice(field: String, among: [String])
    case wrongContentType(expected: String)
    case bodyTooLarge(limit: String)
    case headersTooLarge
    case invalid(field: String, issue: String)
    case badSignature
    case rangeNotSatisfiable(size: Int64)
    case busy
    case tooSlow
    case tooMany(secondsLeft: Int)

    var code: String {
        switch self {
        case .unknownPath: "not_found"
        case .wrongMethod: "method_not_allowed"
        case .malformedPath, .malformedQuery, .unknownChoice, .headersTooLarge, .tooSlow: "bad_request"
        case .malformedBody: "malformed_body"
        case .wrongContentType: "unsupported_media_type"
        case .bodyTooLarge: "payload_too_large"
        case .invalid: "validation_error"
        case .badSignature: "invalid_signature"
        case .rangeNotSatisfiable: "range_not_satisfiable"
        case .busy: "service_unavailable"
        case .tooMany: "rate_limited"
        }
    }

    var kind: ProblemKind {
        switch self {
        case .unknownPath, .wrongMethod: .notFound
        case .malformedPath, .malformedQuery, .unknownChoice, .malformedBody, .headersTooLarge, .tooSlow: .unusable
        case .wrongContentType: .unsupportedMediaType
        case .bodyTooLarge: .tooLarge
        case .invalid, .rangeNotSatisfiable: .invalid
        case .badSignature: .forbidden
        case .busy: .unavailable
        case .tooMany: .rateLimited
        }
    }

    var detail: String {
        switch self {
        case .unknownPath: "There is nothing at this path."
        case .wrongMethod(let allowed): "This path answers \(allowed.map(\.rawValue).joined(separator: ", ")) only."
        case .malformedPath, .malformedQuery: "The request line holds bytes that are not valid percent-encoded UTF-8."
        case .unknownChoice(let field, let names): "\(field) may hold \(names.joined(separator: ", "))."
        case .malformedBody(let reason): "The body cannot be read: \(reason)."
        case .wrongContentType(let expected): "Send this request with Content-Type \(expected)."
        case .bodyTooLarge(let limit): "The body is larger than the \(limit) this request may have."
        case .headersTooLarge: "The request's headers are larger than this server reads."
        case .invalid(_, let issue): issue
        case .badSignature: "The signature of this address does not fit. Fetch the address anew."
        case .rangeNotSatisfiable(let size): "The range lies outside the file, which has \(size) bytes."
        case .busy: "The server is answering as many requests as it can. Try again in a moment."
        case .tooMany(let seconds): "Too many requests in this minute. Try again in \(seconds) seconds."
        case .tooSlow: "The request did not arrive in time."
        }
    }

    var field: String? {
        switch self {
        case .invalid(let field, _), .unknownChoice(let field, _): field
        default: nil
        }
    }

    var retryAfterSeconds: Int? {
        if case .tooMany(let seconds) = self { seconds } else { nil }
    }
}
