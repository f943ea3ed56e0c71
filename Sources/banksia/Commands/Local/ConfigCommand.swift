import ArgumentParser
import Foundation

/// Shows the settings.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Show every setting, its value and where that came from.")

    @Flag(help: "Say what each setting means.") var explain = false
    @Flag(help: "Print JSON.") var json = false
    @Flag(help: ArgumentHelp("Print the page of the operating guide.", visibility: .hidden)) var markdown = false
    @OptionGroup var options: SettingsOptions

    private struct Entry: Codable {
        var key: String, value: String, source: String, meaning: String
    }

    func run() throws {
        if markdown { return print(SettingsPage.text) }
        let rows = try options.load().explained
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            let entries = rows.map {
                Entry(key: $0.setting.key, value: $0.value, source: $0.source.rawValue, meaning: $0.setting.meaning)
            }
            return print(String(decoding: try encoder.encode(entries), as: UTF8.self))
        }
        for (setting, value, source) in rows {
            print("\(setting.key) = \(value)    (\(source.rawValue))")
            if explain { print("    \(setting.meaning)  [\(setting.domain); \(setting.environmentName)]") }
        }
    }
}

/// The page `docs/operating/settings.md`, written from the table.
enum SettingsPage {
    static var text: String {
        let rows = Settings.table.map {
            "| `\($0.key)` | \($0.domain.replacing("|", with: "\\|")) | `\($0.key == "workers" ? "number of cores" : $0.standard)` | `\($0.environmentName)` | \($0.meaning) |"
        }
        return """
            # Settings

            Written by `banksia config --markdown`; a test compares. A flag `--key value` wins over the environment, the environment over
            the file `banksia.conf` in the data folder, the file over the default.

            | key | values | default | environment | meaning |
            | --- | --- | --- | --- | --- |
            \(rows.joined(separator: "\n"))
            """
    }
}
