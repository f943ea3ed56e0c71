import BanksiaAPI
import BanksiaCore
import BanksiaLibrary
import Hummingbird

/// What users are asked about people, and how they say no. Yes is `merge_people` and `update_face`.
enum SuggestionRoutes {
    static let operations: [Operation] = [
        Operation(.get, "/api/people/suggestions", "suggest_people", .needs(.read, .viewer), people),
        Operation(.get, "/api/faces/suggestions", "suggest_faces", .needs(.read, .viewer), faces),
        Operation(
            .post, "/api/people/{person_id}/tell-apart", "tell_people_apart", .needs(.write, .collaborator), body: .json,
            tellApart),
        Operation(.post, "/api/faces/{face_id}/deny", "deny_face", .needs(.write, .collaborator), body: .json, deny),
    ]

    static func people(_ call: Call) async throws -> Response {
        let library = try await call.targetLibrary()
        let page = try await call.library.people.mayBeSame(in: library, limit: call.limit(), by: call.viewer)
        let links = call.links
        let pairs = page.items.map { pair in
            PersonSuggestionResponse(distance: pair.distance, people: pair.people.map { PersonResponse($0, links) })
        }
        return .json(PageResponse(data: pairs, hasMore: page.hasMore))
    }

    static func faces(_ call: Call) async throws -> Response {
        let library = try await call.targetLibrary()
        let page = try await call.library.faces.whoIsThis(in: library, limit: call.limit(), by: call.viewer)
        let links = call.links
        return .json(
            PageResponse(data: page.items.map { FaceResponse($0.face, links, $0.near) }, hasMore: page.hasMore))
    }

    static func tellApart(_ call: Call) async throws -> Response {
        try await call.library.people.tellApart(
            call.path["person_id"], from: call.body.requiredText("person_id"), by: call.viewer)
        return Acknowledgement.of(call.request)
    }

    static func deny(_ call: Call) async throws -> Response {
        let face = try await call.library.faces.deny(
            call.path["face_id"], is: call.body.requiredText("person_id"), by: call.viewer)
        return .json(FaceResponse(face, call.links))
    }
}
