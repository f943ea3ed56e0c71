public import BanksiaCore

/// What can go wrong with members and invitations.
public enum SharingProblem: Problem, Equatable {
    case memberNotFound
    case memberInactive
    case ownerImmutable
    case invitationNotFound
    case invitationInactive(Invitation.State)
    case newInvitationRequired
    case cursor
    case expiry
    case tooManyPlaces
    case role

    public var code: String {
        switch self {
        case .memberNotFound, .invitationNotFound: "not_found"
        case .memberInactive: "membership_inactive"
        case .ownerImmutable: "owner_immutable"
        case .invitationInactive, .newInvitationRequired: "invitation_inactive"
        case .cursor: "invalid_cursor"
        case .expiry, .tooManyPlaces, .role: "validation_error"
        }
    }

    public var kind: ProblemKind {
        switch self {
        case .memberNotFound, .invitationNotFound: .notFound
        case .memberInactive, .ownerImmutable, .invitationInactive, .newInvitationRequired: .conflict
        case .cursor: .unusable
        case .expiry, .tooManyPlaces, .role: .invalid
        }
    }

    public var detail: String {
        switch self {
        case .memberNotFound: "The library has no such member."
        case .memberInactive: "This member has left or was removed. Invite them anew."
        case .ownerImmutable: "The owner of a library is always in it, and stays its owner."
        case .invitationNotFound: "There is no such invitation, or its secret is wrong."
        case .invitationInactive(let state):
            "The invitation is \(state.rawValue). Ask the owner for a new one, or issue one with other values."
        case .newInvitationRequired: "The owner removed you after this invitation was issued. Ask for a new one."
        case .cursor: "`starting_after_id` names no record of this list."
        case .expiry: "`expires_at` must be in the future."
        case .tooManyPlaces: "`max_joiners` must be a whole number from 1 to \(Invitation.mostPlaces)."
        case .role: "`role` must be viewer or collaborator."
        }
    }

    public var field: String? {
        switch self {
        case .cursor: "starting_after_id"
        case .expiry: "expires_at"
        case .tooManyPlaces: "max_joiners"
        case .role: "role"
        default: nil
        }
    }
}
