import ArgumentParser
import BanksiaCore
import BanksiaLibrary

/// Lets somebody set a password.
struct UserPasswordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "password", abstract: "Print a link with which its holder sets an account's password.",
        discussion: """
            The link is good once, for seven days. Using it ends the account's sign-ins and switches its codes off, so it also helps
            whoever lost a phone.
            """)

    @Argument(help: "The account's e-mail address.") var email: String
    @OptionGroup var data: DataOptions

    func run() async throws {
        let settings = try data.load()
        let assembly = try await Assembly.open(settings)
        let secret = try await presenting {
            let user = try await assembly.library.accounts.user(withEmail: User.Email(email))
            return try await assembly.library.signIn.makeSetupLink(for: user.id)
        }
        print(SetupLink.url(host: settings.host, port: settings.port, publicURL: settings.publicURL, secret: secret))
    }
}

/// Ends sign-ins.
struct UserSignOutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign-out", abstract: "End all sessions and tokens of an account. Its API keys stay.")

    @Argument(help: "The account's e-mail address.") var email: String
    @OptionGroup var data: DataOptions

    func run() async throws {
        let assembly = try await Assembly.open(try data.load())
        try await presenting {
            let user = try await assembly.library.accounts.user(withEmail: User.Email(email))
            try await assembly.library.signIn.signOutEverywhere(user.id)
        }
    }
}

/// Programs that sign people in at this server.
struct ClientCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "client", abstract: "Manage programs that sign people in here, by OpenID Connect.", subcommands: [Add.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Register a program; prints its client id and its secret, once.",
            discussion: "Programs that use this server's own API need none of this: see the setting `oauth-redirects`.")

        @Argument(help: "What to call it.") var name: String
        @Option(name: .customLong("redirect"), help: "Where it has people sent back to; may be given several times.")
        var redirects: [String]
        @OptionGroup var data: DataOptions

        func run() async throws {
            let assembly = try await Assembly.open(try data.load())
            guard let provider = assembly.library.provider else { throw ValidationError("The setting `sign-in` is off.") }
            let client = try await presenting { try await provider.addClient(named: Name(name), redirectURIs: redirects) }
            print(client.id)
            print(client.secret)
        }
    }
}
