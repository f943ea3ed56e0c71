package import BanksiaCore

/// Someone's being in a library that is not theirs.
package struct MembershipResponse: JSONWritable, Sendable {
    package let id: String
    package let createdAt: Instant
    package let endedAt: Instant?
    package let joinedAt: Instant
    package let lastRemovedAt: Instant?
    package let libraryID: String
    package let role: String
    package let state: String
    package let updatedAt: Instant
    package let user: UserSummaryResponse

    package init(
        id: String, createdAt: Instant, endedAt: Instant?, joinedAt: Instant, lastRemovedAt: Instant?, libraryID: String,
        role: String, state: String, updatedAt: Instant, user: UserSummaryResponse
    ) {
        self.id = id
        self.createdAt = createdAt
        self.endedAt = endedAt
        self.joinedAt = joinedAt
        self.lastRemovedAt = lastRemovedAt
        self.libraryID = libraryID
        self.role = role
        self.state = state
        self.updatedAt = updatedAt
        self.user = user
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("id", id)
            $0.field("created_at", createdAt)
            $0.field("ended_at", endedAt)
            $0.field("joined_at", joinedAt)
            $0.field("last_removed_at", lastRemovedAt)
            $0.field("library_id", libraryID)
            $0.field("role", role)
            $0.field("state", state)
            $0.field("updated_at", updatedAt)
            $0.field("user", user)
        }
    }
}
