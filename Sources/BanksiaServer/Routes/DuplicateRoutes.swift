import BanksiaAPI
import BanksiaCore
import BanksiaLibrary
import Hummingbird

/// Photos that show the same picture: a Banksia addition.
enum DuplicateRoutes {
    static let operations: [Operation] = [
        Operation(.get, "/api/duplicates", "list_near_duplicates", .needs(.read, .viewer), list)
    ]

    static func list(_ call: Call) async throws -> Response {
        let library = try await call.targetLibrary()
        let page = try await call.library.nearDuplicates.list(
            in: library, after: call.query.text("starting_after_id"), limit: call.limit(), by: call.viewer)
        let groups = page.items.map { DuplicateGroupResponse(assetIDs: $0.assets.map(\.description)) }
        return .json(PageResponse(data: groups, hasMore: page.hasMore))
    }
}
