import BanksiaAPI
import BanksiaCore
import BanksiaLibrary
import Hummingbird

/// Libraries.
enum LibraryRoutes {
    static let operations: [Operation] = [
        Operation(.get, "/api/libraries", "list_libraries", .needs(.read, .viewer), list),
        Operation(.post, "/api/libraries", "create_library", .needs(.write, .owner), body: .json, create),
        Operation(.get, "/api/libraries/{library_id}", "get_library", .needs(.read, .viewer), get),
        Operation(.patch, "/api/libraries/{library_id}", "update_library", .needs(.write, .owner), body: .json, update),
    ]

    static func list(_ call: Call) async throws -> Response {
        let libraries = try await call.library.libraries.list(call.query.choice("state") ?? .live, by: call.viewer)
        return .json(libraries.map(LibraryResponse.init))
    }

    static func create(_ call: Call) async throws -> Response {
        let name = try Name(call.body.requiredText("name"))
        let stored = try await call.library.libraries.create(
            name, description: call.body.text("description").orNil, by: call.viewer)
        return .json(LibraryResponse(stored.record), status: stored.isNew ? .created : .ok)
    }

    static func get(_ call: Call) async throws -> Response {
        .json(LibraryResponse(try await call.library.libraries.get(call.path["library_id"], by: call.viewer)))
    }

    static func update(_ call: Call) async throws -> Response {
        let name = try call.body.text("name").orNil.map { try Name($0) }
        let description = try call.body.text("description").orNil
        let library = try await call.library.libraries.update(
            call.path["library_id"], name: name, description: description, by: call.viewer)
        return .json(LibraryResponse(library))
    }
}

extension LibraryResponse {
    init(_ library: Library) {
        let owner = library.ownerID.description
        self.init(
            id: library.id.description, assetCount: library.assetCount, createdAt: library.createdAt, name: library.name,
            owner: UserSummaryResponse(id: owner, displayName: library.ownerName), role: library.role.rawValue,
            storageUsedBytes: library.storageUsedBytes, updatedAt: library.updatedAt, userID: owner,
            description: library.description,
            storageLimitBytes: library.storageLimitBytes)
    }
}
