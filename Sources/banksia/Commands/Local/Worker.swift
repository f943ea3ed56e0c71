import ArgumentParser
import ServiceLifecycle
import UnixSignals

/// Does background work for a server that runs elsewhere on the same data.
struct Worker: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Run background work only.")

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        let assembly = try await Assembly.open(try options.load())
        let group = ServiceGroup(
            services: [assembly.runner()], gracefulShutdownSignals: [.sigterm, .sigint], logger: assembly.logger)
        try await group.run()
        await assembly.close()
    }
}
