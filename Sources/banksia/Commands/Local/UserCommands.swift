import ArgumentParser
import BanksiaCore
import BanksiaLibrary
import Foundation

/// Accounts.
struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Manage accounts.",
        subcommands: [
            Add.self, List.self, Show.self, Set.self, Deactivate.self, Activate.self, UserPasswordCommand.self,
            UserSignOutCommand.self,
        ])

    /// What can be said about an account both when it is made and later.
    struct Details: ParsableArguments {
        @Option(help: "The first name; an empty one clears it.") var firstName: String?
        @Option(help: "The last name; an empty one clears it.") var lastName: String?
        @Option(help: "The home time zone by its IANA name, such as Europe/Berlin; an empty one clears it.") var timezone: String?
        @Option(help: "How much the account may store: 500MB, 20GB, 1.5TiB, or none for as much as fits.")
        var storageLimit: StorageLimit?

        func change() throws -> Accounts.Administration {
            var change = Accounts.Administration()
            if let firstName { change.firstName = try edit(firstName, "first_name") }
            if let lastName { change.lastName = try edit(lastName, "last_name") }
            if let timezone { change.timezone = timezone.isEmpty ? .clear : .set(timezone) }
            if let storageLimit { change.storageLimit = storageLimit.edit }
            return change
        }

        private func edit(_ text: String, _ field: String) throws -> ProfileChange.Edit<Name> {
            text.isEmpty ? .clear : .set(try Name(text, field: field))
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make an account with its default library; prints its id.")

        @Argument(help: "The account's e-mail address.") var email: String
        @Flag(help: "Make it an administrator's account.") var admin = false
        @OptionGroup var details: Details
        @OptionGroup var printing: PrintOptions
        @OptionGroup var data: DataOptions

        func run() async throws {
            let assembly = try await Assembly.open(try data.load())
            let user = try await presenting {
                let email = try User.Email(email)
                var change = try details.change()
                change.isSuperuser = admin
                return try await assembly.library.accounts.add(email, change)
            }
            try printing.show(PrintedUser(user)) { ["\(user.id)"] }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List all accounts, the oldest first.")

        @OptionGroup var printing: PrintOptions
        @OptionGroup var data: DataOptions

        func run() async throws {
            let assembly = try await Assembly.open(try data.load())
            var users: [User] = []
            var page: Page<User>
            repeat {
                page = try await assembly.library.accounts.list(after: users.last?.id)
                users += page.items
            } while page.hasMore
            try printing.show(users.map(PrintedUser.init)) {
                users.map { user in
                    "\(user.isActive ? "active  " : "inactive") \(user.id)  \(user.email)  \(PrintedUser(user).shownStorage)"
                }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show one account.")

        @Argument(help: "The account's e-mail address.") var email: String
        @OptionGroup var printing: PrintOptions
        @OptionGroup var data: DataOptions

        func run() async throws {
            let assembly = try await Assembly.open(try data.load())
            let user = try await presenting { try await assembly.library.accounts.user(withEmail: User.Email(email)) }
            try PrintedUser(user).show(printing)
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Change an account; what is not named stays as it is.")

        @Argument(help: "The account's e-mail address.") var email: String
        @Option(help: "Another e-mail address.") var newEmail: String?
        @Flag(inversion: .prefixedNo, help: "Whether it is an administrator's account.") var admin: Bool?
        @OptionGroup var details: Details
        @OptionGroup var printing: PrintOptions
        @OptionGroup var data: DataOptions

        func run() async throws {
            try await UserCommand.administer(email, data, printing) {
                var change = try details.change()
                change.email = try newEmail.map { try User.Email($0) }
                change.isSuperuser = admin
                return change
            }
        }
    }

    struct Deactivate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lock an account.",
            discussion: "Its sign-ins, tokens and keys are refused at once; its libraries stay, and `activate` undoes it.")

        @Argument(help: "The account's e-mail address.") var email: String
        @OptionGroup var printing: PrintOptions
        @OptionGroup var data: DataOptions

        func run() async throws { try await UserCommand.administer(email, data, printing) { .active(false) } }
    }

    struct Activate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Unlock an account.")

        @Argument(help: "The account's e-mail address.") var email: String
        @OptionGroup var printing: PrintOptions
        @OptionGroup var data: DataOptions

        func run() async throws { try await UserCommand.administer(email, data, printing) { .active(true) } }
    }

    /// Changes an account and shows it.
    fileprivate static func administer(
        _ email: String, _ data: DataOptions, _ printing: PrintOptions, _ change: () throws -> Accounts.Administration
    ) async throws {
        let assembly = try await Assembly.open(try data.load())
        let user = try await presenting {
            try await assembly.library.accounts.administer(User.Email(email), change())
        }
        try PrintedUser(user).show(printing)
    }
}

extension Accounts.Administration {
    /// Only whether the account may be used.
    fileprivate static func active(_ isActive: Bool) -> Self {
        var change = Self()
        change.isActive = isActive
        return change
    }
}

/// An account as commands print it.
private struct PrintedUser: Encodable {
    var id: String
    var email: String
    var firstName: String?
    var lastName: String?
    var timezone: String?
    var isActive: Bool
    var isSuperuser: Bool
    var storageUsedBytes: Int64
    /// Missing for as much as fits.
    var storageLimitBytes: Int64?
    var createdAt: String
    var updatedAt: String

    init(_ user: User) {
        id = user.id.description
        email = user.email
        firstName = user.firstName
        lastName = user.lastName
        timezone = user.timezone
        isActive = user.isActive
        isSuperuser = user.isSuperuser
        storageUsedBytes = user.storageUsedBytes
        storageLimitBytes = user.storageLimitBytes
        createdAt = user.createdAt.description
        updatedAt = user.updatedAt.description
    }

    var shownStorage: String {
        shownBytes(storageUsedBytes) + (storageLimitBytes.map { " of \(shownBytes($0))" } ?? "")
    }

    func show(_ printing: PrintOptions) throws {
        try printing.show(self) {
            [
                "id        \(id)", "email     \(email)",
                "name      \([firstName, lastName].compactMap(\.self).joined(separator: " "))",
                "timezone  \(timezone ?? "")",
                "state     \(isActive ? "active" : "inactive")\(isSuperuser ? ", administrator" : "")",
                "storage   \(shownStorage)", "created   \(createdAt)",
            ]
        }
    }
}
