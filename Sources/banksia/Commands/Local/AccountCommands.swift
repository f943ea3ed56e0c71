import ArgumentParser
import BanksiaCore
import BanksiaLibrary
import Foundation

/// API keys.
struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "key", abstract: "Manage API keys.", subcommands: [Create.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make an API key; prints only its secret.")

        @Option(help: "Whose key: an account's e-mail address.") var user: String
        @Option(help: "What to call the key.") var name = "Command line"
        @Option(help: "What it may do: read,write,delete,delete_permanently. Default: everything.") var actions: String?
        @Option(help: "A library it is confined to; may be given several times. Default: all.") var library: [String] = []
        @OptionGroup var data: DataOptions

        func run() async throws {
            let assembly = try await Assembly.open(try data.load())
            let secret = try await presenting {
                let owner = try await assembly.library.accounts.user(withEmail: User.Email(user))
                let grant = APIKey.Grant(
                    name: try Name(name), actions: try parsedActions(), libraries: library.isEmpty ? nil : library)
                return try await assembly.library.keys.create(grant, by: Viewer(user: owner.id, credential: .local)).secret
            }
            print(secret)
        }

        private func parsedActions() throws -> Set<Action> {
            guard let actions else { return Set(Action.allCases) }
            return Set(
                try actions.split(separator: ",").map { text in
                    guard let action = Action(rawValue: text.trimmingCharacters(in: .whitespaces)) else {
                        throw ValidationError(
                            "“\(text)” is no action; there are \(Action.allCases.map(\.rawValue).joined(separator: ", ")).")
                    }
                    return action
                })
        }
    }
}

/// First-party sessions.
struct SessionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session", abstract: "Manage sign-ins.", subcommands: [Create.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sign an account in; prints the session's token, for tests and scripts.")

        @Option(help: "Whose session: an account's e-mail address.") var user: String
        @Flag(help: "Print a token as another program gets it by OAuth.") var delegated = false
        @OptionGroup var data: DataOptions

        func run() async throws {
            let assembly = try await Assembly.open(try data.load())
            let token = try await presenting {
                let owner = try await assembly.library.accounts.user(withEmail: User.Email(user))
                let accounts = assembly.library.accounts
                return try await delegated ? accounts.tokens.make(for: owner.id) : accounts.makeSession(for: owner.id)
            }
            print(token)
        }
    }
}

/// Shows a problem of the library as a command's own message, without a trace.
func presenting<Result>(_ body: () async throws -> Result) async throws -> Result {
    do { return try await body() } catch let problem as any Problem { throw ValidationError(problem.detail) }
}
