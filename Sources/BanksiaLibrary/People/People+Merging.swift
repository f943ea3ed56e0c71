import BanksiaCore
import BanksiaSQL

extension People {
    /// Deletes a person. Their faces stay, belong to nobody and may be given to anybody again.
    ///
    /// - Throws: `PersonProblem.notFound`.
    public func delete(_ id: String, by viewer: Viewer) async throws {
        guard let id = PersonID(id) else { throw PersonProblem.notFound() }
        try await database.change(of: { tx in try Self.library(of: id, by: viewer, tx) }, by: viewer) {
            [now = clock.now, journal] library, tx in
            guard try PersonStore.person(id, by: viewer, tx) != nil else { throw PersonProblem.notFound() }
            try journal.note(
                .deletePerson, of: [id], faces: "face.person_id = \(id)", in: library, by: viewer, at: now, tx)
            let moved = try FaceStore.hand(facesOf: [id], to: nil, at: now, tx)
            try PersonStore.delete([id], tx)
            try EventStore.record(moved + [.personDeleted(id)], in: library, at: now, tx)
        }
    }

    /// Makes several people one: all faces of `sources` become those of the person, who keeps their own fields; the sources are
    /// deleted for good.
    ///
    /// - Returns: the person; `nil` when they would have been left without a name and without any face and were deleted too.
    /// - Throws: `PersonProblem.notFound` when one of them is not there or in another library, `.mergedWithItself`. Nothing has
    ///   changed then.
    public func merge(_ sources: [String], into id: String, by viewer: Viewer) async throws -> Person? {
        guard let id = PersonID(id) else { throw PersonProblem.notFound() }
        return try await database.change(of: { tx in try Self.library(of: id, by: viewer, tx) }, by: viewer) {
            [now = clock.now, journal] library, tx in
            guard let primary = try PersonStore.person(id, by: viewer, tx) else { throw PersonProblem.notFound() }
            let sources = try Self.sources(sources, of: primary, tx)
            try journal.note(
                .mergePeople, of: Set(sources).union([id]),
                faces: "face.person_id IN \(SQL.list(sources)) OR (\(FaceStore.unconfirmed(of: [id])))", in: library, by: viewer,
                at: now, tx)
            try FaceStore.confirm([id], tx)
            var told = try FaceStore.hand(facesOf: sources, to: id, at: now, tx)
            try FaceStore.inheritDetachments(of: sources, to: id, tx)
            try PartingStore.inherit(from: sources, to: id, tx)
            try PersonStore.recount([id], tx)
            try PersonStore.delete(sources, tx)
            told += sources.map { .personDeleted($0) }
            let isNobody = try primary.name == nil && !FaceStore.exist(of: id, tx)
            if isNobody {
                try PersonStore.delete([id], tx)
                told.append(.personDeleted(id))
            }
            try EventStore.record(told, in: library, at: now, tx)
            return isNobody ? nil : try PersonStore.person(id, by: viewer, tx)
        }
    }

    /// The people that are to be merged, each once, in the order given.
    private static func sources(_ texts: [String], of primary: Person, _ tx: borrowing Transaction) throws -> [PersonID] {
        var seen: Set<PersonID> = []
        let sources = try texts.map { text in
            guard let id = PersonID(text) else { throw PersonProblem.notFound(field: "source_person_ids") }
            guard id != primary.id else { throw PersonProblem.mergedWithItself }
            return id
        }.filter { seen.insert($0).inserted }
        guard try PersonStore.people(sources, in: primary.libraryID, tx).count == sources.count else {
            throw PersonProblem.notFound(field: "source_person_ids")
        }
        return sources
    }
}
