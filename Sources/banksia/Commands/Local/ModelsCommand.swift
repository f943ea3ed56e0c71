import ArgumentParser
import AsyncHTTPClient
import BanksiaLibrary
import BanksiaVision
import Foundation
import NIOCore
import NIOHTTP1

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
            abstract: "Install a pack from a folder, or from a URL under which its manifest.json and files lie.",
            discussion: """
                A broken download is continued by running the command again. Every file is checked against the manifest. The folder
                may also be that of a CLIP model as it is published for Immich, with visual/ and textual/; its manifest is then
                written.
                """)

        @Argument(help: "A folder, or a URL.") var source: String
        @Option(help: "The id of a pack without a manifest; else the folder's name.") var id: String?
        @Option(help: "The score from which on a match of a pack without a manifest is plausible (distance 0.8).")
        var show: Float?
        @Option(help: "The score from which on it is good (distance 0.6).") var good: Float?
        @OptionGroup var data: DataOptions

        func run() async throws {
            let assembly = try await Assembly.open(try data.load())
            let pack = try await presenting {
                if source.hasPrefix("http://") || source.hasPrefix("https://") {
                    let base = source.hasSuffix("/") ? source : source + "/"
                    return try await assembly.packs.install { name, offset in try await download(base + name, from: offset) }
                }
                guard ModelPacks.isExport(source) else { return try assembly.packs.install(fromFolder: source) }
                return try assembly.packs.install(fromExport: source, id: id, score: score)
            }
            print("Installed \(pack.id). `banksia models use \(pack.id)` lets it answer searches.")
        }

        func validate() throws {
            guard (show == nil) == (good == nil) else { throw ValidationError("--show and --good belong together.") }
        }

        private var score: ModelPack.ScoreRange? {
            show.flatMap { show in good.map { ModelPack.ScoreRange(show: show, good: $0) } }
        }

        /// The bytes of a file from an offset on, as they arrive.
        private func download(_ url: String, from offset: Int64) async throws -> Download {
            var request = HTTPClientRequest(url: url)
            if offset > 0 { request.headers.add(name: "Range", value: "bytes=\(offset)-") }
            let response = try await HTTPClient.shared.execute(request, timeout: .hours(6))
            guard response.status.code == (offset > 0 ? 206 : 200) else {
                throw ValidationError("\(url) answers \(response.status.code).")
            }
            return response.body.map { Array(buffer: $0) }
        }

        private typealias Download = AsyncMapSequence<HTTPClientResponse.Body, [UInt8]>
    }
}
