import BanksiaCore
import BanksiaSQL

extension StackStore {
    static func insert(_ id: StackID, _ origin: Stack.Origin, in library: LibraryID, at now: Instant, _ tx: borrowing Transaction)
        throws
    {
        try tx.execute(
            """
            INSERT INTO stack (id, library_id, origin, created_at, updated_at)
            VALUES (\(id), \(library), \(origin), \(now), \(now))
            """)
    }

    /// Pins a cover, which makes the stack a user's.
    static func pin(_ cover: AssetID?, in stack: StackID, at now: Instant, _ tx: borrowing Transaction) throws {
        try tx.execute(
            """
            UPDATE stack SET primary_asset_id = \(cover), origin = \(Stack.Origin.user), updated_at = \(now) WHERE id = \(stack)
            """)
    }

    /// Notes that a user changed who belongs to the stack.
    static func touch(_ stack: StackID, at now: Instant, _ tx: borrowing Transaction) throws {
        try tx.execute("UPDATE stack SET origin = \(Stack.Origin.user), updated_at = \(now) WHERE id = \(stack)")
    }

    /// Notes that the detector added to the stack.
    static func note(_ stack: StackID, at now: Instant, _ tx: borrowing Transaction) throws {
        try tx.execute("UPDATE stack SET updated_at = \(now) WHERE id = \(stack)")
    }

    /// Puts assets into a stack, or into none, whatever stack they were in. The stacks they leave are to be settled after.
    static func place(_ assets: [AssetID], in stack: StackID?, at now: Instant, _ tx: borrowing Transaction) throws {
        try tx.execute("UPDATE asset SET stack_id = \(stack), updated_at = \(now) WHERE id IN \(SQL.list(assets))")
    }

    /// Has the detector leave assets alone that a user took out of a stack, or no longer.
    static func markUnstacked(_ assets: [AssetID], _ isUnstacked: Bool, at now: Instant, _ tx: borrowing Transaction) throws {
        if isUnstacked {
            try tx.execute(
                """
                INSERT INTO unstacked_asset (asset_id, created_at)
                SELECT asset.id, \(now) FROM asset WHERE asset.id IN \(SQL.list(assets)) ON CONFLICT (asset_id) DO NOTHING
                """)
        } else {
            try tx.execute("DELETE FROM unstacked_asset WHERE asset_id IN \(SQL.list(assets))")
        }
    }

    /// Who made a stack smaller.
    enum Leaving { case byUser, withTheAsset }

    /// Brings a stack in order that some members have left: with two or more left (trashed ones count) it stays, and loses
    /// its cover if that has left; with fewer it dissolves.
    ///
    /// - Returns: what is to be told of it.
    static func settle(_ stack: StackID, _ leaving: Leaving, at now: Instant, _ tx: borrowing Transaction) throws -> [Change] {
        let rest = try members(of: [stack], tx)
        guard rest.count >= 2 else { return try dissolve(stack, members: rest, at: now, tx) }
        let origin: SQL = leaving == .byUser ? "\(Stack.Origin.user)" : "origin"
        try tx.execute(
            """
            UPDATE stack SET updated_at = \(now), origin = \(origin),
                primary_asset_id = (SELECT asset.id FROM asset WHERE asset.id = stack.primary_asset_id AND asset.stack_id = stack.id)
            WHERE id = \(stack)
            """)
        return [.stackUpdated(stack)]
    }

    /// Removes a stack; its members stay without one.
    ///
    /// - Returns: what is to be told of it, members first.
    static func dissolve(_ stack: StackID, members: [AssetID], at now: Instant, _ tx: borrowing Transaction) throws -> [Change] {
        if !members.isEmpty { try place(members, in: nil, at: now, tx) }
        try tx.execute("DELETE FROM stack WHERE id = \(stack)")
        return members.map { .assetStacked($0, in: nil) } + [.stackDeleted(stack)]
    }

    /// Takes assets out of their stacks that are about to leave the library, for good or for another one.
    ///
    /// Call it before their rows go or move, and before their own `assetDeleted` or `assetMovedOut` is recorded. What is
    /// recorded here tells of the stacks and of the members that stay: a stack of fewer than two dissolves. Of the leaving
    /// assets themselves nothing is told.
    static func leave(_ assets: [AssetID], in library: LibraryID, at now: Instant, _ tx: borrowing Transaction) throws {
        let stacks = try stacks(ofMembers: assets, tx)
        guard !stacks.isEmpty else { return }
        try tx.execute("UPDATE asset SET stack_id = NULL WHERE id IN \(SQL.list(assets)) AND stack_id IS NOT NULL")
        var changes: [Change] = []
        for stack in stacks { changes += try settle(stack, .withTheAsset, at: now, tx) }
        try EventStore.record(changes, in: library, at: now, tx)
    }
}
