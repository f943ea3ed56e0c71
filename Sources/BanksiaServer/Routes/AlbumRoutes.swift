import BanksiaAPI
import BanksiaCore
import BanksiaLibrary
import Hummingbird

/// Albums. Their members are in `AlbumAssetRoutes.swift`.
enum AlbumRoutes {
    static let operations: [Operation] = [
        Operation(.post, "/api/albums", "create_album", .needs(.write, .collaborator), body: .json, create),
        Operation(.get, "/api/albums", "list_albums", .needs(.read, .viewer), list),
        Operation(.get, "/api/albums/{album_id}", "get_album", .needs(.read, .viewer), get),
        Operation(.patch, "/api/albums/{album_id}", "update_album", .needs(.write, .collaborator), body: .json, update),
        Operation(.delete, "/api/albums/{album_id}", "delete_album", .needs(.delete, .collaborator), delete),
    ]

    static func create(_ call: Call) async throws -> Response {
        let viewer = try call.viewer
        let library = try await call.library.libraries.resolve(call.body.text("library_id").orNil, by: viewer)
        let stored = try await call.library.albums.create(
            call.body.text("name").orNil, description: call.body.text("description").orNil, in: library,
            AlbumNameRule(call.request), by: viewer)
        return .json(AlbumResponse(stored.record, call.links), status: stored.isNew ? .created : .ok)
    }

    static func list(_ call: Call) async throws -> Response {
        let library = try await call.targetLibrary()
        let query = AlbumQuery(
            ids: try call.query.ids("ids"), asset: try call.query.text("asset_id"), name: try call.query.text("name"),
            startingAfter: try call.query.text("starting_after_id"), limit: try call.limit())
        let page = try await call.library.albums.list(query, in: library, by: call.viewer)
        let links = call.links
        return .json(
            PageResponse(data: page.items.map { AlbumResponse($0, links) }, hasMore: page.hasMore),
            capacity: 256 + page.items.count * 640)
    }

    static func get(_ call: Call) async throws -> Response {
        .json(AlbumResponse(try await call.library.albums.get(call.path["album_id"], by: call.viewer), call.links))
    }

    static func update(_ call: Call) async throws -> Response {
        let edit = AlbumEdit(
            name: try call.body.text("name").orNil.map { try Name($0) },
            description: AlbumEdit.Field(try call.body.text("description")),
            cover: AlbumEdit.Field(try call.body.text("album_cover_asset_id")))
        let album = try await call.library.albums.update(
            call.path["album_id"], edit, AlbumNameRule(call.request), by: call.viewer)
        return .json(AlbumResponse(album, call.links))
    }

    static func delete(_ call: Call) async throws -> Response {
        try await call.library.albums.delete(call.path["album_id"], by: call.viewer)
        return Acknowledgement.of(call.request)
    }
}

extension AlbumNameRule {
    fileprivate init(_ request: Request) { self = ClientGeneration(request.headers).reusesAlbumNames ? .reuseEqual : .alwaysNew }
}

extension AlbumEdit.Field {
    fileprivate init(_ given: Given<String>) {
        self =
            switch given {
            case .absent: .unchanged
            case .null: .cleared
            case .value(let text): .set(text)
            }
    }
}

extension AlbumResponse {
    init(_ album: Album, _ links: MediaLinks) {
        self.init(
            id: album.id.description, assetCount: album.assetCount, createdAt: album.createdAt, name: album.name,
            updatedAt: album.updatedAt, albumCoverAssetID: album.coverAssetID?.description, assetURLs: links.cover(of: album),
            description: album.description ?? "", endDate: album.endDate, startDate: album.startDate)
    }
}
