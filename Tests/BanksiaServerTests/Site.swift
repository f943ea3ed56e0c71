import BanksiaCore
import BanksiaFiles
import BanksiaLibrary
import BanksiaTestKit
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Testing

@testable import BanksiaServer

/// A server over a fresh library, with one account and a key that grants everything.
struct Site {
    let world: World
    let server: BanksiaServer
    let ana: Viewer
    let key: String

    init(
        maximumUploadBytes: Int64 = 0, idleTimeout: Duration = .seconds(60),
        limiter: (World) -> RequestLimiter = { _ in .off }
    ) async throws {
        world = try await World()
        ana = try await world.user("ana")
        key = try await world.library.keys.create(APIKey.Grant(name: Name("All")), by: ana).secret
        server = try await BanksiaServer(
            configuration: ServerConfiguration(
                host: "127.0.0.1", port: 0, maximumUploadBytes: maximumUploadBytes, idleTimeout: idleTimeout),
            library: world.library, files: world.files, limiter: limiter(world),
            logger: Logger(label: "site") { _ in SwiftLogNoOpLogHandler() })
    }

    /// A key of ana's with less.
    func key(_ actions: Set<Action>, libraries: [String]? = nil) async throws -> String {
        try await world.library.keys.create(APIKey.Grant(name: Name("Some"), actions: actions, libraries: libraries), by: ana)
            .secret
    }

    /// Runs a test against the server, in process or over a socket.
    func run(_ setup: TestingSetup = .router, _ test: @escaping @Sendable (Visitor) async throws -> Void) async throws {
        try await server.application().test(setup) { client in
            try await test(Visitor(client: client, key: key))
        }
    }

    /// The files that uploads on their way in have left.
    var staged: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: world.folder.appending(path: "files/staging").path).filter {
                !$0.hasSuffix(".lock")
            }
        }
    }

    /// The originals that the store holds.
    var originals: [ContentDigest] {
        get async throws {
            var met: [ContentDigest] = []
            try await world.files.forEachBatchOfOriginals { met += $0.map(\.digest) }
            return met
        }
    }
}

/// Someone who sends requests.
struct Visitor: Sendable {
    let client: any TestClientProtocol
    /// The credential that is sent; nil for none.
    var key: String?

    func with(key: String?) -> Visitor { Visitor(client: client, key: key) }

    func send(
        _ method: HTTPRequest.Method, _ uri: String, headers: HTTPFields = [:], body: ByteBuffer? = nil
    ) async throws -> Answer {
        var headers = headers
        if let key, !headers.contains(.authorization) { headers[.authorization] = "Bearer \(key)" }
        return try await client.execute(uri: uri, method: method, headers: headers, body: body) { Answer(response: $0) }
    }

    func get(_ uri: String, headers: HTTPFields = [:]) async throws -> Answer { try await send(.get, uri, headers: headers) }

    func post(_ uri: String, json: String, headers: HTTPFields = [:]) async throws -> Answer {
        try await send(.post, uri, headers: headers + [.contentType: "application/json"], body: ByteBuffer(string: json))
    }

    func patch(_ uri: String, json: String) async throws -> Answer {
        try await send(.patch, uri, headers: [.contentType: "application/json"], body: ByteBuffer(string: json))
    }

    func upload(_ form: Form) async throws -> Answer {
        try await send(.post, "/api/assets", headers: [.contentType: form.contentType], body: form.body)
    }

    /// Uploads a picture that is told from others by its seed.
    func photo(_ seed: UInt64 = 1, named name: String = "photo.png", taken: String = "2024-05-01T12:00:00") async throws
        -> JSONValue
    {
        let answer = try await upload(Form(bytes: TestPicture.png(seed: seed), named: name, taken: taken))
        #expect(answer.status == 201)
        return try answer.json
    }
}

private func + (left: HTTPFields, right: HTTPFields) -> HTTPFields {
    var all = left
    for field in right { all[field.name] = field.value }
    return all
}

/// The path and query of an absolute address of the API.
func target(_ url: String?) throws -> String {
    let url = try #require(url)
    return String(url[try #require(url.firstRange(of: "/api/")).lowerBound...])
}

/// What came back.
struct Answer {
    let response: TestResponse

    var status: Int { response.status.code }
    var headers: HTTPFields { response.headers }
    var bytes: [UInt8] { Array(response.body.readableBytesView) }
    var json: JSONValue { get throws { try JSONReader.read(bytes) } }

    /// The code in the envelope, which must be whole.
    var problem: String? {
        guard let json = try? json, json["detail"]?.text == json["error"]?["message"]?.text, json["error"]?["details"] != nil,
            json["error"]?["request_id"]?.text == headers[.requestID]
        else { return nil }
        return json["error"]?["code"]?.text
    }

    /// The input that the envelope complains about.
    var field: String? { (try? json)?["error"]?["details"]?["field"]?.text }
}

extension JSONValue {
    subscript(_ key: String) -> JSONValue? { if case .object(let fields) = self { fields[key] } else { nil } }
    subscript(_ index: Int) -> JSONValue? {
        if case .array(let elements) = self, elements.indices.contains(index) { elements[index] } else { nil }
    }
    var text: String? { if case .string(let text) = self { text } else { nil } }
    var number: Double? { if case .number(let number, _) = self { number } else { nil } }
    var flag: Bool? { if case .bool(let flag) = self { flag } else { nil } }
    var elements: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }
    var keys: Set<String> { if case .object(let fields) = self { Set(fields.keys) } else { [] } }
}

/// A form as a client sends it.
struct Form {
    static let boundary = "----form-boundary"
    var parts: [(headers: String, body: [UInt8])] = []
    var contentType = "multipart/form-data; boundary=\"\(Form.boundary)\""
    var isClosed = true

    init() {}

    /// The whole form of an upload.
    init(bytes: [UInt8], named name: String = "photo.png", taken: String = "2024-05-01T12:00:00") {
        file(bytes, named: name)
        fields(taken: taken)
    }

    mutating func file(_ bytes: [UInt8], named name: String, field: String = "asset_data") {
        parts.append(
            ("Content-Disposition: form-data; name=\"\(field)\"; filename=\"\(name)\"\r\nContent-Type: image/png", bytes))
    }

    mutating func field(_ name: String, _ value: String) {
        parts.append(("Content-Disposition: form-data; name=\"\(name)\"", Array(value.utf8)))
    }

    mutating func fields(taken: String = "2024-05-01T12:00:00") {
        field("device_asset_id", "1")
        field("device_id", "phone")
        field("file_created_at", taken)
        field("file_modified_at", taken)
    }

    var body: ByteBuffer {
        var body = ByteBuffer()
        for part in parts {
            body.writeString("--\(Self.boundary)\r\n\(part.headers)\r\n\r\n")
            body.writeBytes(part.body)
            body.writeString("\r\n")
        }
        if isClosed { body.writeString("--\(Self.boundary)--\r\n") }
        return body
    }
}
