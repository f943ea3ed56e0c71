import BanksiaFiles
import BanksiaLibrary
import Hummingbird

/// The bytes of assets.
enum MediaRoutes {
    static let operations: [Operation] = [
        Operation(.get, "/api/assets/{asset_id}/variants/{variant}", "get_asset_variant", .media, variant),
        Operation(.head, "/api/assets/{asset_id}/variants/{variant}", "head_asset_variant", .media, variant),
        Operation(
            .get, "/api/assets/{asset_id}/versions/{version_id}/variants/{variant}", "get_asset_version_variant", .media,
            versionVariant),
        Operation(
            .head, "/api/assets/{asset_id}/versions/{version_id}/variants/{variant}", "head_asset_version_variant", .media,
            versionVariant),
        Operation(.get, "/api/assets/{asset_id}/download", "download_asset", .needs(.read, .viewer), download),
        Operation(.get, "/api/assets/{asset_id}/thumbnail", "download_asset_thumbnail", .needs(.read, .viewer), thumbnail),
    ]

    static func variant(_ call: Call) async throws -> Response {
        try await send(call.path["variant"], version: call.query.text("v").map(MediaTag.version), call)
    }

    static func versionVariant(_ call: Call) async throws -> Response {
        try await send(call.path["variant"], version: call.path["version_id"], call)
    }

    static func download(_ call: Call) async throws -> Response { try await send(Variant.original.rawValue, version: nil, call) }

    static func thumbnail(_ call: Call) async throws -> Response {
        let known: [Variant] = [.thumbnail, .small, .preview, .fullsize]
        let size = try call.query.text("size").flatMap(Variant.init).flatMap { known.contains($0) ? $0 : nil }
        return try await send((size ?? .thumbnail).rawValue, version: nil, call)
    }

    /// - Parameter version: nil for the current rendering, whose bytes may be others tomorrow.
    private static func send(_ variant: String, version: String?, _ call: Call) async throws -> Response {
        let permission = call.caller.map(Renditions.Permission.viewer) ?? .signedURL
        if let caller = call.caller { try caller.require(.read) }
        let delivery = try await call.library.renditions.open(
            variant, of: call.path["asset_id"], version: version, for: permission)
        do {
            return try await FileResponse(delivery: delivery, isPermanent: version != nil).response(to: call)
        } catch FileProblem.missing {
            let restored = try await call.library.renditions.restore(delivery)
            return try await FileResponse(delivery: restored, isPermanent: version != nil).response(to: call)
        }
    }
}
