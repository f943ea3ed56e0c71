import BanksiaCore
import BanksiaSQL
import Foundation

/// All SQL of feedback.
enum FeedbackStore {
    static func insert(_ id: FeedbackID, _ note: Feedback.Note, of user: UserID, at now: Instant, _ tx: borrowing Transaction)
        throws
    {
        let tools = String(decoding: try JSONEncoder().encode(note.toolNames), as: UTF8.self)
        try tx.execute(
            """
            INSERT INTO feedback (id, user_id, kind, message, task_completed, tool_names, created_at)
            VALUES (\(id), \(user), \(note.kind), \(note.message), \(note.taskCompleted), \(tools), \(now))
            """)
    }

    static func newest(_ limit: Int, _ tx: borrowing Transaction) throws -> [Feedback] {
        try tx.rows(
            """
            SELECT feedback.id, feedback.user_id, "user".email, feedback.kind, feedback.message, feedback.task_completed,
                feedback.tool_names, feedback.created_at
            FROM feedback JOIN "user" ON "user".id = feedback.user_id
            ORDER BY feedback.created_at DESC, feedback.id DESC LIMIT \(limit)
            """
        ) { row in
            let tools: String = try row.value(6)
            return Feedback(
                id: try row.value(0), user: try row.value(1), email: try row.value(2),
                note: Feedback.Note(
                    kind: try row.value(3), message: try row.value(4), taskCompleted: try row.value(5),
                    toolNames: try JSONDecoder().decode([String].self, from: Data(tools.utf8))),
                createdAt: try row.value(7))
        }
    }
}
