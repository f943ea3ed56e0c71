import BanksiaCore
import BanksiaVision

/// Puts groups together whose faces are alike on average, the likest first, until none are left: average linkage.
///
/// It does not chain as single neighbours do: a face that is like one of a hundred is not like the hundred. What comes out depends
/// only on what goes in; ties are broken by the groups' places. Found by following nearest neighbours until two are each other's
/// (F. Murtagh, "A survey of recent advances in hierarchical clustering algorithms", 1983), which takes time with the square of the
/// number of groups, and memory with the number.
struct FaceLinkage {
    /// Faces that stay together.
    struct Group {
        /// Places in the facts, in order.
        var faces: [Int]
        /// The person a user said they are. Groups of two people never come together.
        var person: PersonID?
        /// Whom a user said they are not.
        var others: Set<PersonID> = []
        /// How many of them are in each picture.
        var assets: [AssetID: Int]
    }

    private(set) var groups: [Group]
    /// The means of the groups' vectors: the product of two is the mean cosine of their faces. Those of groups that are done are
    /// zero, so nothing finds them.
    private var means: VectorTable
    private let rules: GroupingRules

    init(_ groups: [Group], _ vectors: VectorTable, _ rules: GroupingRules) {
        self.groups = groups
        self.rules = rules
        means = VectorTable(dimension: vectors.dimension)
        means.reserveCapacity(groups.count)
        for group in groups { means.append(Self.mean(of: group.faces, vectors)) }
    }

    static func mean(of faces: [Int], _ vectors: VectorTable) -> [Float] {
        var sum = [Double](repeating: 0, count: vectors.dimension)
        for face in faces { for (place, value) in vectors[face].enumerated() { sum[place] += Double(value) } }
        return sum.map { Float($0 / Double(faces.count)) }
    }

    /// The groups that are left when no two are alike enough.
    mutating func joined() -> [Group] {
        var done: [Int] = []
        var isOpen = [Bool](repeating: true, count: groups.count)
        for start in groups.indices {
            var chain = isOpen[start] ? [start] : []
            while let last = chain.last {
                guard let (next, likeness) = nearest(to: last) else {
                    chain.removeLast()
                    isOpen[last] = false
                    means[last] = Self.nothing(means.dimension)
                    done.append(last)
                    continue
                }
                let previous = chain.dropLast().last
                let isMutual = previous.map { self.likeness(last, $0) >= likeness } ?? false
                // Else it is further back only if rounding made a ring of what cannot be one.
                let partner = isMutual ? previous : chain.contains(next) ? next : nil
                guard let partner else {
                    chain.append(next)
                    continue
                }
                let (low, high) = (min(last, partner), max(last, partner))
                join(high, into: low)
                isOpen[high] = false
                chain.removeAll { $0 == last || $0 == partner }
                if chain.isEmpty { chain = [low] }
            }
        }
        return done.sorted { groups[$0].faces[0] < groups[$1].faces[0] }.map { groups[$0] }
    }

    /// To which of the groups some others would go, each for itself and as the groups are now; `nil` where none is alike enough.
    func places(for others: [Group], _ vectors: VectorTable) -> [Int?] {
        others.map { other in
            var best: (place: Int, likeness: Float)?
            for pair in means.pairs(of: Self.mean(of: other.faces, vectors), atLeast: rules.same) {
                let likeness = adjusted(pair.product, groups[pair.row], other)
                if likeness >= rules.same, best.map({ likeness > $0.likeness }) ?? true { best = (pair.row, likeness) }
            }
            return best?.place
        }
    }

    /// The likest group that a group may join, the first of several.
    private func nearest(to group: Int) -> (group: Int, likeness: Float)? {
        var best: (group: Int, likeness: Float)?
        for pair in means.pairs(of: [group], atLeast: rules.same) where pair.row != group {
            if let best, best.likeness >= pair.product { continue }
            let likeness = adjusted(pair.product, groups[group], groups[pair.row])
            if likeness >= rules.same, best.map({ likeness > $0.likeness }) ?? true { best = (pair.row, likeness) }
        }
        return best
    }

    private func likeness(_ one: Int, _ other: Int) -> Float {
        adjusted(means.product(one, other), groups[one], groups[other])
    }

    /// The mean cosine, less what faces in the same picture take from it, and what users have said.
    private func adjusted(_ product: Float, _ one: Group, _ other: Group) -> Float {
        if let person = one.person, other.person != nil || other.others.contains(person) { return -.infinity }
        if let person = other.person, one.others.contains(person) { return -.infinity }
        let (few, many) = one.assets.count < other.assets.count ? (one, other) : (other, one)
        var together = 0
        for (asset, count) in few.assets { together += count * (many.assets[asset] ?? 0) }
        // In parts of the smaller group: one face in a picture with somebody of a hundred tells as much as one with a single other.
        let share = Float(together) / Float(min(one.faces.count, other.faces.count))
        return product - GroupingRules.togetherness * min(share, 1)
    }

    private mutating func join(_ high: Int, into low: Int) {
        let (a, b) = (Float(groups[low].faces.count), Float(groups[high].faces.count))
        means[low] = zip(means[low], means[high]).map { (a * $0 + b * $1) / (a + b) }
        means[high] = Self.nothing(means.dimension)
        groups[low].faces = (groups[low].faces + groups[high].faces).sorted()
        groups[low].person = groups[low].person ?? groups[high].person
        groups[low].others.formUnion(groups[high].others)
        groups[low].assets.merge(groups[high].assets, uniquingKeysWith: +)
        groups[high] = Group(faces: [], assets: [:])
    }

    private static func nothing(_ dimension: Int) -> [Float] { [Float](repeating: 0, count: dimension) }
}
