public import BanksiaCore

/// One entry of a library's feed.
public struct Event: Sendable, Equatable {
    /// Where it stands; a read that starts here goes on behind it, for ever.
    public var cursor: EventCursor
    /// The contract's `event_type`.
    public var type: String
    /// The contract's `entity_type`.
    public var entity: String
    /// The public form of the id of what changed.
    public var entityID: String
    /// Ids under their names; `nil` where this type of event has none.
    public var payload: [String: String?]?
    /// Never before that of the event before.
    public var createdAt: Instant
}

/// A place in a library's feed.
///
/// Its public form is `<sequence>.<library>` or, while a read in several pages is under way, `<sequence>.<library>.<bound>`:
/// letters, digits and points, because clients join cursors with bars and commas (contract §13).
public struct EventCursor: Sendable, Equatable, CustomStringConvertible {
    public var library: LibraryID
    /// The number of the last event before this place; 0 at the beginning.
    public var sequence: Int64
    /// The last event of the read that this place is a part of.
    public var bound: Int64?

    init(_ sequence: Int64, in library: LibraryID, bound: Int64? = nil) {
        self.library = library
        self.sequence = sequence
        self.bound = bound
    }

    /// - Throws: `EventProblem.cursor` for anything that this server cannot have given out for the library.
    init(parsing text: String, in library: LibraryID) throws(EventProblem) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = [parts.first, parts.dropFirst(2).first].map { $0.flatMap { Self.number($0) } }
        guard (2...3).contains(parts.count), let sequence = numbers[0], let uuid = ShortUUID.decode(parts[1]),
            uuid == library.uuid,
            parts.count == 2 || numbers[1] != nil
        else { throw .cursor }
        self.init(sequence, in: library, bound: numbers[1])
    }

    private static func number(_ text: Substring) -> Int64? {
        text.allSatisfy { $0.isASCII && $0.isNumber } ? Int64(text) : nil
    }

    public var description: String {
        let place = "\(sequence).\(ShortUUID.encode(library.uuid))"
        return if let bound { "\(place).\(bound)" } else { place }
    }
}

/// Which events of a library to read.
public struct EventQuery: Sendable {
    /// Only changes of these things; `nil` for all.
    public var entities: Set<EventEntity>?
    /// A cursor as the client sent it; `nil` starts at the beginning.
    public var after: String?
    /// The bound of an earlier answer, as the client sent it.
    public var asOf: String?
    /// Leaves out what happened earlier.
    public var createdFrom: Instant?
    /// Ends the read before the first event at or after it.
    public var createdBefore: Instant?
    /// 1…200.
    public var limit: Int

    public init(
        entities: Set<EventEntity>? = nil, after: String? = nil, asOf: String? = nil, createdFrom: Instant? = nil,
        createdBefore: Instant? = nil, limit: Int = 20
    ) {
        self.entities = entities
        self.after = after
        self.asOf = asOf
        self.createdFrom = createdFrom
        self.createdBefore = createdBefore
        self.limit = limit
    }
}

/// A page of a feed and where to go on.
public struct EventPage: Sendable {
    public var events: Page<Event>
    /// The last event that this read, over all its pages, looks at.
    public var asOf: EventCursor
    /// `nil` when the read began at the beginning and found nothing.
    public var next: EventCursor?
}

/// What can go wrong with a feed.
public enum EventProblem: Problem, Equatable {
    case cursor

    public var code: String { "invalid_cursor" }
    public var kind: ProblemKind { .unusable }
    public var detail: String { "The cursor does not belong to this library's feed. Start again without one." }
    public var field: String? { "after_cursor" }
}
