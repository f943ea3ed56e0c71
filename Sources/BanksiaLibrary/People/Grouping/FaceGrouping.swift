import BanksiaCore
import BanksiaVision

/// Whose faces a library's faces are, found from all of them and from what users have said.
///
/// The partition is a function of these facts: neither the order of import nor the size of batches nor what was found before
/// changes it, except that a group keeps the person it had (`docs/decisions`, "People from faces").
struct FaceGrouping: Sendable {
    /// Where a face belongs.
    enum Home: Sendable, Hashable {
        case nobody
        case person(PersonID)
        /// Somebody who has to be made: a place in `newPeople`.
        case new(Int)
    }

    /// Where each face of the facts belongs, in their order.
    private(set) var homes: [Home]
    /// How many people have to be made.
    private(set) var newPeople = 0
    /// The knot of each face, in the same order; `nil` for one that is in none.
    private(set) var knots: [FaceID?]
    /// The faces of each person that can be recognised.
    private(set) var members: [Home: [Int]] = [:]

    init(_ facts: GroupingFacts, _ rules: GroupingRules) {
        homes = facts.faces.map { face in face.isAssignedByUser ? face.person.map { .person($0) } ?? .nobody : .nobody }
        knots = Array(repeating: nil, count: facts.faces.count)
        let known = facts.faces.indices.filter {
            Float(facts.faces[$0].strength) >= rules.recognisable && !facts.faces[$0].isIgnored
        }
        let free = known.filter { !facts.faces[$0].isSpokenOf && facts.detachments[facts.faces[$0].id] == nil }
        let tied = FaceKnots(of: facts, rules, free: free).knots
        for knot in tied { for place in knot { knots[place] = facts.faces[knot[0]].id } }
        var linkage = FaceLinkage(Self.groups(facts, known, tied), facts.vectors, rules)
        var groups = linkage.joined()
        // Faces that a user took from somebody come last: they join who is there, and draw nobody away from whom they are not.
        let taken = Self.taken(facts, known)
        let places = FaceLinkage(groups, facts.vectors, rules).places(for: taken, facts.vectors)
        for (face, place) in zip(taken, places) { if let place { groups[place].faces.append(face.faces[0]) } }
        var rest = FaceLinkage(zip(taken, places).filter { $0.1 == nil }.map(\.0), facts.vectors, rules)
        groups += rest.joined()
        for place in groups.indices { groups[place].faces.sort() }
        settle(groups.sorted { $0.faces[0] < $1.faces[0] }, facts, rules)
    }

    /// What linkage begins with, by first face: each person's faces as users have said, and knots.
    private static func groups(_ facts: GroupingFacts, _ known: [Int], _ tied: [[Int]]) -> [FaceLinkage.Group] {
        var groups = tied.map { group($0, facts) }
        for (person, places) in Dictionary(grouping: known.filter { facts.faces[$0].isSpokenOf }, by: { facts.faces[$0].person })
        {
            var said = group(places, facts)
            said.person = person
            groups.append(said)
        }
        return groups.sorted { $0.faces[0] < $1.faces[0] }
    }

    /// Faces that a user took from somebody and gave to nobody, each for itself.
    private static func taken(_ facts: GroupingFacts, _ known: [Int]) -> [FaceLinkage.Group] {
        known.compactMap { place in
            guard !facts.faces[place].isSpokenOf, let others = facts.detachments[facts.faces[place].id] else { return nil }
            var taken = group([place], facts)
            taken.others = others
            return taken
        }
    }

    private static func group(_ places: [Int], _ facts: GroupingFacts) -> FaceLinkage.Group {
        FaceLinkage.Group(faces: places, assets: Dictionary(places.map { (facts.faces[$0].asset, 1) }, uniquingKeysWith: +))
    }

    /// Finds each group's person: the one of whom a user spoke; else, if there are enough faces and they are tight, whoever has
    /// had most of them, or somebody new.
    private mutating func settle(_ groups: [FaceLinkage.Group], _ facts: GroupingFacts, _ rules: GroupingRules) {
        let spokenOf = Set(facts.faces.lazy.filter(\.isSpokenOf).compactMap(\.person))
        let shown = groups.filter { $0.person != nil || Self.isPerson($0, facts, rules) }
        var people: [Int: PersonID] = [:]
        for (place, group) in shown.enumerated() { people[place] = group.person }
        var taken = spokenOf
        for vote in Self.votes(shown, facts) where people[vote.group] == nil && !taken.contains(vote.person) {
            people[vote.group] = vote.person
            taken.insert(vote.person)
        }
        for (place, group) in shown.enumerated() {
            let home: Home
            if let person = people[place] {
                home = .person(person)
            } else {
                home = .new(newPeople)
                newPeople += 1
            }
            for face in group.faces where !facts.faces[face].isSpokenOf {
                if case .person(let person) = home, facts.detachments[facts.faces[face].id]?.contains(person) == true { continue }
                homes[face] = home
            }
            members[home] = group.faces.filter { homes[$0] == home }
        }
    }

    private static func isPerson(_ group: FaceLinkage.Group, _ facts: GroupingFacts, _ rules: GroupingRules) -> Bool {
        guard group.faces.count >= GroupingRules.fewestFaces else { return false }
        return Likeness(of: group.faces, facts.vectors).meanCosine >= Double(rules.tight)
    }

    /// How many faces of a group somebody has now, the most first; then by the ids of whoever was there first.
    private static func votes(_ groups: [FaceLinkage.Group], _ facts: GroupingFacts) -> [(
        group: Int, person: PersonID, count: Int
    )] {
        var votes: [(group: Int, person: PersonID, count: Int)] = []
        for (place, group) in groups.enumerated() where group.person == nil {
            let people = Dictionary(group.faces.compactMap { facts.faces[$0].person }.map { ($0, 1) }, uniquingKeysWith: +)
            votes += people.map { (place, $0.key, $0.value) }
        }
        return votes.sorted { ($1.count, $0.person, $0.group) < ($0.count, $1.person, $1.group) }
    }
}

extension GroupingFace {
    /// Whether a user has said whose it is.
    var isSpokenOf: Bool { isAssignedByUser && person != nil }
    /// Whether a user has said that it is nobody's whom the library should know.
    var isIgnored: Bool { isAssignedByUser && person == nil }
}

/// What some faces have in common.
struct Likeness: Sendable {
    /// The mean of their vectors, not scaled.
    let mean: [Float]
    let count: Int
    /// The mean cosine of two different ones; 1 for a single face.
    let meanCosine: Double

    init(of faces: [Int], _ vectors: VectorTable) {
        mean = FaceLinkage.mean(of: faces, vectors)
        count = faces.count
        // The mean over all pairs is the square of the mean vector; each face's product with itself, 1, does not count.
        let square = mean.reduce(0.0) { $0 + Double($1) * Double($1) }
        meanCosine = count > 1 ? (square * Double(count) - 1) / Double(count - 1) : 1
    }

    /// The cosine below which a tenth of the pairs lie, of at most 64 faces evenly spread.
    static func lowestTenth(of faces: [Int], _ vectors: VectorTable) -> Double {
        let step = max(1, faces.count / 64)
        var sample = VectorTable(dimension: vectors.dimension)
        for place in stride(from: 0, to: faces.count, by: step) { sample.append(vectors[faces[place]]) }
        let cosines = sample.pairs(of: Array(0..<sample.count), atLeast: -2).filter { $0.query < $0.row }.map(\.product).sorted()
        return cosines.isEmpty ? 1 : Double(cosines[cosines.count / 10])
    }
}
