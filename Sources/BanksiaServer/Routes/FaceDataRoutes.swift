import BanksiaAPI
import BanksiaCore
import BanksiaLibrary
import Hummingbird

/// All that a library knows of faces, and an end to it.
enum FaceDataRoutes {
    static let operations: [Operation] = [
        Operation(.get, "/api/libraries/{library_id}/faces", "get_face_data", .needs(.read, .viewer), get),
        Operation(
            .patch, "/api/libraries/{library_id}/faces", "update_face_data", .needs(.write, .owner), body: .json, update),
        Operation(
            .delete, "/api/libraries/{library_id}/faces", "delete_face_data", .needs(.deletePermanently, .owner), delete),
    ]

    static func get(_ call: Call) async throws -> Response {
        .json(FaceDataResponse(try await call.library.faces.data(of: call.path["library_id"], by: call.viewer)))
    }

    static func update(_ call: Call) async throws -> Response {
        // What a caller may not change comes before what is wrong with the values (contract §4).
        try await call.library.libraries.owned(call.path["library_id"], by: call.viewer)
        guard let isWanted = try call.body.flag("finds_faces").orNil else { return try await get(call) }
        return .json(
            FaceDataResponse(try await call.library.faces.find(isWanted, in: call.path["library_id"], by: call.viewer)))
    }

    static func delete(_ call: Call) async throws -> Response {
        try await call.library.faces.deleteAll(in: call.path["library_id"], by: call.viewer)
        return Acknowledgement.of(call.request)
    }
}

extension FaceDataResponse {
    fileprivate init(_ data: FaceData) {
        self.init(
            libraryID: data.library.description, faceCount: data.faces, findsFaces: data.findsFaces, personCount: data.people)
    }
}
