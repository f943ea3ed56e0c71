import BanksiaCore
import BanksiaLibrary
import BanksiaSQL
import BanksiaTestKit
import Foundation
import Testing

@testable import BanksiaServer

/// A library with some of everything, where the first of each kind is linked with all of the other kinds.
struct Crowd {
    let world: World
    let owner: Viewer
    let library: LibraryID
    /// With a session, for what keys may not do.
    let visitor: Visitor
    /// What the names in the paths of listings stand for.
    private(set) var ids: [String: String] = [:]
    private var made = 0

    init(_ site: Site, _ visitor: Visitor) async throws {
        world = site.world
        owner = site.ana
        library = try await world.libraryID(of: owner)
        self.visitor = visitor.with(key: try await world.library.accounts.makeSession(for: owner.user))
        ids["library"] = "\(library)"
        // Where there are several libraries, one is the default.
        #expect(try await self.visitor.patch("/api/users/me", json: #"{"immich_library_id": "\#(library)"}"#).status == 200)
    }

    /// Makes so many more of each kind.
    mutating func grow(by count: Int) async throws {
        for _ in 0..<count {
            made += 1
            world.clock.advance(by: .seconds(1))
            try await addPhotos()
            try await addAlbum()
            try await addPeople()
            try await addVersion()
            try await addAccess()
        }
    }

    /// The path of a listing with ids in it.
    func path(_ listing: Listing) -> String { named(listing.path) }

    /// A text with ids in the places of their names.
    func named(_ text: String) -> String { ids.reduce(text) { $0.replacing("{\($1.key)}", with: $1.value) } }

    private func add(_ path: String, _ json: String) async throws -> String {
        let answer = try await visitor.post(path, json: json)
        #expect(answer.status < 300, "\(path): \(String(decoding: answer.bytes, as: UTF8.self))")
        return answer.bytes.isEmpty ? "" : try answer.json["id"]?.text ?? ""
    }

    private mutating func note(_ name: String, _ id: String) { if ids[name] == nil { ids[name] = id } }

    /// A photo for the albums, two that are a stack, and one in the trash.
    private mutating func addPhotos() async throws {
        var photos: [String] = []
        for number in 0..<4 {
            photos.append(
                try await visitor.photo(UInt64(100 * made + number), taken: "2024-05-\(10 + made)T12:00:00")["id"]?.text ?? "")
        }
        note("asset", photos[0])
        let change = #"{"rating": 5, "latitude": 50, "longitude": \#(10 + Double(made) / 100)}"#
        #expect(try await visitor.patch("/api/assets/\(photos[0])", json: change).status == 200)
        let primary = photos[1]
        note(
            "stack",
            try await add("/api/stacks", #"{"asset_ids": ["\#(photos[1])", "\#(photos[2])"], "primary_asset_id": "\#(primary)"}"#)
        )
        _ = try await add("/api/assets/trash", #"{"ids": ["\#(photos[3])"]}"#)
        if let album = ids["album"] { _ = try await add("/api/albums/\(album)/assets", #"{"asset_ids": ["\#(photos[0])"]}"#) }
        if let person = ids["person"] { try await draw(person, on: photos[0]) }
    }

    private mutating func addAlbum() async throws {
        let album = try await add("/api/albums", #"{"name": "Album \#(made)"}"#)
        note("album", album)
        _ = try await add("/api/albums/\(album)/assets", #"{"asset_ids": ["\#(ids["asset"] ?? "")"]}"#)
    }

    private mutating func addPeople() async throws {
        let named = try await add("/api/people", #"{"name": "Person \#(made)"}"#)
        let unnamed = try await add("/api/people", "{}")
        note("person", named)
        note("other_person", unnamed)
        for person in [named, unnamed] { try await draw(person, on: ids["asset"] ?? "") }
    }

    private mutating func draw(_ person: String, on asset: String) async throws {
        let box = #"{"x": 1, "y": 1, "w": 9, "h": 9}"#
        note(
            "face",
            try await add("/api/faces", #"{"asset_id": "\#(asset)", "person_id": "\#(person)", "bounding_box": \#(box)}"#))
    }

    /// A rendering of the first photo. There is at most one today, so its row is made by hand.
    private func addVersion() async throws {
        let asset = try #require(AssetID(ids["asset"] ?? ""))
        try await world.database.write { [made] tx in
            try tx.execute(
                """
                INSERT INTO asset_version (id, asset_id, position, kind, checksum, mime_type, size_bytes, created_at)
                VALUES (\(AssetVersionID(uuid: .init())), \(asset), \(made), 'edit', \([UInt8](repeating: UInt8(made), count: 32)), 'image/png', 1, 1)
                """)
        }
    }

    /// A library, a key, an invitation, and a member.
    private func addAccess() async throws {
        _ = try await add("/api/libraries", #"{"name": "Library \#(made)"}"#)
        _ = try await add("/api/api-keys/", #"{"name": "Key \#(made)"}"#)
        let guest = try await world.user("guest-\(made)")
        let policy = Invitation.Policy(role: .viewer, expiresAt: world.clock.now.adding(.seconds(3600 + made)), maxJoiners: 10)
        let link = try await world.library.invitations.create(policy, to: library, by: owner).record
        _ = try await world.library.invitations.join("\(link.invitation.id)", secret: link.secret, by: guest)
    }
}
