import BanksiaFiles
import BanksiaLibrary
import Hummingbird

/// The bytes of assets, and the portraits of faces.
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
        Operation(.get, "/api/faces/{face_id}/variants/{variant}", "get_face_variant", .media, faceVariant),
        Operation(.head, "/api/faces/{face_id}/variants/{variant}", "head_face_variant", .media, faceVariant),
        Operation(.get, "/api/faces/{face_id}/thumbnail", "download_face_thumbnail", .needs(.read, .viewer), faceThumbnail),
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

    static func faceVariant(_ call: Call) async throws -> Response {
        guard call.path["variant"] == Variant.thumbnail.rawValue else { throw FaceProblem.notFound }
        return try await sendPortrait(isPermanent: try call.query.text("v") != nil, call)
    }

    static func faceThumbnail(_ call: Call) async throws -> Response { try await sendPortrait(isPermanent: false, call) }

    private static func sendPortrait(isPermanent: Bool, _ call: Call) async throws -> Response {
        let delivery = try await call.library.renditions.open(portraitOf: call.path["face_id"], for: permission(call))
        return try await send(delivery, isPermanent: isPermanent, call)
    }

    private static func permission(_ call: Call) throws -> Renditions.Permission {
        guard let caller = call.caller else { return .signedURL }
        try caller.require(.read)
        return .viewer(caller)
    }

    /// - Parameter version: nil for the current rendering, whose bytes may be others tomorrow.
    private static func send(_ variant: String, version: String?, _ call: Call) async throws -> Response {
        let delivery = try await call.library.renditions.open(
            variant, of: call.path["asset_id"], version: version, for: permission(call))
        return try await send(delivery, isPermanent: version != nil, call)
    }

    /// The current rendering of an asset in one of its sizes, for who is asking.
    static func whole(_ size: String, of asset: String, _ call: Call) async throws -> Response {
        try await send(
            call.library.renditions.open(size, of: asset, for: .viewer(call.viewer)), isPermanent: false, call)
    }

    private static func send(_ delivery: Delivery, isPermanent: Bool, _ call: Call) async throws -> Response {
        var delivery = delivery
        // A signed address says under which name its bytes are to be saved.
        if let name = try call.query.text("dl") { delivery.fileName = name }
        do {
            return try await FileResponse(delivery: delivery, isPermanent: isPermanent).response(to: call)
        } catch FileProblem.missing {
            let restored = try await call.library.renditions.restore(delivery)
            return try await FileResponse(delivery: restored, isPermanent: isPermanent).response(to: call)
        }
    }
}
