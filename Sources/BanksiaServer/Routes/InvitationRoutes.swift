import BanksiaAPI
import BanksiaCore
import BanksiaLibrary
import Hummingbird

/// Invitations to libraries.
enum InvitationRoutes {
    private static let path = "/api/libraries/invitations"
    static let operations: [Operation] = [
        Operation(.post, path, "create_library_invitation", .firstParty(.write, .owner), body: .json, create),
        Operation(.get, path, "list_library_invitations", .firstParty(.read, .owner), list),
        Operation(
            .post, path + "/{invitation_id}/disable", "disable_library_invitation", .firstParty(.write, .owner), disable),
        Operation(.get, path + "/{invitation_id}/link", "get_library_invitation_link", .firstParty(.read, .owner), link),
        Operation(
            .post, path + "/{invitation_id}/preview", "preview_library_invitation", .firstParty(.read, nil), body: .json, preview),
        Operation(.post, path + "/{invitation_id}/join", "join_library_invitation", .firstParty(.write, nil), body: .json, join),
    ]

    /// Which invitations, as the query names them.
    private enum Choice: String, CaseIterable {
        case active, exhausted, expired, disabled, all

        var state: Invitation.State? { Invitation.State(rawValue: rawValue) }
    }

    static func create(_ call: Call) async throws -> Response {
        let library = try await ownLibrary(call.body.requiredText("library_id"), call)
        let stored = try await call.library.invitations.create(Invitation.Policy(call.body), to: library, by: call.viewer)
        return .json(InvitationLinkResponse(stored.record, at: call.origin), status: stored.isNew ? .created : .ok)
    }

    static func list(_ call: Call) async throws -> Response {
        let target = try call.query.text("library_id")
        let library: LibraryID? = if let target { try await ownLibrary(target, call) } else { nil }
        let choice: Choice = try call.query.choice("state") ?? .active
        let page = try await call.library.invitations.list(
            to: library, choice.state, startingAfter: call.query.text("starting_after_id"), limit: call.limit(), by: call.viewer)
        return .json(PageResponse(data: page.items.map(InvitationResponse.init), hasMore: page.hasMore))
    }

    static func disable(_ call: Call) async throws -> Response {
        let invitation = try await call.library.invitations.disable(call.path["invitation_id"], by: call.viewer)
        return .json(InvitationResponse(invitation))
    }

    static func link(_ call: Call) async throws -> Response {
        let link = try await call.library.invitations.link(call.path["invitation_id"], by: call.viewer)
        return .json(InvitationLinkResponse(link, at: call.origin))
    }

    static func preview(_ call: Call) async throws -> Response {
        let offer = try await call.library.invitations.preview(call.path["invitation_id"], secret: secret(call), by: call.viewer)
        return .json(InvitationPreviewResponse(offer))
    }

    static func join(_ call: Call) async throws -> Response {
        let joining = try await call.library.invitations.join(call.path["invitation_id"], secret: secret(call), by: call.viewer)
        return .json(
            InvitationJoinResponse(
                library: LibraryResponse(joining.library), membership: joining.membership.map(MembershipResponse.init),
                outcome: joining.isNew ? "joined" : "already_member"))
    }

    private static func secret(_ call: Call) throws -> String {
        let secret = try call.body.requiredText("secret")
        guard !secret.isEmpty else { throw RequestProblem.invalid(field: "secret", issue: "secret must not be empty.") }
        return secret
    }

    /// A live library that the caller owns. Asked for before any other value is read (contract §4).
    private static func ownLibrary(_ id: String, _ call: Call) async throws -> LibraryID {
        let library = try await call.library.libraries.owned(id, by: call.viewer)
        guard library.trashedAt == nil else { throw LibraryProblem.notFound }
        return library.id
    }
}

extension Invitation.Policy {
    init(_ body: JSONBody) throws {
        guard let role = try body.choice("role", of: OfferedRole.self).orNil else {
            throw RequestProblem.invalid(field: "role", issue: "role is missing.")
        }
        guard let expiry = try CaptureTime(body.requiredText("expires_at"))?.instant else {
            throw RequestProblem.invalid(field: "expires_at", issue: "expires_at must be an ISO 8601 time with its offset.")
        }
        guard let places = try body.integer("max_joiners").orNil else {
            throw RequestProblem.invalid(field: "max_joiners", issue: "max_joiners is missing.")
        }
        self.init(role: role.role, expiresAt: expiry, maxJoiners: places)
    }
}

extension InvitationResponse {
    init(_ invitation: Invitation) {
        self.init(
            id: invitation.id.description, createdAt: invitation.createdAt,
            createdBy: UserSummaryResponse(invitation.createdBy), disabledAt: invitation.disabledAt,
            expiresAt: invitation.expiresAt, joinerCount: invitation.joinerCount,
            libraryID: invitation.libraryID.description, maxJoiners: invitation.maxJoiners,
            remainingPlaces: invitation.remainingPlaces, role: invitation.role.rawValue,
            state: invitation.state.rawValue, updatedAt: invitation.updatedAt)
    }
}

extension InvitationLinkResponse {
    init(_ link: Invitation.Link, at origin: String) {
        self.init(invitation: InvitationResponse(link.invitation), url: link.url(at: origin))
    }
}

extension InvitationPreviewResponse {
    init(_ offer: InvitationOffer) {
        self.init(
            currentRole: offer.currentRole?.rawValue, eligibility: offer.eligibility.rawValue,
            expiresAt: offer.invitation.expiresAt, invitationID: offer.invitation.id.description,
            library: InvitationPreviewLibraryResponse(
                id: offer.invitation.libraryID.description, name: offer.libraryName, owner: UserSummaryResponse(offer.owner)),
            offeredRole: offer.invitation.role.rawValue)
    }
}
