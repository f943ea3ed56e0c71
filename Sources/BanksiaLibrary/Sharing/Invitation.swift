public import BanksiaCore

/// An offer to become a member of a library, for whoever has its link, for a time and a number of people.
public struct Invitation: Sendable, Equatable {
    public var id: InvitationID
    public var libraryID: LibraryID
    public var createdBy: UserSummary
    /// What those become who accept.
    public var role: Role
    /// The first moment at which it does not hold any more.
    public var expiresAt: Instant
    /// How many accounts may accept.
    public var maxJoiners: Int
    /// How many have, those included who are gone again.
    public var joinerCount: Int
    public var createdAt: Instant
    public var updatedAt: Instant
    public var disabledAt: Instant?
    /// Where it stood when it was read.
    public var state: State

    /// The most people one link may let in (the contract's bound).
    public static let mostPlaces = 1000

    public enum State: String, Sendable, CaseIterable { case active, exhausted, expired, disabled }

    public var remainingPlaces: Int { max(0, maxJoiners - joinerCount) }

    /// Disabled wins over expired, expired over exhausted.
    static func state(
        disabledAt: Instant?, expiresAt: Instant, joinerCount: Int, maxJoiners: Int, at now: Instant
    ) -> State {
        if disabledAt != nil { return .disabled }
        if expiresAt <= now { return .expired }
        return joinerCount >= maxJoiners ? .exhausted : .active
    }

    /// What a new invitation shall offer. Two with the same values are one invitation.
    public struct Policy: Sendable, Equatable {
        public var role: Role
        public var expiresAt: Instant
        public var maxJoiners: Int

        public init(role: Role, expiresAt: Instant, maxJoiners: Int) {
            self.role = role
            self.expiresAt = expiresAt
            self.maxJoiners = maxJoiners
        }

        /// - Throws: `SharingProblem.role`, `.expiry`, `.tooManyPlaces`.
        func check(at now: Instant) throws(SharingProblem) {
            guard role != .owner else { throw .role }
            guard expiresAt > now else { throw .expiry }
            guard (1...Invitation.mostPlaces).contains(maxJoiners) else { throw .tooManyPlaces }
        }
    }

    /// An invitation together with the secret that its link carries.
    public struct Link: Sendable {
        public let invitation: Invitation
        public let secret: String

        /// `<origin>/invite/<id>#<secret>`: a browser does not send what stands behind the `#`, so no log gets to see it.
        ///
        /// - Parameter origin: where clients reach the server, without a slash at its end.
        public func url(at origin: String) -> String { "\(origin)/invite/\(invitation.id)#\(secret)" }
    }
}

/// An invitation as it looks to someone who was sent its link.
public struct InvitationOffer: Sendable, Equatable {
    public var invitation: Invitation
    public var libraryName: String
    public var owner: UserSummary
    /// What they are in the library now; `nil` for nothing.
    public var currentRole: Role?
    public var eligibility: Eligibility

    /// Whether they may join, or why not.
    public enum Eligibility: String, Sendable {
        case joinable
        case alreadyMember = "already_member"
        case expired, disabled, exhausted
        case newInvitationRequired = "new_invitation_required"
    }
}

/// What came of accepting an invitation.
public struct Joining: Sendable {
    public let library: Library
    /// `nil` for the owner.
    public let membership: Membership?
    public let isNew: Bool
}

extension InvitationOffer.Eligibility {
    /// - Parameters:
    ///   - member: the person's record in the library, if there is one.
    ///   - hasPlace: whether they have accepted this invitation before, so that they need no other place.
    init(_ invitation: Invitation, isOwner: Bool, member: Membership?, hasPlace: Bool) {
        if isOwner || member?.state == .active {
            self = .alreadyMember
            return
        }
        switch invitation.state {
        case .disabled: self = .disabled
        case .expired: self = .expired
        case _ where member?.admits(invitationFrom: invitation.createdAt) == false: self = .newInvitationRequired
        case .exhausted where !hasPlace: self = .exhausted
        case .exhausted, .active: self = .joinable
        }
    }

    /// - Throws: `SharingProblem` unless one may join, or has nothing to do.
    func check() throws(SharingProblem) {
        switch self {
        case .joinable, .alreadyMember: break
        case .expired: throw .invitationInactive(.expired)
        case .disabled: throw .invitationInactive(.disabled)
        case .exhausted: throw .invitationInactive(.exhausted)
        case .newInvitationRequired: throw .newInvitationRequired
        }
    }
}
