import BanksiaAPI
import BanksiaCore
import BanksiaLibrary
import Hummingbird

/// Searching.
enum SearchRoutes {
    static let operations: [Operation] = [
        Operation(.get, "/api/search", "search_assets", .needs(.read, .viewer), search)
    ]

    static func search(_ call: Call) async throws -> Response {
        let library = try await call.targetLibrary()
        let expansion = try AssetExpansion(call.query)
        let query = SearchQuery(
            text: try call.query.text("query"), filter: try AssetFilter(call.query),
            threshold: try call.query.number("threshold", in: 0...1) ?? 0.8,
            page: try call.query.integer("page", in: 1...Int.max) ?? 1,
            limit: try call.limit(), expansion: expansion)
        let page = try await call.library.search.find(query, in: library, by: call.viewer)
        let links = call.links
        let data = page.items.map {
            SearchResultResponse(asset: AssetResponse($0.asset, expansion, links), distance: $0.distance)
        }
        return .json(PageResponse(data: data, hasMore: page.hasMore), capacity: 256 + data.count * 4608)
    }
}
