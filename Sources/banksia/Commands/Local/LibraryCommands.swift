import ArgumentParser
import BanksiaCore
import BanksiaLibrary

/// Libraries, as the person who runs the server looks at them.
struct LibraryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "library", abstract: "Look at libraries and limit them.", subcommands: [List.self, Set.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the libraries of an account, trashed ones too.")

        @Option(help: "Whose: an account's e-mail address.") var user: String
        @OptionGroup var printing: PrintOptions
        @OptionGroup var data: DataOptions

        func run() async throws {
            let assembly = try await Assembly.open(try data.load())
            let libraries = try await presenting {
                let owner = try await assembly.library.accounts.user(withEmail: User.Email(user))
                return try await assembly.library.libraries.list(.all, by: Viewer(user: owner.id, credential: .local))
            }
            try printing.show(libraries.map(PrintedLibrary.init)) { libraries.map { PrintedLibrary($0).line } }
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Change what a library may hold.")

        @Argument(help: "The library's id.") var library: String
        @Option(help: "How much it may store: 500MB, 20GB, 1.5TiB, or none for what its owner may.")
        var storageLimit: StorageLimit
        @OptionGroup var printing: PrintOptions
        @OptionGroup var data: DataOptions

        func run() async throws {
            let assembly = try await Assembly.open(try data.load())
            let changed = try await presenting {
                try await assembly.library.libraries.limit(library, toBytes: storageLimit.bytes)
            }
            try printing.show(PrintedLibrary(changed)) { [PrintedLibrary(changed).line] }
        }
    }
}

/// A library as commands print it.
private struct PrintedLibrary: Encodable {
    var id: String
    var name: String
    var role: String
    var assetCount: Int
    var storageUsedBytes: Int64
    /// Missing for none of its own.
    var storageLimitBytes: Int64?
    var trashedAt: String?

    init(_ library: Library) {
        id = library.id.description
        name = library.name
        role = library.role.rawValue
        assetCount = library.assetCount
        storageUsedBytes = library.storageUsedBytes
        storageLimitBytes = library.storageLimitBytes
        trashedAt = library.trashedAt?.description
    }

    var line: String {
        let limit = storageLimitBytes.map { " of \(shownBytes($0))" } ?? ""
        let trash = trashedAt.map { "  in the trash since \($0)" } ?? ""
        return "\(id)  \(name)  \(role)  \(assetCount) assets  \(shownBytes(storageUsedBytes))\(limit)\(trash)"
    }
}
