/// What a library knows of faces.
package struct FaceDataResponse: JSONWritable, Sendable {
    package let libraryID: String
    package let faceCount: Int
    package let findsFaces: Bool
    package let personCount: Int

    package init(libraryID: String, faceCount: Int, findsFaces: Bool, personCount: Int) {
        self.libraryID = libraryID
        self.faceCount = faceCount
        self.findsFaces = findsFaces
        self.personCount = personCount
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("library_id", libraryID)
            $0.field("face_count", faceCount)
            $0.field("finds_faces", findsFaces)
            $0.field("person_count", personCount)
        }
    }
}
