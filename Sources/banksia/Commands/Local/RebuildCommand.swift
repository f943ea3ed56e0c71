import ArgumentParser
import BanksiaCore
import BanksiaJobs
import BanksiaLibrary
import Foundation
import ServiceLifecycle
import UnixSignals

/// Has things derived from assets again.
struct RebuildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild",
        abstract: "Make derived things again: what is missing, and what an older version of this program made.",
        discussion: """
            Stages: \(Rebuild.all.map(\.rawValue).joined(separator: ", ")). If none is named, all but the last, \
            which groups the faces of libraries into people anew. Originals and what \
            users said are not touched, and what there is stays in use until the new is there. The work is done here and by \
            the servers and workers that run on the same data, if there are any; what is begun and broken off goes on with \
            the next of them.
            """)

    @Argument(help: "Which stages.", completion: .list(Rebuild.all.map(\.rawValue))) var stages: [Stage] = []
    @Option(help: "Only this library (lib_…).") var library: String?
    @Flag(help: "Instead: what was tried and given up.") var failed = false
    @Flag(help: "Instead: everything.") var all = false
    @Flag(help: "Leave the work to the servers and workers.") var later = false
    @OptionGroup var data: DataOptions

    /// A stage by its name.
    struct Stage: ExpressibleByArgument {
        let kind: JobKind

        init?(argument: String) {
            guard let kind = Rebuild.all.first(where: { $0.rawValue == argument }) else { return nil }
            self.kind = kind
        }
    }

    func validate() throws {
        guard !(failed && all) else { throw ValidationError("--failed and --all name different things. Take one.") }
        guard library.map({ LibraryID($0) != nil }) ?? true else { throw ValidationError("--library takes an id: lib_…") }
    }

    func run() async throws {
        let assembly = try await Assembly.open(try data.load())
        let kinds = stages.isEmpty ? Rebuild.stages : stages.map(\.kind)
        let start = SystemClock().now
        let rebuild = assembly.library.rebuild
        let count = try await presenting {
            try await rebuild.enqueue(
                kinds, in: library.flatMap { LibraryID($0) }, failed ? .failed : all ? .everything : .outdated)
        }
        ProgressBar.write(count == 0 ? "Nothing to do.\n" : "\(count) jobs.\n")
        guard count > 0, !later else { return await assembly.close() }
        let group = ServiceGroup(
            services: [assembly.runner()], gracefulShutdownSignals: [.sigterm, .sigint], logger: assembly.logger)
        let progress = try await withThrowingTaskGroup(of: Rebuild.Progress?.self) { tasks in
            tasks.addTask {
                try await group.run()
                return nil
            }
            tasks.addTask {
                do {
                    let end = try await Self.watch(count) { try await rebuild.progress(of: kinds, since: start) }
                    await group.triggerGracefulShutdown()
                    return end
                } catch is CancellationError { return nil }  // a signal has ended the work
            }
            var end: Rebuild.Progress?
            // The work may have ended before whoever told it to has said so: both are waited for.
            while let ended = try await tasks.next() {
                if let ended { end = ended } else { tasks.cancelAll() }
            }
            return end
        }
        await assembly.close()
        guard let progress else { throw ExitCode(130) }
        print("\(count - progress.failed) done, \(progress.failed) failed. What failed stands under /api/tasks, with the reason.")
        if progress.failed > 0 { throw ExitCode(1) }
    }

    /// Draws how far the work is until it is done.
    private static func watch(_ count: Int, _ read: () async throws -> Rebuild.Progress) async throws -> Rebuild.Progress {
        let bar = ProgressBar(total: count)
        while true {
            let progress = try await read()
            bar.show(done: max(0, count - progress.unfinished))
            if progress.unfinished == 0 { return progress }
            try await Task.sleep(for: .milliseconds(300))
        }
    }
}

/// How far something is: a line that is drawn over on a terminal, and a line now and then elsewhere.
private final class ProgressBar {
    private static let width = 40
    private let total: Int
    private let isTerminal = isatty(STDOUT_FILENO) == 1
    private let start = ContinuousClock.now
    private var next = ContinuousClock.now

    init(total: Int) { self.total = total }

    func show(done: Int) {
        guard isTerminal else {
            guard ContinuousClock.now >= next else { return }
            next = .now + .seconds(10)
            return Self.write("\(done) of \(total)\n")
        }
        let filled = done * Self.width / max(1, total)
        let seconds = max(0.001, (ContinuousClock.now - start) / .seconds(1))
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: Self.width - filled)
        let rate = String(format: "%.1f", Double(done) / seconds)
        Self.write("\r\(bar) \(done) of \(total), \(rate) a second \(done == total ? "\n" : "")")
    }

    /// Not printed: that would stay in a buffer until a line is full, or the end for who reads a pipe.
    static func write(_ text: String) {
        try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8))  // nobody reads it any more
    }
}
