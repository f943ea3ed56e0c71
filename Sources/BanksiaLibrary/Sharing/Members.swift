public import BanksiaCore
import BanksiaSQL

/// Who else may use a library. What changes here holds from the next request on, for all of a person's credentials, because
/// every query asks the same table.
public struct Members: Sendable {
    let database: Database
    let clock: any WallClock

    /// One page of a library's members, newest record first, for its owner.
    ///
    /// - Parameters:
    ///   - state: `nil` for all.
    ///   - cursor: the id of the last record of the page before.
    /// - Throws: `LibraryProblem.notFound`; `AccountProblem.insufficientRole`; `SharingProblem.cursor`.
    public func list(
        of library: LibraryID, _ state: Membership.State? = .active, startingAfter cursor: String? = nil, limit: Int = 20,
        by viewer: Viewer
    ) async throws -> Page<Membership> {
        let found = try await database.read { tx in
            try viewer.require(.owner, in: library, tx)
            let place = try cursor.map { text in
                guard let id = MembershipID(text), let place = try MemberStore.place(id, in: library, tx) else {
                    throw SharingProblem.cursor
                }
                return place
            }
            return try MemberStore.list(library, state, after: place, limit: limit, tx)
        }
        return Page(fetched: found, limit: limit)
    }

    /// Gives a member another role.
    ///
    /// - Throws: `SharingProblem.memberNotFound`, `.memberInactive`, `.ownerImmutable`, `.role`.
    public func update(_ user: String, of library: LibraryID, to role: Role, by viewer: Viewer) async throws -> Membership {
        guard role != .owner else { throw SharingProblem.role }
        return try await change(user, of: library, by: viewer) { [now = clock.now] member in
            guard member.state == .active else { throw SharingProblem.memberInactive }
            guard member.role != role else { return }
            member.role = role
            member.updatedAt = now
        }
    }

    /// Sends a member away; invitations issued until now do not let them in again. Done once more it changes nothing.
    ///
    /// - Throws: `SharingProblem.memberNotFound`, `.ownerImmutable`.
    public func remove(_ user: String, from library: LibraryID, by viewer: Viewer) async throws -> Membership {
        try await change(user, of: library, by: viewer) { [now = clock.now] member in
            guard member.state != .removed else { return }
            member.state = .removed
            member.endedAt = now
            member.lastRemovedAt = now
            member.updatedAt = now
        }
    }

    private func change(
        _ user: String, of library: LibraryID, by viewer: Viewer, _ body: @Sendable (inout Membership) throws -> Void
    ) async throws -> Membership {
        try await database.change(library, by: viewer, as: .owner) { tx in
            let id = UserID(user)
            guard id != viewer.user else { throw SharingProblem.ownerImmutable }
            guard let id, let before = try MemberStore.member(id, of: library, tx) else { throw SharingProblem.memberNotFound }
            var member = before
            try body(&member)
            if member != before { try MemberStore.update(member, tx) }
            return member
        }
    }

    /// Goes away from a library that the viewer has joined, trashed or not. Done once more it changes nothing, also for those
    /// who were removed.
    ///
    /// - Throws: `LibraryProblem.notFound`; `SharingProblem.ownerImmutable`.
    public func leave(_ library: String, by viewer: Viewer) async throws -> Membership {
        guard let id = LibraryID(library) else { throw LibraryProblem.notFound }
        return try await database.change(id) { [now = clock.now] tx in
            guard try LibraryStore.owner(of: id, tx) != viewer.user else { throw SharingProblem.ownerImmutable }
            guard var member = try MemberStore.member(viewer.user, of: id, tx) else { throw LibraryProblem.notFound }
            guard member.state == .active else { return member }
            member.state = .left
            member.endedAt = now
            member.updatedAt = now
            try MemberStore.update(member, tx)
            return member
        }
    }
}
