public import BanksiaCore
import BanksiaSQL

/// What users said about the people and faces of a library, as one viewer may look at it and undo it.
public struct Corrections: Sendable {
    let database: Database
    let clock: any WallClock

    /// One page of a library's corrections, the newest first.
    ///
    /// - Throws: `CorrectionProblem.cursor` when the page before cannot be found any more.
    public func list(_ query: CorrectionQuery, in library: LibraryID, by viewer: Viewer) async throws -> Page<Correction> {
        let found = try await database.read { tx in
            let place = try query.startingAfter.map { text in
                guard let id = CorrectionID(text), let number = try CorrectionStore.number(of: id, in: library, tx) else {
                    throw CorrectionProblem.cursor
                }
                return number
            }
            return try CorrectionStore.list(query, in: library, before: place, by: viewer, tx)
        }
        return Page(fetched: found, limit: query.limit)
    }

    /// Makes people and faces what they were before a correction. Whoever may correct may undo, whoever it was that corrected.
    ///
    /// - Throws: `CorrectionProblem`; `PersonProblem.nameTaken` when somebody else has got a name meanwhile. Nothing has changed
    ///   then.
    public func undo(_ id: String, by viewer: Viewer) async throws -> Correction {
        guard let id = CorrectionID(id) else { throw CorrectionProblem.notFound }
        return try await database.change(of: { tx in try Self.find(id, by: viewer, tx).libraryID }, by: viewer) {
            [now = clock.now] _, tx in
            try CorrectionUndoing(correction: Self.find(id, by: viewer, tx)).run(at: now, tx)
            return try Self.find(id, by: viewer, tx)
        }
    }

    private static func find(_ id: CorrectionID, by viewer: Viewer, _ tx: borrowing Transaction) throws -> Correction {
        guard let correction = try CorrectionStore.correction(id, by: viewer, tx) else { throw CorrectionProblem.notFound }
        return correction
    }
}
