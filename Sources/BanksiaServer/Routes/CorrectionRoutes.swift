import BanksiaAPI
import BanksiaCore
import BanksiaLibrary
import Hummingbird

/// What users said about people and faces, and taking it back.
enum CorrectionRoutes {
    static let operations: [Operation] = [
        Operation(.get, "/api/undo", "list_corrections", .needs(.read, .viewer), list),
        Operation(.post, "/api/undo/{correction_id}", "undo_correction", .needs(.write, .collaborator), undo),
        Operation(.post, "/api/people/{person_id}/split", "split_person", .needs(.write, .collaborator), body: .json, split),
        Operation(.post, "/api/faces/{face_id}/ignore", "ignore_face", .needs(.write, .collaborator), ignore),
    ]

    static func list(_ call: Call) async throws -> Response {
        let library = try await call.targetLibrary()
        let person = try call.query.text("person_id")
        var query = CorrectionQuery(
            person: person.flatMap { PersonID($0) }, startingAfter: try call.query.text("starting_after_id"),
            limit: try call.limit())
        query.matchesNothing = person != nil && query.person == nil
        let page = try await call.library.corrections.list(query, in: library, by: call.viewer)
        return .json(PageResponse(data: page.items.map { CorrectionResponse($0) }, hasMore: page.hasMore))
    }

    static func undo(_ call: Call) async throws -> Response {
        .json(CorrectionResponse(try await call.library.corrections.undo(call.path["correction_id"], by: call.viewer)))
    }

    static func split(_ call: Call) async throws -> Response {
        let faces = try call.body.ids("face_ids")
        let person = try await call.library.people.split(
            faces, off: call.path["person_id"], name: call.body.text("name").orNil, by: call.viewer)
        return .json(PersonResponse(person, call.links), status: .created)
    }

    static func ignore(_ call: Call) async throws -> Response {
        .json(FaceResponse(try await call.library.faces.ignore(call.path["face_id"], by: call.viewer), call.links))
    }
}

extension CorrectionResponse {
    fileprivate init(_ correction: Correction) {
        self.init(
            id: correction.id.description, createdAt: correction.createdAt, faceCount: correction.faceCount,
            kind: correction.kind.rawValue, libraryID: correction.libraryID.description,
            personIDs: correction.people.map(\.description), undoneAt: correction.undoneAt,
            userID: correction.userID?.description)
    }
}
