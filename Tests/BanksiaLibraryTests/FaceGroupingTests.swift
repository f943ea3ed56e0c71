import BanksiaCore
import BanksiaVision
import Foundation
import Testing

@testable import BanksiaLibrary

/// A made-up library of faces: people with a look of their own, strangers, and faces that tell nothing.
struct Crowd {
    var faces: [GroupingFace] = []
    var vectors: [FaceID: [Float]] = [:]
    /// Whose each face really is; strangers are everyone for themselves.
    var truth: [FaceID: Int] = [:]
    var detachments: [FaceID: Set<PersonID>] = [:]
    private var seed: Seeded

    static let dimension = 48
    static let rules = GroupingRules(same: 0.45, certain: 0.6, recognisable: 8)

    init(people: Int, photos: Int, strangers: Int, seed: Int) {
        self.seed = Seeded(seed)
        for person in 0..<people {
            let look = direction()
            for _ in 0..<photos { add(near: look, person: person) }
        }
        for stranger in 0..<strangers { add(near: direction(), person: people + stranger) }
    }

    /// - Parameter spread: 0.8 makes two faces of a person alike by 0.61 on average, as SFace does.
    @discardableResult
    mutating func add(
        near look: [Float], person: Int, spread: Float = 0.8, strength: Double = 12, asset: AssetID? = nil, noise: [Float]? = nil
    )
        -> FaceID
    {
        let noise = noise ?? direction()
        let mixed = zip(look, noise).map { $0 + spread * $1 }
        let id = FaceID(uuid: seed.uuid())
        let length = mixed.reduce(0) { $0 + $1 * $1 }.squareRoot()
        vectors[id] = mixed.map { $0 / length }
        truth[id] = person
        faces.append(
            GroupingFace(
                id: id, asset: asset ?? AssetID(uuid: seed.uuid()), person: nil, isAssignedByUser: false, strength: strength,
                knot: nil
            ))
        return id
    }

    mutating func direction() -> [Float] { seed.unitVector(Self.dimension) }
    mutating func person() -> PersonID { PersonID(uuid: seed.uuid()) }
    mutating func shuffled() -> [FaceID] { faces.map(\.id).sorted().shuffled(using: &seed) }

    func face(_ id: FaceID) -> Int { faces.firstIndex { $0.id == id }! }

    /// What grouping sees of some of its faces.
    func facts(_ ids: Set<FaceID>? = nil, sizes: [FaceID: Int] = [:]) -> GroupingFacts {
        let faces = faces.filter { ids?.contains($0.id) ?? true }.sorted { $0.id < $1.id }
        var table = VectorTable(dimension: Self.dimension)
        for face in faces { table.append(vectors[face.id]!) }
        return GroupingFacts(faces: faces, vectors: table, knotSizes: sizes, detachments: detachments)
    }

    /// Groups some of its faces and keeps what came out, as the database would.
    mutating func group(_ ids: Set<FaceID>? = nil, sizes: inout [FaceID: Int]) {
        let facts = facts(ids, sizes: sizes)
        let grouping = FaceGrouping(facts, Self.rules)
        let people = (0..<grouping.newPeople).map { _ in person() }
        for (place, seen) in facts.faces.enumerated() {
            let face = face(seen.id)
            faces[face].knot = grouping.knots[place]
            faces[face].person =
                switch grouping.homes[place] {
                case .nobody: nil
                case .person(let id): id
                case .new(let number): people[number]
                }
        }
        sizes = Dictionary(grouping.knots.compactMap { $0 }.map { ($0, 1) }, uniquingKeysWith: +)
    }

    /// The partition, whoever the groups are called: sets of faces that belong together.
    var partition: Set<Set<FaceID>> {
        Set(Dictionary(grouping: faces.filter { $0.person != nil }, by: \.person).values.map { Set($0.map(\.id)) })
    }
}

@Suite("Face grouping") struct FaceGroupingTests {
    @Test func `every person is found once, and strangers are nobody`() {
        var crowd = Crowd(people: 12, photos: 8, strangers: 60, seed: 1)
        var sizes: [FaceID: Int] = [:]
        crowd.group(sizes: &sizes)
        let truth = Dictionary(grouping: crowd.faces.map(\.id), by: { crowd.truth[$0]! }).values.filter { $0.count > 1 }
        #expect(crowd.partition == Set(truth.map { Set($0) }))
    }

    @Test func `any order and any batches give one partition, which is that of a full grouping`() {
        var whole = Crowd(people: 8, photos: 7, strangers: 30, seed: 2)
        // Something to disagree about: people who are rather alike.
        let look = whole.direction()
        for person in 0..<3 {
            let own = zip(look, whole.direction()).map { $0 + 0.9 * $1 }
            let length = own.reduce(0) { $0 + $1 * $1 }.squareRoot()
            for _ in 0..<5 { whole.add(near: own.map { $0 / length }, person: 100 + person, spread: 0.9) }
        }
        var full = whole
        var sizes: [FaceID: Int] = [:]
        full.group(sizes: &sizes)
        #expect(full.partition.count >= 8)
        for round in 1...20 {
            let order = whole.shuffled()
            var crowd = whole
            var sizes: [FaceID: Int] = [:]
            let batch = [1, 3, 10, 40][round % 4] * 3
            for end in stride(from: batch, to: order.count + batch, by: batch) {
                crowd.group(Set(order.prefix(min(end, order.count))), sizes: &sizes)
            }
            #expect(crowd.partition == full.partition, "round \(round), batches of \(batch)")
        }
    }

    @Test func `faces that go leave what would be there without them`() {
        var crowd = Crowd(people: 6, photos: 6, strangers: 10, seed: 3)
        var sizes: [FaceID: Int] = [:]
        crowd.group(sizes: &sizes)
        let gone = Set(crowd.shuffled().prefix(15))
        crowd.faces.removeAll { gone.contains($0.id) }
        var anew = crowd
        for place in anew.faces.indices { (anew.faces[place].knot, anew.faces[place].person) = (nil, nil) }
        crowd.group(sizes: &sizes)
        var none: [FaceID: Int] = [:]
        anew.group(sizes: &none)
        #expect(crowd.partition == anew.partition)
        #expect(sizes == none)
    }

    @Test func `a group keeps its person when faces come`() {
        var crowd = Crowd(people: 0, photos: 0, strangers: 0, seed: 4)
        let look = crowd.direction()
        for _ in 0..<4 { crowd.add(near: look, person: 0) }
        var sizes: [FaceID: Int] = [:]
        crowd.group(sizes: &sizes)
        let person = crowd.faces[0].person
        #expect(person != nil)
        for _ in 0..<6 { crowd.add(near: look, person: 0) }
        crowd.group(sizes: &sizes)
        #expect(Set(crowd.faces.map(\.person)) == [person])
    }

    @Test func `what users said stays, and leads the others`() {
        var crowd = Crowd(people: 1, photos: 10, strangers: 0, seed: 5)
        let (anna, berta) = (crowd.person(), crowd.person())
        // Somebody else entirely, by a user's word; and a face that is not Anna's, by another.
        let odd = crowd.add(near: crowd.direction(), person: 9)
        for place in [0, 1, 2, crowd.face(odd)] {
            (crowd.faces[place].person, crowd.faces[place].isAssignedByUser) = (anna, true)
        }
        let refused = crowd.faces[5].id
        crowd.detachments[refused] = [anna]
        (crowd.faces[6].person, crowd.faces[6].isAssignedByUser) = (berta, true)
        var sizes: [FaceID: Int] = [:]
        for _ in 0..<2 {
            crowd.group(sizes: &sizes)
            for place in [0, 1, 2, crowd.face(odd)] { #expect(crowd.faces[place].person == anna) }
            #expect(crowd.faces[6].person == berta)
            #expect(crowd.faces[5].person != anna)
            #expect(crowd.faces[4].person == anna || crowd.faces[4].person == berta)
        }
    }

    @Test func `a face a user took from somebody nobody has named does not come back`() {
        var crowd = Crowd(people: 1, photos: 6, strangers: 0, seed: 6)
        var sizes: [FaceID: Int] = [:]
        crowd.group(sizes: &sizes)
        let person = crowd.faces[0].person!
        crowd.faces[3].person = nil
        crowd.detachments[crowd.faces[3].id] = [person]
        crowd.group(sizes: &sizes)
        #expect(crowd.faces[3].person == nil)
        #expect(crowd.faces.filter { $0.person == person }.count == 5)
    }

    @Test(arguments: [true, false]) func `somebody alike is the same person, but not in the same picture`(isTogether: Bool) {
        var crowd = Crowd(people: 0, photos: 0, strangers: 0, seed: 7)
        func axis(_ number: Int) -> [Float] { (0..<Crowd.dimension).map { $0 == number ? 1 : 0 } }
        // Cosines of 0.8 among the three, and of 0.5 to the fourth.
        for number in 1...3 { crowd.add(near: axis(0), person: 0, spread: 0.5, noise: axis(number)) }
        let asset = isTogether ? crowd.faces[0].asset : nil
        let alike = crowd.add(near: axis(0), person: 1, spread: 1.5, asset: asset, noise: axis(4))
        var sizes: [FaceID: Int] = [:]
        crowd.group(sizes: &sizes)
        #expect(crowd.faces[0].person != nil)
        #expect((crowd.faces[crowd.face(alike)].person == nil) == isTogether)
    }

    @Test func `a poster of one face repeated is one person`() {
        var crowd = Crowd(people: 0, photos: 0, strangers: 0, seed: 9)
        let (poster, look) = (AssetID(uuid: UUID()), crowd.direction())
        for _ in 0..<4 { crowd.add(near: look, person: 0, spread: 0.1, asset: poster) }
        var sizes: [FaceID: Int] = [:]
        crowd.group(sizes: &sizes)
        #expect(crowd.partition.count == 1)
        #expect(crowd.faces.allSatisfy { $0.person != nil })
    }

    /// A wall of the same portrait, and a few photos of whom it shows.
    @Test func `a poster of two hundred faces does not keep its model from being found`() {
        var crowd = Crowd(people: 1, photos: 0, strangers: 0, seed: 10)
        let (poster, look) = (AssetID(uuid: UUID()), crowd.direction())
        for _ in 0..<FaceLimits.mostFaces { crowd.add(near: look, person: 0, spread: 0.1, asset: poster) }
        for _ in 0..<4 { crowd.add(near: look, person: 0, spread: 0.6) }
        var sizes: [FaceID: Int] = [:]
        crowd.group(sizes: &sizes)
        #expect(crowd.partition.count == 1 && crowd.faces.allSatisfy { $0.person != nil })
    }

    @Test func `what tells nothing belongs to nobody`() {
        var crowd = Crowd(people: 0, photos: 0, strangers: 0, seed: 8)
        let statue = crowd.direction()
        for _ in 0..<5 { crowd.add(near: statue, person: 0, spread: 0.1, strength: 5) }
        var sizes: [FaceID: Int] = [:]
        crowd.group(sizes: &sizes)
        #expect(crowd.partition.isEmpty)
        #expect(sizes.isEmpty)
    }
}

/// Repeatable randomness: SplitMix64.
struct Seeded: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: Int) { state = UInt64(bitPattern: Int64(seed)) }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func uuid() -> UUID {
        let high = next(), low = next()
        return withUnsafeBytes(of: (high, low)) { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }

    mutating func unitVector(_ dimension: Int) -> [Float] {
        let values = (0..<dimension).map { _ in
            let radius = (-2 * log(Double.random(in: Double.ulpOfOne..<1, using: &self))).squareRoot()
            return Float(radius * cos(2 * .pi * Double.random(in: 0..<1, using: &self)))
        }
        let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return values.map { $0 / length }
    }
}
