public import BanksiaCore
import BanksiaSQL
import BanksiaVision

/// Two people who may be one.
public struct SamePerson: Sendable, Equatable {
    /// The one with a name, or with more photos, first.
    public var people: [Person]
    /// 1 less the mean cosine of their faces.
    public var distance: Double
}

/// A face that belongs to nobody, and who it may be.
public struct WhoIsThis: Sendable, Equatable {
    public var face: Face
    public var near: FaceNeighbours
}

/// What is asked of users: near enough to be worth a question, not near enough for grouping, or kept apart by what was said.
private enum Suggestion {
    /// From this cosine on it is more often so than not, with the faces of the default pack (decision 0021).
    static let alike: Float = 0.35
    /// So many people, those with most photos, and so many faces, the newest, are compared at most: 0.1 s on one core.
    static let most = 2000
}

extension People {
    /// Pairs of people who may be one, the most likely first. Not asked about are hidden people, two who both have names, two who
    /// are seen in one picture, two whom a user has told apart, and two of whom a user has said that a face of one is not the
    /// other's.
    public func mayBeSame(in library: LibraryID, limit: Int, by viewer: Viewer) async throws -> Page<SamePerson> {
        try await database.read { tx in
            let looks = try SuggestionStore.looks(in: library, limit: Suggestion.most, by: viewer, tx)
            // Means of two packs are never compared; those of one have one length.
            var pairs: [(one: PersonID, other: PersonID, cosine: Float)] = []
            for looks in Dictionary(grouping: looks, by: \.space).values {
                let table = VectorTable(looks.map(\.mean))
                for pair in table.pairs(of: Array(looks.indices), atLeast: Suggestion.alike) where pair.query < pair.row {
                    if looks[pair.query].isNamed && looks[pair.row].isNamed { continue }
                    pairs.append((looks[pair.query].person, looks[pair.row].person, pair.product))
                }
            }
            pairs.sort { ($1.cosine, $0.one, $0.other) < ($0.cosine, $1.one, $1.other) }
            let apart = try pairs.isEmpty ? [] : SuggestionStore.apart(in: library, tx)
            pairs.removeAll { apart.contains([$0.one, $0.other]) }
            let shown = pairs.prefix(limit + 1)
            let people = Dictionary(
                uniqueKeysWithValues: try PersonStore.people(shown.flatMap { [$0.one, $0.other] }, in: library, tx)
                    .map { ($0.id, $0) })
            let found = shown.compactMap { pair -> SamePerson? in
                guard let one = people[pair.one], let other = people[pair.other] else { return nil }
                let isFirst = one.name != nil || (other.name == nil && one.assetCount >= other.assetCount)
                return SamePerson(people: isFirst ? [one, other] : [other, one], distance: max(0, 1 - Double(pair.cosine)))
            }
            return Page(fetched: found, limit: limit)
        }
    }
}

extension Faces {
    /// Faces that belong to nobody and are like somebody who is not hidden, the most likely first. Not asked about are ignored
    /// faces, and whom a user has said that a face is not.
    public func whoIsThis(in library: LibraryID, limit: Int, by viewer: Viewer) async throws -> Page<WhoIsThis> {
        try await database.read { tx in
            let looks = try SuggestionStore.looks(in: library, limit: Suggestion.most, by: viewer, tx)
            let tables = Dictionary(grouping: looks, by: \.space).mapValues { looks in
                (table: VectorTable(looks.map { scaled($0.mean) }), people: looks.map(\.person))
            }
            let refused = try GroupingStore.detachments(in: library, tx)
            var likely: [(face: FaceID, cosine: Float)] = []
            for (face, space, vector) in try SuggestionStore.loose(in: library, limit: Suggestion.most, by: viewer, tx) {
                guard let (table, people) = tables[space], table.dimension == vector.count else { continue }
                let near = table.pairs(of: vector, atLeast: Suggestion.alike).filter {
                    refused[face]?.contains(people[$0.row]) != true
                }
                if let best = near.map(\.product).max() { likely.append((face, best)) }
            }
            likely.sort { ($1.cosine, $0.face) < ($0.cosine, $1.face) }
            let shown = likely.prefix(limit + 1).map(\.face)
            let faces = Dictionary(
                uniqueKeysWithValues: try FaceStore.faces(shown, by: viewer, tx).map { ($0.id, $0) })
            let near = try neighbours(of: Array(faces.values), in: library, by: viewer, tx)
            let found = shown.compactMap { id -> WhoIsThis? in
                guard let face = faces[id], var near = near[id] else { return nil }
                near.candidates.removeAll { refused[id]?.contains($0.person) == true }
                return WhoIsThis(face: face, near: near)
            }
            return Page(fetched: found, limit: limit)
        }
    }

    private func scaled(_ vector: [Float]) -> [Float] {
        let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return length > 0 ? vector.map { $0 / length } : vector
    }
}

extension VectorTable {
    /// A table of vectors of one length.
    fileprivate init(_ vectors: [[Float]]) {
        self.init(dimension: vectors.first?.count ?? 0)
        for vector in vectors { append(vector) }
    }
}

/// SQL of what users are asked.
enum SuggestionStore {
    /// What somebody's faces have in common.
    struct Look: Sendable {
        var person: PersonID
        var space: String
        var isNamed: Bool
        var mean: [Float]
    }

    /// The people with most photos, without hidden ones.
    static func looks(in library: LibraryID, limit: Int, by viewer: Viewer, _ tx: borrowing Transaction) throws -> [Look] {
        try tx.rows(
            """
            SELECT person.id, person_likeness.space, person.name IS NOT NULL, person_likeness.vector
            FROM person JOIN person_likeness ON person_likeness.person_id = person.id
            WHERE person.library_id = \(library) AND \(viewer.seesPerson) AND NOT person.is_hidden AND person.asset_count > 0
            ORDER BY person.asset_count DESC, person.id LIMIT \(limit)
            """
        ) { Look(person: try $0.value(0), space: try $0.value(1), isNamed: try $0.value(2), mean: try $0.value(3)) }
    }

    /// Pairs of people who are known to be two: a user said so, they are seen together, or a face was taken from one and is the
    /// other's.
    static func apart(in library: LibraryID, _ tx: borrowing Transaction) throws -> Set<Set<PersonID>> {
        let together: [Set<PersonID>] = try tx.rows(
            """
            SELECT DISTINCT one.person_id, other.person_id FROM face AS one
                JOIN face AS other ON other.asset_id = one.asset_id AND other.person_id > one.person_id
            WHERE one.library_id = \(library) AND one.person_id IS NOT NULL
            """
        ) { [try $0.value(0), try $0.value(1)] }
        let said: [Set<PersonID>] = try tx.rows(
            """
            SELECT DISTINCT face.person_id, face_detachment.person_id
            FROM face JOIN face_detachment ON face_detachment.face_id = face.id
            WHERE face.library_id = \(library) AND face.person_id IS NOT NULL
            """
        ) { [try $0.value(0), try $0.value(1)] }
        let parted: [Set<PersonID>] = try tx.rows(
            """
            SELECT person_parting.person_id, person_parting.other_id
            FROM person_parting JOIN person ON person.id = person_parting.person_id
            WHERE person.library_id = \(library) AND person_parting.person_id < person_parting.other_id
            """
        ) { [try $0.value(0), try $0.value(1)] }
        return Set(together).union(said).union(parted)
    }

    /// The newest faces in live assets that belong to nobody, and of which no user has said that they shall not.
    static func loose(in library: LibraryID, limit: Int, by viewer: Viewer, _ tx: borrowing Transaction) throws -> [(
        face: FaceID, space: String, vector: [Float]
    )] {
        try tx.rows(
            """
            SELECT face.id, face_vector.space, face_vector.vector FROM face
                JOIN face_vector ON face_vector.face_id = face.id JOIN asset ON asset.id = face.asset_id
            WHERE face.library_id = \(library) AND \(viewer.seesFace) AND face.person_id IS NULL AND NOT face.is_assigned_by_user
                AND asset.trashed_at IS NULL
            ORDER BY face.created_at DESC, face.id DESC LIMIT \(limit)
            """
        ) { (try $0.value(0), try $0.value(1), try $0.value(2)) }
    }
}
