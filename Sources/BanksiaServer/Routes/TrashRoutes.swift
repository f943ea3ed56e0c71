import BanksiaLibrary
import Hummingbird

/// The trash, and deletion for good.
enum TrashRoutes {
    static let operations: [Operation] = [
        Operation(.post, "/api/assets/trash", "trash_assets", .needs(.delete, .collaborator), body: .json, trash),
        Operation(.post, "/api/assets/restore", "restore_assets", .needs(.write, .collaborator), body: .json, restore),
        Operation(.post, "/api/assets/empty-trash", "empty_trash", .needs(.deletePermanently, .owner), empty),
        Operation(.delete, "/api/assets", "delete_assets", .needs(.deletePermanently, .owner), body: .json, deleteSeveral),
        Operation(.delete, "/api/assets/{asset_id}", "delete_asset", .needs(.deletePermanently, .owner), delete),
    ]

    static func trash(_ call: Call) async throws -> Response {
        let library = try await call.targetLibrary()
        try await call.library.assets.trash(call.body.ids("ids"), in: library, by: call.viewer)
        return Acknowledgement.of(call.request)
    }

    static func restore(_ call: Call) async throws -> Response {
        let library = try await call.targetLibrary()
        try await call.library.assets.restore(call.body.ids("ids"), in: library, by: call.viewer)
        return Acknowledgement.of(call.request)
    }

    static func empty(_ call: Call) async throws -> Response {
        let library = try await call.targetLibrary()
        try await call.library.assets.emptyTrash(of: library, by: call.viewer)
        return Acknowledgement.of(call.request)
    }

    static func delete(_ call: Call) async throws -> Response {
        try await call.library.assets.delete(call.path["asset_id"], by: call.viewer)
        return Acknowledgement.of(call.request)
    }

    static func deleteSeveral(_ call: Call) async throws -> Response {
        let library = try await call.targetLibrary()
        try await call.library.assets.delete(call.body.ids("ids"), in: library, by: call.viewer)
        return Acknowledgement.of(call.request)
    }
}
