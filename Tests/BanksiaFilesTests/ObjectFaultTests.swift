import BanksiaCore
import BanksiaTestKit
import Foundation
import NIOCore
import NIOHTTP1
import Testing

@testable import BanksiaFiles

/// What happens when a real store of objects, or the way there, fails.
@Suite("A failing object store", .enabled(if: S3Scratch.current != nil)) struct ObjectFaultTests {
    private static let bytes = [UInt8].noise(400_000)
    private static let large = [UInt8].noise((17 << 20) + 5)
    let scratch: S3Scratch
    init() throws { scratch = try #require(S3Scratch.current) }

    private func behind(_ script: @escaping HostileServer.Script) async throws -> (StoreUnderTest, HostileServer) {
        let server = try await HostileServer(before: scratch.endpoint, script)
        return (
            try StoreUnderTest(.objects, settings: scratch.settings(endpoint: server.endpoint), behind: server), server
        )
    }

    /// Each kind of failure twice, then all is well.
    @Test(arguments: [
        HostileServer.Reply.answer(.error(500, "InternalError")), .answer(.error(503, "SlowDown")),
        .answer(.error(429, "TooManyRequests")),
        .answer(Answer(status: 502)), .hangUp, .lost,
    ]) func `what fails for a moment is done again`(reply: HostileServer.Reply) async throws {
        let (test, server) = try await behind { _, count in count < 2 ? reply : .pass }
        let digest = try await test.keep(Self.bytes)
        #expect(try await test.store.verifyOriginal(digest))
        let large = try await test.keep(Self.large)
        #expect(try await test.store.verifyOriginal(large))
        try await test.store.removeOriginal(digest)
        #expect(try await test.store.originalSize(digest) == nil)
        // An upload that was begun without our knowing is left to the sweep.
        if case .lost = reply {} else { #expect(try await test.stagedObjects.isEmpty) }
        #expect(server.requests.count > 20)
    }

    @Test func `a body that breaks off is taken up where it broke off`() async throws {
        let (test, server) = try await behind { request, count in
            request.method == .GET && count < 2 ? .cutOff(after: 150_000) : .pass
        }
        let digest = try await test.keep(Self.bytes)
        #expect(try await test.bytes(.original(digest), 7..<400_000) == Array(Self.bytes[7...]))
        let reads = server.requests.filter { $0.method == .GET }
        #expect(reads.count == 3)
        #expect(reads.dropFirst().allSatisfy { !$0.head.headers["if-match"].isEmpty })
    }

    @Test func `a body that never gets on is an error`() async throws {
        let (test, server) = try await behind { request, _ in request.method == .GET ? .cutOff(after: 0) : .pass }
        let digest = try await test.keep(Self.bytes)
        await #expect(throws: FileProblem.unreachable) { _ = try await test.bytes(.original(digest), 0..<400_000) }
        #expect(server.requests.count < 20)
    }

    @Test func `an object that changes while it is read is an error`() async throws {
        let (test, _) = try await behind { request, _ in
            guard request.method == .GET else { return .pass }
            return request.head.headers["if-match"].isEmpty ? .cutOff(after: 1000) : .answer(.error(412, "PreconditionFailed"))
        }
        let digest = try await test.keep(Self.bytes)
        await #expect(throws: FileProblem.damaged) { _ = try await test.bytes(.original(digest), 0..<400_000) }
    }

    @Test func `bytes that change on the way out are not stored, and sent again`() async throws {
        let (test, server) = try await behind { _, _ in .pass }
        // The store compares what arrives with the checksum; here, a wrong one is sent along.
        let staged = try await test.stage(Self.bytes)
        let part = try await S3Request.FilePart(
            staged.path, size: staged.size, sha256: #require(ContentDigest(bytes: Array(repeating: 1, count: 32))),
            pool: test.pool)
        await #expect(throws: FileProblem.damaged) { try await test.objects.client.put("originals/wrong", part) }
        #expect(try await test.objects.client.size(of: "originals/wrong") == nil)
        #expect(server.requests.filter { $0.method == .PUT }.count == ObjectStore.Limits.small.backoff.attempts)
    }

    @Test func `an original that comes back damaged is not used`() async throws {
        let (test, _) = try await behind { request, _ in request.method == .GET ? .damaged : .pass }
        let staged = try await test.stage(Self.bytes)
        try await test.objects.client.put(
            staged.sha256.originalPath, .init(staged.path, size: staged.size, sha256: staged.sha256, pool: test.pool))
        await #expect(throws: FileProblem.damaged) { _ = try await test.store.localOriginal(staged.sha256) }
        #expect(try await !test.store.verifyOriginal(staged.sha256))
        await test.store.discard(staged)
        #expect(try test.stagedNames.isEmpty)
    }

    @Test func `a part that cannot be sent fails the upload, and nothing is left of it`() async throws {
        let (test, _) = try await behind { request, _ in
            request.uri.contains("partNumber=2") ? .answer(.error(403, "AccessDenied")) : .pass
        }
        let upload = try await test.store.beginStaging()
        await #expect(throws: FileProblem.refused(.permission)) {
            try await upload.append([Self.large])
            _ = try await upload.finish()
        }
        await upload.abandon()
        #expect(try await test.stagedObjects.isEmpty)
        #expect(try test.stagedNames.isEmpty)
    }

    @Test func `a copy that fails after it began to answer is done again`() async throws {
        let (test, _) = try await behind { request, count in
            // Amazon S3 API reference, "CopyObject": an error may come with status 200.
            guard !request.head.headers["x-amz-copy-source"].isEmpty, count == 0 else { return .pass }
            return .answer(.error(200, "InternalError"))
        }
        let digest = try await test.keep(Self.large)
        #expect(try await test.store.verifyOriginal(digest))
    }

    @Test func `a store that was away is used again when it is back`() async throws {
        let (test, server) = try await behind { _, _ in .pass }
        let digest = try await test.keep([1])
        try await server.stop()
        await #expect(throws: FileProblem.unreachable) { _ = try await test.store.originalSize(digest) }
        await #expect(throws: FileProblem.unreachable) { try await test.objects.check() }
        let back = try await HostileServer(before: scratch.endpoint, port: server.port) { _, _ in .pass }
        #expect(try await test.store.originalSize(digest) == 1)
        #expect(!back.requests.isEmpty)
    }

    @Test func `a start with settings that cannot work says what to change`() async throws {
        func check(_ settings: S3Settings) async throws {
            let test = try StoreUnderTest(.objects, settings: settings)
            try await test.objects.check()
        }
        await #expect(throws: FileProblem.refused(.keys)) { try await check(scratch.settings(secretKey: "wrong")) }
        await #expect(throws: FileProblem.noBucket) { try await check(scratch.settings(bucket: "there-is-no-such-bucket")) }
        await #expect(throws: FileProblem.unreachable) { try await check(scratch.settings(endpoint: "http://127.0.0.1:1")) }
        await #expect(throws: FileProblem.unreachable) {
            try await check(scratch.settings(endpoint: "http://no-such-host.invalid"))
        }
    }
}

private typealias Answer = HostileServer.Answer
