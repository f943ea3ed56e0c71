public import BanksiaCore

/// Somebody in the pictures of a library: a group of faces, with or without a name.
public struct Person: Sendable, Equatable {
    public var id: PersonID
    public var libraryID: LibraryID
    /// `nil` while nobody has said who it is.
    public var name: Name?
    public var birthDate: BirthDate?
    public var isFavorite: Bool
    public var isHidden: Bool
    /// The portrait a user chose; it may show somebody else.
    public var chosenFaceID: FaceID?
    /// The portrait: the chosen face, else the best one in a live asset; `nil` without any.
    public var thumbnailFaceID: FaceID?
    /// Live assets that show the person.
    public var assetCount: Int
    public var createdAt: Instant
    public var updatedAt: Instant
}

/// A day of the calendar, as people are born on.
public struct BirthDate: Sendable, Equatable {
    /// `yyyy-mm-dd`.
    public let text: String

    /// - Parameter text: RFC 3339's `full-date`; `nil` unless there is such a day.
    public init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Int(Substring($0)) }
        guard parts.map(\.count) == [4, 2, 2], text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") }), numbers.count == 3,
            numbers[0] > 0, CivilTime(year: numbers[0], month: numbers[1], day: numbers[2]) != nil
        else { return nil }
        self.text = text
    }
}

/// What is known of a person who is to be made.
public struct NewPerson: Sendable, Equatable {
    /// Blank counts as none.
    public var name: String?
    public var birthDate: BirthDate?
    public var isFavorite: Bool?
    public var isHidden: Bool?
    /// The portrait, as the client named it.
    public var thumbnailFace: String?

    public init(
        name: String? = nil, birthDate: BirthDate? = nil, isFavorite: Bool? = nil, isHidden: Bool? = nil,
        thumbnailFace: String? = nil
    ) {
        self.name = name
        self.birthDate = birthDate
        self.isFavorite = isFavorite
        self.isHidden = isHidden
        self.thumbnailFace = thumbnailFace
    }
}

/// What is to become of one field.
public enum FieldChange<Value: Sendable & Equatable>: Sendable, Equatable {
    case keep
    case clear
    case set(Value)
}

/// A partial change of a person.
public struct PersonChange: Sendable, Equatable {
    /// Blank clears.
    public var name: FieldChange<String>
    public var birthDate: FieldChange<BirthDate>
    public var isFavorite: Bool?
    public var isHidden: Bool?
    /// The portrait, as the client named it.
    public var thumbnailFace: FieldChange<String>

    public init(
        name: FieldChange<String> = .keep, birthDate: FieldChange<BirthDate> = .keep, isFavorite: Bool? = nil,
        isHidden: Bool? = nil, thumbnailFace: FieldChange<String> = .keep
    ) {
        self.name = name
        self.birthDate = birthDate
        self.isFavorite = isFavorite
        self.isHidden = isHidden
        self.thumbnailFace = thumbnailFace
    }
}
