public import BanksiaCore
import BanksiaJobs
import BanksiaMedia
import BanksiaSQL

/// The faces in the assets of a library, as one viewer may use them.
public struct Faces: Sendable {
    let database: Database
    let jobs: JobQueue
    let clock: any WallClock
    let ids: IdentifierSource
    let journal: CorrectionJournal

    /// One face of any library the viewer sees.
    ///
    /// - Parameter library: a guard: a face of another library counts as none. `nil`: any library.
    /// - Throws: `FaceProblem.notFound`.
    public func get(_ id: String, in library: String? = nil, by viewer: Viewer) async throws -> Face {
        try await database.read { tx in try Self.face(id, in: library, by: viewer, tx) }
    }

    /// One page of a library's faces, the newest first.
    ///
    /// - Throws: `FaceProblem.cursor` when the page before cannot be found any more.
    public func list(_ query: FaceQuery, in library: LibraryID, by viewer: Viewer) async throws -> Page<Face> {
        let found = try await database.read { tx in
            let place = try query.startingAfter.map { text in
                guard let id = FaceID(text), let place = try FaceStore.place(of: id, in: library, by: viewer, tx) else {
                    throw FaceProblem.cursor
                }
                return place
            }
            return try FaceStore.list(query, in: library, after: place, by: viewer, tx)
        }
        return Page(fetched: found, limit: query.limit)
    }

    /// Draws a face that no detector found, and says whose it is if that is known.
    ///
    /// - Throws: `FaceProblem.assetNotFound`, `.personNotFound`, `.boxOutside`, `.assetEdited`, `.sizeUnknown`.
    public func draw(_ box: FaceBox, on asset: String, of person: String? = nil, in library: LibraryID, by viewer: Viewer)
        async throws -> Face
    {
        try await database.change(library, by: viewer) { [now = clock.now, ids] tx in
            guard let assetID = AssetID(asset), let canvas = try FaceStore.canvas(of: assetID, in: library, tx) else {
                throw FaceProblem.assetNotFound
            }
            let personID = try person.map { try Self.person($0, in: library, tx) }
            guard box.hasArea, canvas.size.map(box.fits) ?? true else { throw FaceProblem.boxOutside }
            guard canvas.showsUpload else { throw FaceProblem.assetEdited }
            guard canvas.size != nil else { throw FaceProblem.sizeUnknown }
            let face = Face(
                id: ids.make(), libraryID: library, assetID: assetID, personID: personID, source: .manual, box: box,
                timestampMs: nil, confidence: nil, createdAt: now, updatedAt: now)
            try FaceStore.insert(face, quality: box.drawnQuality, tx)
            var told: [Change] = [.faceCreated(face.id)]
            if let personID {
                try PersonStore.recount([personID], tx)
                told.append(.faceUpdated(face.id, person: personID, previous: nil))
            }
            try EventStore.record(told, in: library, at: now, tx)
            return face
        }
    }

    /// Says whose face it is, or that it is nobody's whom the library knows.
    ///
    /// - Parameter person: `nil` detaches the face.
    /// - Throws: `FaceProblem.notFound`, `.personNotFound`.
    public func assign(_ id: String, to person: String?, in library: String? = nil, by viewer: Viewer) async throws -> Face {
        try await change(id, in: library, by: viewer) { face, now, tx in
            let personID = try person.map { try Self.person($0, in: face.libraryID, tx) }
            guard try FaceStore.isNews(face, of: personID, tx) else { return face }
            let touched = Set([face.personID, personID].compactMap(\.self))
            let others: SQL = personID.map { "(\(FaceStore.unconfirmed(of: [$0])))" } ?? "FALSE"
            try journal.note(
                personID == nil ? .detachFace : .assignFace, of: touched, faces: "face.id = \(face.id) OR \(others)",
                in: face.libraryID, by: viewer, at: now, tx)
            return try Self.hand(face, to: personID, by: viewer, at: now, tx)
        }
    }

    private static func hand(_ face: Face, to person: PersonID?, by viewer: Viewer, at now: Instant, _ tx: borrowing Transaction)
        throws -> Face
    {
        try FaceStore.assign(face, to: person, at: now, tx)
        guard person != face.personID else { return face }
        let touched = Set([face.personID, person].compactMap(\.self))
        let told = Change.faceUpdated(face.id, person: person, previous: face.personID)
        let left = try GroupingStore.deleteDeserted(among: touched, in: face.libraryID, tx)
        try EventStore.record([told] + left, in: face.libraryID, at: now, tx)
        return try FaceStore.face(face.id, by: viewer, tx) ?? face
    }

    /// Says that a face is not a certain person's: grouping never gives it to them, and they are asked about no more.
    ///
    /// - Throws: `FaceProblem.notFound`, `.personNotFound`.
    public func deny(_ id: String, is person: String, by viewer: Viewer) async throws -> Face {
        try await change(id, in: nil, by: viewer) { face, now, tx in
            let person = try Self.person(person, in: face.libraryID, tx)
            guard try face.personID == person || !FaceStore.isDetached(face.id, from: person, tx) else { return face }
            try journal.note(
                .detachFace, of: Set([person, face.personID].compactMap(\.self)), faces: "face.id = \(face.id)",
                in: face.libraryID, by: viewer, at: now, tx)
            if face.personID == person { return try Self.hand(face, to: nil, by: viewer, at: now, tx) }
            try FaceStore.detach([face.id], from: person, at: now, tx)
            return face
        }
    }

    /// Leaves a face as it is: a change that names no field. Who may not change it is told so all the same.
    ///
    /// - Throws: `FaceProblem.notFound`.
    public func keep(_ id: String, in library: String? = nil, by viewer: Viewer) async throws -> Face {
        try await change(id, in: library, by: viewer) { face, _, _ in face }
    }

    /// Deletes a face for good.
    ///
    /// - Throws: `FaceProblem.notFound`.
    public func delete(_ id: String, in library: String? = nil, by viewer: Viewer) async throws {
        try await change(id, in: library, by: viewer) { face, now, tx in
            let noted = try journal.note(
                .deleteFace, of: Set([face.personID].compactMap(\.self)), faces: "face.id = \(face.id)", in: face.libraryID,
                by: viewer, at: now, tx)
            try CorrectionStore.keepDeleted(face, in: noted, tx)
            if face.source == .automatic { try FaceSearchStore.refuse(face, at: now, tx) }
            try Pipeline.enqueueCleanup(of: FaceDataStore.portraits(of: [face.id], tx), in: face.libraryID, jobs, tx)
            try FaceStore.delete(face.id, tx)
            try PersonStore.recount([face.personID].compactMap(\.self), tx)
            let left = try GroupingStore.deleteDeserted(
                among: Set([face.personID].compactMap(\.self)), in: face.libraryID, tx)
            try EventStore.record([.faceDeleted(face.id, previous: face.personID)] + left, in: face.libraryID, at: now, tx)
        }
    }

    /// Says that somebody in a picture is of no interest: the face stays, belongs to nobody and is not asked about. Giving it to a
    /// person, or to nobody, takes that back.
    ///
    /// - Throws: `FaceProblem.notFound`.
    public func ignore(_ id: String, in library: String? = nil, by viewer: Viewer) async throws -> Face {
        try await change(id, in: library, by: viewer) { face, now, tx in
            guard try !FaceStore.isDisowned(face.id, tx) else { return face }
            let touched = Set([face.personID].compactMap(\.self))
            try journal.note(
                .ignoreFace, of: touched, faces: "face.id = \(face.id)", in: face.libraryID, by: viewer, at: now, tx)
            try FaceStore.disown(face, at: now, tx)
            guard let previous = face.personID else { return face }
            let left = try GroupingStore.deleteDeserted(among: touched, in: face.libraryID, tx)
            try EventStore.record(
                [.faceUpdated(face.id, person: nil, previous: previous)] + left, in: face.libraryID, at: now, tx)
            return try FaceStore.face(face.id, by: viewer, tx) ?? face
        }
    }

    private func change<Result: Sendable>(
        _ id: String, in library: String?, by viewer: Viewer,
        _ body: @Sendable (Face, Instant, borrowing Transaction) throws -> Result
    ) async throws -> Result {
        try await database.change(of: { tx in try Self.face(id, in: library, by: viewer, tx).libraryID }, by: viewer) {
            [now = clock.now] _, tx in
            try body(try Self.face(id, in: library, by: viewer, tx), now, tx)
        }
    }

    private static func face(_ id: String, in library: String?, by viewer: Viewer, _ tx: borrowing Transaction) throws -> Face {
        guard let id = FaceID(id), let face = try FaceStore.face(id, by: viewer, tx),
            library == nil || library == face.libraryID.description
        else { throw FaceProblem.notFound }
        return face
    }

    private static func person(_ id: String, in library: LibraryID, _ tx: borrowing Transaction) throws -> PersonID {
        guard let id = PersonID(id), try PersonStore.exists(id, in: library, tx) else { throw FaceProblem.personNotFound }
        return id
    }
}
