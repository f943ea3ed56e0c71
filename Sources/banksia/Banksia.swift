import ArgumentParser
import BanksiaServer

/// The one binary: server, worker, child processes and operator's commands.
@main struct Banksia: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "banksia",
        abstract: "A photo platform that you run yourself.",
        version: Release.version,
        subcommands: [
            Serve.self, Worker.self, Migrate.self, Doctor.self, UserCommand.self, LibraryCommand.self, InviteCommand.self,
            KeyCommand.self, SessionCommand.self, ClientCommand.self, ModelsCommand.self, FeedbackCommand.self,
            ConfigCommand.self, RebuildCommand.self, MCPCommand.self, MigrateStore.self, Child.self, Bench.self,
        ])
}
