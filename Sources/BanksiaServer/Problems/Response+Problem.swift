import BanksiaAPI
import BanksiaCore
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1

/// A failed answer: the status and headers of a problem, and the envelope that tells of it.
struct ProblemAnswer {
    let head: HTTPResponse
    let body: ByteBuffer

    init(_ problem: any Problem, requestID: String) {
        let shown = (problem as? RequestProblem).map { ProblemStatus($0) } ?? ProblemStatus(problem)
        var headers = shown.headers
        headers[.contentType] = "application/json"
        headers[.cacheControl] = "no-store"
        headers[.requestID] = requestID
        let status = problem is InternalProblem ? .internalServerError : shown.status
        head = HTTPResponse(status: status, headerFields: headers)
        let envelope = ErrorEnvelope(code: problem.code, message: problem.detail, field: problem.field, requestID: requestID)
        body = JSONWriter.bytes(of: envelope, capacity: 512)
    }
}

extension Response {
    /// The error envelope. Whatever is not a `Problem` becomes a 500 that says nothing, and one log line that says all.
    init(error: any Error, requestID: String, logger: Logger) {
        let problem: any Problem
        switch error {
        case let known as any Problem: problem = known
        case is HTTPParserError: problem = RequestProblem.malformedBody("the connection broke the rules of HTTP")
        default:
            logger.error("internal error", metadata: ["error": "\(String(reflecting: error))"])
            problem = InternalProblem()
        }
        let answer = ProblemAnswer(problem, requestID: requestID)
        self.init(status: answer.head.status, headers: answer.head.headerFields, body: ResponseBody(byteBuffer: answer.body))
    }
}

/// A fault of ours. Its text tells nothing; the log line with the same request id tells everything.
private struct InternalProblem: Problem {
    var code: String { "internal_error" }
    // There is no kind for it: a library does not throw what it does not understand.
    var kind: ProblemKind { .unavailable }
    var detail: String { "Something went wrong here. The request id helps the operator to find out what." }
}
