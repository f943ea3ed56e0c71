import BanksiaCore
import BanksiaVision
import Foundation

/// Grouping of made-up faces, to be timed: people of a hundred faces each, alike as those of the default pack are.
public struct GroupingTrial: Sendable {
    private static let dimension = 128
    private static let facesOfOne = 100
    private static let rules = GroupingRules(same: 0.45, certain: 0.6, recognisable: 8.5)

    private var facts: GroupingFacts

    /// - Parameter knotSize: how many faces of a person are said to be tied already; 1 for none.
    public init(faces count: Int, knotSize: Int) {
        var chance = SystemRandomNumberGenerator()
        facts = GroupingFacts(faces: [], vectors: VectorTable(dimension: Self.dimension), knotSizes: [:], detachments: [:])
        facts.vectors.reserveCapacity(count + 1)
        var look: [Float] = []
        for number in 0..<count {
            if number % Self.facesOfOne == 0 { look = Self.direction(&chance) }
            add(number, near: look, &chance)
            guard knotSize > 1 else { continue }
            let knot = facts.faces[number / knotSize * knotSize].id
            facts.faces[number].knot = knot
            facts.knotSizes[knot, default: 0] += 1
        }
    }

    /// Groups all faces.
    ///
    /// - Returns: how many people came out.
    public func group() -> Int { FaceGrouping(facts, Self.rules).newPeople }

    /// Ties one face more.
    ///
    /// - Returns: how many knots there are.
    public func tie() -> Int {
        FaceKnots(of: facts, Self.rules, free: Array(facts.faces.indices)).knots.count
    }

    /// Adds a face that is in no knot yet.
    public mutating func addFace() {
        var chance = SystemRandomNumberGenerator()
        add(facts.faces.count, near: facts.vectors[0], &chance)
    }

    private mutating func add(_ number: Int, near look: [Float], _ chance: inout SystemRandomNumberGenerator) {
        // A mean cosine of two thirds, and a spread as real faces have it.
        let mixed = zip(look, Self.direction(&chance)).map { $0 + 0.7 * $1 }
        let length = mixed.reduce(0) { $0 + $1 * $1 }.squareRoot()
        facts.vectors.append(mixed.map { $0 / length })
        let id = FaceID(uuid: Self.id(number)), asset = AssetID(uuid: Self.id(number))
        facts.faces.append(
            GroupingFace(id: id, asset: asset, person: nil, isAssignedByUser: false, strength: 12, knot: nil))
    }

    /// Of unit length, wherever it points.
    private static func direction(_ chance: inout SystemRandomNumberGenerator) -> [Float] {
        // The sum of a few even numbers is close enough to normal.
        let values = (0..<dimension).map { _ in (0..<4).reduce(Float(0)) { sum, _ in sum + .random(in: -1...1, using: &chance) } }
        let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return values.map { $0 / length }
    }

    private static func id(_ number: Int) -> UUID {
        let bytes = (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * (3 - $0))) }
        return UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, bytes[0], bytes[1], bytes[2], bytes[3]))
    }
}
