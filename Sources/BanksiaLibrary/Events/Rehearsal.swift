import BanksiaCore
import BanksiaSQL
import Synchronization

/// What something would do, found out by doing it and taking it back.
public struct Rehearsal<Answer: Sendable>: Sendable {
    /// What it would answer.
    public var answer: Answer
    /// What it would add to the feeds of libraries, at most 1,000 entries of each.
    public var events: [Event]
}

extension PhotoLibrary {
    /// Runs `body`, lets none of its changes stay, and tells what they would have been.
    public func rehearse<Answer: Sendable>(
        by viewer: Viewer, _ body: @Sendable () async throws -> Answer
    ) async throws -> Rehearsal<Answer> {
        let begun = Mutex<[LibraryID: Int64]>([:])
        let events = Mutex<[Event]>([])
        let observer = RehearsalObserver(
            before: { tx in
                let ends = try EventStore.ends(by: viewer, tx)
                begun.withLock { $0 = ends }
            },
            after: { tx in
                var added: [Event] = []
                let starts = begun.withLock { $0 }
                for (library, end) in try EventStore.ends(by: viewer, tx).sorted(by: { $0.key < $1.key }) {
                    let start = starts[library] ?? 0
                    guard end > start else { continue }
                    added += try EventStore.events(EventQuery(limit: 1000), in: library, after: start, through: end, tx)
                }
                events.withLock { [added] in $0 += added }
            })
        let answer = try await Database.rehearsing(observer, body)
        return Rehearsal(answer: answer, events: events.withLock { $0 })
    }
}

extension EventStore {
    /// The number of the last event of each library that the viewer sees.
    fileprivate static func ends(by viewer: Viewer, _ tx: borrowing Transaction) throws -> [LibraryID: Int64] {
        let ends: [(LibraryID, Int64)] = try tx.rows(
            """
            SELECT event_counter.library_id, event_counter.last
            FROM event_counter JOIN library ON library.id = event_counter.library_id WHERE \(viewer.seesLibrary)
            """
        ) { (try $0.value(0), try $0.value(1)) }
        return Dictionary(uniqueKeysWithValues: ends)
    }
}
