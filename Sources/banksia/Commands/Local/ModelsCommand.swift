import ArgumentParser
import BanksiaLibrary
import BanksiaVision
import Foundation

/// Model packs.
struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "Manage model packs.", subcommands: [List.self, Use.self, Install.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the installed packs; * answers searches.")

        @OptionGroup var data: DataOptions

        func run() async throws {
            let assembly = try await Assembly.open(try data.load())
            let active = try await assembly.library.models.activeSpace()
            for pack in assembly.packs.list() {
                switch pack {
                case .installed(let pack):
                    print("\(pack.id == active ? "*" : " ") \(pack.id)  \(pack.dimension) dimensions  \(pack.licence)")
                case .damaged(let folder, let problem): print("! \(folder): \(problem.detail)")
                }
            }
        }
    }

    struct Use: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let a pack answer searches.",
            discussion: "Photos get vectors of it in the background; until all have one, the pack before goes on answering.")

        @Argument(help: "The pack's id, as `models list` shows it.") var pack: String
        @OptionGroup var data: DataOptions

        func run() async throws {
            let assembly = try await Assembly.open(try data.load())
            try await presenting { try await assembly.library.models.use(pack) }
            let active = try await assembly.library.models.activeSpace()
            print(
                active == pack
                    ? "\(pack) answers searches."
                    : "\(pack) takes over from \(active ?? "nothing") when every photo has a vector of it.")
        }
    }

    struct Install: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Install a pack from a folder, from a URL under which its manifest.json lies, or by a model's name.",
            discussion: """
                A broken download is continued by running the command again. Every file is checked against the manifest, or against
                what the hub lists. A folder may also be that of a CLIP model as it is published for Immich, with visual/ and
                textual/, and a name is that of such a model (ViT-B-32__openai); its manifest is then written.
                """)

        @Argument(help: "A folder, a URL, or the name of a model on the hub, with its owner if that is not immich-app.")
        var source: String
        @Option(help: "Where models are looked for by name: Hugging Face, or what answers as it does.")
        var hub = "https://huggingface.co"
        @Option(help: "The id of a pack without a manifest; else its name.") var id: String?
        @Option(help: "The score from which on a match of a pack without a manifest is plausible (distance 0.8).")
        var show: Float?
        @Option(help: "The score from which on it is good (distance 0.6).") var good: Float?
        @OptionGroup var data: DataOptions

        func run() async throws {
            let packs = try await Assembly.open(try data.load()).packs
            let pack = try await presenting { try await install(into: packs) }
            print("Installed \(pack.id). `banksia models use \(pack.id)` lets it answer searches.")
        }

        func validate() throws {
            guard (show == nil) == (good == nil) else { throw ValidationError("--show and --good belong together.") }
        }

        private func install(into packs: ModelPacks) async throws -> ModelPack {
            if source.hasPrefix("http://") || source.hasPrefix("https://") {
                let place = ModelDownload(source)
                return try await packs.install { name, offset in try await place.bytes(of: name, from: offset) }
            }
            if !FileManager.default.fileExists(atPath: source), let repository = ModelRepository(source, on: hub) {
                return try await packs.install(
                    published: repository.name, listing: try await repository.listing(), id: id, score: score
                ) { name, offset in try await repository.files.bytes(of: name, from: offset) }
            }
            guard ModelPacks.isExport(source) else { return try packs.install(fromFolder: source) }
            return try packs.install(fromExport: source, id: id, score: score)
        }

        private var score: ModelPack.ScoreRange? {
            show.flatMap { show in good.map { ModelPack.ScoreRange(show: show, good: $0) } }
        }
    }
}
