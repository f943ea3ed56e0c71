import BanksiaAPI
import BanksiaCore
import BanksiaLibrary
import Hummingbird
import NIOCore

/// What is in albums.
enum AlbumAssetRoutes {
    static let operations: [Operation] = [
        Operation(
            .post, "/api/albums/{album_id}/assets", "add_assets_to_album", .needs(.write, .collaborator), body: .json, add),
        Operation(
            .delete, "/api/albums/{album_id}/assets", "remove_assets_from_album", .needs(.write, .collaborator), body: .json,
            remove),
        Operation(.get, "/api/albums/{album_id}/assets", "list_assets_in_album", .needs(.read, .viewer), assets),
        Operation(.get, "/api/album-assets", "list_album_assets", .needs(.read, .viewer), list),
        Operation(.get, "/api/album-assets/{album_asset_id}", "get_album_asset", .needs(.read, .viewer), get),
    ]

    static func add(_ call: Call) async throws -> Response {
        let addition = try await call.library.albums.add(
            call.body.ids("asset_ids"), to: call.path["album_id"], by: call.viewer)
        return .json(
            AlbumAssetsAddResponse(
                addedAssets: addition.added.map(\.description), duplicateAssets: addition.duplicates.map(\.description),
                notFoundAssets: addition.notFound))
    }

    static func remove(_ call: Call) async throws -> Response {
        try await call.library.albums.remove(call.body.ids("asset_ids"), from: call.path["album_id"], by: call.viewer)
        return Acknowledgement.of(call.request)
    }

    static func list(_ call: Call) async throws -> Response {
        let library = try await call.targetLibrary()
        let query = AlbumAssetQuery(
            ids: try call.query.ids("ids"), album: try call.query.text("album_id"), asset: try call.query.text("asset_id"),
            startingAfter: try call.query.text("starting_after_id"), limit: try call.limit())
        let page = try await call.library.albums.links(query, in: library, by: call.viewer)
        return .json(
            PageResponse(data: page.items.map(AlbumAssetResponse.init), hasMore: page.hasMore),
            capacity: 256 + page.items.count * 256)
    }

    static func get(_ call: Call) async throws -> Response {
        .json(AlbumAssetResponse(try await call.library.albums.link(call.path["album_asset_id"], by: call.viewer)))
    }

    // MARK: The first clients' list

    /// All live assets of an album as one array, which has no bound; so it is sent as it is read, page by page.
    static func assets(_ call: Call) async throws -> Response {
        let viewer = try call.viewer
        let album = try await call.library.albums.get(call.path["album_id"], by: viewer)
        let first = try await members(of: album, after: nil, call)
        return Response(
            status: .ok, headers: [.contentType: "application/json"],
            body: ResponseBody { writer in
                var page = first
                try await writer.write(bytes(of: page.items, opening: "[", call))
                while page.hasMore, let last = page.items.last {
                    page = try await members(of: album, after: last, call)
                    try await writer.write(bytes(of: page.items, opening: page.items.isEmpty ? "" : ",", call))
                }
                try await writer.write(ByteBuffer(string: "]"))
                try await writer.finish(nil)
                withExtendedLifetime(call.pass) {}
            })
    }

    private static func members(of album: Album, after last: Asset?, _ call: Call) async throws -> Page<Asset> {
        let query = AssetQuery(
            filter: AssetFilter(album: .inAll([album.id])), startingAfter: last?.id.description, limit: 200)
        return try await call.library.assets.list(query, in: album.libraryID, by: call.viewer)
    }

    /// A part of an array, without its brackets.
    private static func bytes(of assets: [Asset], opening: String, _ call: Call) -> ByteBuffer {
        let links = call.links
        var buffer = ByteBuffer(string: opening)
        for (index, asset) in assets.enumerated() {
            if index > 0 { buffer.writeString(",") }
            buffer.writeImmutableBuffer(JSONWriter.bytes(of: AssetResponse(asset, .full, links), capacity: 4608))
        }
        return buffer
    }
}

extension AlbumAssetResponse {
    init(_ link: AlbumAsset) {
        self.init(
            id: link.id.description, albumID: link.albumID.description, assetID: link.assetID.description,
            createdAt: link.createdAt, updatedAt: link.updatedAt)
    }
}
