import ArgumentParser
import BanksiaCore
import BanksiaLibrary
import Foundation

/// Invitations to libraries, issued for their owners.
struct InviteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invite", abstract: "Invite people to a library.",
        discussion: "A link lets an account of this server join; it makes no accounts, which `banksia user add` does.",
        subcommands: [Create.self, List.self, Link.self, Disable.self])

    /// What a member may be.
    enum OfferedRole: String, CaseIterable, ExpressibleByArgument {
        case viewer, collaborator

        var role: Role { self == .viewer ? .viewer : .collaborator }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Issue an invitation; prints its link.")

        @Option(help: "The library's id.") var library: String?
        @Option(help: "Instead of a library: the e-mail address of an account that has just one.") var user: String?
        @Option(help: "What those become who join: viewer or collaborator.") var role = OfferedRole.viewer
        @Option(help: "For how many days it holds.") var days = 7
        @Option(help: "How many accounts may join.") var places = 1
        @OptionGroup var printing: PrintOptions
        @OptionGroup var data: DataOptions

        func validate() throws {
            guard (library == nil) != (user == nil) else { throw ValidationError("Give either --library or --user.") }
            guard (1...3650).contains(days) else { throw ValidationError("--days is a number from 1 to 3650.") }
        }

        func run() async throws {
            let settings = try data.load()
            let assembly = try await Assembly.open(settings)
            let expiry = SystemClock().now.adding(.seconds(days * 86_400))
            let link = try await presenting {
                let (owner, target) = try await target(assembly.library)
                let policy = Invitation.Policy(role: role.role, expiresAt: expiry, maxJoiners: places)
                return try await assembly.library.invitations.create(policy, to: target, by: owner).record
            }
            try PrintedInvitation(link.invitation, url: link.url(at: settings.origin)).show(printing)
        }

        private func target(_ library: PhotoLibrary) async throws -> (Viewer, LibraryID) {
            if let user {
                let owner = try await library.accounts.user(withEmail: User.Email(user))
                let viewer = Viewer(user: owner.id, credential: .local)
                return (viewer, try await library.libraries.resolve(nil, by: viewer))
            }
            let id = self.library ?? ""
            let viewer = Viewer(user: try await library.libraries.owner(of: id), credential: .local)
            return (viewer, try await library.libraries.owned(id, by: viewer).id)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the invitations of an owner, the newest first.")

        @Option(help: "Whose: an account's e-mail address.") var user: String
        @Option(help: "Which: active, exhausted, expired or disabled. Default: all.") var state: String?
        @OptionGroup var printing: PrintOptions
        @OptionGroup var data: DataOptions

        func run() async throws {
            let wanted = try state.map { text in
                guard let state = Invitation.State(rawValue: text) else { throw ValidationError("“\(text)” is no state.") }
                return state
            }
            let assembly = try await Assembly.open(try data.load())
            let found = try await presenting {
                let owner = try await assembly.library.accounts.user(withEmail: User.Email(user))
                return try await all(wanted, by: Viewer(user: owner.id, credential: .local), assembly.library.invitations)
            }
            try printing.show(found.map { PrintedInvitation($0) }) { found.map { PrintedInvitation($0).line } }
        }

        private func all(_ state: Invitation.State?, by owner: Viewer, _ invitations: Invitations) async throws -> [Invitation] {
            var found: [Invitation] = []
            var page: Page<Invitation>
            repeat {
                page = try await invitations.list(state, startingAfter: found.last?.id.description, limit: 200, by: owner)
                found += page.items
            } while page.hasMore
            return found
        }
    }

    struct Link: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show the link of an active invitation again.")

        @Argument(help: "The invitation's id.") var invitation: String
        @OptionGroup var printing: PrintOptions
        @OptionGroup var data: DataOptions

        func run() async throws {
            let settings = try data.load()
            let assembly = try await Assembly.open(settings)
            let link = try await presenting {
                let owner = Viewer(user: try await assembly.library.invitations.owner(of: invitation), credential: .local)
                return try await assembly.library.invitations.link(invitation, by: owner)
            }
            try PrintedInvitation(link.invitation, url: link.url(at: settings.origin)).show(printing)
        }
    }

    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End an invitation; those who came by it stay.")

        @Argument(help: "The invitation's id.") var invitation: String
        @OptionGroup var printing: PrintOptions
        @OptionGroup var data: DataOptions

        func run() async throws {
            let assembly = try await Assembly.open(try data.load())
            let disabled = try await presenting {
                let owner = Viewer(user: try await assembly.library.invitations.owner(of: invitation), credential: .local)
                return try await assembly.library.invitations.disable(invitation, by: owner)
            }
            try PrintedInvitation(disabled).show(printing)
        }
    }
}

/// An invitation as commands print it; with its link where that was asked for.
private struct PrintedInvitation: Encodable {
    var id: String
    var libraryId: String
    var role: String
    var state: String
    var expiresAt: String
    var maxJoiners: Int
    var joinerCount: Int
    var url: String?

    init(_ invitation: Invitation, url: String? = nil) {
        id = invitation.id.description
        libraryId = invitation.libraryID.description
        role = invitation.role.rawValue
        state = invitation.state.rawValue
        expiresAt = invitation.expiresAt.description
        maxJoiners = invitation.maxJoiners
        joinerCount = invitation.joinerCount
        self.url = url
    }

    var line: String {
        "\(state)  \(id)  \(libraryId)  \(role)  \(joinerCount) of \(maxJoiners) places taken  until \(expiresAt)"
    }

    func show(_ printing: PrintOptions) throws { try printing.show(self) { [url ?? line] } }
}

extension Settings {
    /// Where clients reach the server as far as the settings say: for links that are printed, not sent in an answer.
    fileprivate var origin: String {
        if let publicURL { return String(publicURL.reversed().drop { $0 == "/" }.reversed()) }
        return "http://\(host == "0.0.0.0" || host == "::" ? "localhost" : host):\(port)"
    }
}
