public import BanksiaCore

/// Why positions get no names.
public enum PlacesProblem: Problem, Hashable {
    /// The file of places is not there.
    case missing
    /// The file of places cannot be read, or is not what was built.
    case damaged(String)

    public var code: String {
        switch self {
        case .missing: "places_missing"
        case .damaged: "places_damaged"
        }
    }

    public var kind: ProblemKind { .unavailable }

    public var detail: String {
        switch self {
        case .missing: "The file of places is not installed; `scripts/setup` builds it."
        case .damaged(let what): "The file of places is damaged: \(what). Remove it and run `scripts/setup`."
        }
    }
}
