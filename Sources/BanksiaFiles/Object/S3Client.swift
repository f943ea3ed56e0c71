import AsyncHTTPClient
import BanksiaCore
import Logging
import NIOCore
import NIOHTTP1

/// Sends signed requests to one bucket, and again where that may help.
final class S3Client: Sendable {
    /// The largest answer that is read as a whole: a thousand keys take about half a megabyte.
    static let answerLimit = 4 << 20
    /// An operation does not begin anew after this long.
    private static let budget = Duration.seconds(20)

    let settings: S3Settings
    let backoff: Backoff
    private let http: HTTPClient
    private let clock: any WallClock
    private let notices: OperatorNotices

    init(_ settings: S3Settings, http: HTTPClient, backoff: Backoff, clock: any WallClock, logger: Logger) {
        self.settings = settings
        self.http = http
        self.backoff = backoff
        self.clock = clock
        notices = OperatorNotices(logger: logger)
    }

    /// Sends a request and reads its answer.
    ///
    /// - Parameter read: is given an answer of success, perhaps more than once.
    /// - Throws: `FileProblem`, and what `read` throws.
    func perform<Result>(_ request: S3Request, read: (HTTPClientResponse) async throws -> Result) async throws -> Result {
        let end = ContinuousClock.now + max(Self.budget, request.patience)
        var attempts = 0
        while true {
            do {
                return try await once(request, until: end, read)
            } catch let failure as S3Failure {
                attempts += 1
                guard failure.isTransient, let pause = backoff.pause(after: attempts, chance: .random(in: 0..<1)),
                    ContinuousClock.now + pause < end
                else {
                    notices.report(failure)
                    throw failure.problem
                }
                try await Task.sleep(for: pause)
            }
        }
    }

    /// Sends a request whose answer is XML.
    func tree(_ request: S3Request) async throws -> XMLTree {
        try await perform(request) { response in
            let body = try await response.body.collect(upTo: Self.answerLimit)
            guard let tree = XMLTree(Array(body.readableBytesView)) else {
                throw FileProblem.unexpected(Int(response.status.code))
            }
            // Long operations begin to answer before they know how they end ("CopyObject", "CompleteMultipartUpload").
            if tree.name == "Error" { throw S3Failure(reason: .answer(status: 500, code: tree["Code"])) }
            return tree
        }
    }

    /// Sends a request whose answer says no more than its head.
    @discardableResult
    func head(_ request: S3Request) async throws -> HTTPHeaders {
        try await perform(request) { response in
            // Read to its end, so that the connection can be used again.
            _ = try await response.body.collect(upTo: Self.answerLimit)
            return response.headers
        }
    }

    private func once<Result>(
        _ request: S3Request, until end: ContinuousClock.Instant, _ read: (HTTPClientResponse) async throws -> Result
    ) async throws -> Result {
        do {
            let patience = min(request.patience, max(end - ContinuousClock.now, .milliseconds(1)))
            let response = try await http.execute(signed(request), deadline: .now() + TimeAmount(patience))
            guard (200..<300).contains(response.status.code) else { throw await S3Failure(response) }
            return try await read(response)
        } catch let error as S3Failure {
            throw error
        } catch let error as any Problem {
            throw error
        } catch {
            if Task.isCancelled { throw CancellationError() }
            throw S3Failure(reason: .noAnswer("\(error)"))
        }
    }

    private func signed(_ request: S3Request) -> HTTPClientRequest {
        let query = request.encodedQuery
        let path = request.path(settings) + (query.isEmpty ? "" : "?\(query)")
        var signed = HTTPClientRequest(url: "\(settings.scheme)://\(settings.host)\(path)")
        signed.method = request.method
        signed.headers = HTTPHeaders(
            S3Signature(settings: settings, now: clock.now).headers(for: request).map { ($0.name, $0.value) })
        switch request.body {
        case .none: break
        case .bytes(let bytes): signed.body = .bytes(bytes)
        case .file(let part): signed.body = .stream(part.buffers, length: .known(part.size))
        }
        return signed
    }
}

extension S3Failure {
    /// Reads the code of an answer that is no success. An error page is small; more of it is not looked at.
    fileprivate init(_ response: HTTPClientResponse) async {
        let body = try? await response.body.collect(upTo: 64 << 10)  // without it the status has to do
        let code = body.flatMap { XMLTree(Array($0.readableBytesView))?["Code"] }
        self.init(reason: .answer(status: Int(response.status.code), code: code))
    }
}
