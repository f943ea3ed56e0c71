public import BanksiaCore
import BanksiaSQL

/// Photos that show the same picture, in one library: copies that were scaled, cut a little, compressed or brightened anew.
public struct NearDuplicateGroup: Sendable, Equatable {
    /// In the order of their ids, which is that of their uploads; two at least.
    public var assets: [AssetID]
}

/// Groups of photos that show the same picture, for people to look through. Nothing is ever removed for it.
public struct NearDuplicates: Sendable {
    let database: Database

    /// Pairs that are looked at for a list. A library with more has them listed as far as they go.
    static let pairLimit = 100_000

    /// One page of the groups of live photos, in the order of each one's first. Who is tied to whom by a chain of pairs is in one
    /// group, so neither the order of uploads nor that of work makes a difference.
    ///
    /// - Parameter last: the first asset of the last group of the page before.
    /// - Throws: `AssetProblem.cursor` when that is no id.
    public func list(in library: LibraryID, after last: String?, limit: Int, by viewer: Viewer) async throws
        -> Page<NearDuplicateGroup>
    {
        let start = try last.map { text in
            guard let id = AssetID(text) else { throw AssetProblem.cursor }
            return id
        }
        let pairs = try await database.read { tx in
            try NearDuplicateStore.pairs(in: library, by: viewer, limit: Self.pairLimit, tx)
        }
        let groups = Self.groups(of: pairs).filter { group in start.map { group.assets[0] > $0 } ?? true }
        return Page(fetched: Array(groups.prefix(limit + 1)), limit: limit)
    }

    /// Ties pairs together.
    static func groups(of pairs: [(AssetID, AssetID)]) -> [NearDuplicateGroup] {
        var parents: [AssetID: AssetID] = [:]
        func root(_ asset: AssetID) -> AssetID {
            var (top, at) = (asset, asset)
            while let parent = parents[top], parent != top { top = parent }
            while let parent = parents[at], parent != top { (parents[at], at) = (top, parent) }
            return top
        }
        for (one, other) in pairs {
            let (left, right) = (root(one), root(other))
            (parents[left], parents[right]) = (min(left, right), min(left, right))
        }
        let members = Dictionary(grouping: parents.keys, by: root)
        return members.values.map { NearDuplicateGroup(assets: $0.sorted()) }.sorted { $0.assets[0] < $1.assets[0] }
    }
}
