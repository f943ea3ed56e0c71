import ArgumentParser
import BanksiaCore
import BanksiaJobs
import BanksiaSQL
import Foundation
import ServiceLifecycle
import UnixSignals

/// Jobs that do nothing, so that what is measured is the queue.
struct BenchQueue: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue", abstract: "Enqueue empty jobs, or do them.", subcommands: [Fill.self, Work.self])

    fileprivate static let kind = JobKind(rawValue: "bench")

    /// Enqueues jobs and waits until others have done them.
    struct Fill: AsyncParsableCommand {
        @Option(help: "How many.") var count = 5000
        @OptionGroup var options: SettingsOptions

        /// As many as a burst of uploads enqueues in one go.
        private static let batch = 100

        func run() async throws {
            let assembly = try await Assembly.open(try options.load())
            let begin = ContinuousClock.now
            for _ in 0..<count / Self.batch {
                try await assembly.database.write(.committed) { [jobs = assembly.jobs] tx in
                    for _ in 0..<Self.batch { try jobs.enqueue(NewJob(kind: BenchQueue.kind, subject: UUID()), tx) }
                }
            }
            let filled = ContinuousClock.now - begin
            while try await assembly.database.read({ [jobs = assembly.jobs] tx in
                try jobs.hasUnfinished(kind: BenchQueue.kind, tx)
            }) {
                try await Task.sleep(for: .milliseconds(10))
            }
            let done = ContinuousClock.now - begin
            await assembly.close()
            print("{\"fill_seconds\": \(filled.seconds), \"done_seconds\": \(done.seconds)}")
        }
    }

    /// Does such jobs until it is told to stop.
    struct Work: AsyncParsableCommand {
        @OptionGroup var options: SettingsOptions

        func run() async throws {
            let assembly = try await Assembly.open(try options.load())
            let handler = JobHandler(kind: BenchQueue.kind) { _ in JobCompletion() }
            let runner = JobRunner(
                database: assembly.database, queue: assembly.jobs, lanes: [JobLane(name: "bench", width: 4, handlers: [handler])],
                clock: SystemClock(), logger: assembly.logger)
            let group = ServiceGroup(services: [runner], gracefulShutdownSignals: [.sigterm], logger: assembly.logger)
            // Written at once: `print` keeps lines back when they go to a pipe.
            FileHandle.standardOutput.write(Data("ready\n".utf8))
            try await group.run()
            await assembly.close()
        }
    }
}
