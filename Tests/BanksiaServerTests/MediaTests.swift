import BanksiaCore
import BanksiaFiles
import BanksiaLibrary
import BanksiaTestKit
import HTTPTypes
import Testing

@testable import BanksiaServer

@Suite("Media") struct MediaTests {
    let site: Site
    let bytes = TestPicture.png(seed: 7)
    init() async throws { site = try await Site() }

    private func withOriginal(_ test: @escaping @Sendable (Visitor, _ target: String, _ asset: JSONValue) async throws -> Void)
        async throws
    {
        try await site.run { visitor async throws in
            let asset = try await visitor.upload(Form(bytes: bytes, named: "Ü 1.png")).json
            try await test(visitor, try target(asset["asset_urls"]?["original"]?["url"]?.text), asset)
        }
    }

    @Test func `a signed address needs no credential and never changes`() async throws {
        try await withOriginal { visitor, target, asset async throws in
            let answer = try await visitor.with(key: nil).get(target)
            #expect(answer.status == 200)
            #expect(answer.bytes == bytes)
            #expect(answer.headers[.contentType] == "image/png")
            #expect(answer.headers[.contentLength] == "\(bytes.count)")
            #expect(answer.headers[.acceptRanges] == "bytes")
            #expect(answer.headers[.cacheControl] == "private, max-age=31536000, immutable")
            #expect(answer.headers[.contentDisposition] == "attachment; filename=\"_ 1.png\"; filename*=UTF-8''%C3%9C%201.png")
            #expect(answer.headers[.contentTypeOptions] == "nosniff")
            #expect(answer.headers[.eTag]?.hasPrefix("\"") == true)
            #expect(answer.headers[.lastModified]?.hasSuffix(" GMT") == true)
            let again = try await visitor.get("/api/assets/\(asset["id"]?.text ?? "")").json
            #expect(again["asset_urls"] == asset["asset_urls"])
            // A bad credential sent along with a good signature does not matter.
            #expect(try await visitor.with(key: "nonsense").get(target).status == 200)
        }
    }

    @Test func `a HEAD has the headers and no bytes`() async throws {
        try await withOriginal { visitor, target, _ async throws in
            let answer = try await visitor.with(key: nil).send(.head, target)
            #expect(answer.status == 200)
            #expect(answer.bytes.isEmpty)
            #expect(answer.headers[.contentLength] == "\(bytes.count)")
        }
    }

    @Test func `ranges, conditions and both together`() async throws {
        try await withOriginal { visitor, target, _ async throws in
            let part = try await visitor.get(target, headers: [.range: "bytes=10-19"])
            #expect(part.status == 206)
            #expect(part.bytes == Array(bytes[10..<20]))
            #expect(part.headers[.contentRange] == "bytes 10-19/\(bytes.count)")
            #expect(part.headers[.contentLength] == "10")
            let tag = try #require(part.headers[.eTag])

            let beyond = try await visitor.get(target, headers: [.range: "bytes=99999999-"])
            #expect(beyond.status == 416)
            #expect(beyond.headers[.contentRange] == "bytes */\(bytes.count)")
            #expect(beyond.problem == "range_not_satisfiable")

            for list in [tag, "W/\(tag)", "\"x\", \(tag)", "*"] {
                let known = try await visitor.get(target, headers: [.ifNoneMatch: list])
                #expect(known.status == 304)
                #expect(known.bytes.isEmpty)
                #expect(known.headers[.eTag] == tag)
            }
            #expect(try await visitor.get(target, headers: [.ifNoneMatch: "\"x\""]).status == 200)
            #expect(try await visitor.get(target, headers: [.ifRange: tag, .range: "bytes=0-0"]).status == 206)
            #expect(try await visitor.get(target, headers: [.ifRange: "\"x\"", .range: "bytes=0-0"]).status == 200)
        }
    }

    @Test func `a signature that does not fit is 403, none 401, a credential will do`() async throws {
        let ben = try await site.world.user("ben")
        let foreign = try await site.world.library.keys.create(APIKey.Grant(name: Name("Ben")), by: ben).secret
        try await withOriginal { visitor, target, asset async throws in
            let bare = target.prefix { $0 != "?" }
            #expect(try await visitor.with(key: nil).get(target + "x").problem == "invalid_signature")
            #expect(try await visitor.with(key: nil).get(target.replacing("dl=", with: "dl=x")).status == 403)
            #expect(try await visitor.with(key: nil).get("\(bare)").status == 401)
            #expect(try await visitor.get("\(bare)").status == 200)
            #expect(try await visitor.get("\(bare)").headers[.cacheControl] == "private, no-cache")
            #expect(try await visitor.with(key: foreign).get("\(bare)").status == 404)
            let version = asset["current_version_id"]?.text ?? ""
            let id = asset["id"]?.text ?? ""
            #expect(try await visitor.get("/api/assets/\(id)/versions/\(version)/variants/original").bytes == bytes)
            #expect(try await visitor.get("/api/assets/\(id)/versions/asset_version_x/variants/original").status == 404)
            #expect(try await visitor.get("/api/assets/\(id)/download").bytes == bytes)
        }
    }

    @Test func `a deleted asset's address is 404 and not to be kept`() async throws {
        try await withOriginal { visitor, target, asset async throws in
            let gone = try await visitor.send(
                .delete, "/api/assets/\(asset["id"]?.text ?? "")", headers: [.accept: "application/json"])
            #expect(gone.status == 200)
            #expect(gone.bytes == Array("{}".utf8))
            let answer = try await visitor.with(key: nil).get(target)
            #expect(answer.status == 404)
            #expect(answer.headers[.cacheControl] == "no-store")
            #expect(try await visitor.send(.delete, "/api/assets/\(asset["id"]?.text ?? "")").status == 404)
        }
    }

    @Test func `a rendition whose file is gone is made again, an original is not found`() async throws {
        try await withOriginal { visitor, target, asset async throws in
            let path = "/api/assets/\(asset["id"]?.text ?? "")/variants/small"
            let first = try await visitor.get(path)
            #expect(first.status == 200)
            let digest = try #require(try await site.originals.first)
            let version = try #require(AssetVersionID(asset["current_version_id"]?.text ?? ""))
            try await site.world.files.removeRenditions(of: version.uuid)
            let again = try await visitor.get(path)
            #expect(again.status == 200)
            #expect(again.bytes == first.bytes)

            try await site.world.files.removeOriginal(digest)
            for method in [HTTPRequest.Method.get, .head] {
                #expect(try await visitor.with(key: nil).send(method, target).status == 404)
            }
        }
    }
}
