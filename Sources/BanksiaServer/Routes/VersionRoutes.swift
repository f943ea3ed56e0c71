import BanksiaAPI
import BanksiaCore
import BanksiaFiles
import BanksiaLibrary
import BanksiaMedia
import Foundation
import Hummingbird
import NIOCore

/// The renderings of assets.
enum VersionRoutes {
    static let operations: [Operation] = [
        Operation(.get, "/api/assets/{asset_id}/versions", "list_asset_versions", .needs(.read, .viewer), list),
        Operation(
            .post, "/api/assets/{asset_id}/versions", "append_asset_version", .needs(.write, .collaborator), body: .multipart,
            append),
        Operation(
            .post, "/api/assets/{asset_id}/versions/{version_id}/replace", "replace_asset_version",
            .needs(.write, .collaborator), body: .multipart, replace),
        Operation(
            .post, "/api/assets/{asset_id}/versions/{version_id}/revert", "revert_asset_version",
            .needs(.delete, .collaborator), revert),
        Operation(
            .delete, "/api/assets/{asset_id}/versions/{version_id}", "delete_asset_version", .needs(.delete, .collaborator),
            delete),
    ]

    static func list(_ call: Call) async throws -> Response {
        let all = try includesAllVariants(call.query)
        let found = try await call.library.versions.list(of: call.path["asset_id"], by: call.viewer)
        let links = call.links
        return .json(found.versions.map { AssetVersionResponse($0, of: found.asset, all: all, links) })
    }

    static func append(_ call: Call) async throws -> Response {
        try await receive(call) { new, viewer in
            try await call.library.versions.append(new, to: call.path["asset_id"], by: viewer)
        }
    }

    static func replace(_ call: Call) async throws -> Response {
        try await receive(call) { new, viewer in
            try await call.library.versions.replace(
                call.path["version_id"], of: call.path["asset_id"], with: new, by: viewer)
        }
    }

    static func revert(_ call: Call) async throws -> Response {
        let asset = try await call.library.versions.revert(
            to: call.path["version_id"], of: call.path["asset_id"],
            expecting: call.query.text("expected_current_version_id"), by: call.viewer)
        return .json(AssetResponse(asset, .full, call.links), capacity: 4608)
    }

    static func delete(_ call: Call) async throws -> Response {
        let asset = try await call.library.versions.delete(
            call.path["version_id"], of: call.path["asset_id"],
            expecting: call.query.text("expected_current_version_id"), by: call.viewer)
        return .json(AssetResponse(asset, .full, call.links), capacity: 4608)
    }

    /// Receives a rendering and hands it to the library.
    private static func receive(
        _ call: Call, _ take: (NewVersion, Viewer) async throws -> Stored<AssetVersions>
    ) async throws -> Response {
        let viewer = try call.viewer
        let boundary = try MultipartBoundary.of(call.request.headers)
        let all = try includesAllVariants(call.query)
        let form = try await UploadForm.receive(
            call.request.body, boundary: boundary, fileField: "file", into: call.parts.files, atMost: NewVersion.maximumBytes)
        let stored = try await form.keepingNothingOnFailure(in: call.parts.files) {
            try await take(try NewVersion(form), viewer)
        }
        guard let version = stored.record.versions.first else { throw VersionProblem.notFound }
        return .json(
            AssetVersionResponse(version, of: stored.record.asset, all: all, call.links),
            status: stored.isNew ? .created : .ok)
    }

    /// `include=variants`; there is no other token.
    private static func includesAllVariants(_ query: Query) throws(RequestProblem) -> Bool {
        let tokens = try query.list("include")
        guard tokens.allSatisfy({ $0 == "variants" }) else {
            throw .invalid(field: "include", issue: "include knows only variants.")
        }
        return !tokens.isEmpty
    }
}

extension NewVersion {
    /// Reads the fields beside the file.
    fileprivate init(_ form: UploadForm) throws {
        let kind = try Kind(form.required("kind"))
        let params = try form.required("params")
        guard params.utf8.count <= Self.maximumParamsBytes, case .object(let fields)? = try? JSONReader.read(Array(params.utf8))
        else {
            throw VersionProblem.params  // what is wrong with the text says less than what it has to be
        }
        let canonical = JSONWriter.bytes(of: JSONValue.object(fields), capacity: params.utf8.count + 64)
        self.init(staged: form.file, kind: kind, params: String(buffer: canonical), declaredType: form.fileType)
    }
}

extension JSONValue: JSONWritable {
    /// The keys of objects in order, so that equal values have equal texts; numbers as they were spelled.
    func write(to writer: inout JSONWriter) {
        switch self {
        case .null: writer.null()
        case .bool(let value): writer.bool(value)
        case .number(_, let spelling): writer.json(spelling)
        case .string(let text): writer.string(text)
        case .array(let elements): elements.write(to: &writer)
        case .object(let fields):
            writer.object {
                for (key, value) in fields.sorted(by: { $0.key < $1.key }) {
                    $0.key(dynamic: key)
                    value.write(to: &$0)
                }
            }
        }
    }
}

extension AssetVersionResponse {
    /// - Parameter all: whether to name every rung, and the file itself.
    init(_ version: AssetVersion, of asset: Asset, all: Bool, _ links: MediaLinks) {
        self.init(
            id: version.id.description, checksum: Data(version.checksum.bytes).base64EncodedString(),
            fileSizeBytes: version.sizeBytes, height: version.size?.height ?? 0, kind: version.kind, mimeType: version.mimeType,
            position: version.position, width: version.size?.width ?? 0, params: version.params,
            versionURLs: links.variants(of: version, asset, all: all))
    }
}
