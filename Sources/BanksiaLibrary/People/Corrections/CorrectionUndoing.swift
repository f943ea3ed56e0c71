import BanksiaCore
import BanksiaSQL

/// Makes people and faces what they were before a correction.
///
/// What grouping did to them meanwhile gives way, as it does to every word of a user; what users did comes first, so that a
/// correction is undone only when no later one of the same people or faces stands. Faces that left the library with their asset
/// are passed over.
struct CorrectionUndoing {
    let correction: Correction

    /// In a transaction that holds the library.
    func run(at now: Instant, _ tx: borrowing Transaction) throws {
        guard correction.undoneAt == nil else { throw CorrectionProblem.undoneAlready }
        if let later = try CorrectionStore.later(than: correction, tx) { throw CorrectionProblem.followed(by: later) }
        let people = try CorrectionStore.people(of: correction, tx)
        let faces = try CorrectionStore.faces(of: correction, tx)
        guard !correction.kind.isAboutFaces || !faces.isEmpty else { throw CorrectionProblem.facesGone }
        let made = people.filter { !$0.wasThere }.map(\.person.id)
        for id in made where try CorrectionStore.isInUse(id, besides: correction.id, tx) { throw CorrectionProblem.inUse(id) }
        try requireFreeNames(people, tx)

        var told = try restore(people, tx)
        told.created += try reinsert(faces, tx)
        let handed = try hand(faces, tx)
        told.handed += handed.told
        try CorrectionStore.restoreDetachments(of: correction, tx)
        try CorrectionStore.restorePartings(of: correction, tx)
        try CorrectionStore.restoreLikenesses(of: correction, tx)
        let (left, orphans) = try dissolve(made, at: now, tx)
        told.handed += orphans
        let touched = Set(people.map(\.person.id) + faces.compactMap(\.person)).union(handed.previous).subtracting(left)
        try PersonStore.recount(touched, tx)
        let deserted = try GroupingStore.deleteDeserted(
            among: handed.previous.subtracting(people.map(\.person.id)), in: correction.libraryID, tx)
        try CorrectionStore.markUndone(correction.id, at: now, tx)
        let changes = told.created + told.handed + told.updated + left.map { .personDeleted($0) } + deserted
        try EventStore.record(changes, in: correction.libraryID, at: now, tx)
    }

    /// What happened, in the order in which the feed tells it.
    private struct Told {
        var created: [Change] = []
        var handed: [Change] = []
        var updated: [Change] = []
    }

    private func requireFreeNames(_ people: [CorrectionStore.KeptPerson], _ tx: borrowing Transaction) throws {
        let ours = Set(people.map(\.person.id))
        for name in people.filter(\.wasThere).compactMap(\.person.name) {
            guard let other = try PersonStore.person(named: name, in: correction.libraryID, tx), !ours.contains(other.id) else {
                continue
            }
            throw PersonProblem.nameTaken(name.text)
        }
    }

    /// Brings back who is gone, and gives the others the fields they had. Names may have changed places, so all go first.
    private func restore(_ kept: [CorrectionStore.KeptPerson], _ tx: borrowing Transaction) throws -> Told {
        var told = Told()
        let ids = kept.map(\.person.id)
        let present = Dictionary(
            uniqueKeysWithValues: try PersonStore.people(ids, in: correction.libraryID, tx).map { ($0.id, $0) })
        for kept in kept where kept.wasThere {
            guard var person = present[kept.person.id], person.name != kept.person.name else { continue }
            person.name = nil
            try PersonStore.update(person, tx)
        }
        for kept in kept where kept.wasThere {
            if let person = present[kept.person.id] {
                try PersonStore.update(kept.person, tx)
                if !kept.person.hasSameFields(as: person) { told.updated.append(.personUpdated(person.id)) }
            } else {
                try PersonStore.insert(kept.person, tx)
                told.created.append(.personCreated(kept.person.id))
            }
            try CorrectionStore.mark(kept.person.id, isFound: kept.isFound, tx)
        }
        return told
    }

    /// Brings back faces that the correction deleted; they get their people with all the others.
    private func reinsert(_ faces: [CorrectionStore.KeptFace], _ tx: borrowing Transaction) throws -> [Change] {
        try faces.filter { !$0.isThere }.compactMap { face in
            guard let rest = face.deleted else { return nil }
            try CorrectionStore.reinsert(face, rest, in: correction.libraryID, tx)
            return .faceCreated(face.id)
        }
    }

    /// Gives faces to whom they belonged.
    private func hand(_ faces: [CorrectionStore.KeptFace], _ tx: borrowing Transaction) throws -> (
        told: [Change], previous: Set<PersonID>
    ) {
        var told: [Change] = []
        var previous: Set<PersonID> = []
        for face in faces {
            try CorrectionStore.restore(face, tx)
            guard face.present != face.person else { continue }
            told.append(.faceUpdated(face.id, person: face.person, previous: face.present))
            if let person = face.present { previous.insert(person) }
        }
        return (told, previous)
    }

    /// Deletes whom the correction had made. Faces that grouping gave them since belong to nobody.
    private func dissolve(_ made: [PersonID], at now: Instant, _ tx: borrowing Transaction) throws -> (
        gone: [PersonID], told: [Change]
    ) {
        let gone = try PersonStore.people(made, in: correction.libraryID, tx).map(\.id)
        guard !gone.isEmpty else { return ([], []) }
        let told = try FaceStore.hand(facesOf: gone, to: nil, at: now, tx)
        try PersonStore.delete(gone, tx)
        return (gone, told)
    }
}

extension Person {
    /// Whether all that a person is of their own is the same; the portrait and counts follow from faces.
    fileprivate func hasSameFields(as other: Person) -> Bool {
        name == other.name && birthDate == other.birthDate && isFavorite == other.isFavorite && isHidden == other.isHidden
            && chosenFaceID == other.chosenFaceID && updatedAt == other.updatedAt
    }
}
