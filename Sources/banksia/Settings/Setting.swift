import BanksiaCore
import BanksiaServer

/// One row of the settings table.
///
/// From the rows come the flags, the environment names, the file's keys, `--help`, `config --explain` and the page in the
/// operating guide; nothing else in the program knows a setting's name.
struct Setting: Sendable {
    /// What a value may be.
    enum Form: Sendable {
        case text
        /// Text that no output shows.
        case secret
        /// An address that begins with one of these; what stands before `@` in it is not shown.
        case address([String])
        case path
        case url
        /// Network addresses and ranges, with commas or blanks between them.
        case addresses
        case integer(ClosedRange<Int>)
        case choice([String])
    }

    let key: String
    let form: Form
    /// What the number counts, where it is one.
    let unit: String?
    let standard: String
    let meaning: String

    init(_ key: String, _ form: Form, unit: String? = nil, default standard: String, _ meaning: String) {
        self.key = key
        self.form = form
        self.unit = unit
        self.standard = standard
        self.meaning = meaning
    }

    var flag: String { "--\(key)" }
    var environmentName: String { "BANKSIA_" + key.uppercased().replacing("-", with: "_") }

    /// Why a value cannot be taken; `nil` when it can.
    func objection(to value: String) -> String? {
        switch form {
        case .text, .secret, .path: return nil
        case .address(let starts):
            guard value.isEmpty || starts.contains(where: value.hasPrefix) else {
                return "must start with \(starts.joined(separator: " or "))"
            }
            return nil
        case .url:
            guard value.isEmpty || value.hasPrefix("http://") || value.hasPrefix("https://") else {
                return "must start with http:// or https://"
            }
            return nil
        case .addresses:
            let strange = Self.words(value).first { AddressRange($0) == nil }
            return strange.map { "must hold addresses such as 192.0.2.7 or 10.0.0.0/8; “\($0)” is none" }
        case .integer(let range):
            guard let number = Int(value), range.contains(number) else {
                return "must be a whole number from \(range.lowerBound) to \(range.upperBound)"
            }
            return nil
        case .choice(let choices):
            return choices.contains(value) ? nil : "must be one of \(choices.joined(separator: ", "))"
        }
    }

    /// The entries of a value that is a list.
    static func words(_ value: String) -> [String] { value.split { $0 == "," || $0 == " " }.map(String.init) }

    /// A value as outputs and complaints may show it.
    func shown(_ value: String) -> String {
        switch form {
        case .secret: return value.isEmpty ? "" : "(hidden)"
        case .address:
            guard let start = value.firstRange(of: "://")?.upperBound, let end = value[start...].lastIndex(of: "@") else {
                return value
            }
            return value[..<start] + "(hidden)" + value[end...]
        default: return value
        }
    }

    /// The allowed values in words, for people.
    var domain: String {
        switch form {
        case .text: "text"
        case .secret: "text, not shown"
        case .address(let starts): starts.map { "\($0)…" }.joined(separator: " | ")
        case .path: "path"
        case .url: "URL"
        case .addresses: "addresses"
        case .integer(let range): "\(range.lowerBound)–\(range.upperBound)" + (unit.map { " \($0)" } ?? "")
        case .choice(let choices): choices.joined(separator: " | ")
        }
    }
}
