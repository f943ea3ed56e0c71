public import BanksiaCore

/// A collection of assets that belongs to one user.
public struct Library: Sendable, Equatable {
    public var id: LibraryID
    public var ownerID: UserID
    /// The owner's public name, if there is one.
    public var ownerName: String?
    public var name: String
    public var description: String?
    public var role: Role
    /// Live assets.
    public var assetCount: Int
    /// Stored originals and versions of live and trashed assets.
    public var storageUsedBytes: Int64
    public var storageLimitBytes: Int64?
    public var createdAt: Instant
    public var updatedAt: Instant
    public var trashedAt: Instant?

    /// Its owner, as others see them.
    public var owner: UserSummary { UserSummary(id: ownerID, displayName: ownerName) }

    /// Which libraries, or assets, to look at.
    public enum State: String, Sendable, CaseIterable { case live, trashed, all }
}

/// A name that people give: trimmed, 1 to 255 characters (contract §17).
public struct Name: Sendable, Equatable {
    public let text: String
    /// The form that names are compared in: case does not count.
    public var folded: String { text.lowercased() }

    /// - Throws: `NameProblem` when nothing is left after trimming, or too much.
    public init(_ text: String, field: String = "name") throws(NameProblem) {
        let trimmed = text.trimmed
        guard !trimmed.isEmpty else { throw .blank(field: field) }
        // Code points, not characters: an index of PostgreSQL has no room for a name of 255 families of emoji.
        guard trimmed.unicodeScalars.count <= 255 else { throw .tooLong(field: field, limit: 255) }
        self.text = trimmed
    }
}

/// Why a text is not taken.
public enum NameProblem: Problem, Equatable {
    case blank(field: String)
    case tooLong(field: String, limit: Int)

    public var code: String { "validation_error" }
    public var kind: ProblemKind { .invalid }
    public var field: String? {
        switch self {
        case .blank(let field), .tooLong(let field, _): field
        }
    }
    public var detail: String {
        switch self {
        case .blank(let field): "`\(field)` must hold at least one character that is not white space."
        case .tooLong(let field, let limit): "`\(field)` has at most \(limit) characters."
        }
    }

    /// A description as it is stored: `nil` when blank.
    static func description(_ text: String?) throws(NameProblem) -> String? {
        guard let text = text?.nonBlank else { return nil }
        guard text.count <= 10_000 else { throw .tooLong(field: "description", limit: 10_000) }
        return text
    }
}

/// A record together with whether this call made it.
public struct Stored<Record: Sendable>: Sendable {
    public let record: Record
    public let isNew: Bool

    public init(_ record: Record, isNew: Bool) {
        self.record = record
        self.isNew = isNew
    }
}
