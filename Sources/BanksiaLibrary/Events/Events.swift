public import BanksiaCore
import BanksiaSQL

/// The feeds of libraries: what happened to them, in order.
public struct Events: Sendable {
    let database: Database

    /// Events behind a place, oldest first.
    ///
    /// A read in several pages sees the feed as it was when it began: its bound travels in the cursors until it has ended.
    ///
    /// - Throws: `EventProblem.cursor` for a cursor or bound of another library, or ahead of what has happened;
    ///   `LibraryProblem.notFound`.
    public func list(_ query: EventQuery, in library: LibraryID, by viewer: Viewer) async throws -> EventPage {
        let start = try query.after.map { text throws(EventProblem) in try EventCursor(parsing: text, in: library) }
        let asOf = try query.asOf.map { text throws(EventProblem) in try EventCursor(parsing: text, in: library) }
        return try await database.read { tx in
            try viewer.require(.viewer, in: library, tx)
            let last = try EventStore.last(in: library, tx)
            let bound = [asOf?.sequence, start?.bound].compactMap(\.self).min() ?? last
            let place = start?.sequence ?? 0
            guard max(bound, place) <= last else { throw EventProblem.cursor }
            let found = try EventStore.events(query, in: library, after: place, through: bound, tx)
            let page = Page(fetched: found, limit: query.limit)
            var next = page.items.last?.cursor ?? start
            next?.bound = page.hasMore ? bound : nil
            return EventPage(events: page, asOf: EventCursor(bound, in: library), next: next)
        }
    }
}
