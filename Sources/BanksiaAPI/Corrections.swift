package import BanksiaCore

/// What a user said about people or faces, as it can be undone.
package struct CorrectionResponse: JSONWritable, Sendable {
    package let id: String
    package let createdAt: Instant
    package let faceCount: Int
    package let kind: String
    package let libraryID: String
    package let personIDs: [String]
    package let undoneAt: Instant?
    package let userID: String?

    package init(
        id: String, createdAt: Instant, faceCount: Int, kind: String, libraryID: String, personIDs: [String], undoneAt: Instant?,
        userID: String?
    ) {
        self.id = id
        self.createdAt = createdAt
        self.faceCount = faceCount
        self.kind = kind
        self.libraryID = libraryID
        self.personIDs = personIDs
        self.undoneAt = undoneAt
        self.userID = userID
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("id", id)
            $0.field("created_at", createdAt)
            $0.field("face_count", faceCount)
            $0.field("kind", kind)
            $0.field("library_id", libraryID)
            $0.field("person_ids", personIDs)
            $0.field("undone_at", undoneAt)
            $0.field("user_id", userID)
        }
    }
}
