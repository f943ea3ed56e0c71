import ArgumentParser
import BanksiaFiles
import BanksiaProcesses
import Logging
import ServiceLifecycle
import UnixSignals

/// Does background work for a server that runs elsewhere on the same data.
struct Worker: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Run background work only.")

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        Heaps.limit()
        let assembly = try await Assembly.open(try options.load())
        // No server may ever run on this host, so what a worker that was killed had fetched is cleared away here.
        let leftovers = try await assembly.files.sweepStaging()
        if leftovers > 0 { assembly.logger.info("removed files of interrupted work", metadata: ["count": "\(leftovers)"]) }
        let group = ServiceGroup(
            services: [assembly.runner()], gracefulShutdownSignals: [.sigterm, .sigint], logger: assembly.logger)
        try await group.run()
        await assembly.close()
    }
}
