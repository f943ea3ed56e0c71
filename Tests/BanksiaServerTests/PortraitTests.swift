import BanksiaCore
import BanksiaFiles
import BanksiaLibrary
import BanksiaTestKit
import HTTPTypes
import Testing

@testable import BanksiaServer

@Suite("Portraits") struct PortraitTests {
    let site: Site
    init() async throws { site = try await Site() }

    /// A face in a photo of 400 × 300.
    private func withFace(
        _ test: @escaping @Sendable (_ visitor: Visitor, _ face: JSONValue, _ asset: String) async throws -> Void
    ) async throws {
        try await site.run { visitor in
            let form = Form(
                bytes: TestPicture.png(width: 400, height: 300, seed: 5), named: "a.png", taken: "2024-05-01T12:00:00")
            let asset = try await visitor.upload(form).json["id"]?.text ?? ""
            let body = #"{"asset_id": "\#(asset)", "bounding_box": {"x": 300, "y": 20, "w": 80, "h": 100}}"#
            try await test(visitor, try await visitor.post("/api/faces", json: body).json, asset)
        }
        await site.world.close()
    }

    @Test func `a face has a square picture under a signed address`() async throws {
        try await withFace { visitor, face, _ async throws in
            let path = try target(face["asset_urls"]?["thumbnail"]?["url"]?.text)
            let answer = try await visitor.with(key: nil).get(path)
            #expect(answer.status == 200)
            #expect(answer.headers[.contentType] == "image/webp")
            #expect(answer.headers[.contentType] == face["asset_urls"]?["thumbnail"]?["mimetype"]?.text)
            #expect(answer.headers[.cacheControl] == "private, max-age=31536000, immutable")
            // A square of 160 fits under the top edge once it is moved down.
            let portrait = try await visitor.upload(Form(bytes: answer.bytes, named: "face.webp", taken: "2024-05-01")).json
            #expect([portrait["width"], portrait["height"]] == [.number(160, "160"), .number(160, "160")])
            let tag = try #require(answer.headers[.eTag])
            #expect(try await visitor.with(key: nil).get(path, headers: [.ifNoneMatch: tag]).status == 304)
            let head = try await visitor.with(key: nil).send(.head, path)
            #expect(head.bytes.isEmpty)
            #expect(head.headers[.contentLength] == "\(answer.bytes.count)")
            #expect(try await visitor.with(key: nil).get(path.replacing("sig=", with: "sig=x")).problem == "invalid_signature")
        }
    }

    @Test func `its picture can be made anew, and goes with the face`() async throws {
        try await withFace { visitor, face, asset async throws in
            let path = try target(face["asset_urls"]?["thumbnail"]?["url"]?.text)
            let first = try await visitor.get(path)
            let shown = try await visitor.get("/api/assets/\(asset)").json["current_version_id"]?.text ?? ""
            let version = try #require(AssetVersionID(shown))
            try await site.world.files.removeRenditions(of: version.uuid)
            #expect(try await visitor.get(path).bytes == first.bytes)

            #expect(try await visitor.get("/api/faces/\(face["id"]?.text ?? "")/thumbnail").bytes == first.bytes)
            #expect(try await visitor.send(.delete, "/api/faces/\(face["id"]?.text ?? "")").status < 300)
            let gone = try await visitor.with(key: nil).get(path)
            #expect(gone.status == 404)
            #expect(gone.headers[.cacheControl] == "no-store")
        }
    }

    @Test func `others do not see it`() async throws {
        let ben = try await site.world.user("ben")
        let foreign = try await site.world.library.keys.create(APIKey.Grant(name: Name("Ben")), by: ben).secret
        try await withFace { visitor, face, _ async throws in
            let id = face["id"]?.text ?? ""
            for path in ["/api/faces/\(id)/variants/thumbnail", "/api/faces/\(id)/thumbnail"] {
                #expect(try await visitor.get(path).status == 200)
                #expect(try await visitor.get(path).headers[.cacheControl] == "private, no-cache")
                #expect(try await visitor.with(key: foreign).get(path).problem == "not_found")
                #expect(try await visitor.with(key: nil).get(path).status == 401)
            }
            for path in [
                "/api/faces/\(id)/variants/small", "/api/faces/face_x/variants/thumbnail", "/api/faces/asset_x/thumbnail",
            ] {
                #expect(try await visitor.get(path).problem == "not_found", "\(path)")
            }
        }
    }
}
