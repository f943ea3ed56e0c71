import BanksiaCore
import BanksiaJobs
import BanksiaSQL
import BanksiaVision

/// Finds out whose a library's faces are, and makes people of those who are seen often enough.
struct FaceGroupingStage: Sendable {
    let library: PhotoLibrary

    /// While pictures keep coming people are grouped this often; a large library takes a while each time.
    private static let pause = Duration.seconds(60)

    var handler: JobHandler { JobHandler(kind: Pipeline.faceGrouping, timeout: .seconds(3600), run: run) }

    /// Enqueues the grouping of a library after a picture was looked at: at once when no other waits, else in a while.
    ///
    /// - Parameter hasChanged: whether the picture has faces, or had some.
    static func enqueue(
        in library: LibraryID, hasChanged: Bool, _ jobs: JobQueue, at now: Instant, _ tx: borrowing Transaction
    ) throws {
        let isLast = try !jobs.hasDue(kind: Pipeline.faceDetection, scope: library.uuid, at: now, tx)
        if isLast {
            let isPutOff = try !jobs.list(
                scopes: nil, subject: library.uuid, kinds: [Pipeline.faceGrouping], status: .pending, limit: 1, tx
            ).isEmpty
            if hasChanged || isPutOff { try enqueue(in: library, jobs, tx) }
        } else if hasChanged {
            // One that is put off already keeps its time.
            try enqueue(in: library, jobs, at: now.adding(pause), tx)
        }
    }

    /// Enqueues the grouping of a library.
    static func enqueue(
        in library: LibraryID, _ jobs: JobQueue, at time: Instant? = nil, _ tx: borrowing Transaction
    ) throws {
        try jobs.enqueue(
            NewJob(kind: Pipeline.faceGrouping, subject: library.uuid, scope: library.uuid, runAt: time), tx)
    }

    private func run(_ job: Job) async throws -> JobCompletion {
        guard let place = job.scope.map({ LibraryID(uuid: $0) }) else {
            throw JobFailure.permanent("The task does not say which library.")
        }
        let vision = try await library.models.faceVision()
        guard let models = vision.pack.faces else { throw JobFailure.permanent("The model pack has no models for faces.") }
        let space = vision.pack.id
        let facts = try await library.database.read { tx in
            try GroupingStore.facts(in: place, space: space, dimension: models.dimension, tx)
        }
        let result = try await library.groupingThread.run { GroupingResult(facts, GroupingRules(models)) }
        return JobCompletion(result: result.summary, alone: place.uuid) {
            [now = library.clock.now, ids = library.ids, jobs = library.jobs] tx in
            guard try GroupingStore.isUnchanged(facts, in: place, tx) else { return try Self.enqueue(in: place, jobs, tx) }
            try result.keep(in: place, space: space, ids: ids, at: now, tx)
        }
    }
}

/// A grouping that is to be kept, worked out as far as that needs no database.
struct GroupingResult: Sendable {
    let facts: GroupingFacts
    let grouping: FaceGrouping
    /// Of everyone who has faces that can be recognised, in the order of their first face.
    let likenesses: [(home: FaceGrouping.Home, likeness: KeptLikeness)]

    init(_ facts: GroupingFacts, _ rules: GroupingRules) {
        self.facts = facts
        grouping = FaceGrouping(facts, rules)
        likenesses = grouping.members.filter { !$0.value.isEmpty }.sorted { $0.value[0] < $1.value[0] }.map { home, faces in
            (home, KeptLikeness(of: faces, facts.vectors))
        }
    }

    var summary: String { "\(facts.faces.count) faces, \(likenesses.count) people" }

    /// In a transaction that holds the library, in which the facts are still so.
    func keep(in library: LibraryID, space: String, ids: IdentifierSource, at now: Instant, _ tx: borrowing Transaction) throws {
        try GroupingStore.keepKnots(grouping, of: facts, in: library, space: space, tx)
        var told: [Change] = []
        let people: [PersonID] = (0..<grouping.newPeople).map { _ in ids.make() }
        for id in people {
            let person = Person(
                id: id, libraryID: library, name: nil, birthDate: nil, isFavorite: false, isHidden: false, chosenFaceID: nil,
                thumbnailFaceID: nil, assetCount: 0, createdAt: now, updatedAt: now)
            try PersonStore.insert(person, tx)
            try GroupingStore.markFound(id, tx)
            told.append(.personCreated(id))
        }
        func person(_ home: FaceGrouping.Home) -> PersonID? {
            switch home {
            case .nobody: nil
            case .person(let id): id
            case .new(let place): people[place]
            }
        }
        var touched: Set<PersonID> = []
        for (face, home) in zip(facts.faces, grouping.homes) where face.person != person(home) {
            try GroupingStore.hand(face.id, to: person(home), at: now, tx)
            told.append(.faceUpdated(face.id, person: person(home), previous: face.person))
            touched.formUnion([face.person, person(home)].compactMap { $0 })
        }
        try PersonStore.recount(touched, tx)
        told += try GroupingStore.deleteDeserted(in: library, tx)
        try EventStore.record(told, in: library, at: now, tx)
        try GroupingStore.keep(
            likenesses.compactMap { home, likeness in person(home).map { ($0, likeness) } }, in: library, space: space, tx)
    }
}
