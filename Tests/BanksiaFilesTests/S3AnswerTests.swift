import BanksiaCore
import BanksiaTestKit
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import Synchronization
import Testing

@testable import BanksiaFiles

private typealias Answer = HostileServer.Answer

/// Answers that no honest store gives, or none that is well.
@Suite("Answers of an object store") struct S3AnswerTests {
    private static let secret = "do-not-tell-the-secret-key"

    private func store(_ server: HostileServer, logger: Logger = .silent) throws -> StoreUnderTest {
        try StoreUnderTest(
            .objects,
            settings: S3Settings(
                bucket: "b", endpoint: server.endpoint, region: "us-east-1", accessKey: "access-key-id", secretKey: Self.secret,
                sessionToken: "token", isPathStyle: true), logger: logger, behind: server)
    }

    /// Amazon S3 API reference, "Error responses".
    @Test(
        arguments: [
            (403, "SignatureDoesNotMatch", FileProblem.refused(.keys)), (403, "InvalidAccessKeyId", .refused(.keys)),
            (400, "ExpiredToken", .refused(.keys)), (403, "RequestTimeTooSkewed", .refused(.time)),
            (403, "AccessDenied", .refused(.permission)), (403, "SomethingNew", .refused(.permission)),
            (400, "AuthorizationHeaderMalformed", .refused(.region)), (301, "PermanentRedirect", .refused(.region)),
            (404, "NoSuchBucket", .noBucket), (500, "InternalError", .overloaded), (503, "SlowDown", .overloaded),
            (429, "TooManyRequests", .overloaded), (507, "XMinioStorageFull", .full), (400, "EntityTooLarge", .tooLarge),
            (418, "Teapot", .unexpected(418)),
        ] as [(UInt, String, FileProblem)])
    func `each error has its problem, which tells people what and the operator why`(
        status: UInt, code: String, problem: FileProblem
    )
        async throws
    {
        let log = RecordedLog()
        let server = try await HostileServer { _, _ in .answer(.error(status, code)) }
        let store = try store(server, logger: log.logger)
        for _ in 0..<2 { await #expect(throws: problem) { try await store.objects.check() } }
        #expect(problem.code == (problem == .tooLarge ? "payload_too_large" : "storage_unavailable"))
        for told in [problem.detail, problem.advice ?? "", log.lines.joined()] {
            #expect(!told.contains(Self.secret) && !told.contains("127.0.0.1") && !told.contains("access-key-id"))
        }
        // Said once, not each time.
        #expect(log.lines.count == (problem.advice == nil ? 0 : 1))
        if problem.advice != nil { #expect(log.lines[0].contains(code)) }
        let transient = FileProblem.overloaded == problem
        #expect(server.requests.count == (transient ? 2 * ObjectStore.Limits.small.backoff.attempts : 2))
    }

    @Test(arguments: [
        "", "<", "<ListBucketResult>", "not xml", "<!DOCTYPE a [<!ENTITY b \"c\">]><ListBucketResult/>",
        "<ListBucketResult><Contents><Key>elsewhere</Key></Contents></ListBucketResult>",
        "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken></ListBucketResult>",
    ]) func `a listing that is none is an error`(text: String) async throws {
        let server = try await HostileServer { _, _ in .answer(.xml(text)) }
        let store = try store(server)
        await #expect(throws: FileProblem.unexpected(200)) { try await store.store.forEachBatchOfOriginals { _ in } }
        #expect(server.requests.count == 1)
    }

    @Test func `a listing that repeats itself ends`() async throws {
        let server = try await HostileServer { _, count in
            .answer(
                .xml(
                    """
                    <ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>\(count)</NextContinuationToken>
                    <Contents><Key>originals/a</Key><Size>1</Size><LastModified>2024-01-01T00:00:00.000Z</LastModified></Contents>
                    </ListBucketResult>
                    """))
        }
        let store = try store(server)
        await #expect(throws: FileProblem.unexpected(200)) { try await store.store.forEachBatchOfOriginals { _ in } }
        #expect(server.requests.count == 2)
    }

    @Test func `an answer without end is not read to its end`() async throws {
        let server = try await HostileServer { _, _ in .answer(.xml(String(repeating: " ", count: 5 << 20))) }
        let store = try store(server)
        await #expect(throws: FileProblem.self) { try await store.store.forEachBatchOfOriginals { _ in } }
    }

    @Test(arguments: [
        (Answer(status: 206, headers: ["content-length": "3"], body: .init(string: "abc")), FileProblem.missing),
        (Answer(status: 206, body: .init(string: String(repeating: "x", count: 20))), .damaged),
        (Answer(status: 204), .unexpected(204)), (.error(416, "InvalidRange"), .missing), (.error(404, "NoSuchKey"), .missing),
    ]) fileprivate func `a part of another length than asked for is an error`(answer: Answer, problem: FileProblem) async throws {
        let server = try await HostileServer { _, _ in .answer(answer) }
        let store = try store(server)
        let file = StoredFile.rendition(RenditionKey(version: UUID(), name: "r"))
        await #expect(throws: problem) { _ = try await store.store.read(file, 5..<10) }
    }

    @Test(arguments: ["", "-1", "x"]) func `an object without a length is an error`(length: String) async throws {
        let server = try await HostileServer { _, _ in .answer(Answer(status: 200, headers: ["content-length": length])) }
        let store = try store(server)
        let digest = try await store.stage([1]).sha256
        await #expect(throws: FileProblem.self) { _ = try await store.store.originalSize(digest) }
    }

    @Test func `the session token goes along, the secret key never`() async throws {
        let server = try await HostileServer { _, _ in .answer(.error(403, "AccessDenied")) }
        let store = try store(server)
        await #expect(throws: FileProblem.self) { try await store.objects.check() }
        let request = try #require(server.requests.first)
        #expect(request.head.headers["x-amz-security-token"] == ["token"])
        #expect(request.head.headers["authorization"].first?.contains("x-amz-security-token") == true)
        #expect(!"\(request)".contains(Self.secret))
    }

    @Test func `someone who stops waiting is let go at once`() async throws {
        let server = try await HostileServer { _, _ in .answer(.error(503, "SlowDown")) }
        var limits = ObjectStore.Limits.small
        limits.backoff = Backoff(attempts: 5, first: .seconds(20))
        let settings = try S3Settings(
            bucket: "b", endpoint: server.endpoint, region: "r", accessKey: "a", secretKey: "s", isPathStyle: true)
        let store = try StoreUnderTest(.objects, settings: settings, limits: limits, behind: server)
        let check = Task { try await store.objects.check() }
        while server.requests.isEmpty { await Task.yield() }
        check.cancel()
        await #expect(throws: CancellationError.self) { try await check.value }
    }
}

/// Log lines with their metadata.
private final class RecordedLog: Sendable {
    private let recorded = Mutex<[String]>([])
    var lines: [String] { recorded.withLock { $0 } }
    var logger: Logger { Logger(label: "test") { [self] _ in Handler(log: self) } }

    private struct Handler: LogHandler {
        let log: RecordedLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace
        subscript(metadataKey key: String) -> Logger.MetadataValue? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let metadata = event.metadata ?? [:]
            log.recorded.withLock { $0.append("\(event.level) \(event.message) \(metadata)") }
        }
    }
}
