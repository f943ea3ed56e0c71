import ArgumentParser
import Logging

/// Options of a command that takes settings as flags.
struct SettingsOptions: ParsableArguments {
    @Option(name: .long, help: "A file with lines `key = value`. Default: banksia.conf in the data folder.")
    var config: String?

    @Argument(
        parsing: .allUnrecognized,
        help: ArgumentHelp("Any setting as `--key value`; `banksia config --explain` lists them all.", valueName: "--key value"))
    var settings: [String] = []

    func load() throws -> Settings {
        do {
            return try Settings(flags: settings, file: config)
        } catch {
            throw ValidationError(error.description)
        }
    }
}

extension Settings {
    /// The logger of a process; lines go to standard error.
    func logger(_ label: String) -> Logger {
        var logger = Logger(label: label) { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = logLevel
        return logger
    }
}

/// Options of a command that needs the data folder only.
struct DataOptions: ParsableArguments {
    @Option(name: .long, help: "The data folder. Default: the setting, banksia-data.")
    var data: String?

    func load() throws -> Settings {
        do {
            return try Settings(flags: data.map { ["--data", $0] } ?? [])
        } catch {
            throw ValidationError(error.description)
        }
    }
}
