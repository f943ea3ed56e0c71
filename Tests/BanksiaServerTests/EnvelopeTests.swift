import BanksiaLibrary
import HTTPTypes
import NIOCore
import Testing

@testable import BanksiaServer

@Suite("Requests in general") struct EnvelopeTests {
    let site: Site
    init() async throws { site = try await Site() }

    @Test func `ping answers anyone with four letters`() async throws {
        try await site.run { visitor async throws in
            let answer = try await visitor.with(key: nil).get("/api/server/ping")
            #expect(answer.status == 200)
            #expect(answer.headers[.contentType] == "text/plain")
            #expect(answer.bytes == Array("pong".utf8))
        }
    }

    @Test func `the contract is served as JSON`() async throws {
        try await site.run { visitor async throws in
            let answer = try await visitor.with(key: nil).get("/openapi.json")
            #expect(answer.status == 200)
            let json = try answer.json
            #expect(json["openapi"]?.text == "3.0.3")
            #expect(json["paths"]?["/api/assets"]?["get"]?["operationId"]?.text == "list_assets")
            #expect(json["components"]?["parameters"]?["Limit"]?["schema"]?["maximum"]?.number == 200)
            #expect(json["components"]?["parameters"]?["Limit"]?["required"]?.flag == false)
            #expect(json["paths"]?["/api/server/ping"]?["get"]?["responses"]?["200"] != nil)
        }
    }

    @Test(arguments: ["/", "/api", "/api/nothing", "/api/assets/a/b/c", "/api//assets", "/api/albums/x/y"])
    func `an unknown path is 404 in the envelope`(path: String) async throws {
        try await site.run { visitor async throws in
            let answer = try await visitor.get(path)
            #expect(answer.status == 404)
            #expect(answer.problem == "not_found")
        }
    }

    @Test(arguments: [
        (HTTPRequest.Method.put, "/api/assets", "DELETE, GET, POST"), (.post, "/api/users/me", "GET, PATCH"),
        (.post, "/api/assets/counts", "GET"),
        (.get, "/api/assets/exist", "POST"), (.head, "/api/libraries", "GET, POST"),
    ])
    func `a wrong method is 405 and says which are right`(method: HTTPRequest.Method, path: String, allowed: String) async throws
    {
        try await site.run { visitor async throws in
            let answer = try await visitor.send(method, path)
            #expect(answer.status == 405)
            #expect(answer.headers[.allow] == allowed)
            if method != .head { #expect(answer.problem == "method_not_allowed") } else { #expect(answer.bytes.isEmpty) }
        }
    }

    @Test(arguments: [
        "/api/libraries", "/api/users/me", "/api/api-keys", "/api-keys", "/api/tasks", "/api/assets", "/openapi.json",
    ])
    func `one slash at the end makes no difference`(path: String) async throws {
        try await site.run { visitor async throws in
            #expect(try await visitor.get(path).status == 200)
            #expect(try await visitor.get(path + "/").status == 200)
        }
    }

    @Test func `without a credential it is 401 with a challenge`() async throws {
        try await site.run { visitor async throws in
            for (header, code) in [
                (nil, "unauthorized"), ("Basic abc", "unauthorized"), ("Bearer", "unauthorized"),
                ("Bearer nonsense", "invalid_token"),
                ("Bearer " + visitor.key!.dropLast() + "!", "invalid_token"),
            ] as [(String?, String)] {
                let answer = try await visitor.with(key: nil).send(
                    .get, "/api/users/me", headers: header.map { [.authorization: $0] } ?? [:])
                #expect(answer.status == 401)
                #expect(answer.problem == code)
                #expect(answer.headers[.wwwAuthenticate]?.hasPrefix("Bearer") == true)
            }
        }
    }

    @Test func `a key without the action is 403`() async throws {
        let reading = try await site.key([.read])
        try await site.run { visitor async throws in
            let answer = try await visitor.with(key: reading).post("/api/albums", json: "{}")
            #expect(answer.status == 403)
            #expect(answer.problem == "insufficient_scope")
            #expect(try await visitor.with(key: reading).get("/api/libraries").status == 200)
            #expect(try await visitor.with(key: reading).get("/api/api-keys/").problem == "first_party_session_required")
        }
    }

    @Test func `the request id is echoed, or made`() async throws {
        try await site.run { visitor async throws in
            #expect(try await visitor.get("/api/nothing", headers: [.requestID: "mine"]).headers[.requestID] == "mine")
            #expect(try await visitor.get("/api/libraries").headers[.requestID]?.hasPrefix("req_") == true)
        }
    }

    @Test func `every answer may be read by any page`() async throws {
        try await site.run { visitor async throws in
            for path in ["/api/libraries", "/api/nothing"] {
                #expect(try await visitor.get(path).headers[.accessControlAllowOrigin] == "*")
            }
            let preflight = try await visitor.with(key: nil).send(.options, "/api/assets")
            #expect(preflight.status == 204)
            #expect(preflight.headers[.accessControlAllowOrigin] == "*")
        }
    }

    @Test(arguments: [
        ("{\"name\":", 400, "malformed_body"), ("{\"name\":\"a\",\"name\":\"b\"}", 400, "malformed_body"),
        ("[]", 400, "malformed_body"),
        ("{}", 422, "validation_error"), ("{\"name\":5}", 422, "validation_error"),
        ("{\"name\":\"  \"}", 422, "validation_error"), ("", 422, "validation_error"),
        ("{\"name\":\"\(String(repeating: "n", count: 256))\"}", 422, "validation_error"),
    ])
    func `a body that will not do gets its status`(json: String, status: Int, code: String) async throws {
        try await site.run { visitor async throws in
            let answer = try await visitor.post("/api/libraries", json: json)
            #expect(answer.status == status)
            #expect(answer.problem == code)
        }
    }

    @Test func `another content type is 415, a huge body 413`() async throws {
        try await site.run { visitor async throws in
            let plain = try await visitor.send(
                .post, "/api/libraries", headers: [.contentType: "text/plain"], body: ByteBuffer(string: "{}"))
            #expect(plain.status == 415)
            #expect(plain.problem == "unsupported_media_type")
            let huge = try await visitor.post("/api/libraries", json: String(repeating: " ", count: 1 << 20) + "{}")
            #expect(huge.status == 413)
            #expect(huge.problem == "payload_too_large")
            let form = try await visitor.post("/api/assets", json: "{}")
            #expect(form.status == 415)
        }
    }

    @Test func `a bad value is 422 with the name of its field`() async throws {
        try await site.run { visitor async throws in
            for (query, field) in [
                ("limit=0", "limit"), ("limit=x", "limit"), ("order=up", "order"), ("state=gone", "state"),
                ("ratings=6", "ratings"),
                ("include=everything", "include"), ("local_datetime_after=soon", "local_datetime_after"),
                ("media_type=audio", "media_type"),
                ("album_id=a&album_filter=not_in_album", "album_filter"), ("person_id=a&person_ids=b", "person_id"),
                ("ids=" + (0...200).map { "a\($0)" }.joined(separator: ","), "ids"),
            ] {
                let answer = try await visitor.get("/api/assets?\(query)")
                #expect(answer.status == 422, "\(query)")
                #expect(answer.problem == "validation_error")
                #expect(answer.field == field)
            }
            #expect(try await visitor.get("/api/assets?x=%ZZ").problem == "bad_request")
        }
    }
}
