import ArgumentParser
import BanksiaFiles
import BanksiaLibrary
import BanksiaMedia
import Foundation

/// Measures single parts for `make bench`, which sets the figures beside a peer's. Prints one JSON object.
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure single parts.", shouldDisplay: false,
        subcommands: [Ladder.self, BenchScan.self, BenchSearch.self, BenchQueue.self, BenchGrouping.self])

    /// Three renditions of one picture, over and over, in one child process.
    struct Ladder: AsyncParsableCommand {
        @Argument(help: "A picture.") var picture: String
        @Option(help: "How often.") var rounds = 20
        @OptionGroup var data: DataOptions

        func run() async throws {
            let assembly = try await Assembly.open(try data.load())
            let folder = try assembly.files.temporaryFolder()
            defer { folder.remove() }
            let recipes = [(360, "thumbnail"), (720, "small"), (1440, "preview")].map {
                RenditionRecipe(name: $0.1, longestEdge: $0.0, format: .webp(quality: 80, effort: 2))
            }
            let source = URL(filePath: picture).standardizedFileURL.path
            _ = try await assembly.media.render(source, ladder: recipes, into: folder.path)  // the first call starts the child
            let clock = ContinuousClock()
            let elapsed = try await clock.measure {
                for _ in 0..<rounds { _ = try await assembly.media.render(source, ladder: recipes, into: folder.path) }
            }
            await assembly.close()
            print("{\"ladders_per_second\": \(Double(rounds) / elapsed.seconds)}")
        }
    }
}

extension Duration {
    /// As a number of seconds.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
