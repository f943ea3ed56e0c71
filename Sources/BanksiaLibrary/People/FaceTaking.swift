import BanksiaCore
import BanksiaJobs
import BanksiaSQL
import BanksiaVision

/// Takes in what the detector found in a picture or a film, beside what is known of it already.
///
/// Of a film each person has one face, at the best of the looks that were found of them, or at one that is known already. A face that was found before keeps its id, its box and its person; one that a user drew gets a vector and stays theirs. What is
/// not found any more goes, unless a user has spoken of it; where a user deleted a face, none comes back.
struct FaceTaking {
    let asset: AssetID
    let library: LibraryID
    /// The pack that was used.
    let space: String
    /// The looks of each face, best first; a picture has one of each.
    let found: [[PlacedFace]]
    let ids: IdentifierSource
    let jobs: JobQueue

    /// In a transaction that holds the library.
    ///
    /// - Returns: whether the picture has faces, or had some.
    func run(at now: Instant, _ tx: borrowing Transaction) throws -> Bool {
        let refusals = try FaceSearchStore.refusals(of: asset, tx)
        let known = try FaceSearchStore.known(of: asset, tx)
        let found = found.compactMap { looks -> PlacedFace? in
            guard !looks.contains(where: { look in refusals.contains { look.spot.isSameFace(as: $0) } }) else { return nil }
            return looks.first { look in known.contains { look.spot.isSameFace(as: $0.spot) } } ?? looks.first
        }
        let pairs = FaceSpot.pairs(known.map(\.spot), found.map(\.spot))
        for (place, other) in pairs { try recognise(known[place], as: found[other], tx) }
        let seen = Set(pairs.map(\.0)), taken = Set(pairs.map(\.1))
        let lost = known.indices.filter { !seen.contains($0) }.map { known[$0] }
            .filter { $0.source == .automatic && !$0.isSpokenOf }
        try Pipeline.enqueueCleanup(of: FaceDataStore.portraits(of: lost.map(\.id), tx), in: library, jobs, tx)
        try FaceSearchStore.delete(lost.map(\.id), tx)
        var told = lost.map { Change.faceDeleted($0.id, previous: $0.person) }
        for place in found.indices where !taken.contains(place) {
            told.append(.faceCreated(try insert(found[place], at: now, tx)))
        }
        let left = Set(lost.compactMap(\.person))
        try PersonStore.recount(left, tx)
        told += try GroupingStore.deleteDeserted(among: left, in: library, tx)
        try EventStore.record(told, in: library, at: now, tx)
        return !found.isEmpty || !lost.isEmpty
    }

    private func recognise(_ known: FaceSearchStore.Known, as face: PlacedFace, _ tx: borrowing Transaction) throws {
        if known.source == .automatic {
            try FaceSearchStore.update(
                known.id, confidence: Double(face.found.score), quality: Double(face.found.quality), tx)
        }
        try keepVector(of: known.id, face, tx)
    }

    private func insert(_ face: PlacedFace, at now: Instant, _ tx: borrowing Transaction) throws -> FaceID {
        let new = Face(
            id: ids.make(), libraryID: library, assetID: asset, personID: nil, source: .automatic, box: face.spot.box,
            timestampMs: face.spot.timestampMs, confidence: Double(face.found.score), createdAt: now, updatedAt: now)
        try FaceStore.insert(new, quality: Double(face.found.quality), tx)
        try keepVector(of: new.id, face, tx)
        return new.id
    }

    private func keepVector(of id: FaceID, _ face: PlacedFace, _ tx: borrowing Transaction) throws {
        try FaceSearchStore.keep(face.found.vector, strength: Double(face.found.strength), of: id, space: space, tx)
    }
}
