import ArgumentParser
import BanksiaLibrary
import Foundation

/// Whether a command prints for people or for programs.
struct PrintOptions: ParsableArguments {
    @Flag(help: "Print JSON.") var json = false

    /// Prints a value as JSON, or the lines that say the same.
    func show(_ value: some Encodable, _ lines: () -> [String]) throws {
        guard json else { return lines().forEach { print($0) } }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        print(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}

/// A cap on storage as people write it: `500MB`, `20 GB`, `1.5TiB`, a plain number of bytes, or `none`.
struct StorageLimit: ExpressibleByArgument {
    /// `nil` for none.
    let bytes: Int64?

    private static let units: [String: Double] = [
        "": 1, "b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12, "kib": 1024, "mib": 1_048_576, "gib": 1_073_741_824,
        "tib": 1_099_511_627_776,
    ]

    init?(argument: String) {
        let text = argument.lowercased().filter { !$0.isWhitespace }
        guard text != "none" else {
            bytes = nil
            return
        }
        let digits = text.prefix { $0.isNumber || $0 == "." }
        guard let number = Double(digits), let unit = Self.units[String(text.dropFirst(digits.count))] else { return nil }
        // Up to what every reader of JSON takes exactly (RFC 8259 §6).
        guard number * unit >= 1, number * unit < 9_007_199_254_740_992 else { return nil }
        bytes = Int64(number * unit)
    }

    /// The same as an edit of a stored limit.
    var edit: ProfileChange.Edit<Int64> { bytes.map { .set($0) } ?? .clear }
}

/// A number of bytes for people.
func shownBytes(_ bytes: Int64) -> String {
    let units = ["B", "kB", "MB", "GB", "TB", "PB"]
    var number = Double(bytes), unit = 0
    while number >= 1000, unit < units.count - 1 {
        number /= 1000
        unit += 1
    }
    return unit == 0 ? "\(bytes) B" : String(format: "%.1f %@", number, units[unit])
}
