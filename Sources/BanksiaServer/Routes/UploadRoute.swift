import BanksiaAPI
import BanksiaCore
import BanksiaLibrary
import Hummingbird

/// `POST /api/assets`.
enum UploadRoute {
    static func upload(_ call: Call) async throws -> Response {
        let viewer = try call.viewer
        let boundary = try MultipartBoundary.of(call.request.headers)
        let form = try await UploadForm.receive(
            call.request.body, boundary: boundary, fileField: "asset_data", into: call.parts.files,
            atMost: call.parts.configuration.maximumUploadBytes, with: SidecarRoutes.beside)
        let stored = try await form.keepingNothingOnFailure(in: call.parts.files) {
            let new = NewAsset(
                staged: form.file, fileName: form.fileName, deviceAssetID: try form.identifier("device_asset_id"),
                deviceID: try form.identifier("device_id"), fileCreatedAt: try form.time("file_created_at"),
                fileModifiedAt: try form.time("file_modified_at"))
            let library = try await call.library.libraries.resolve(form.fields["library_id"], for: .uploading, by: viewer)
            guard let companion = form.companion else {
                return try await call.library.assets.upload(new, into: library, by: viewer)
            }
            // Read first: with what is no sidecar, the whole upload is refused and nothing is left.
            let sidecar = try await call.library.sidecars.read(
                companion.staged, named: companion.name, field: SidecarRoutes.beside.field)
            let stored = try await call.library.assets.upload(new, into: library, by: viewer)
            let id = stored.record.id.description
            try await call.library.sidecars.keep(sidecar, beside: id, .leavesOld, by: viewer)
            return Stored(try await call.library.assets.get(id, by: viewer), isNew: stored.isNew)
        }
        let answer = AssetResponse(stored.record, .full, call.links)
        return .json(answer, status: stored.isNew ? .created : .ok, capacity: 4608)
    }
}
