import BanksiaAPI
import BanksiaCore
import BanksiaLibrary
import Hummingbird

/// Albums.
enum AlbumRoutes {
    static let operations: [Operation] = [
        Operation(.post, "/api/albums", "create_album", .needs(.write, .collaborator), body: .json, create),
        Operation(
            .post, "/api/albums/{album_id}/assets", "add_assets_to_album", .needs(.write, .collaborator), body: .json, addAssets),
    ]

    static func create(_ call: Call) async throws -> Response {
        let viewer = try call.viewer
        let rule: AlbumNameRule = ClientGeneration(call.request.headers).reusesAlbumNames ? .reuseEqual : .alwaysNew
        let library = try await call.library.libraries.resolve(call.body.text("library_id").orNil, by: viewer)
        let stored = try await call.library.albums.create(
            call.body.text("name").orNil, description: call.body.text("description").orNil, in: library, rule, by: viewer)
        return .json(AlbumResponse(stored.record, call.links), status: stored.isNew ? .created : .ok)
    }

    static func addAssets(_ call: Call) async throws -> Response {
        let addition = try await call.library.albums.add(
            call.body.ids("asset_ids"), to: call.path["album_id"], by: call.viewer)
        return .json(
            AlbumAssetsAddResponse(
                addedAssets: addition.added.map(\.description), duplicateAssets: addition.duplicates.map(\.description),
                notFoundAssets: addition.notFound))
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
