import BanksiaCore
import BanksiaVision

/// Faces that are one person's beyond doubt, tied together: the connected parts of the graph in which two faces are neighbours
/// when their cosine is `GroupingRules.certain` or more.
///
/// What is connected depends on the faces alone, not on the order in which they came. A face that comes joins the knots it touches
/// and costs one scan; a knot that lost a face may have fallen apart, so its faces are tied anew.
struct FaceKnots {
    /// The knots, each with its faces' places, in order. A face without neighbours is a knot of its own.
    let knots: [[Int]]

    /// How many faces look for neighbours at once: so many that the table is seldom read from memory.
    private static let batch = 64

    /// - Parameter free: places of the faces that are tied, in order: those of which no user has spoken, and that can be
    ///   recognised.
    init(of facts: GroupingFacts, _ rules: GroupingRules, free: [Int]) {
        var forest = Forest(count: facts.faces.count)
        var loose: [Int] = []
        for (knot, places) in Dictionary(grouping: free, by: { facts.faces[$0].knot }) {
            if let knot, facts.knotSizes[knot] == places.count {
                for place in places.dropFirst() { forest.join(place, places[0]) }
            } else {
                loose += places
            }
        }
        loose.sort()
        let isFree = Self.marks(free, of: facts.faces.count)
        for start in stride(from: 0, to: loose.count, by: Self.batch) {
            let queries = Array(loose[start..<min(start + Self.batch, loose.count)])
            for pair in facts.vectors.pairs(of: queries, atLeast: rules.certain) where isFree[pair.row] && pair.query != pair.row
            {
                let isTogether = facts.faces[pair.query].asset == facts.faces[pair.row].asset
                if pair.product - (isTogether ? GroupingRules.togetherness : 0) >= rules.certain {
                    forest.join(pair.query, pair.row)
                }
            }
        }
        knots = Dictionary(grouping: free) { forest.root(of: $0) }.values.sorted { $0[0] < $1[0] }
    }

    private static func marks(_ places: [Int], of count: Int) -> [Bool] {
        var marks = [Bool](repeating: false, count: count)
        for place in places { marks[place] = true }
        return marks
    }
}

/// Which places are connected (union-find).
private struct Forest {
    private var parents: [Int]

    init(count: Int) { parents = Array(0..<count) }

    mutating func root(of place: Int) -> Int {
        var place = place
        while parents[place] != place {
            parents[place] = parents[parents[place]]
            place = parents[place]
        }
        return place
    }

    mutating func join(_ one: Int, _ other: Int) {
        let (one, other) = (root(of: one), root(of: other))
        // The lower one, so that the root says nothing of the order of the calls.
        if one != other { parents[max(one, other)] = min(one, other) }
    }
}
