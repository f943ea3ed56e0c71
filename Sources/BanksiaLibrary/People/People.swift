public import BanksiaCore
import BanksiaSQL

/// The people of a library, as one viewer may use them.
public struct People: Sendable {
    let database: Database
    let clock: any WallClock
    let ids: IdentifierSource
    let journal: CorrectionJournal

    // MARK: Reading

    /// One person, hidden or not, of any library the viewer sees.
    ///
    /// - Throws: `PersonProblem.notFound`.
    public func get(_ id: String, by viewer: Viewer) async throws -> Person {
        guard let id = PersonID(id), let person = try await database.read({ tx in try PersonStore.person(id, by: viewer, tx) })
        else { throw PersonProblem.notFound() }
        return person
    }

    /// One page of a library's people.
    ///
    /// - Throws: `PersonProblem.cursor` when the page before cannot be found any more, `.nameOrderOfUnnamed`.
    public func list(_ query: PersonQuery, in library: LibraryID, by viewer: Viewer) async throws -> Page<Person> {
        guard !query.sort.isByName || query.names != .unnamed else { throw PersonProblem.nameOrderOfUnnamed }
        let found = try await database.read { tx in
            let place = try query.startingAfter.map { text in
                guard let id = PersonID(text), let place = try PersonStore.place(of: id, in: library, by: viewer, tx) else {
                    throw PersonProblem.cursor
                }
                return place
            }
            return try PersonStore.list(query, in: library, after: place, by: viewer, tx)
        }
        return Page(fetched: found, limit: query.limit)
    }

    // MARK: Making and changing

    /// Makes a person. Where the library has one of that name, hidden or not, that one is returned as it is.
    ///
    /// - Throws: `PersonProblem.nameTaken` when a given value differs from that person's, `.faceNotFound`; `NameProblem`.
    public func create(_ new: NewPerson, in library: LibraryID, by viewer: Viewer) async throws -> Stored<Person> {
        let name = try new.name?.nonBlank.map { text throws(NameProblem) in try Name(text) }
        return try await database.change(library, by: viewer) { [now = clock.now, ids] tx in
            let face = try new.thumbnailFace.map { try Self.face($0, in: library, tx) }
            if let name, let known = try PersonStore.person(named: name, in: library, tx) {
                guard new.agrees(with: known, thumbnail: face) else { throw PersonProblem.nameTaken(name.text) }
                return Stored(known, isNew: false)
            }
            let person = Person(
                id: ids.make(), libraryID: library, name: name, birthDate: new.birthDate, isFavorite: new.isFavorite ?? false,
                isHidden: new.isHidden ?? false, chosenFaceID: face, thumbnailFaceID: face, assetCount: 0, createdAt: now,
                updatedAt: now)
            try PersonStore.insert(person, tx)
            try EventStore.record([.personCreated(person.id)], in: library, at: now, tx)
            return Stored(person, isNew: true)
        }
    }

    /// Changes a person. A change that changes nothing leaves no trace.
    ///
    /// - Throws: `PersonProblem.notFound`, `.nameTaken`, `.faceNotFound`; `NameProblem`.
    public func update(_ id: String, _ change: PersonChange, by viewer: Viewer) async throws -> Person {
        guard let id = PersonID(id) else { throw PersonProblem.notFound() }
        return try await database.change(of: { tx in try Self.library(of: id, by: viewer, tx) }, by: viewer) {
            [now = clock.now, journal] library, tx in
            guard let person = try PersonStore.person(id, by: viewer, tx) else { throw PersonProblem.notFound() }
            guard let changed = try Self.changed(person, change, at: now, tx) else { return person }
            try journal.note(
                .updatePeople, of: [id], faces: FaceStore.unconfirmed(of: [id]), in: library, by: viewer, at: now, tx)
            try Self.keep(changed, tx)
            try EventStore.record([.personUpdated(id)], in: library, at: now, tx)
            return try PersonStore.person(id, by: viewer, tx) ?? person
        }
    }

    /// Changes several people in the order given, all or none: each step finds what the steps before it left, names above all.
    ///
    /// - Throws: as `update` does; `PersonProblem.namedTwice`.
    public func update(_ changes: [(id: String, change: PersonChange)], by viewer: Viewer) async throws {
        var seen: Set<String> = []
        for (id, _) in changes where !seen.insert(id).inserted { throw PersonProblem.namedTwice(id) }
        let steps = try changes.map { id, change in
            guard let id = PersonID(id) else { throw PersonProblem.notFound(field: "updates") }
            return (id: id, change: change)
        }
        let libraries = try await database.read { tx in try PersonStore.libraries(of: steps.map(\.id), by: viewer, tx) }
        guard libraries.count == steps.count else { throw PersonProblem.notFound(field: "updates") }
        let roles = Dictionary(libraries.values.map { ($0, Role.collaborator) }) { role, _ in role }
        try await database.change(roles, by: viewer) { [now = clock.now, journal] tx in
            // Noted for each library before anything changes, so that all of it is undone together.
            var noted: [LibraryID: CorrectionID] = [:]
            for (library, people) in Dictionary(grouping: libraries, by: \.value).mapValues({ Set($0.map(\.key)) }) {
                noted[library] = try journal.note(
                    .updatePeople, of: people, faces: FaceStore.unconfirmed(of: Array(people)), in: library, by: viewer, at: now,
                    tx)
            }
            var told: [LibraryID: [Change]] = [:]
            for (id, change) in steps {
                guard let person = try PersonStore.person(id, by: viewer, tx), roles[person.libraryID] != nil else {
                    throw PersonProblem.notFound(field: "updates")
                }
                guard let changed = try Self.changed(person, change, at: now, tx) else { continue }
                try Self.keep(changed, tx)
                told[person.libraryID, default: []].append(.personUpdated(id))
            }
            for (library, correction) in noted {
                guard let changes = told[library] else {
                    try CorrectionStore.forget(correction, tx)
                    continue
                }
                try EventStore.record(changes, in: library, at: now, tx)
            }
        }
    }

    /// - Returns: what becomes of a person; `nil` when nothing changes.
    private static func changed(_ person: Person, _ change: PersonChange, at now: Instant, _ tx: borrowing Transaction) throws
        -> Person?
    {
        var changed = person
        switch change.name {
        case .keep: break
        case .clear: changed.name = nil
        case .set(let text): changed.name = try text.nonBlank.map { text throws(NameProblem) in try Name(text) }
        }
        switch change.birthDate {
        case .keep: break
        case .clear: changed.birthDate = nil
        case .set(let date): changed.birthDate = date
        }
        switch change.thumbnailFace {
        case .keep: break
        case .clear: changed.chosenFaceID = nil
        case .set(let face): changed.chosenFaceID = try Self.face(face, in: person.libraryID, tx)
        }
        changed.isFavorite = change.isFavorite ?? person.isFavorite
        changed.isHidden = change.isHidden ?? person.isHidden
        guard changed != person else { return nil }
        if let name = changed.name, let other = try PersonStore.person(named: name, in: person.libraryID, tx),
            other.id != person.id
        {
            throw PersonProblem.nameTaken(name.text)
        }
        changed.updatedAt = now
        return changed
    }

    /// Whoever names a group, or does anything else with it, has taken it for one person.
    private static func keep(_ changed: Person, _ tx: borrowing Transaction) throws {
        try PersonStore.update(changed, tx)
        try FaceStore.confirm([changed.id], tx)
    }

    private static func face(_ id: String, in library: LibraryID, _ tx: borrowing Transaction) throws -> FaceID {
        guard let id = FaceID(id), try FaceStore.exists(id, in: library, tx) else { throw PersonProblem.faceNotFound }
        return id
    }

    static func library(of id: PersonID, by viewer: Viewer, _ tx: borrowing Transaction) throws -> LibraryID {
        guard let person = try PersonStore.person(id, by: viewer, tx) else { throw PersonProblem.notFound() }
        return person.libraryID
    }
}

extension NewPerson {
    /// Whether all that is said here is so already.
    fileprivate func agrees(with known: Person, thumbnail: FaceID?) -> Bool {
        (birthDate == nil || birthDate == known.birthDate) && (isFavorite ?? known.isFavorite) == known.isFavorite
            && (isHidden ?? known.isHidden) == known.isHidden && (thumbnail == nil || thumbnail == known.thumbnailFaceID)
    }
}
