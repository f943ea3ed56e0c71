import BanksiaAPI
import BanksiaCore
import BanksiaLibrary
import Hummingbird

/// People.
enum PersonRoutes {
    static let operations: [Operation] = [
        Operation(.post, "/api/people", "create_person", .needs(.write, .collaborator), body: .json, create),
        Operation(.get, "/api/people", "list_people", .needs(.read, .viewer), list),
        Operation(
            .post, "/api/people/bulk-update", "bulk_update_people", .needs(.write, .collaborator), body: .json, updateSeveral),
        Operation(.get, "/api/people/{person_id}", "get_person", .needs(.read, .viewer), get),
        Operation(.patch, "/api/people/{person_id}", "update_person", .needs(.write, .collaborator), body: .json, update),
        Operation(.delete, "/api/people/{person_id}", "delete_person", .needs(.delete, .collaborator), delete),
        Operation(
            .post, "/api/people/{person_id}/merge", "merge_people", .needs(.delete, .collaborator), body: .json, merge),
    ]

    static func create(_ call: Call) async throws -> Response {
        let library = try await call.library.libraries.resolve(call.body.text("library_id").orNil, by: call.viewer)
        let stored = try await call.library.people.create(NewPerson(call.body), in: library, by: call.viewer)
        return .json(PersonResponse(stored.record, call.links), status: stored.isNew ? .created : .ok)
    }

    static func list(_ call: Call) async throws -> Response {
        let library = try await call.targetLibrary()
        try requireKnownGroups(call)
        let query = try PersonQuery(call)
        let page = try await call.library.people.list(query, in: library, by: call.viewer)
        let links = call.links
        let answer = PageResponse(data: page.items.map { PersonResponse($0, links) }, hasMore: page.hasMore)
        return .json(answer, capacity: 256 + page.items.count * 640)
    }

    static func get(_ call: Call) async throws -> Response {
        try requireKnownGroups(call)
        return .json(PersonResponse(try await call.library.people.get(call.path["person_id"], by: call.viewer), call.links))
    }

    static func update(_ call: Call) async throws -> Response {
        let person = try await call.library.people.update(call.path["person_id"], PersonChange(call.body), by: call.viewer)
        return .json(PersonResponse(person, call.links))
    }

    static func updateSeveral(_ call: Call) async throws -> Response {
        try await call.library.people.update(PersonChange.several(call.body), by: call.viewer)
        return Acknowledgement.of(call.request)
    }

    static func delete(_ call: Call) async throws -> Response {
        try await call.library.people.delete(call.path["person_id"], by: call.viewer)
        return Acknowledgement.of(call.request)
    }

    static func merge(_ call: Call) async throws -> Response {
        let sources = try call.body.ids("source_person_ids")
        let person = try await call.library.people.merge(sources, into: call.path["person_id"], by: call.viewer)
        guard let person else { return Response(status: .noContent) }
        return .json(PersonResponse(person, call.links))
    }

    /// Figures about clusters can be asked for; there are none without a cluster's centroid.
    private static func requireKnownGroups(_ call: Call) throws(RequestProblem) {
        try call.query.requireTokens("include", amongst: ["cluster_metrics"])
    }
}

extension PersonResponse {
    init(_ person: Person, _ links: MediaLinks) {
        self.init(
            id: person.id.description, createdAt: person.createdAt, isFavorite: person.isFavorite, isHidden: person.isHidden,
            updatedAt: person.updatedAt, assetCount: person.assetCount,
            assetURLs: person.thumbnailFaceID.map { links.crop(of: $0) }, birthDate: person.birthDate?.text, clusterMetrics: nil,
            name: person.name?.text, thumbnailFaceID: person.thumbnailFaceID?.description)
    }
}
