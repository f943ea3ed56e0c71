import BanksiaCore
import BanksiaTestKit
import Foundation
import NIOHTTP1
import Testing

@testable import BanksiaFiles

/// The pure parts of the object store.
@Suite("S3 in parts") struct S3PartsTests {
    // MARK: Signatures

    /// Amazon S3 API reference, "Authenticating requests: using the Authorization header", the four examples.
    @Test func `signatures are those of the reference`() throws {
        let settings = try S3Settings(
            bucket: "examplebucket", region: "us-east-1", accessKey: "AKIAIOSFODNN7EXAMPLE",
            secretKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", isPathStyle: false)
        // The examples' host has no region in it, so it is given here as a field; the bucket's own comes out of the way.
        func signature(_ request: S3Request) throws -> String {
            let now = try #require(CaptureTime("2013-05-24T00:00:00Z")?.instant)
            let headers = S3Signature(settings: settings, now: now, host: "examplebucket.s3.amazonaws.com").headers(for: request)
            let field = try #require(headers.first { $0.name == "authorization" }?.value)
            return String(field.suffix(64))
        }
        #expect(
            try signature(S3Request(method: .GET, key: "test.txt", headers: [("range", "bytes=0-9")]))
                == "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
        #expect(
            try signature(
                S3Request(
                    method: .PUT, key: "test$file.text",
                    headers: [("date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")],
                    body: .bytes(Array("Welcome to Amazon S3.".utf8))))
                == "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd")
        #expect(
            try signature(S3Request(method: .GET, query: [("lifecycle", "")]))
                == "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543")
        #expect(
            try signature(S3Request(method: .GET, query: [("prefix", "J"), ("max-keys", "2")]))
                == "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7")
    }

    @Test func `paths and queries are encoded once, and slashes of paths stay`() {
        #expect(URIEncoding.path("/a dir/ü+1~_.-%/x") == "/a%20dir/%C3%BC%2B1~_.-%25/x")
        #expect(URIEncoding.component("a/b=c&d") == "a%2Fb%3Dc%26d")
    }

    // MARK: Settings

    @Test(arguments: [
        (nil as String?, false, "photos.s3.eu-central-1.amazonaws.com", "/"),
        (nil, true, "s3.eu-central-1.amazonaws.com", "/photos/"),
        ("https://S3.example.org:9000/", true, "s3.example.org:9000", "/photos/"),
        ("https://s3.example.org:443", false, "photos.s3.example.org", "/"),
        ("http://s3.example.org:80", true, "s3.example.org", "/photos/"),
        ("http://[::1]:9000", true, "[::1]:9000", "/photos/"),
    ]) func `a bucket stands before the host or in the path`(endpoint: String?, isPathStyle: Bool, host: String, path: String)
        throws
    {
        let settings = try S3Settings(
            bucket: "photos", prefix: "banksia", endpoint: endpoint, region: "eu-central-1", accessKey: "a", secretKey: "b",
            isPathStyle: isPathStyle)
        #expect(settings.host == host)
        #expect(settings.basePath == path)
        #expect(S3Request(method: .GET, key: "x").path(settings) == "\(path)banksia/x")
    }

    @Test func `settings that cannot be right are refused`() throws {
        func problem(
            bucket: String = "b", prefix: String = "", endpoint: String? = nil, region: String = "r", key: String = "k"
        ) -> S3SettingsProblem? {
            do throws(S3SettingsProblem) {
                _ = try S3Settings(
                    bucket: bucket, prefix: prefix, endpoint: endpoint, region: region, accessKey: key, secretKey: "s",
                    isPathStyle: true)
                return nil
            } catch { return error }
        }
        #expect(problem() == nil)
        for bucket in ["", "a/b", "ü", "..", "a b"] { #expect(problem(bucket: bucket) == .bucket) }
        for prefix in ["/", "/a", "a//b", "../a", "a/.", String(repeating: "x", count: 513)] {
            #expect(problem(prefix: prefix) == .prefix)
        }
        for prefix in ["a", "a/", "a/b c/ü"] { #expect(problem(prefix: prefix) == nil) }
        for endpoint in ["", "s3.example.org", "ftp://x", "https://x/path", "https://u:p@x", "https://x?q", "https://"] {
            #expect(problem(endpoint: endpoint) == .endpoint, "\(endpoint)")
        }
        for region in ["", "a b", "a/b"] { #expect(problem(region: region) == .region) }
        for key in ["", "a b", "a\nb", "ü"] { #expect(problem(key: key) == .keys) }
    }

    @Test func `the store of a test run is read from its address`() throws {
        let scratch = try #require(
            S3Scratch("s3://AKIA:a%2Fb%3D%2B@127.0.0.1:9000/bucket/some/dir?region=eu-west-1&scheme=https"))
        #expect(scratch.endpoint == "https://127.0.0.1:9000")
        #expect(scratch.bucket == "bucket" && scratch.prefix == "some/dir/" && scratch.region == "eu-west-1")
        #expect(scratch.accessKey == "AKIA" && scratch.secretKey == "a/b=+")
        for text in ["", "http://a:b@c/d", "s3://c/d", "s3://a@c/d", "s3://a:b@c"] { #expect(S3Scratch(text) == nil) }
    }

    // MARK: XML

    @Test func `a document is read with its references, and what means nothing is passed over`() throws {
        let text = """
            <?xml version="1.0" encoding="UTF-8"?><!-- a > b -->
            <List xmlns='x' a="/>"><Key>a&amp;b&#x2F;&#252;</Key><Empty/><Key ><![CDATA[<&>]]></Key><!-- x --></List>
            """
        let tree = try #require(XMLTree(Array(text.utf8)))
        #expect(tree.name == "List")
        #expect(tree.all("Key").map(\.text) == ["a&b/ü", "<&>"])
        #expect(tree["Empty"]?.isEmpty == true)
        #expect(tree["Missing"] == nil)
    }

    @Test(arguments: [
        "<a>", "<a></b>", "<a/><b/>", "<a>&nope;</a>", "<a>&#xD800;</a>", "<a>&amp</a>", "<!DOCTYPE a><a/>", "a", "<a b='></a>",
        "</a>", "<a><![CDATA[</a>", String(repeating: "<a>", count: 40) + String(repeating: "</a>", count: 40), "<a>\u{0}</a",
        "<>x</>",
    ]) func `what is not well formed is refused`(text: String) { #expect(XMLTree(Array(text.utf8)) == nil) }

    @Test(arguments: 0..<200) func `no bytes are too strange to be refused`(seed: Int) {
        let alphabet = Array("<>/&;!?-[]CDATA='\" ax#1\u{FF}".utf8)
        let bytes = [UInt8].noise(200, seed: UInt64(seed) + 1).map { alphabet[Int($0) % alphabet.count] }
        _ = XMLTree(bytes)
        _ = XMLTree(Array("<a>".utf8) + bytes + Array("</a>".utf8))
    }

    // MARK: Patience

    @Test func `pauses double up to a bound, and end`() {
        let backoff = Backoff(attempts: 9, first: .milliseconds(100))
        #expect(
            (1...9).map { backoff.pause(after: $0, chance: 0) }.prefix(3) == [
                .milliseconds(100), .milliseconds(200), .milliseconds(400),
            ])
        #expect(backoff.pause(after: 8, chance: 0) == .seconds(5))
        #expect(backoff.pause(after: 1, chance: 0.999)! > .milliseconds(50))
        #expect(backoff.pause(after: 9, chance: 0) == nil)
    }

    // MARK: Holes

    @Test func `only what was sent and is not near an end is forgotten, once`() {
        var window = SpoolWindow(keptEnd: 32 << 20)
        #expect(window.hole(size: 64 << 20, sent: 64 << 20) == nil)
        #expect(window.hole(size: 80 << 20, sent: 32 << 20) == nil)
        #expect(window.hole(size: 80 << 20, sent: 64 << 20) == (32 << 20)..<(48 << 20))
        #expect(window.hole(size: 80 << 20, sent: 64 << 20) == nil)
        #expect(window.hole(size: (200 << 20) + 5, sent: 100 << 20) == (48 << 20)..<(100 << 20))
    }

    // MARK: The cache

    @Test func `the original that was used longest ago goes first, and none that is in use`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "banksia-cache-\(UUID())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }  // a leftover in the temporary folder does no harm
        let cache = LocalCache(limit: 25)
        func digest(_ number: UInt8) throws -> ContentDigest {
            try #require(ContentDigest(bytes: Array(repeating: number, count: 32)))
        }
        func file(_ number: UInt8) async throws -> LocalFile? {
            try await cache.file(digest(number)) {
                let path = "\(folder)/\(number)-\(UUID())"
                try Data(count: 10).write(to: URL(filePath: path))
                return (path, 10)
            }
        }
        var held = try await file(1)
        _ = try await file(2)
        _ = try await file(3)
        let names = { try FileManager.default.contentsOfDirectory(atPath: folder).map { $0.prefix(1) }.sorted() }
        #expect(try names() == ["1", "3"])
        _ = try await file(2)
        #expect(try names() == ["1", "2"])
        withExtendedLifetime(held) {}
        held = nil
        _ = try await file(4)
        #expect(try names() == ["2", "4"])
        #expect(try await cache.file(digest(9)) { nil } == nil)
    }

    @Test func `an original that many want at once is fetched once`() async throws {
        let cache = LocalCache(limit: 100)
        let digest = try #require(ContentDigest(bytes: Array(repeating: 1, count: 32)))
        let fetches = Counter()
        let paths = try await withThrowingTaskGroup(of: String?.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    try await cache.file(digest) {
                        await fetches.add()
                        return ("/nowhere", 10)
                    }?.path
                }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(paths == ["/nowhere"])
        #expect(await fetches.count == 1)
    }

    @Test func `a fetch that failed is tried by the next`() async throws {
        let cache = LocalCache(limit: 100)
        let digest = try #require(ContentDigest(bytes: Array(repeating: 1, count: 32)))
        await #expect(throws: FileProblem.unreachable) { try await cache.file(digest) { throw FileProblem.unreachable } }
        #expect(try await cache.file(digest) { ("/nowhere", 1) } != nil)
    }
}

private actor Counter {
    private(set) var count = 0
    func add() { count += 1 }
}
