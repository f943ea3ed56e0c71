import BanksiaSQL

extension Schema {
    /// What users say about the product.
    static let feedback = Migration(
        id: "0015-feedback",
        """
        CREATE TABLE feedback (
            id ID NOT NULL PRIMARY KEY,
            user_id ID NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
            kind TEXT NOT NULL CHECK (kind IN ('bug', 'missing_capability', 'confusing_behavior', 'suggestion', 'other')),
            message TEXT NOT NULL,
            task_completed BOOL,
            tool_names JSON NOT NULL,
            created_at INSTANT NOT NULL
        );
        CREATE INDEX feedback_time ON feedback (created_at, id);
        CREATE INDEX feedback_user ON feedback (user_id);
        """)
}
