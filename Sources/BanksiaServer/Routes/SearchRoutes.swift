import BanksiaAPI
import BanksiaCore
import BanksiaFiles
import BanksiaLibrary
import Hummingbird

/// Searching.
enum SearchRoutes {
    static let operations: [Operation] = [
        Operation(.get, "/api/search", "search_assets", .needs(.read, .viewer), search),
        Operation(
            .post, "/api/search", "search_assets_multipart", .needs(.read, .viewer), body: .multipart, searchWithForm),
    ]

    static func search(_ call: Call) async throws -> Response {
        try await answer(call.query, picture: nil, in: try await call.targetLibrary(), call)
    }

    /// The same with the criteria in a form, which may hold a picture. What to show of the assets stays in the query.
    static func searchWithForm(_ call: Call) async throws -> Response {
        let viewer = try call.viewer
        let boundary = try MultipartBoundary.of(call.request.headers)
        let files = call.parts.files
        let form = try await SearchForm.receive(call.request.body, boundary: boundary, into: files)
        do {
            let library = try await call.library.libraries.resolve(form.fields.text("library_id"), by: viewer)
            let response = try await answer(form.fields, picture: form.picture, in: library, call)
            if let picture = form.picture { await files.discard(picture) }
            return response
        } catch {
            if let picture = form.picture { await files.discard(picture) }
            throw error
        }
    }

    private static func answer(_ criteria: Query, picture: StagedFile?, in library: LibraryID, _ call: Call) async throws
        -> Response
    {
        let expansion = try AssetExpansion(call.query)
        let query = SearchQuery(
            text: try criteria.text("query"), picture: picture, filter: try AssetFilter(criteria),
            threshold: try criteria.number("threshold", in: 0...1) ?? 0.8,
            page: try criteria.integer("page", in: 1...Int.max) ?? 1,
            limit: try criteria.integer("limit", in: 1...200) ?? 20, expansion: expansion)
        let page = try await call.library.search.find(query, in: library, by: call.viewer)
        let links = call.links
        let data = page.items.map {
            SearchResultResponse(asset: AssetResponse($0.asset, expansion, links), distance: $0.distance)
        }
        return .json(PageResponse(data: data, hasMore: page.hasMore), capacity: 256 + data.count * 4608)
    }
}
