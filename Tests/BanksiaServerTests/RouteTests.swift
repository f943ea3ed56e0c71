import BanksiaCore
import BanksiaLibrary
import BanksiaTestKit
import HTTPTypes
import Testing

@testable import BanksiaServer

@Suite("Routes") struct RouteTests {
    let site: Site
    init() async throws { site = try await Site() }

    @Test func `an account shows itself`() async throws {
        try await site.run { visitor async throws in
            let user = try await visitor.get("/api/users/me").json
            #expect(user["email"]?.text == "ana@example.com")
            #expect(user["storage_limit_bytes"]?.number ?? 0 > 0)
            #expect(user["face_detection_preference"]?.flag == true)
            #expect(user["favorite_display_mode"]?.text == "favorite")
        }
    }

    @Test func `libraries are listed, made, reused, changed and fetched`() async throws {
        try await site.run { visitor async throws in
            let first = try await visitor.get("/api/libraries").json
            #expect(first.elements.count == 1)
            #expect(first[0]?["name"]?.text == "Default Library")
            #expect(first[0]?["role"]?.text == "owner")
            #expect(first[0]?["owner"]?["id"] == first[0]?["user_id"])

            let made = try await visitor.post("/api/libraries", json: #"{"name":" Trips ","description":"far"}"#)
            #expect(made.status == 201)
            #expect(try made.json["name"]?.text == "Trips")
            #expect(try await visitor.post("/api/libraries", json: #"{"name":"Trips"}"#).status == 200)
            let taken = try await visitor.post("/api/libraries", json: #"{"name":"trips","description":"near"}"#)
            #expect(taken.status == 409)
            #expect(taken.problem == "name_conflict")
            #expect(taken.headers[.shouldRetry] == "false")

            let id = try made.json["id"]?.text ?? ""
            let changed = try await visitor.patch("/api/libraries/\(id)", json: #"{"name":null,"description":"near"}"#)
            #expect(try changed.json["description"]?.text == "near")
            #expect(try await visitor.get("/api/libraries/\(id)").json["name"]?.text == "Trips")
            #expect(try await visitor.get("/api/libraries/lib_x").problem == "not_found")
            #expect(try await visitor.get("/api/assets").problem == "library_required")
        }
    }

    @Test(arguments: ["/api/api-keys/", "/api-keys/"]) func `keys are made, used, renamed and revoked`(path: String) async throws
    {
        try await site.run { visitor async throws in
            let made = try await visitor.post(path, json: #"{"name":"phone","actions":["read","write"]}"#)
            #expect(made.status == 201)
            let key = try made.json
            #expect(key["actions"] == .array([.string("read"), .string("write")]))
            #expect(key["library_scope_mode"]?.text == "all_libraries")
            let phone = visitor.with(key: key["api_key"]?.text)
            #expect(try await phone.get("/api/libraries").status == 200)
            let id = key["id"]?.text ?? ""
            #expect(try await visitor.patch(path + id, json: #"{"name":"tablet"}"#).json["name"]?.text == "tablet")
            #expect(try await visitor.get(path).json.elements.map { $0["name"]?.text } == ["tablet", "All"])
            #expect(
                try await visitor.send(.delete, path + id, headers: [.contentType: "application/json", .accept: "*/*"]).status
                    == 204)
            #expect(try await phone.get("/api/libraries").status == 401)
            #expect(try await visitor.send(.delete, path + id).status == 404)
        }
    }

    @Test(arguments: [
        #"{"name":"x","actions":[]}"#, #"{"name":"x","actions":["write"]}"#, #"{"name":"x","actions":["fly"]}"#,
        #"{"name":"x","library_scope_mode":"selected_libraries"}"#, #"{"name":"x","library_ids":["lib_x"]}"#,
        #"{"name":"x","library_scope_mode":"some"}"#,
    ])
    func `a key with a grant that makes no sense is 422`(json: String) async throws {
        try await site.run { visitor async throws in #expect(try await visitor.post("/api/api-keys/", json: json).status == 422) }
    }

    @Test func `a name alone makes a key for everything`() async throws {
        try await site.run { visitor async throws in
            let key = try await visitor.post("/api-keys/", json: #"{"name":"old client"}"#).json
            #expect(key["actions"]?.elements.count == 4)
            #expect(key["selected_library_count"] == .null)
        }
    }

    @Test func `a list is paged without gaps or repeats`() async throws {
        try await site.run { visitor async throws in
            for day in 1...5 { _ = try await visitor.photo(UInt64(day), taken: "2024-05-0\(day)T12:00:00") }
            var seen: [String] = []
            var after = ""
            while true {
                let page = try await visitor.get("/api/assets?limit=2&starting_after_id=\(after)").json
                seen += page["data"]?.elements.compactMap { $0["local_datetime"]?.text } ?? []
                guard page["has_more"]?.flag == true else { break }
                after = page["data"]?.elements.last?["id"]?.text ?? ""
            }
            #expect(seen == (1...5).reversed().map { "2024-05-0\($0)T12:00:00" })
            #expect(try await visitor.get("/api/assets?starting_after_id=asset_x").problem == "invalid_cursor")
            let some = try await visitor.get(
                "/api/assets?local_datetime_after=2024-05-02T12:00:00&captured_before=2024-05-05&order=asc"
            ).json
            #expect(
                some["data"]?.elements.compactMap { $0["local_datetime"]?.text } == [
                    "2024-05-03T12:00:00", "2024-05-04T12:00:00",
                ])
            for nothing in ["ids=asset_x", "album_id=album_x", "person_ids=person_x", "stack_id=asset_stack_x", "state=trashed"] {
                #expect(try await visitor.get("/api/assets?\(nothing)").json["data"] == .array([]), "\(nothing)")
            }
        }
    }

    @Test func `include decides which groups are filled`() async throws {
        try await site.run { visitor async throws in
            _ = try await visitor.photo()
            let groups: Set = ["metadata", "exif", "faces", "people", "file_data", "checksum", "metrics", "download_url"]
            for (query, filled) in [
                ("", groups), ("?include=", []), ("?include", []), ("?include=metadata", ["metadata", "exif"]),
                ("?include=faces,people", ["faces", "people"]), ("?include=file_data", ["file_data", "checksum"]),
                ("?include=variants&include=metrics", ["download_url", "metrics"]),
            ] as [(String, Set<String>)] {
                let asset = try #require(try await visitor.get("/api/assets\(query)").json["data"]?[0])
                #expect(groups.filter { asset[$0] != .null } == filled, "\(query)")
                #expect(asset["thumbnail_url"]?.text != nil)
                #expect(asset["asset_urls"]?.keys.contains("thumbnail") == true)
            }
        }
    }

    @Test func `counts are by month, and page`() async throws {
        try await site.run { visitor async throws in
            for (seed, day) in ["2024-05-01", "2024-05-31", "2024-06-01"].enumerated() {
                _ = try await visitor.photo(UInt64(seed + 1), taken: day)
            }
            let counts = try await visitor.get("/api/assets/counts?limit=1").json
            #expect(counts["data"]?[0]?["time_bucket"]?.text == "2024-06-01T00:00:00")
            #expect(counts["has_more"]?.flag == true)
            let rest = try await visitor.get("/api/assets/counts?starting_after_bucket=2024-06-01T00:00:00").json
            #expect(rest["data"]?[0]?["count"]?.number == 2)
            #expect(rest["has_more"]?.flag == false)
            #expect(try await visitor.get("/api/assets/counts?group_by=decade").status == 422)
        }
    }

    @Test func `what is already there is recognised`() async throws {
        try await site.run { visitor async throws in
            let asset = try await visitor.photo()
            let checksum = asset["checksum"]?.text ?? ""
            let sha1 = asset["checksum_sha1"]?.text ?? ""
            for json in [
                #"{"checksums":["\#(checksum)","nonsense"]}"#, #"{"checksums":["\#(checksum.dropLast())"]}"#,
                #"{"checksum_sha1s":["\#(sha1)"]}"#,
                #"{"deviceId":"phone","deviceAssetIds":["1","2"],"checksums":null}"#,
            ] {
                let found = try await visitor.post("/api/assets/exist", json: json).json
                #expect(found["assets"]?.elements.count == 1, "\(json)")
                #expect(found["assets"]?[0]?["id"] == asset["id"])
            }
            for json in ["{}", #"{"deviceId":"phone"}"#, #"{"checksums":[],"checksum_sha1s":[]}"#, #"{"deviceAssetIds":[]}"#] {
                #expect(try await visitor.post("/api/assets/exist", json: json).status == 422, "\(json)")
            }
        }
    }

    @Test func `an album is made and filled`() async throws {
        try await site.run { visitor async throws in
            let asset = try await visitor.photo()["id"]?.text ?? ""
            let made = try await visitor.post("/api/albums", json: #"{"name":""}"#)
            #expect(made.status == 201)
            let album = try made.json
            #expect(album["name"]?.text == "New Album")
            #expect(album["description"]?.text == "")
            let path = "/api/albums/\(album["id"]?.text ?? "")/assets"
            let added = try await visitor.post(path, json: #"{"asset_ids":["\#(asset)","asset_x"]}"#).json
            #expect(added["added_assets"] == .array([.string(asset)]))
            #expect(added["not_found_assets"] == .array([.string("asset_x")]))
            #expect(
                try await visitor.post(path, json: #"{"asset_ids":["\#(asset)"]}"#).json["duplicate_assets"]
                    == .array([.string(asset)]))
            #expect(try await visitor.post(path, json: #"{"asset_ids":[]}"#).status == 422)
            #expect(try await visitor.post("/api/albums/album_x/assets", json: #"{"asset_ids":["a"]}"#).status == 404)
            let inAlbum = try await visitor.get("/api/assets?album_id=\(album["id"]?.text ?? "")").json
            #expect(inAlbum["data"]?.elements.count == 1)
            #expect(try await visitor.get("/api/assets?album_filter=not_in_album").json["data"] == .array([]))
        }
    }

    @Test func `a new album has a new name only for the newest clients`() async throws {
        try await site.run { visitor async throws in
            let json = #"{"name":"Coast"}"#
            let first = try await visitor.post("/api/albums", json: json).json["id"]
            #expect(try await visitor.post("/api/albums", json: json).json["id"] != first)
            let newest = try await visitor.post("/api/albums", json: json, headers: [.clientGeneration: "latest"])
            #expect(newest.status == 200)
            #expect(try newest.json["id"] == first)
            let other = #"{"name":"Coast","description":"east"}"#
            #expect(
                try await visitor.post("/api/albums", json: other, headers: [.clientGeneration: "latest"]).problem
                    == "name_conflict")
        }
    }

    @Test func `a search needs a criterion, and conditions suffice`() async throws {
        try await site.run { visitor async throws in
            _ = try await visitor.photo()
            #expect(try await visitor.get("/api/search?query=").problem == "search_criterion_required")
            let found = try await visitor.get("/api/search?media_type=image").json
            #expect(found["data"]?.elements.count == 1)
            #expect(found["data"]?[0]?["distance"] == .null)
            #expect(found["has_more"]?.flag == false)
            #expect(try await visitor.get("/api/search?query=x&threshold=1.5").status == 422)
            #expect(try await visitor.get("/api/search?query=x&page=0").status == 422)
        }
    }

    @Test func `tasks can be looked at`() async throws {
        try await site.run { visitor async throws in
            let asset = try await visitor.photo()["id"]?.text ?? ""
            #expect(try await visitor.get("/api/tasks/?limit=200").status == 200)
            #expect(try await visitor.get("/api/tasks?task_type=embedding&status=pending").status == 200)
            #expect(try await visitor.get("/api/tasks?task_type=cooking").status == 422)
            #expect(try await visitor.get("/api/tasks?library_id=lib_x").status == 404)
            #expect(try await visitor.get("/api/tasks/asset/\(asset)").status == 200)
            #expect(try await visitor.get("/api/tasks/asset/asset_x").status == 404)
            #expect(try await visitor.get("/api/tasks/btask_x").status == 404)
        }
    }

    @Test func `a key for selected libraries sees no others`() async throws {
        let other = try await site.world.library.libraries.create(Name("Other"), description: nil, by: site.ana).record
        let selected = try await site.key([.read, .write], libraries: ["\(other.id)"])
        let first = try await site.world.library.libraries.list(by: site.ana)[0]
        try await site.run { visitor async throws in
            let narrow = visitor.with(key: selected)
            #expect(try await narrow.get("/api/libraries").json.elements.count == 1)
            #expect(try await narrow.get("/api/libraries/\(first.id)").status == 404)
            #expect(try await narrow.get("/api/assets?library_id=\(first.id)").status == 404)
            #expect(try await narrow.get("/api/assets").status == 200)
        }
    }
}
