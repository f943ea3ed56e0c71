public import BanksiaCore
import BanksiaSQL
import Crypto

/// Invitations, as owners issue them. Accepting them is in `Invitations+Joining.swift`.
public struct Invitations: Sendable {
    let database: Database
    let clock: any WallClock
    let ids: IdentifierSource

    /// Issues an invitation; an active one with the same values is returned as it is.
    ///
    /// - Throws: `LibraryProblem.notFound`; `AccountProblem.insufficientRole`; `SharingProblem`: values out of their range, an
    ///   inactive invitation with the same values.
    public func create(_ policy: Invitation.Policy, to library: LibraryID, by viewer: Viewer) async throws -> Stored<
        Invitation.Link
    > {
        try await database.change(library, by: viewer, as: .owner) { [now = clock.now, ids] tx in
            try policy.check(at: now)
            if let known = try InvitationStore.invitation(policy, to: library, at: now, tx) {
                return Stored(try Self.link(known, tx), isNew: false)
            }
            let id: InvitationID = ids.make()
            let fresh = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
            let key = try AccountStore.serverKey(for: InvitationSecret.keyPurpose, orKeep: fresh, at: now, tx)
            let secret = InvitationSecret()
            try InvitationStore.insert(
                id, policy, to: library, by: viewer.user, sealedSecret: secret.sealed(for: id, key: key), at: now, tx)
            guard let made = try InvitationStore.invitation(id, at: now, tx) else { throw SharingProblem.invitationNotFound }
            return Stored(Invitation.Link(invitation: made, secret: secret.text), isNew: true)
        }
    }

    /// One page of the invitations to live libraries that the viewer owns, newest first.
    ///
    /// - Parameters:
    ///   - library: only to this one, which they must own.
    ///   - state: `nil` for all.
    ///   - cursor: the id of the last one of the page before.
    /// - Throws: `LibraryProblem.notFound`; `AccountProblem.insufficientRole`; `SharingProblem.cursor`.
    public func list(
        to library: LibraryID? = nil, _ state: Invitation.State? = .active, startingAfter cursor: String? = nil,
        limit: Int = 20, by viewer: Viewer
    ) async throws -> Page<Invitation> {
        let found = try await database.read { [now = clock.now] tx in
            if let library { try viewer.require(.owner, in: library, tx) }
            let place = try cursor.map { text in
                guard let id = InvitationID(text), let place = try InvitationStore.place(id, by: viewer, tx) else {
                    throw SharingProblem.cursor
                }
                return place
            }
            return try InvitationStore.list(library, state, after: place, limit: limit, at: now, by: viewer, tx)
        }
        return Page(fetched: found, limit: limit)
    }

    /// Ends an invitation; those who came by it stay. Done once more it changes nothing.
    ///
    /// - Throws: `SharingProblem.invitationNotFound`; `AccountProblem.insufficientRole`.
    public func disable(_ id: String, by viewer: Viewer) async throws -> Invitation {
        let known = try await owned(id, by: viewer)
        return try await database.change(known.libraryID, by: viewer, as: .owner) { [now = clock.now] tx in
            guard let invitation = try InvitationStore.invitation(known.id, at: now, tx) else {
                throw SharingProblem.invitationNotFound
            }
            guard invitation.disabledAt == nil else { return invitation }
            try InvitationStore.disable(known.id, at: now, tx)
            guard let disabled = try InvitationStore.invitation(known.id, at: now, tx) else {
                throw SharingProblem.invitationNotFound
            }
            return disabled
        }
    }

    /// Shows the link of an active invitation again.
    ///
    /// - Throws: `SharingProblem.invitationNotFound`, `.invitationInactive`; `AccountProblem.insufficientRole`.
    public func link(_ id: String, by viewer: Viewer) async throws -> Invitation.Link {
        let known = try await owned(id, by: viewer)
        return try await database.read { [now = clock.now] tx in
            guard let invitation = try InvitationStore.invitation(known.id, at: now, tx) else {
                throw SharingProblem.invitationNotFound
            }
            return try Self.link(invitation, tx)
        }
    }

    /// Who owns the library behind an invitation, for the person who runs the server.
    ///
    /// - Throws: `SharingProblem.invitationNotFound`.
    public func owner(of id: String) async throws -> UserID {
        try await database.read { [now = clock.now] tx in
            guard let id = InvitationID(id), let invitation = try InvitationStore.invitation(id, at: now, tx),
                let owner = try LibraryStore.owner(of: invitation.libraryID, tx)
            else { throw SharingProblem.invitationNotFound }
            return owner
        }
    }

    /// An invitation to a library that the viewer owns.
    private func owned(_ id: String, by viewer: Viewer) async throws -> Invitation {
        try await database.read { [now = clock.now] tx in
            guard let id = InvitationID(id), let invitation = try InvitationStore.invitation(id, at: now, tx),
                let library = try LibraryStore.library(invitation.libraryID, by: viewer, tx)
            else { throw SharingProblem.invitationNotFound }
            guard library.role == .owner else { throw AccountProblem.insufficientRole(.owner) }
            return invitation
        }
    }

    private static func link(_ invitation: Invitation, _ tx: borrowing Transaction) throws -> Invitation.Link {
        guard invitation.state == .active else { throw SharingProblem.invitationInactive(invitation.state) }
        return Invitation.Link(invitation: invitation, secret: try secret(of: invitation.id, tx).text)
    }

    static func secret(of id: InvitationID, _ tx: borrowing Transaction) throws -> InvitationSecret {
        guard let sealed = try InvitationStore.sealedSecret(of: id, tx),
            let key = try AccountStore.serverKey(for: InvitationSecret.keyPurpose, tx)
        else { throw SharingProblem.invitationNotFound }
        return try InvitationSecret(opening: sealed, of: id, key: key)
    }
}
