public import BanksiaCore

/// What someone else's being in a library is: owners have no such record. It stays when they go, so that it can say until when
/// they were there and whether the owner sent them away.
public struct Membership: Sendable, Equatable {
    public var id: MembershipID
    public var libraryID: LibraryID
    public var user: UserSummary
    /// The present role, or the last one.
    public var role: Role
    public var state: State
    public var createdAt: Instant
    public var updatedAt: Instant
    /// When they came in last.
    public var joinedAt: Instant
    /// When they went; `nil` while they are there.
    public var endedAt: Instant?
    /// Invitations issued before this do not let them in again.
    public var lastRemovedAt: Instant?

    public enum State: String, Sendable, CaseIterable { case active, left, removed }

    /// Whether an invitation from back then may let them in.
    func admits(invitationFrom issuedAt: Instant) -> Bool { lastRemovedAt.map { issuedAt >= $0 } ?? true }
}

/// What others may see of a user.
public struct UserSummary: Sendable, Equatable {
    public var id: UserID
    public var displayName: String?
}
