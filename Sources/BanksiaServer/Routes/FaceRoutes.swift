import BanksiaAPI
import BanksiaCore
import BanksiaLibrary
import Hummingbird

/// Faces. Their crops are in `MediaRoutes.swift`.
enum FaceRoutes {
    static let operations: [Operation] = [
        Operation(.post, "/api/faces", "create_face", .needs(.write, .collaborator), body: .json, create),
        Operation(.get, "/api/faces", "list_faces", .needs(.read, .viewer), list),
        Operation(.get, "/api/faces/{face_id}", "get_face", .needs(.read, .viewer), get),
        Operation(.patch, "/api/faces/{face_id}", "update_face", .needs(.write, .collaborator), body: .json, update),
        Operation(.delete, "/api/faces/{face_id}", "delete_face", .needs(.delete, .collaborator), delete),
    ]

    static func create(_ call: Call) async throws -> Response {
        let library = try await call.library.libraries.resolve(call.body.text("library_id").orNil, by: call.viewer)
        let face = try await call.library.faces.draw(
            FaceBox(call.body), on: call.body.requiredText("asset_id"), of: call.body.text("person_id").orNil, in: library,
            by: call.viewer)
        return .json(FaceResponse(face, call.links), status: .created)
    }

    static func list(_ call: Call) async throws -> Response {
        let library = try await call.targetLibrary()
        let wantsNeighbours = try wantsNeighbours(call)
        let query = try FaceQuery(call)
        let page = try await call.library.faces.list(query, in: library, by: call.viewer)
        let near =
            wantsNeighbours ? try await call.library.faces.neighbours(of: page.items, in: library, by: call.viewer) : [:]
        let links = call.links
        let answer = PageResponse(data: page.items.map { FaceResponse($0, links, near[$0.id]) }, hasMore: page.hasMore)
        return .json(answer, capacity: 256 + page.items.count * 640)
    }

    static func get(_ call: Call) async throws -> Response {
        let wantsNeighbours = try wantsNeighbours(call)
        let face = try await call.library.faces.get(
            call.path["face_id"], in: call.query.text("library_id"), by: call.viewer)
        let near =
            wantsNeighbours ? try await call.library.faces.neighbours(of: [face], in: face.libraryID, by: call.viewer) : [:]
        return .json(FaceResponse(face, call.links, near[face.id]))
    }

    static func update(_ call: Call) async throws -> Response {
        let (id, library) = (call.path["face_id"], try call.query.text("library_id"))
        let face =
            switch try call.body.text("person_id") {
            case .absent: try await call.library.faces.keep(id, in: library, by: call.viewer)
            case .null: try await call.library.faces.assign(id, to: nil, in: library, by: call.viewer)
            case .value(let person): try await call.library.faces.assign(id, to: person, in: library, by: call.viewer)
            }
        return .json(FaceResponse(face, call.links))
    }

    static func delete(_ call: Call) async throws -> Response {
        try await call.library.faces.delete(call.path["face_id"], in: call.query.text("library_id"), by: call.viewer)
        return Acknowledgement.of(call.request)
    }

    /// Distances to people are told when they are asked for.
    private static func wantsNeighbours(_ call: Call) throws(RequestProblem) -> Bool {
        try call.query.requireTokens("include", amongst: ["cluster_assignment"])
        return try !call.query.list("include").isEmpty
    }
}

extension FaceResponse {
    init(_ face: Face, _ links: MediaLinks, _ near: FaceNeighbours? = nil) {
        self.init(
            id: face.id.description, assetID: face.assetID.description,
            boundingBox: BoundingBoxResponse(x: face.box.x, y: face.box.y, w: face.box.width, h: face.box.height),
            createdAt: face.createdAt, source: face.source.rawValue, updatedAt: face.updatedAt,
            assetURLs: links.crop(of: face.id), clusterAssignment: near.map { ClusterAssignmentResponse($0) },
            confidence: face.confidence,
            personID: face.personID?.description, timestampMs: face.timestampMs)
    }
}

extension ClusterAssignmentResponse {
    fileprivate init(_ near: FaceNeighbours) {
        self.init(
            candidates: near.candidates.map {
                ClusterCandidateResponse(distance: $0.distance, personID: $0.person.description, name: $0.name)
            }, distanceToPerson: near.distanceToPerson)
    }
}
