import BanksiaCore
import BanksiaSQL

extension People {
    /// Makes a new person of some of somebody's faces, who turned out to be two people's. The others stay as they are; neither
    /// gets the other's faces again.
    ///
    /// - Throws: `PersonProblem.notFound`, `.faceNotTheirs`, `.nobodyLeft`, `.nothingToSplit`, `.nameTaken`; `NameProblem`.
    public func split(_ faces: [String], off id: String, name: String? = nil, by viewer: Viewer) async throws -> Person {
        guard let id = PersonID(id) else { throw PersonProblem.notFound() }
        return try await database.change(of: { tx in try Self.library(of: id, by: viewer, tx) }, by: viewer) {
            [now = clock.now, ids, journal] library, tx in
            let wanted = try Set(faces.map { if let face = FaceID($0) { face } else { throw PersonProblem.faceNotTheirs } })
            let owned = try FaceStore.owned(Array(wanted), by: id, tx)
            guard owned.count == wanted.count else { throw PersonProblem.faceNotTheirs }
            guard !owned.isEmpty else { throw PersonProblem.nothingToSplit }
            let name = try name?.nonBlank.map { text throws(NameProblem) in try Name(text) }
            guard try FaceStore.count(of: id, tx) > owned.count else { throw PersonProblem.nobodyLeft }
            if let name, try PersonStore.person(named: name, in: library, tx) != nil { throw PersonProblem.nameTaken(name.text) }
            let person = Person(
                id: ids.make(), libraryID: library, name: name, birthDate: nil, isFavorite: false, isHidden: false,
                chosenFaceID: nil, thumbnailFaceID: nil, assetCount: 0, createdAt: now, updatedAt: now)
            try journal.note(
                .splitPerson, of: [id, person.id], faces: "face.id IN \(SQL.list(owned)) OR (\(FaceStore.unconfirmed(of: [id])))",
                in: library, by: viewer, at: now, tx)
            try PersonStore.insert(person, tx)
            try FaceStore.split(owned, from: id, to: person.id, at: now, tx)
            let told = owned.map { Change.faceUpdated($0, person: person.id, previous: id) }
            try EventStore.record([.personCreated(person.id)] + told, in: library, at: now, tx)
            return try PersonStore.person(person.id, by: viewer, tx) ?? person
        }
    }
}
