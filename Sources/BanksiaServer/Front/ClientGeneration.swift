import HTTPTypes

/// Which generation of client is calling, for the three defaults on which generations contradict each other.
///
/// Nothing else may depend on it: everywhere else the server takes the union of all inputs and answers with the superset.
enum ClientGeneration: Equatable, Sendable {
    /// The first client generation, asked for by name.
    case seed
    /// Today's semantics, asked for by name.
    case latest
    /// The official Python SDK at a version.
    case python(major: Int, minor: Int)
    case unknown

    /// Read from `X-Client-Generation`, else from the headers every official SDK sends.
    init(_ headers: HTTPFields) {
        switch headers[.clientGeneration]?.lowercased() {
        case "seed": self = .seed
        case "latest": self = .latest
        default: self = Self.sdk(headers) ?? .unknown
        }
    }

    private static func sdk(_ headers: HTTPFields) -> ClientGeneration? {
        guard headers[.stainlessLanguage]?.lowercased() == "python", let version = headers[.stainlessVersion] else { return nil }
        let parts = version.split(separator: ".", maxSplits: 2)
        guard parts.count >= 2, let major = Int(parts[0]), let minor = Int(parts[1]) else { return nil }
        return .python(major: major, minor: minor)
    }

    private func isPython(from minor: Int) -> Bool {
        guard case .python(let ownMajor, let ownMinor) = self else { return false }
        return ownMajor > 0 || ownMinor >= minor
    }

    /// Whether creating an album under a name in use reuses that album, and renaming to one is refused.
    var reusesAlbumNames: Bool { self == .latest || isPython(from: 171) }

    /// Whether lists of people hold hidden ones when nothing is said.
    var listsHiddenPeople: Bool {
        switch self {
        case .seed: true
        case .python: !isPython(from: 172)
        case .latest, .unknown: false
        }
    }

    /// Whether `created_at_lt` ends a read of the event feed.
    var stopsFeedAtUpperBound: Bool {
        switch self {
        case .seed: true
        case .python: !isPython(from: 168)
        case .latest, .unknown: false
        }
    }
}

extension HTTPField.Name {
    static let clientGeneration = HTTPField.Name("X-Client-Generation")!  // a constant token
    static let stainlessLanguage = HTTPField.Name("X-Stainless-Lang")!  // a constant token
    static let stainlessVersion = HTTPField.Name("X-Stainless-Package-Version")!  // a constant token
}
