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
        let wantsCohesion = try wantsCohesion(call)
        let query = try PersonQuery(call)
        let page = try await call.library.people.list(query, in: library, by: call.viewer)
        let alike = wantsCohesion ? try await call.library.people.cohesion(of: page.items.map(\.id), by: call.viewer) : [:]
        let links = call.links
        let answer = PageResponse(data: page.items.map { PersonResponse($0, links, alike[$0.id]) }, hasMore: page.hasMore)
        return .json(answer, capacity: 256 + page.items.count * 640)
    }

    static func get(_ call: Call) async throws -> Response {
        let wantsCohesion = try wantsCohesion(call)
        let person = try await call.library.people.get(call.path["person_id"], by: call.viewer)
        let alike = wantsCohesion ? try await call.library.people.cohesion(of: [person.id], by: call.viewer) : [:]
        return .json(PersonResponse(person, call.links, alike[person.id]))
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

    /// How alike somebody's faces are is told when it is asked for.
    private static func wantsCohesion(_ call: Call) throws(RequestProblem) -> Bool {
        try call.query.requireTokens("include", amongst: ["cluster_metrics"])
        return try !call.query.list("include").isEmpty
    }
}

extension PersonResponse {
    init(_ person: Person, _ links: MediaLinks, _ alike: FaceCohesion? = nil) {
        self.init(
            id: person.id.description, createdAt: person.createdAt, isFavorite: person.isFavorite, isHidden: person.isHidden,
            updatedAt: person.updatedAt, assetCount: person.assetCount,
            assetURLs: person.thumbnailFaceID.map { links.crop(of: $0) }, birthDate: person.birthDate?.text,
            clusterMetrics: alike.map {
                ClusterMetricsResponse(faceCount: $0.faces, pairwiseMean: $0.pairwiseMean, pairwiseP90: $0.pairwiseP90)
            },
            name: person.name?.text, thumbnailFaceID: person.thumbnailFaceID?.description)
    }
}
