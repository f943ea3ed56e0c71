import BanksiaLibrary
import Logging
import ServiceLifecycle

/// What a server does now and then: lets a complete model pack take over, forgets old finished tasks, keeps indexes warm.
struct Maintenance: Service, CustomStringConvertible {
    let assembly: Assembly
    /// What the log calls it.
    var description: String { "Maintenance" }

    private static let interval = Duration.seconds(30)

    func run() async throws {
        await report("the vector indexes were not opened ahead of the first search") { try await assembly.library.warmUp() }
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try? await Task.sleep(for: Self.interval)  // cancelled at shutdown, which ends the loop
                guard !Task.isCancelled else { return }
                await report("maintenance was not done") {
                    try await assembly.library.maintain(libraryRetention: assembly.settings.libraryRetention)
                }
            }
        }
    }

    /// A failure here must not end the server; the next round tries again.
    private func report(_ failure: Logger.Message, _ body: () async throws -> Void) async {
        do { try await body() } catch { assembly.logger.warning(failure, metadata: ["error": "\(error)"]) }
    }
}
