public import BanksiaCore
public import BanksiaLibrary

extension World {
    /// Makes someone a member of a library, the way people become one.
    public func share(_ library: LibraryID, of owner: Viewer, with guest: Viewer, as role: Role) async throws {
        let policy = Invitation.Policy(role: role, expiresAt: clock.now.adding(.seconds(3600)), maxJoiners: 1000)
        let link = try await self.library.invitations.create(policy, to: library, by: owner).record
        _ = try await self.library.invitations.join("\(link.invitation.id)", secret: link.secret, by: guest)
    }
}
