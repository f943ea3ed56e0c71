import BanksiaAPI
import BanksiaCore
import BanksiaFiles
import BanksiaLibrary
import Hummingbird

/// Searching.
enum SearchRoutes {
    static let operations: [Operation] = [
        Operation(.get, "/api/search", "search_assets", .needs(.read, .viewer), search),
        Operation(.get, "/api/search/suggestions", "suggest_search", .needs(.read, .viewer), suggest),
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
        var query = SearchQuery(
            text: try criteria.text("query"), picture: picture, filter: try AssetFilter(ofSearch: criteria),
            threshold: try criteria.number("threshold", in: 0...1) ?? 0.8,
            page: try criteria.integer("page", in: 1...Int.max) ?? 1,
            limit: try criteria.integer("limit", in: 1...200) ?? 20, expansion: expansion)
        query.likeAsset = try criteria.text("similar_to")
        query.isLiteral = try criteria.flag("literal") ?? false
        query.isWhole = try criteria.flag("total") ?? false
        query.wantsFacets = try criteria.flag("facets") ?? false
        let explains = try criteria.flag("explain") ?? false
        query.wantsLines = explains
        let answer = try await call.library.search.answer(query, in: library, by: call.viewer)
        let links = call.links
        let data = answer.page.items.map {
            SearchResultResponse(
                asset: AssetResponse($0.asset, expansion, links), distance: $0.distance,
                explanation: explains ? $0.reasons.map { SearchReasonResponse($0) } : nil)
        }
        return .json(
            SearchResponse(
                data: data, hasMore: answer.page.hasMore, total: answer.total,
                understood: explains ? answer.readings.map { SearchReadingResponse($0) } : nil,
                facets: answer.facets.map { SearchFacetsResponse($0) }), capacity: 256 + data.count * 4608)
    }

    static func suggest(_ call: Call) async throws -> Response {
        let names = try await call.library.search.suggestions(
            for: try call.query.text("query") ?? "", limit: try call.query.integer("limit", in: 1...50) ?? 10,
            in: try await call.targetLibrary(), by: call.viewer)
        return .json(
            PageResponse(
                data: names.map { SearchNameResponse(kind: $0.kind.rawValue, name: $0.name, id: $0.id, count: $0.count) },
                hasMore: false))
    }
}

extension SearchReasonResponse {
    fileprivate init(_ reason: SearchReason) {
        self.init(
            stage: reason.stage.rawValue, distance: reason.distance, score: reason.score,
            words: reason.matches.map { Word(word: $0.word, match: $0.way.rawValue) },
            lines: reason.lines.map { TextLineResponse($0) })
    }
}

extension SearchReadingResponse {
    fileprivate init(_ reading: SearchReading) {
        self.init(
            kind: reading.kind.rawValue, text: reading.text, value: reading.value, id: reading.id, effect: reading.effect.rawValue
        )
    }
}

extension SearchFacetsResponse {
    fileprivate init(_ facets: SearchFacets) {
        func names(_ values: [SearchFacets.Value]) -> [SearchNameResponse] {
            values.map { SearchNameResponse(name: $0.name, id: $0.id, count: $0.count) }
        }
        self.init(
            people: names(facets.people), albums: names(facets.albums), places: names(facets.places),
            cameras: names(facets.cameras), mediaTypes: names(facets.mediaTypes), years: names(facets.years))
    }
}
