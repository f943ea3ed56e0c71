package import BanksiaCore

/// An invitation without its secret.
package struct InvitationResponse: JSONWritable, Sendable {
    package let id: String
    package let createdAt: Instant
    package let createdBy: UserSummaryResponse
    package let disabledAt: Instant?
    package let expiresAt: Instant
    package let joinerCount: Int
    package let libraryID: String
    package let maxJoiners: Int
    package let remainingPlaces: Int
    package let role: String
    package let state: String
    package let updatedAt: Instant

    package init(
        id: String, createdAt: Instant, createdBy: UserSummaryResponse, disabledAt: Instant?, expiresAt: Instant,
        joinerCount: Int, libraryID: String, maxJoiners: Int, remainingPlaces: Int, role: String, state: String,
        updatedAt: Instant
    ) {
        self.id = id
        self.createdAt = createdAt
        self.createdBy = createdBy
        self.disabledAt = disabledAt
        self.expiresAt = expiresAt
        self.joinerCount = joinerCount
        self.libraryID = libraryID
        self.maxJoiners = maxJoiners
        self.remainingPlaces = remainingPlaces
        self.role = role
        self.state = state
        self.updatedAt = updatedAt
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("id", id)
            $0.field("created_at", createdAt)
            $0.field("created_by", createdBy)
            $0.field("disabled_at", disabledAt)
            $0.field("expires_at", expiresAt)
            $0.field("joiner_count", joinerCount)
            $0.field("library_id", libraryID)
            $0.field("max_joiners", maxJoiners)
            $0.field("remaining_places", remainingPlaces)
            $0.field("role", role)
            $0.field("state", state)
            $0.field("updated_at", updatedAt)
        }
    }
}

/// An invitation with its link.
package struct InvitationLinkResponse: JSONWritable, Sendable {
    package let invitation: InvitationResponse
    package let url: String

    package init(invitation: InvitationResponse, url: String) {
        self.invitation = invitation
        self.url = url
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("invitation", invitation)
            $0.field("url", url)
        }
    }
}

/// What an invitation offers to the one who asks.
package struct InvitationPreviewResponse: JSONWritable, Sendable {
    package let currentRole: String?
    package let eligibility: String
    package let expiresAt: Instant
    package let invitationID: String
    package let library: InvitationPreviewLibraryResponse
    package let offeredRole: String

    package init(
        currentRole: String?, eligibility: String, expiresAt: Instant, invitationID: String,
        library: InvitationPreviewLibraryResponse, offeredRole: String
    ) {
        self.currentRole = currentRole
        self.eligibility = eligibility
        self.expiresAt = expiresAt
        self.invitationID = invitationID
        self.library = library
        self.offeredRole = offeredRole
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("current_role", currentRole)
            $0.field("eligibility", eligibility)
            $0.field("expires_at", expiresAt)
            $0.field("invitation_id", invitationID)
            $0.field("library", library)
            $0.field("offered_role", offeredRole)
        }
    }
}

/// A library as those see it who were invited to it.
package struct InvitationPreviewLibraryResponse: JSONWritable, Sendable {
    package let id: String
    package let name: String
    package let owner: UserSummaryResponse

    package init(id: String, name: String, owner: UserSummaryResponse) {
        self.id = id
        self.name = name
        self.owner = owner
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("id", id)
            $0.field("name", name)
            $0.field("owner", owner)
        }
    }
}

/// What came of accepting an invitation.
package struct InvitationJoinResponse: JSONWritable, Sendable {
    package let library: LibraryResponse
    package let membership: MembershipResponse?
    package let outcome: String

    package init(library: LibraryResponse, membership: MembershipResponse?, outcome: String) {
        self.library = library
        self.membership = membership
        self.outcome = outcome
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("library", library)
            $0.field("membership", membership)
            $0.field("outcome", outcome)
        }
    }
}
