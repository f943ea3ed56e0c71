import BanksiaAPI
import BanksiaCore
import BanksiaLibrary
import Hummingbird

/// Who else is in a library.
enum MemberRoutes {
    static let operations: [Operation] = [
        Operation(.get, "/api/libraries/{library_id}/members", "list_library_members", .firstParty(.read, .owner), list),
        Operation(
            .patch, "/api/libraries/{library_id}/members/{user_id}", "update_library_member", .firstParty(.write, .owner),
            body: .json, update),
        Operation(
            .delete, "/api/libraries/{library_id}/members/{user_id}", "remove_library_member", .firstParty(.delete, .owner),
            remove),
        Operation(.post, "/api/libraries/{library_id}/leave", "leave_library", .firstParty(.write, .viewer), leave),
    ]

    /// Which records, as the query names them.
    private enum Choice: String, CaseIterable {
        case active, left, removed, all

        var state: Membership.State? { Membership.State(rawValue: rawValue) }
    }

    static func list(_ call: Call) async throws -> Response {
        let library = try await ownLibrary(call)
        let choice: Choice = try call.query.choice("state") ?? .active
        let page = try await call.library.members.list(
            of: library, choice.state, startingAfter: call.query.text("starting_after_id"), limit: call.limit(), by: call.viewer)
        return .json(PageResponse(data: page.items.map(MembershipResponse.init), hasMore: page.hasMore))
    }

    static func update(_ call: Call) async throws -> Response {
        let library = try await ownLibrary(call)
        guard let role = try call.body.choice("role", of: OfferedRole.self).orNil else {
            throw RequestProblem.invalid(field: "role", issue: "role is missing.")
        }
        let member = try await call.library.members.update(
            call.path["user_id"], of: library, to: role.role, by: call.viewer)
        return .json(MembershipResponse(member))
    }

    static func remove(_ call: Call) async throws -> Response {
        let library = try await ownLibrary(call)
        return .json(
            MembershipResponse(try await call.library.members.remove(call.path["user_id"], from: library, by: call.viewer)))
    }

    static func leave(_ call: Call) async throws -> Response {
        .json(MembershipResponse(try await call.library.members.leave(call.path["library_id"], by: call.viewer)))
    }

    /// The live library in the path, which the caller has to own. Asked for before any value is read (contract §4).
    private static func ownLibrary(_ call: Call) async throws -> LibraryID {
        let library = try await call.library.libraries.owned(call.path["library_id"], by: call.viewer)
        guard library.trashedAt == nil else { throw LibraryProblem.notFound }
        return library.id
    }
}

/// What someone who is not the owner can be in a library.
enum OfferedRole: String, CaseIterable {
    case viewer, collaborator

    var role: Role {
        switch self {
        case .viewer: .viewer
        case .collaborator: .collaborator
        }
    }
}

extension MembershipResponse {
    init(_ member: Membership) {
        self.init(
            id: member.id.description, createdAt: member.createdAt, endedAt: member.endedAt, joinedAt: member.joinedAt,
            lastRemovedAt: member.lastRemovedAt, libraryID: member.libraryID.description, role: member.role.rawValue,
            state: member.state.rawValue, updatedAt: member.updatedAt, user: UserSummaryResponse(member.user))
    }
}

extension UserSummaryResponse {
    init(_ user: UserSummary) { self.init(id: user.id.description, displayName: user.displayName) }
}
