import BanksiaAPI
import BanksiaCore
import BanksiaFiles
import BanksiaLibrary
import Foundation
import HTTPTypes
import Hummingbird

/// The XMP files beside assets: a Banksia addition.
enum SidecarRoutes {
    static let operations: [Operation] = [
        Operation(.get, "/api/assets/{asset_id}/sidecar", "get_asset_sidecar", .needs(.read, .viewer), get),
        Operation(
            .put, "/api/assets/{asset_id}/sidecar", "put_asset_sidecar", .needs(.write, .collaborator), body: .multipart, put),
        Operation(.delete, "/api/assets/{asset_id}/sidecar", "delete_asset_sidecar", .needs(.delete, .collaborator), delete),
        Operation(
            .get, "/api/assets/{asset_id}/sidecar/file", "download_asset_sidecar", .needs(.read, .viewer), download),
    ]

    /// The field of an upload that may hold a sidecar.
    static let beside = UploadForm.Companion(field: "sidecar_data", limit: Sidecar.maximumBytes)

    static func get(_ call: Call) async throws -> Response {
        .json(SidecarResponse(try await call.library.sidecars.get(beside: call.path["asset_id"], by: call.viewer)))
    }

    static func put(_ call: Call) async throws -> Response {
        let viewer = try call.viewer
        let boundary = try MultipartBoundary.of(call.request.headers)
        let form = try await UploadForm.receive(
            call.request.body, boundary: boundary, fileField: "file", into: call.parts.files, atMost: Sidecar.maximumBytes)
        let stored = try await form.keepingNothingOnFailure(in: call.parts.files) {
            // Who may not see the asset is told so, whatever the file is.
            _ = try await call.library.assets.get(call.path["asset_id"], .lean, by: viewer)
            let sidecar = try await call.library.sidecars.read(form.file, named: form.fileName, field: "file")
            return try await call.library.sidecars.keep(sidecar, beside: call.path["asset_id"], by: viewer)
        }
        return .json(SidecarResponse(stored.record), status: stored.isNew ? .created : .ok)
    }

    static func delete(_ call: Call) async throws -> Response {
        try await call.library.sidecars.delete(beside: call.path["asset_id"], by: call.viewer)
        return Response(status: .noContent)
    }

    static func download(_ call: Call) async throws -> Response {
        let sidecar = try await call.library.sidecars.get(beside: call.path["asset_id"], by: call.viewer)
        return try await FileResponse(delivery: sidecar.delivery, isPermanent: false).response(to: call)
    }
}

extension SidecarResponse {
    init(_ sidecar: Sidecar) {
        self.init(
            assetID: sidecar.assetID.description, checksum: Data(sidecar.checksum.bytes).base64EncodedString(),
            createdAt: sidecar.createdAt, fileName: sidecar.fileName, fileSizeBytes: sidecar.sizeBytes,
            updatedAt: sidecar.updatedAt)
    }
}
