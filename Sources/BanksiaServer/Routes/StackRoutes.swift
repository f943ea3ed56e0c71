import BanksiaAPI
import BanksiaCore
import BanksiaLibrary
import Hummingbird

/// Stacks.
enum StackRoutes {
    static let operations: [Operation] = [
        Operation(.get, "/api/stacks", "list_stacks", .needs(.read, .viewer), list),
        Operation(.post, "/api/stacks", "create_stack", .needs(.write, .collaborator), body: .json, create),
        Operation(.get, "/api/stacks/{stack_id}", "get_stack", .needs(.read, .viewer), get),
        Operation(.patch, "/api/stacks/{stack_id}", "set_stack_cover", .needs(.write, .collaborator), body: .json, setCover),
        Operation(.delete, "/api/stacks/{stack_id}", "delete_stack", .needs(.write, .collaborator), delete),
        Operation(
            .post, "/api/stacks/{stack_id}/assets", "add_assets_to_stack", .needs(.write, .collaborator), body: .json, addAssets),
        Operation(
            .delete, "/api/stacks/{stack_id}/assets", "remove_assets_from_stack", .needs(.write, .collaborator), body: .json,
            removeAssets),
    ]

    static func list(_ call: Call) async throws -> Response {
        let library = try await call.targetLibrary()
        let query = StackQuery(
            ids: try call.query.ids("ids"), origin: try call.query.choice("origin"),
            primary: try call.query.text("primary_asset_id"), includesMembers: try includesMembers(call.query),
            startingAfter: try call.query.text("starting_after_id"), limit: try call.limit())
        let page = try await call.library.stacks.list(query, in: library, by: call.viewer)
        return .json(PageResponse(data: page.items.map(StackResponse.init), hasMore: page.hasMore))
    }

    private static func includesMembers(_ query: Query) throws(RequestProblem) -> Bool {
        let tokens = try query.list("include")
        if let unknown = tokens.first(where: { $0 != "asset_ids" }) {
            throw .invalid(field: "include", issue: "'\(unknown)' is not asset_ids.")
        }
        return !tokens.isEmpty
    }

    static func get(_ call: Call) async throws -> Response {
        .json(StackResponse(try await call.library.stacks.get(call.path["stack_id"], by: call.viewer)))
    }

    static func create(_ call: Call) async throws -> Response {
        let viewer = try call.viewer
        let library = try await call.library.libraries.resolve(call.body.text("library_id").orNil, by: viewer)
        let stack = try await call.library.stacks.create(
            of: call.body.ids("asset_ids"), primary: call.body.text("primary_asset_id").orNil, in: library, by: viewer)
        return .json(StackResponse(stack), status: .created)
    }

    static func setCover(_ call: Call) async throws -> Response {
        let cover = try call.body.requiredText("primary_asset_id")
        return .json(
            StackResponse(try await call.library.stacks.pin(cover, in: call.path["stack_id"], by: call.viewer)))
    }

    static func addAssets(_ call: Call) async throws -> Response {
        let assets = try call.body.ids("asset_ids")
        return .json(
            StackResponse(try await call.library.stacks.add(assets, to: call.path["stack_id"], by: call.viewer)))
    }

    static func removeAssets(_ call: Call) async throws -> Response {
        try await call.library.stacks.remove(call.body.ids("asset_ids"), from: call.path["stack_id"], by: call.viewer)
        return Acknowledgement.of(call.request)
    }

    static func delete(_ call: Call) async throws -> Response {
        try await call.library.stacks.dissolve(call.path["stack_id"], by: call.viewer)
        return Acknowledgement.of(call.request)
    }
}

extension StackResponse {
    init(_ stack: Stack) {
        self.init(
            id: stack.id.description, assetCount: stack.assetCount, createdAt: stack.createdAt, origin: stack.origin.rawValue,
            updatedAt: stack.updatedAt, assetIDs: stack.assetIDs?.map(\.description),
            primaryAssetID: stack.primaryAssetID?.description)
    }
}
