import ArgumentParser
import BanksiaMedia
import BanksiaVision

/// A child process, started by the server; not for people.
struct Child: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "child", abstract: "Serve as a child process.", shouldDisplay: false, subcommands: [Media.self, Vision.self])

    struct Media: ParsableCommand {
        @Argument(parsing: .allUnrecognized) var arguments: [String] = []
        func run() throws { MediaChild.serve(arguments) }
    }

    struct Vision: ParsableCommand {
        @Argument(parsing: .allUnrecognized) var arguments: [String] = []
        func run() throws { VisionChild.serve(arguments) }
    }
}
