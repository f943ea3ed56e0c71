import BanksiaCore
import BanksiaLibrary
import BanksiaTestKit
import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

@testable import BanksiaServer

@Suite("Uploading") struct UploadTests {
    let site: Site
    init() async throws { site = try await Site() }

    @Test func `a new file is 201 in full, the same again 200 and the same`() async throws {
        try await site.run { visitor async throws in
            let bytes = TestPicture.png(seed: 1)
            let first = try await visitor.upload(Form(bytes: bytes, named: "Grüße 1.png", taken: "2024-05-01T12:00:00+02:00"))
            #expect(first.status == 201)
            let asset = try first.json
            #expect(asset["original_file_name"]?.text == "Grüße 1.png")
            #expect(asset["mime_type"]?.text == "image/png")
            #expect(asset["kind"]?.text == "original")
            #expect(asset["file_size_bytes"]?.number == Double(bytes.count))
            #expect(asset["local_datetime"]?.text == "2024-05-01T12:00:00+02:00")
            #expect(asset["file_data"]?["file_created_at"]?.text == "2024-05-01T10:00:00Z")
            #expect(asset["checksum"]?.text?.count == 44)
            #expect(asset["checksum_sha1"]?.text?.count == 28)
            #expect(asset["device_id"]?.text == "phone")
            #expect(asset["metadata"]?["asset_id"] == asset["id"])
            #expect(asset["exif"]?["asset_id"] == asset["id"])
            #expect(asset["faces"] == .array([]) && asset["people"] == .array([]) && asset["metrics"] == .object([:]))
            #expect(asset["asset_urls"]?.keys == ["thumbnail", "small", "preview", "fullsize", "original"])
            #expect(asset["download_url"] == asset["asset_urls"]?["original"]?["url"])

            let second = try await visitor.upload(Form(bytes: bytes, named: "other.png"))
            #expect(second.status == 200)
            #expect(try second.json["id"] == asset["id"])
        }
        #expect(try await site.originals.count == 1)
        try #expect(site.staged.isEmpty)
    }

    @Test func `parts come in any order, unknown ones are skipped`() async throws {
        var form = Form()
        form.fields()
        form.field("library_id", "")
        form.field("unknown", "x")
        form.file([1, 2, 3], named: "other.bin", field: "sidecar")
        form.file(TestPicture.png(), named: "C:\\photos\\a.png")
        try await site.run { [form] visitor async throws in
            let answer = try await visitor.upload(form)
            #expect(answer.status == 201)
            #expect(try answer.json["original_file_name"]?.text == "a.png")
        }
    }

    @Test func `a file of 3 MB arrives whole over a socket`() async throws {
        let bytes = TestPicture.png() + [UInt8](repeating: 13, count: 3 << 20)
        try await site.run(.live) { visitor async throws in
            // The kit's own client gives up after twenty seconds, in which a busy machine cannot always do this.
            let patience = TestClient.Configuration(timeout: .seconds(300))
            try await TestClient.withClient(host: "localhost", port: try #require(visitor.client.port), configuration: patience) {
                client in
                let form = Form(bytes: bytes)
                let headers: HTTPFields = [.contentType: form.contentType, .authorization: "Bearer \(visitor.key ?? "")"]
                let made = try await client.post("/api/assets", headers: headers, body: form.body)
                let asset = try JSONReader.read(Array(try #require(made.body).readableBytesView))
                let original = try await client.get(try target(asset["download_url"]?.text))
                #expect(original.status == .ok)
                let isWhole = original.body.map { Array($0.readableBytesView) } == bytes
                #expect(isWhole)
            }
        }
    }

    enum Fault: CaseIterable {
        case noFile, twoFiles, textInsteadOfFile, noField, blankField, badTime, twiceField, wrongType, emptyFile, noName
        case wrongBoundary, noBoundary, notClosed, foreignLibrary, unknownLibrary

        var expected: (status: Int, code: String) {
            switch self {
            case .noFile, .twoFiles, .textInsteadOfFile, .noField, .blankField, .badTime, .twiceField, .emptyFile, .noName:
                (422, "validation_error")
            case .wrongType: (422, "unsupported_file_type")
            case .wrongBoundary, .noBoundary, .notClosed: (400, "malformed_body")
            case .foreignLibrary, .unknownLibrary: (404, "not_found")
            }
        }

        func form(foreign: LibraryID) -> Form {
            var form = Form()
            let picture = TestPicture.png()
            if self != .noFile, self != .textInsteadOfFile, self != .noName, self != .emptyFile, self != .wrongType {
                form.file(picture, named: "a.png")
            }
            switch self {
            case .twoFiles: form.file(picture, named: "b.png")
            case .textInsteadOfFile: form.field("asset_data", "text")
            case .wrongType: form.file(Array("hello".utf8), named: "a.txt")
            case .emptyFile: form.file([], named: "a.png")
            case .noName: form.file(picture, named: "/")
            case .wrongBoundary: form.contentType = "multipart/form-data; boundary=other"
            case .noBoundary: form.contentType = "multipart/form-data"
            case .notClosed: form.isClosed = false
            case .foreignLibrary: form.field("library_id", "\(foreign)")
            case .unknownLibrary: form.field("library_id", "lib_x")
            default: break
            }
            form.fields(taken: self == .badTime ? "yesterday" : "2024-05-01T12:00:00")
            if self == .noField { form.parts.removeLast() }
            if self == .blankField { form.parts[form.parts.count - 1].body = [] }
            if self == .twiceField { form.field("device_id", "again") }
            return form
        }
    }

    @Test(arguments: Fault.allCases) func `what is wrong gets a clear answer and leaves no trace`(fault: Fault) async throws {
        let ben = try await site.world.user("ben")
        let form = fault.form(foreign: try await site.world.libraryID(of: ben))
        try await site.run { visitor async throws in
            let answer = try await visitor.upload(form)
            #expect(answer.status == fault.expected.status)
            #expect(answer.problem == fault.expected.code)
            #expect(try await visitor.get("/api/assets").json["data"] == .array([]))
        }
        #expect(try await site.originals.isEmpty)
        #expect(try site.staged.isEmpty)
    }

    @Test func `a file above the operator's limit is 413`() async throws {
        let site = try await Site(maximumUploadBytes: 1000)
        try await site.run { visitor async throws in
            let answer = try await visitor.upload(Form(bytes: TestPicture.png()))
            #expect(answer.status == 413)
            #expect(answer.problem == "payload_too_large")
        }
        #expect(try site.staged.isEmpty)
    }

    @Test func `a reading key may not upload`() async throws {
        let reading = try await site.key([.read])
        try await site.run { visitor async throws in
            #expect(try await visitor.with(key: reading).upload(Form(bytes: TestPicture.png())).problem == "insufficient_scope")
        }
    }
}
