import BanksiaCore
import BanksiaSQL

/// Where feedback is put, and where the operator reads it.
public struct FeedbackBox: Sendable {
    let database: Database
    let clock: any WallClock
    let ids: IdentifierSource

    /// Keeps what a user says.
    ///
    /// - Throws: `FeedbackProblem`.
    public func submit(_ note: Feedback.Note, by viewer: Viewer) async throws {
        guard note.message.nonBlank != nil else { throw FeedbackProblem.blank }
        guard note.message.count <= 10_000 else { throw FeedbackProblem.tooLong }
        guard note.toolNames.count <= 50 else { throw FeedbackProblem.tooManyTools }
        guard note.toolNames.allSatisfy({ $0.count <= 255 }) else { throw FeedbackProblem.toolName }
        try await database.write { [now = clock.now, ids] tx in
            try FeedbackStore.insert(ids.make(), note, of: viewer.user, at: now, tx)
        }
    }

    /// The newest feedback of all users, newest first. For the operator, who needs no credential because they have the data.
    public func newest(_ limit: Int) async throws -> [Feedback] {
        try await database.read { tx in try FeedbackStore.newest(limit, tx) }
    }
}
