import BanksiaCore
import BanksiaSQL
import Foundation

/// All SQL of the feeds.
enum EventStore {
    /// Appends what happened to a library's feed.
    ///
    /// The numbers come from a counter of the library. Whoever counts it up holds it until the commit, so numbers become
    /// visible in their order and none is missing; the transaction holds the library's lock before that (`Database.change`),
    /// or it might have to wait here with what it read before. Times never run backwards within a feed.
    static func record(_ changes: [Change], in library: LibraryID, at now: Instant, _ tx: borrowing Transaction) throws {
        guard !changes.isEmpty else { return }
        let counted = try tx.row(
            """
            UPDATE event_counter SET last = last + \(changes.count),
                last_at = CASE WHEN last_at < \(now) THEN \(now) ELSE last_at END
            WHERE library_id = \(library) RETURNING last, last_at
            """
        ) { (last: try $0.value(0, as: Int64.self), at: try $0.value(1, as: Instant.self)) }
        guard let counted else { throw LibraryProblem.notFound }
        let first = counted.last - Int64(changes.count) + 1
        let rows = try changes.enumerated().map { place, change -> [SQLValue] in
            [
                library.sqlValue, (first + Int64(place)).sqlValue, change.entity.rawValue.sqlValue, change.type.sqlValue,
                change.entityID.sqlValue, try change.payload.map(Self.json).sqlValue, counted.at.sqlValue,
            ]
        }
        let columns = ["library_id", "sequence", "entity_type", "event_type", "entity_id", "payload", "created_at"]
        try tx.copy(into: "event", columns: columns, rows: rows)
    }

    private static func json(_ payload: [String: String?]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(payload), as: UTF8.self)
    }

    /// The number of the last event; 0 when nothing has happened.
    static func last(in library: LibraryID, _ tx: borrowing Transaction) throws -> Int64 {
        try tx.value("SELECT last FROM event_counter WHERE library_id = \(library)") ?? 0
    }

    /// One page and one event more.
    static func events(
        _ query: EventQuery, in library: LibraryID, after place: Int64, through bound: Int64, _ tx: borrowing Transaction
    ) throws -> [Event] {
        let from = try query.createdFrom.map { try before($0, in: library, tx) } ?? place
        let through = try query.createdBefore.map { try before($0, in: library, tx) } ?? bound
        let stretch: SQL = "library_id = \(library) AND sequence > \(max(place, from)) AND sequence <= \(min(bound, through))"
        return try tx.rows(
            """
            SELECT sequence, event_type, entity_type, entity_id, payload, created_at FROM event
            WHERE \(chosen(query, stretch, in: library)) ORDER BY sequence LIMIT \(query.limit + 1)
            """
        ) { row in
            Event(
                cursor: EventCursor(try row.value(0), in: library), type: try row.value(1), entity: try row.value(2),
                entityID: try row.value(3), payload: try row.value(4, as: String?.self).map { try Self.payload($0) },
                createdAt: try row.value(5))
        }
    }

    /// The number of the last event before a time. Times never run backwards, so the time of each event need not be looked at.
    private static func before(_ time: Instant, in library: LibraryID, _ tx: borrowing Transaction) throws -> Int64 {
        try tx.value(
            """
            SELECT sequence FROM event WHERE library_id = \(library) AND created_at < \(time)
            ORDER BY created_at DESC, sequence DESC LIMIT 1
            """) ?? 0
    }

    /// The condition on a row of `event`. The next of each kind come straight out of an index; of several kinds at once it would
    /// have to sort all that are left.
    private static func chosen(_ query: EventQuery, _ stretch: SQL, in library: LibraryID) -> SQL {
        guard let entities = query.entities?.map(\.rawValue).sorted() else { return stretch }
        guard entities.count > 1 else { return "\(stretch) AND entity_type IN \(SQL.list(entities))" }
        let next = entities.map { entity -> SQL in
            """
            SELECT sequence FROM (SELECT sequence FROM event WHERE \(stretch) AND entity_type = \(entity)
                ORDER BY sequence LIMIT \(query.limit + 1)) AS next
            """
        }
        return "library_id = \(library) AND sequence IN (\(SQL.joined(next, separator: " UNION ALL ")))"
    }

    private static func payload(_ json: String) throws -> [String: String?] {
        try JSONDecoder().decode([String: String?].self, from: Data(json.utf8))
    }
}
