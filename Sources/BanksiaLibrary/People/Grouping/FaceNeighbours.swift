public import BanksiaCore
import BanksiaSQL
import BanksiaVision

/// How well a face fits its person, and who else is near. Distances are 1 less the cosine to the mean of somebody's faces.
public struct FaceNeighbours: Sendable, Equatable {
    /// `nil` when it belongs to nobody, or to somebody of whose faces nothing is known.
    public var distanceToPerson: Double?
    /// Others who are not hidden, the nearest first.
    public var candidates: [Candidate]

    /// Somebody a face may be.
    public struct Candidate: Sendable, Equatable {
        public var person: PersonID
        public var name: String?
        public var distance: Double
    }

    static let mostCandidates = 5
}

/// How alike a person's faces are; distances are 1 less the cosine.
public struct FaceCohesion: Sendable, Equatable {
    public var faces: Int
    public var pairwiseMean: Double
    public var pairwiseP90: Double
}

extension Faces {
    /// Who is near some faces of one library; faces without a vector, such as most drawn ones, are left out.
    public func neighbours(of faces: [Face], in library: LibraryID, by viewer: Viewer) async throws -> [FaceID: FaceNeighbours] {
        guard !faces.isEmpty else { return [:] }
        return try await database.read { tx in try neighbours(of: faces, in: library, by: viewer, tx) }
    }

    func neighbours(of faces: [Face], in library: LibraryID, by viewer: Viewer, _ tx: borrowing Transaction) throws
        -> [FaceID: FaceNeighbours]
    {
        let vectors = try LikenessStore.vectors(of: faces.map(\.id), tx)
        var people: [String: [LikenessStore.Look]] = [:]
        for space in Set(vectors.values.map(\.space)) {
            people[space] = try LikenessStore.looks(in: library, space: space, by: viewer, tx)
        }
        var found: [FaceID: FaceNeighbours] = [:]
        for face in faces {
            guard let (space, vector) = vectors[face.id], let people = people[space] else { continue }
            found[face.id] = FaceNeighbours(of: face, vector, people)
        }
        return found
    }
}

extension People {
    /// How alike the faces of some people are; of whom nothing is known is left out.
    public func cohesion(of people: [PersonID], by viewer: Viewer) async throws -> [PersonID: FaceCohesion] {
        guard !people.isEmpty else { return [:] }
        return try await database.read { tx in try LikenessStore.cohesion(of: people, by: viewer, tx) }
    }
}

extension FaceNeighbours {
    fileprivate init(of face: Face, _ vector: [Float], _ people: [LikenessStore.Look]) {
        candidates = []
        for look in people where look.mean.count == vector.count {
            let distance = Self.distance(vector, look.mean)
            if look.person == face.personID {
                distanceToPerson = distance
            } else if !look.isHidden {
                candidates.append(Candidate(person: look.person, name: look.name, distance: distance))
            }
        }
        candidates.sort { ($0.distance, $0.person) < ($1.distance, $1.person) }
        candidates.removeLast(max(0, candidates.count - Self.mostCandidates))
    }

    /// - Parameter vector: of unit length.
    private static func distance(_ vector: [Float], _ mean: [Float]) -> Double {
        var (product, square) = (0.0, 0.0)
        for (one, other) in zip(vector, mean) {
            product += Double(one) * Double(other)
            square += Double(other) * Double(other)
        }
        return square > 0 ? max(0, 1 - product / square.squareRoot()) : 1
    }
}

/// SQL of what is kept of how faces look.
enum LikenessStore {
    /// What somebody's faces have in common.
    struct Look: Sendable {
        var person: PersonID
        var name: String?
        var isHidden: Bool
        var mean: [Float]
    }

    static func vectors(of faces: [FaceID], _ tx: borrowing Transaction) throws -> [FaceID: (space: String, vector: [Float])] {
        let rows: [(FaceID, (space: String, vector: [Float]))] = try tx.rows(
            "SELECT face_id, space, vector FROM face_vector WHERE face_id IN \(SQL.list(faces))"
        ) { (try $0.value(0), (try $0.value(1), try $0.value(2))) }
        return Dictionary(rows) { first, _ in first }
    }

    static func looks(in library: LibraryID, space: String, by viewer: Viewer, _ tx: borrowing Transaction) throws -> [Look] {
        try tx.rows(
            """
            SELECT person.id, person.name, person.is_hidden, person_likeness.vector
            FROM person JOIN person_likeness ON person_likeness.person_id = person.id AND person_likeness.space = \(space)
            WHERE person.library_id = \(library) AND \(viewer.seesPerson)
            """
        ) { Look(person: try $0.value(0), name: try $0.value(1), isHidden: try $0.value(2), mean: try $0.value(3)) }
    }

    static func cohesion(of people: [PersonID], by viewer: Viewer, _ tx: borrowing Transaction) throws -> [PersonID: FaceCohesion]
    {
        let rows: [(PersonID, FaceCohesion)] = try tx.rows(
            """
            SELECT person.id, person_likeness.faces, person_likeness.pairwise_mean, person_likeness.pairwise_p90
            FROM person JOIN person_likeness ON person_likeness.person_id = person.id
            WHERE person.id IN \(SQL.list(people)) AND \(viewer.seesPerson)
            """
        ) {
            (try $0.value(0), FaceCohesion(faces: try $0.value(1), pairwiseMean: try $0.value(2), pairwiseP90: try $0.value(3)))
        }
        return Dictionary(rows) { first, _ in first }
    }
}
