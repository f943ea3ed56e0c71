import BanksiaAPI
import BanksiaCore
import BanksiaLibrary
import Hummingbird

/// Listing, fetching and counting assets. Uploading is in `UploadRoute.swift`.
enum AssetRoutes {
    static let operations: [Operation] = [
        Operation(.post, "/api/assets", "upload_asset", .needs(.write, .collaborator), body: .multipart, UploadRoute.upload),
        Operation(.get, "/api/assets", "list_assets", .needs(.read, .viewer), list),
        Operation(.post, "/api/assets/exist", "check_asset_existence", .needs(.read, .viewer), body: .json, exist),
        Operation(.get, "/api/assets/counts", "count_assets", .needs(.read, .viewer), counts),
        Operation(.get, "/api/assets/geo-clusters", "get_geo_clusters", .needs(.read, .viewer), GeoClusterRoute.clusters),
        Operation(.get, "/api/assets/{asset_id}", "get_asset", .needs(.read, .viewer), get),
        Operation(.get, "/api/assets/{asset_id}/text", "get_asset_text", .needs(.read, .viewer), text),
    ]

    static func list(_ call: Call) async throws -> Response {
        let library = try await call.targetLibrary()
        let expansion = try AssetExpansion(call.query)
        let query = AssetQuery(
            filter: try AssetFilter(call.query), order: try call.query.choice("order") ?? .descending,
            startingAfter: try call.query.text("starting_after_id"), limit: try call.limit(), expansion: expansion)
        let page = try await call.library.assets.list(query, in: library, by: call.viewer)
        let links = call.links
        let answer = PageResponse(data: page.items.map { AssetResponse($0, expansion, links) }, hasMore: page.hasMore)
        // An asset in full takes about 4 KiB.
        return .json(answer, capacity: 256 + page.items.count * (expansion == .lean ? 1024 : 4608))
    }

    static func get(_ call: Call) async throws -> Response {
        let expansion = try AssetExpansion(call.query)
        let asset = try await call.library.assets.get(call.path["asset_id"], expansion, by: call.viewer)
        return .json(AssetResponse(asset, expansion, call.links), capacity: 4608)
    }

    static func text(_ call: Call) async throws -> Response {
        let text = try await call.library.assets.text(call.path["asset_id"], by: call.viewer)
        return .json(AssetTextResponse(text))
    }

    static func counts(_ call: Call) async throws -> Response {
        let library = try await call.targetLibrary()
        let query = AssetCountQuery(
            filter: try AssetFilter(call.query), bucket: try call.query.choice("group_by") ?? .month,
            order: try call.query.choice("order") ?? .descending,
            startingAfterBucket: try call.query.time("starting_after_bucket"), limit: try call.limit())
        let page = try await call.library.assets.counts(query, in: library, by: call.viewer)
        let data = page.items.map {
            AssetCountResponse(count: $0.count, timeBucket: CaptureTime(wallMicroseconds: $0.start.microseconds))
        }
        return .json(PageResponse(data: data, hasMore: page.hasMore))
    }

    static func exist(_ call: Call) async throws -> Response {
        let library = try await call.targetLibrary()
        let assets = try await call.library.assets.existing(ExistenceCriterion(call.body), in: library, by: call.viewer)
        return .json(
            AssetExistenceResponse(assets: assets.compactMap(AssetMatchResponse.init)), capacity: 256 + assets.count * 256)
    }
}

extension ExistenceCriterion {
    /// Lists of an existence check are this long at most (contract §17).
    private static let limit = 5000

    /// - Throws: 422 unless exactly one group of fields is there.
    init(_ body: JSONBody) throws(RequestProblem) {
        let checksums = try Self.list("checksums", body)
        let sha1s = try Self.list("checksum_sha1s", body)
        let deviceAssets = try Self.list("deviceAssetIds", body)
        switch (checksums, sha1s, deviceAssets, try body.text("deviceId").orNil) {
        case (let texts?, nil, nil, nil): self = .checksums(texts)
        case (nil, let texts?, nil, nil): self = .sha1s(texts)
        case (nil, nil, let ids?, let device?): self = .deviceAssets(deviceID: device, ids: ids)
        default:
            throw .invalid(
                field: "checksums",
                issue: "Send exactly one of checksums, checksum_sha1s, or deviceId together with deviceAssetIds.")
        }
    }

    private static func list(_ name: String, _ body: JSONBody) throws(RequestProblem) -> [String]? {
        guard let texts = try body.texts(name).orNil else { return nil }
        guard texts.count <= limit else { throw .invalid(field: name, issue: "\(name) may hold \(limit) values at most.") }
        return texts
    }
}

extension AssetMatchResponse {
    /// Nil for an asset that was read without its file's provenance; existence checks always read it.
    init?(_ asset: Asset) {
        guard let file = asset.file.map(FileDataResponse.init) else { return nil }
        self.init(
            id: asset.id.description, checksum: file.checksum, deviceAssetID: file.deviceAssetID, deviceID: file.deviceID,
            checksumSHA1: file.checksumSHA1)
    }
}

extension AssetTextResponse {
    init(_ text: PictureText) { self.init(lines: text.lines.map { TextLineResponse($0) }) }
}

extension TextLineResponse {
    init(_ line: PictureText.Line) {
        self.init(
            text: line.text, confidence: line.score, corners: line.corners.map { PicturePointResponse(x: $0.x, y: $0.y) })
    }
}
