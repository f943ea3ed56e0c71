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
        Operation(.delete, "/api/libraries/{library_id}", "delete_library", .needs(.deletePermanently, .owner), purge),
        Operation(.post, "/api/libraries/{library_id}/trash", "trash_library", .needs(.delete, .owner), trash),
        Operation(.post, "/api/libraries/{library_id}/restore", "restore_library", .needs(.write, .owner), restore),
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
        // What a caller may not change comes before what is wrong with the values (contract §4).
        try await call.library.libraries.owned(call.path["library_id"], by: call.viewer)
        let name = try call.body.text("name").orNil.map { try Name($0) }
        let description = try call.body.text("description").orNil
        let library = try await call.library.libraries.update(
            call.path["library_id"], name: name, description: description, by: call.viewer)
        return .json(LibraryResponse(library))
    }

    static func trash(_ call: Call) async throws -> Response {
        try await call.library.libraries.trash(call.path["library_id"], by: call.viewer)
        return Acknowledgement.of(call.request)
    }

    static func restore(_ call: Call) async throws -> Response {
        .json(LibraryResponse(try await call.library.libraries.restore(call.path["library_id"], by: call.viewer)))
    }

    static func purge(_ call: Call) async throws -> Response {
        try await call.library.libraries.purge(call.path["library_id"], by: call.viewer)
        return Acknowledgement.of(call.request)
    }
}

extension LibraryResponse {
    init(_ library: Library) {
        self.init(
            id: library.id.description, assetCount: library.assetCount, createdAt: library.createdAt, name: library.name,
            owner: UserSummaryResponse(library.owner), role: library.role.rawValue,
            storageUsedBytes: library.storageUsedBytes, updatedAt: library.updatedAt, userID: library.ownerID.description,
            description: library.description,
            storageLimitBytes: library.storageLimitBytes)
    }
}
