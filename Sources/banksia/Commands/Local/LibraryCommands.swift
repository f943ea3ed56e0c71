import ArgumentParser
import BanksiaCore
import BanksiaLibrary

/// Libraries, as the person who runs the server looks at them.
struct LibraryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "library", abstract: "Look at libraries and limit them.", subcommands: [List.self, Set.self, Faces.self])

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

extension LibraryCommand {
    /// What a library knows of faces, and an end to it.
    struct Faces: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Tell how many faces a library knows, look for them or not, or delete all of them.",
            discussion: """
                --delete takes everything that was ever found out or said about faces, for good, and looks for no more; names of \
                people stay. Originals are not touched.
                """)

        /// Whether faces are looked for.
        enum Finding: String, ExpressibleByArgument, CaseIterable { case on, off }

        @Argument(help: "The library's id.") var library: String
        @Option(help: "Whether faces are looked for in it: on or off.") var find: Finding?
        @Flag(help: "Delete all face data.") var delete = false
        @OptionGroup var printing: PrintOptions
        @OptionGroup var data: DataOptions

        func validate() throws {
            guard !(delete && find == .on) else { throw ValidationError("--delete stops the search. Leave --find on away.") }
        }

        func run() async throws {
            let assembly = try await Assembly.open(try data.load())
            let known = try await presenting {
                let owner = Viewer(user: try await assembly.library.libraries.owner(of: library), credential: .local)
                let faces = assembly.library.faces
                if delete { try await faces.deleteAll(in: library, by: owner) }
                if let find { _ = try await faces.find(find == .on, in: library, by: owner) }
                return PrintedFaceData(try await faces.data(of: library, by: owner))
            }
            try printing.show(known) { [known.line] }
        }
    }
}

/// What a library knows of faces, as commands print it.
private struct PrintedFaceData: Encodable {
    var library: String
    var findsFaces: Bool
    var faceCount: Int
    var personCount: Int

    init(_ data: FaceData) {
        (library, findsFaces) = (data.library.description, data.findsFaces)
        (faceCount, personCount) = (data.faces, data.people)
    }

    var line: String {
        "\(library)  \(faceCount) faces  \(personCount) people  faces are \(findsFaces ? "looked for" : "not looked for")"
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
