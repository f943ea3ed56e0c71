import BanksiaCore
import BanksiaLibrary
import BanksiaSQL
import BanksiaTestKit
import Testing

@Suite("Invitations") struct InvitationTests {
    let world: World
    let ana: Viewer
    let ben: Viewer
    let library: LibraryID

    init() async throws {
        world = try await World()
        ana = try await world.user("ana")
        ben = try await world.user("ben")
        library = try await world.libraryID(of: ana)
    }

    private var invitations: Invitations { world.library.invitations }

    private func policy(_ role: Role = .viewer, places: Int = 1, seconds: Int = 3600) -> Invitation.Policy {
        Invitation.Policy(role: role, expiresAt: world.clock.now.adding(.seconds(seconds)), maxJoiners: places)
    }

    private func invite(_ role: Role = .viewer, places: Int = 1, seconds: Int = 3600) async throws -> Invitation.Link {
        try await invitations.create(policy(role, places: places, seconds: seconds), to: library, by: ana).record
    }

    private func join(_ link: Invitation.Link, by viewer: Viewer) async throws -> Joining {
        try await invitations.join("\(link.invitation.id)", secret: link.secret, by: viewer)
    }

    private func eligibility(_ link: Invitation.Link, of viewer: Viewer) async throws -> InvitationOffer.Eligibility {
        try await invitations.preview("\(link.invitation.id)", secret: link.secret, by: viewer).eligibility
    }

    @Test func `equal values are one invitation with one link, and an ended one is not issued again`() async throws {
        let values = policy(.collaborator, places: 3)
        let first = try await invitations.create(values, to: library, by: ana)
        let again = try await invitations.create(values, to: library, by: ana)

        #expect(first.isNew && !again.isNew)
        #expect(again.record.secret == first.record.secret && again.record.secret.utf8.count == 43)
        #expect(try await invitations.link("\(first.record.invitation.id)", by: ana).secret == first.record.secret)
        let url = first.record.url(at: "https://photos.example.org")
        #expect(url == "https://photos.example.org/invite/\(first.record.invitation.id)#\(first.record.secret)")

        _ = try await invitations.disable("\(first.record.invitation.id)", by: ana)
        await #expect(throws: SharingProblem.invitationInactive(.disabled)) {
            try await invitations.create(values, to: library, by: ana)
        }
        await #expect(throws: SharingProblem.invitationInactive(.disabled)) {
            try await invitations.link("\(first.record.invitation.id)", by: ana)
        }
    }

    @Test func `values out of their range are refused`() async throws {
        await #expect(throws: SharingProblem.expiry) { try await invite(seconds: 0) }
        await #expect(throws: SharingProblem.tooManyPlaces) { try await invite(places: 0) }
        await #expect(throws: SharingProblem.tooManyPlaces) { try await invite(places: 1001) }
        await #expect(throws: SharingProblem.role) { try await invite(.owner) }
    }

    @Test func `joining takes one place, once`() async throws {
        let link = try await invite(places: 2)
        #expect(try await eligibility(link, of: ben) == .joinable)

        let joined = try await join(link, by: ben)
        let again = try await join(link, by: ben)

        #expect(joined.isNew && !again.isNew)
        #expect(joined.membership?.role == .viewer && joined.library.role == .viewer)
        #expect(again.membership == joined.membership)
        let shown = try await invitations.list(by: ana).items[0]
        #expect(shown.joinerCount == 1 && shown.remainingPlaces == 1)
        #expect(try await eligibility(link, of: ben) == .alreadyMember)
    }

    @Test func `a full invitation lets those back in who have a place`() async throws {
        let link = try await invite(), cleo = try await world.user("cleo")
        _ = try await join(link, by: ben)
        #expect(try await invitations.list(.exhausted, by: ana).items.map(\.id) == [link.invitation.id])
        await #expect(throws: SharingProblem.invitationInactive(.exhausted)) { try await join(link, by: cleo) }

        let left = try await world.library.members.leave("\(library)", by: ben)
        world.clock.advance(by: .seconds(60))
        #expect(try await eligibility(link, of: ben) == .joinable)
        let back = try await join(link, by: ben).membership
        #expect(back?.id == left.id && back?.state == .active && back?.endedAt == nil)
        #expect(back?.joinedAt == world.clock.now && back?.createdAt == left.createdAt)
        #expect(try await invitations.list(.exhausted, by: ana).items[0].joinerCount == 1)
    }

    @Test func `who was removed needs an invitation from later`() async throws {
        let old = try await invite(places: 5)
        _ = try await join(old, by: ben)
        world.clock.advance(by: .seconds(1))
        let cutoff = try await world.library.members.remove("\(ben.user)", from: library, by: ana).lastRemovedAt
        world.clock.advance(by: .seconds(1))

        #expect(try await eligibility(old, of: ben) == .newInvitationRequired)
        await #expect(throws: SharingProblem.newInvitationRequired) { try await join(old, by: ben) }
        let back = try await join(invite(.collaborator), by: ben).membership
        #expect(back?.role == .collaborator && back?.state == .active)
        #expect(back?.lastRemovedAt == cutoff)
    }

    @Test func `an invitation ends by time, by its places and by its owner, in this order of weight`() async throws {
        let link = try await invite(seconds: 10)
        _ = try await join(link, by: ben)
        let cleo = try await world.user("cleo")
        #expect(try await eligibility(link, of: cleo) == .exhausted)
        world.clock.advance(by: .seconds(10))
        #expect(try await eligibility(link, of: cleo) == .expired)
        await #expect(throws: SharingProblem.invitationInactive(.expired)) { try await join(link, by: cleo) }
        let disabled = try await invitations.disable("\(link.invitation.id)", by: ana)
        #expect(disabled.state == .disabled)
        #expect(try await eligibility(link, of: cleo) == .disabled)
        world.clock.advance(by: .seconds(10))
        #expect(try await invitations.disable("\(link.invitation.id)", by: ana) == disabled)
        #expect(try await eligibility(link, of: ben) == .alreadyMember)
    }

    @Test func `a wrong secret, an unknown invitation and a trashed library look the same`() async throws {
        let link = try await invite()
        _ = try await world.library.libraries.create(Name("Other"), description: nil, by: ana)
        let other = try await invite(.collaborator)
        for (id, secret) in [
            ("\(link.invitation.id)", "wrong"), ("\(link.invitation.id)", other.secret), ("libinvite_nothing", link.secret),
        ] {
            await #expect(throws: SharingProblem.invitationNotFound) {
                try await invitations.preview(id, secret: secret, by: ben)
            }
            await #expect(throws: SharingProblem.invitationNotFound) { try await invitations.join(id, secret: secret, by: ben) }
        }
        try await world.library.libraries.trash("\(library)", by: ana)
        await #expect(throws: SharingProblem.invitationNotFound) { try await eligibility(link, of: ben) }
        await #expect(throws: SharingProblem.invitationNotFound) { try await join(link, by: ben) }
        #expect(try await invitations.list(nil, by: ana).items.isEmpty)
    }

    @Test func `the owner is in already`() async throws {
        let joining = try await join(invite(), by: ana)
        #expect(!joining.isNew && joining.membership == nil && joining.library.role == .owner)
    }

    @Test func `only the owner manages invitations`() async throws {
        let link = try await invite(places: 5), cleo = try await world.user("cleo")
        _ = try await join(link, by: ben)
        let id = "\(link.invitation.id)"

        await #expect(throws: AccountProblem.insufficientRole(.owner)) { try await invitations.link(id, by: ben) }
        await #expect(throws: AccountProblem.insufficientRole(.owner)) { try await invitations.disable(id, by: ben) }
        await #expect(throws: AccountProblem.insufficientRole(.owner)) { try await invitations.list(to: library, by: ben) }
        await #expect(throws: SharingProblem.invitationNotFound) { try await invitations.link(id, by: cleo) }
        await #expect(throws: LibraryProblem.notFound) { try await invitations.list(to: library, by: cleo) }
        #expect(try await invitations.list(by: ben).items.isEmpty)
    }

    @Test func `two who reach for the last place at once do not both get it`() async throws {
        let link = try await invite()
        var guests: [Viewer] = []
        for name in ["cleo", "dan", "eve", "fay"] { guests.append(try await world.user(name)) }

        let admitted = await withTaskGroup(of: Bool.self) { group in
            for guest in guests {
                // whoever comes too late is told so
                group.addTask { (try? await join(link, by: guest))?.isNew ?? false }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }

        #expect(admitted == 1)
        #expect(try await world.library.members.list(of: library, by: ana).items.count == 1)
    }

    @Test func `the secret is not in the database as it is`() async throws {
        let link = try await invite()
        let sealed: [UInt8]? = try await world.database.read { tx in try tx.value("SELECT sealed_secret FROM library_invitation")
        }
        #expect(try #require(sealed).count == 43 + 12 + 16)
        #expect(!String(decoding: try #require(sealed), as: UTF8.self).contains(link.secret))
    }

    @Test func `a list goes page by page in as many statements for many as for few`() async throws {
        for places in 1...5 {
            world.clock.advance(by: .seconds(1))
            _ = try await invite(places: places)
        }
        let first = try await invitations.list(limit: 3, by: ana)
        let rest = try await invitations.list(startingAfter: "\(first.items[2].id)", limit: 3, by: ana)
        #expect((first.items + rest.items).map(\.maxJoiners) == [5, 4, 3, 2, 1])
        #expect(first.hasMore && !rest.hasMore)

        func statements(_ limit: Int) async throws -> Int {
            let before = world.database.statementCount
            _ = try await invitations.list(limit: limit, by: ana)
            return world.database.statementCount - before
        }
        let (few, many) = (try await statements(1), try await statements(200))
        #expect(few == many)
    }
}
