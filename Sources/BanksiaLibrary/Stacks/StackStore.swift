import BanksiaCore
import BanksiaSQL

extension Viewer {
    /// The condition on a row of `stack` that it lies in a live library the viewer sees.
    fileprivate var seesStack: SQL { sees(libraryIn: "stack.library_id") }
}

/// SQL that reads stacks. What writes them stands in `StackStore+Writing.swift`.
enum StackStore {
    private static let columns: SQL = """
        stack.id, stack.library_id, stack.origin, stack.primary_asset_id,
        (SELECT COUNT(*) FROM asset WHERE asset.stack_id = stack.id AND asset.trashed_at IS NULL), stack.created_at, stack.updated_at
        """

    private static func decode(_ row: Row) throws -> Stack {
        Stack(
            id: try row.value(0), libraryID: try row.value(1), origin: try row.value(2), primaryAssetID: try row.value(3),
            assetCount: try row.value(4), assetIDs: nil, createdAt: try row.value(5), updatedAt: try row.value(6))
    }

    static func stack(_ id: StackID, by viewer: Viewer, _ tx: borrowing Transaction) throws -> Stack? {
        try tx.row("SELECT \(columns) FROM stack WHERE stack.id = \(id) AND \(viewer.seesStack)", decode)
    }

    /// One page and one stack more, so that the caller can tell whether another page follows.
    static func list(
        _ query: StackQuery, in library: LibraryID, after last: StackID?, by viewer: Viewer, _ tx: borrowing Transaction
    ) throws -> [Stack] {
        let isLookedUp = query.ids != nil || query.primary != nil
        let column: SQL = isLookedUp ? SQL.notByIndex("stack.library_id") : "stack.library_id"
        var conditions: [SQL] = ["\(column) = \(library)", viewer.seesStack]
        if let ids = query.ids { conditions.append("stack.id IN \(SQL.list(ids))") }
        if let origin = query.origin { conditions.append("stack.origin = \(origin)") }
        if let primary = query.primary {
            conditions.append(AssetID(primary).map { "stack.primary_asset_id = \($0)" } ?? "FALSE")
        }
        if let last { conditions.append("stack.id > \(last)") }
        return try tx.rows(
            """
            SELECT \(columns) FROM stack WHERE \(SQL.joined(conditions, separator: " AND "))
            ORDER BY stack.id LIMIT \(query.limit + 1)
            """, decode)
    }

    /// The live members of each stack, earliest capture first.
    static func liveMembers(of stacks: [StackID], _ tx: borrowing Transaction) throws -> [StackID: [AssetID]] {
        var members: [StackID: [AssetID]] = [:]
        let rows: [(StackID, AssetID)] = try tx.rows(
            """
            SELECT asset.stack_id, asset.id FROM asset WHERE asset.stack_id IN \(SQL.list(stacks)) AND asset.trashed_at IS NULL
            ORDER BY asset.local_wall, asset.id
            """
        ) { (try $0.value(0), try $0.value(1)) }
        for (stack, asset) in rows { members[stack, default: []].append(asset) }
        return members
    }

    /// An asset, as far as stacks are concerned with it.
    struct Candidate: Sendable {
        var id: AssetID
        var isLive: Bool
        var stack: StackID?
    }

    /// Those of the assets that lie in the library.
    static func candidates(_ ids: [AssetID], in library: LibraryID, _ tx: borrowing Transaction) throws -> [AssetID: Candidate] {
        let found = try tx.rows(
            """
            SELECT asset.id, asset.trashed_at IS NULL, asset.stack_id FROM asset
            WHERE asset.id IN \(SQL.list(ids)) AND \(SQL.notByIndex("asset.library_id")) = \(library)
            """
        ) { Candidate(id: try $0.value(0), isLive: try $0.value(1), stack: try $0.value(2)) }
        return Dictionary(uniqueKeysWithValues: found.map { ($0.id, $0) })
    }

    /// All members of the given stacks, trashed ones too, earliest capture first.
    static func members(of stacks: [StackID], _ tx: borrowing Transaction) throws -> [AssetID] {
        try tx.rows("SELECT asset.id FROM asset WHERE asset.stack_id IN \(SQL.list(stacks)) ORDER BY asset.local_wall, asset.id")
        {
            try $0.value(0)
        }
    }

    /// The stacks that the given assets belong to.
    static func stacks(ofMembers assets: [AssetID], _ tx: borrowing Transaction) throws -> [StackID] {
        try tx.rows(
            """
            SELECT DISTINCT asset.stack_id FROM asset WHERE asset.id IN \(SQL.list(assets)) AND asset.stack_id IS NOT NULL
            ORDER BY asset.stack_id
            """
        ) { try $0.value(0) }
    }

    /// Those stacks that pin one of the assets.
    static func stacks(pinning assets: [AssetID], _ tx: borrowing Transaction) throws -> [StackID] {
        try tx.rows("SELECT stack.id FROM stack WHERE stack.primary_asset_id IN \(SQL.list(assets)) ORDER BY stack.id") {
            try $0.value(0)
        }
    }
}
