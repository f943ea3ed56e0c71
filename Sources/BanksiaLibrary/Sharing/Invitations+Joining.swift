import BanksiaCore
import BanksiaSQL

// What those do who were sent a link.
extension Invitations {
    /// What an invitation offers to the viewer. Takes no place.
    ///
    /// - Throws: `SharingProblem.invitationNotFound` also for a wrong secret, and when the library is in the trash.
    public func preview(_ id: String, secret: String, by viewer: Viewer) async throws -> InvitationOffer {
        try await database.read { [now = clock.now] tx in
            let invitation = try Self.proven(id, secret, at: now, tx)
            guard let library = try Self.libraryAsOwned(invitation.libraryID, tx) else { throw SharingProblem.invitationNotFound }
            let standing = try Standing(of: viewer.user, library, invitation, tx)
            return InvitationOffer(
                invitation: invitation, libraryName: library.name,
                owner: library.owner, currentRole: standing.role, eligibility: standing.eligibility)
        }
    }

    /// Makes the viewer a member. Those who are in already stay what they are, and each account takes one place at most.
    ///
    /// - Throws: `SharingProblem`: not found, inactive, or a new invitation is needed.
    public func join(_ id: String, secret: String, by viewer: Viewer) async throws -> Joining {
        let now = clock.now
        let library = try await database.read { tx in try Self.proven(id, secret, at: now, tx).libraryID }
        return try await database.change(library) { [ids] tx in
            let invitation = try Self.proven(id, secret, at: now, tx)
            guard let owned = try Self.libraryAsOwned(library, tx) else { throw SharingProblem.invitationNotFound }
            let standing = try Standing(of: viewer.user, owned, invitation, tx)
            try standing.eligibility.check()
            let isNew = standing.eligibility == .joinable
            if isNew {
                if !standing.hasPlace { try InvitationStore.take(invitation.id, for: viewer.user, at: now, tx) }
                try Self.admit(viewer.user, standing.member, by: invitation, as: ids.make(), at: now, tx)
            }
            guard let seen = try LibraryStore.library(library, by: viewer, tx) else { throw SharingProblem.invitationNotFound }
            return Joining(library: seen, membership: try MemberStore.member(viewer.user, of: library, tx), isNew: isNew)
        }
    }

    /// Where someone stands toward an invitation.
    private struct Standing {
        var role: Role?
        var member: Membership?
        var hasPlace: Bool
        var eligibility: InvitationOffer.Eligibility

        init(of user: UserID, _ library: Library, _ invitation: Invitation, _ tx: borrowing Transaction) throws {
            let isOwner = library.ownerID == user
            member = try MemberStore.member(user, of: library.id, tx)
            role = isOwner ? .owner : member.flatMap { $0.state == .active ? $0.role : nil }
            hasPlace = try InvitationStore.hasPlace(user, in: invitation.id, tx)
            eligibility = InvitationOffer.Eligibility(invitation, isOwner: isOwner, member: member, hasPlace: hasPlace)
        }
    }

    /// An invitation whose secret the caller knows.
    private static func proven(_ id: String, _ secret: String, at now: Instant, _ tx: borrowing Transaction) throws -> Invitation
    {
        guard let id = InvitationID(id), let invitation = try InvitationStore.invitation(id, at: now, tx),
            try Self.secret(of: id, tx).matches(secret)
        else { throw SharingProblem.invitationNotFound }
        return invitation
    }

    /// The library behind an invitation, which the caller does not see yet.
    private static func libraryAsOwned(_ id: LibraryID, _ tx: borrowing Transaction) throws -> Library? {
        guard let owner = try LibraryStore.owner(of: id, tx) else { return nil }
        return try LibraryStore.library(id, by: Viewer(user: owner, credential: .local), tx)
    }

    /// Makes a record, or lets the one there is begin anew.
    private static func admit(
        _ user: UserID, _ known: Membership?, by invitation: Invitation, as id: MembershipID, at now: Instant,
        _ tx: borrowing Transaction
    ) throws {
        guard var member = known else {
            return try MemberStore.insert(id, user, in: invitation.libraryID, as: invitation.role, at: now, tx)
        }
        member.role = invitation.role
        member.state = .active
        member.joinedAt = now
        member.endedAt = nil
        member.updatedAt = now
        try MemberStore.update(member, tx)
    }
}
