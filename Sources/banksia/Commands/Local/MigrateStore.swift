import ArgumentParser
import BanksiaCore
import BanksiaLibrary
import Foundation
import Synchronization

/// Copies an installation into another database and store.
struct MigrateStore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate-store",
        abstract: "Copy everything into another database and store: from a folder to PostgreSQL and S3, or back.",
        discussion: """
            The source is what the settings say. The target is a second settings file, with `data` and, where they apply, \
            `database`, `store` and the `s3-…` settings; its database must be empty. Files that are there already are passed \
            over, so first run it with --files-only while the server works, then stop the server and run it without. \
            The source is left as it is.
            """)

    @Option(help: "The settings file of the target.") var target: String
    @Flag(help: "Copy files, which may be done while the server runs, and no rows.") var filesOnly = false
    @OptionGroup var options: SettingsOptions

    func run() async throws {
        let settings = try options.load()
        let targetSettings = try loadTarget()
        guard targetSettings.dataFolder != settings.dataFolder else {
            throw ValidationError("The target needs a data folder of its own. Set `data` in \(target) to another one.")
        }
        // While a server runs, rows would change behind the copy. One on another host cannot be seen from here.
        let folder = filesOnly ? nil : try FolderLock(settings.dataFolder)
        defer { folder?.release() }
        let targetFolder = try FolderLock(targetSettings.dataFolder)
        defer { targetFolder.release() }
        let source = try await presenting { try await Assembly.open(settings) }
        let copy = try await presenting { try await Assembly.open(targetSettings) }
        let meter = Meter()
        let copying = InstallationCopy(
            from: .init(database: source.database, files: source.files), to: .init(database: copy.database, files: copy.files),
            progress: meter.show)
        let report = try await presenting { try await copying.copyFiles() }
        print(
            "Files: \(report.copied) copied (\(report.copiedBytes >> 20) MiB), \(report.alreadyThere) originals were there already."
        )
        for digest in report.lost.prefix(100) { print("LOST    original \(digest): not in the source, or damaged there") }
        if report.lost.count > 100 { print("LOST    \(report.lost.count) originals in all") }
        if !filesOnly {
            for (table, rows) in try await presenting({ try await copying.copyRows() }) where rows > 0 {
                print("Rows: \(rows) of \(table), compared and equal.")
            }
        }
        await source.close()
        await copy.close()
        if !report.lost.isEmpty { throw ExitCode(1) }
    }

    /// The environment belongs to the source, so the target is its file alone.
    private func loadTarget() throws -> Settings {
        do { return try Settings(flags: [], environment: [:], file: target) } catch { throw ValidationError(error.description) }
    }
}

/// Says every few seconds how far a copy has come.
private final class Meter: Sendable {
    private let next = Mutex(ContinuousClock.now + .seconds(5))

    func show(_ report: InstallationCopy.Report) {
        let isDue = next.withLock { next in
            guard ContinuousClock.now >= next else { return false }
            next = .now + .seconds(5)
            return true
        }
        if isDue { print("… \(report.copied) files copied, \(report.copiedBytes >> 20) MiB") }
    }
}
