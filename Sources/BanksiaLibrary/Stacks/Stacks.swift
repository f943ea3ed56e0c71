public import BanksiaCore
import BanksiaSQL

/// The stacks of a library, as one viewer may use them.
public struct Stacks: Sendable {
    let database: Database
    let clock: any WallClock
    let ids: IdentifierSource

    /// One stack of any library the viewer sees.
    ///
    /// - Throws: `StackProblem.notFound`.
    public func get(_ id: String, by viewer: Viewer) async throws -> Stack {
        try await database.read { tx in try Self.stack(id, by: viewer, tx) }
    }

    /// One page of a library's stacks, in the order of their ids.
    ///
    /// - Throws: `StackProblem.cursor`.
    public func list(_ query: StackQuery, in library: LibraryID, by viewer: Viewer) async throws -> Page<Stack> {
        try await database.read { tx in
            var last: StackID?
            if let text = query.startingAfter {
                guard let id = StackID(text), try StackStore.stack(id, by: viewer, tx)?.libraryID == library else {
                    throw StackProblem.cursor
                }
                last = id
            }
            let page = Page(
                fetched: try StackStore.list(query, in: library, after: last, by: viewer, tx), limit: query.limit)
            guard query.includesMembers else { return page }
            let members = try StackStore.liveMembers(of: page.items.map(\.id), tx)
            return page.map { stack in
                var stack = stack
                stack.assetIDs = members[stack.id] ?? []
                return stack
            }
        }
    }

    /// Makes a stack of live assets. Those in other stacks move here; one that is the cover of its stack brings all of it.
    ///
    /// - Parameters:
    ///   - assets: at least two different ones.
    ///   - primary: the cover, one of them.
    /// - Throws: `StackProblem`.
    public func create(of assets: [String], primary: String?, in library: LibraryID, by viewer: Viewer) async throws -> Stack {
        try await database.change(library, by: viewer) { [now = clock.now, ids] tx in
            let members = try Self.liveAssets(assets, in: library, tx)
            guard members.count >= 2 else { throw StackProblem.tooFew }
            let cover = try primary.map { text in
                guard let member = members.first(where: { $0.id.description == text }) else { throw StackProblem.coverIsNoMember }
                return member.id
            }
            let id: StackID = ids.make()
            try StackStore.insert(id, .user, in: library, at: now, tx)
            let changes = try Self.gather(members, in: id, at: now, tx)
            if let cover { try StackStore.pin(cover, in: id, at: now, tx) }
            try EventStore.record([.stackCreated(id)] + changes, in: library, at: now, tx)
            guard let stack = try StackStore.stack(id, by: viewer, tx) else { throw StackProblem.notFound }
            return stack
        }
    }

    /// Adds live assets, as `create` takes them.
    ///
    /// - Throws: `StackProblem`.
    public func add(_ assets: [String], to stack: String, by viewer: Viewer) async throws -> Stack {
        try await change(stack, by: viewer) { _, stack, now, tx in
            let members = try Self.liveAssets(assets, in: stack.libraryID, tx).filter { $0.stack != stack.id }
            guard !members.isEmpty else { return }
            let changes = try Self.gather(members, in: stack.id, at: now, tx)
            try StackStore.touch(stack.id, at: now, tx)
            try EventStore.record(changes + [.stackUpdated(stack.id)], in: stack.libraryID, at: now, tx)
        }
    }

    /// Takes assets out; those that are no members are passed over. A stack left with fewer than two dissolves.
    ///
    /// - Throws: `StackProblem.notFound`, `.gone`.
    public func remove(_ assets: [String], from stack: String, by viewer: Viewer) async throws {
        let wanted = assets.compactMap { AssetID($0) }
        _ = try await changed(stack, by: viewer) { _, stack, now, tx in
            let known = try StackStore.candidates(wanted, in: stack.libraryID, tx)
            let leaving = wanted.filter { known[$0]?.stack == stack.id }
            guard !leaving.isEmpty else { return }
            try StackStore.place(leaving, in: nil, at: now, tx)
            try StackStore.markUnstacked(leaving, true, at: now, tx)
            let changes = leaving.map { Change.assetStacked($0, in: nil) }
            let others = try StackStore.settle(stack.id, .byUser, at: now, tx)
            try EventStore.record(changes + others, in: stack.libraryID, at: now, tx)
        }
    }

    /// Pins a live member as the cover.
    ///
    /// - Throws: `StackProblem`.
    public func pin(_ cover: String, in stack: String, by viewer: Viewer) async throws -> Stack {
        try await change(stack, by: viewer) { seen, stack, now, tx in
            let id = AssetID(cover)
            let known = try StackStore.candidates([id].compactMap(\.self), in: stack.libraryID, tx)
            guard let id, let member = known[id], member.isLive, member.stack == stack.id else {
                throw seen.updatedAt == stack.updatedAt ? StackProblem.coverIsNoMember : .changed
            }
            guard stack.primaryAssetID != id || stack.origin != .user else { return }
            try StackStore.pin(id, in: stack.id, at: now, tx)
            try EventStore.record([.stackUpdated(stack.id)], in: stack.libraryID, at: now, tx)
        }
    }

    /// Dissolves a stack; its assets stay.
    ///
    /// - Throws: `StackProblem.notFound`, `.gone`.
    public func dissolve(_ stack: String, by viewer: Viewer) async throws {
        _ = try await changed(stack, by: viewer) { _, stack, now, tx in
            let members = try StackStore.members(of: [stack.id], tx)
            try StackStore.markUnstacked(members, true, at: now, tx)
            let changes = try StackStore.dissolve(stack.id, members: members, at: now, tx)
            try EventStore.record(changes, in: stack.libraryID, at: now, tx)
        }
    }

    // MARK: What the changes share

    /// What changes a stack: given it as it was seen before its library was locked, and as it is.
    private typealias Edit =
        @Sendable (_ seen: Stack, _ stack: Stack, _ now: Instant, _ tx: borrowing Transaction) throws -> Void

    /// - Returns: the stack afterwards, `nil` when it has dissolved.
    private func changed(_ text: String, by viewer: Viewer, _ edit: Edit) async throws -> Stack? {
        let seen = try await get(text, by: viewer)
        return try await database.change(seen.libraryID, by: viewer) { [now = clock.now] tx in
            guard let stack = try StackStore.stack(seen.id, by: viewer, tx) else { throw StackProblem.gone }
            try edit(seen, stack, now, tx)
            return try StackStore.stack(seen.id, by: viewer, tx)
        }
    }

    private func change(_ text: String, by viewer: Viewer, _ edit: Edit) async throws -> Stack {
        guard let stack = try await changed(text, by: viewer, edit) else { throw StackProblem.gone }
        return stack
    }

    private static func stack(_ text: String, by viewer: Viewer, _ tx: borrowing Transaction) throws -> Stack {
        guard let id = StackID(text), let stack = try StackStore.stack(id, by: viewer, tx) else { throw StackProblem.notFound }
        return stack
    }

    /// The assets of a request, each once, in its order: all of this library, and none trashed.
    private static func liveAssets(_ texts: [String], in library: LibraryID, _ tx: borrowing Transaction) throws
        -> [StackStore.Candidate]
    {
        let known = try StackStore.candidates(texts.compactMap { AssetID($0) }, in: library, tx)
        var seen: Set<AssetID> = []
        let assets = try texts.compactMap { text in
            guard let id = AssetID(text), let asset = known[id] else { throw StackProblem.unknownAsset(text, field: "asset_ids") }
            return seen.insert(id).inserted ? asset : nil
        }
        if let trashed = assets.first(where: { !$0.isLive }) { throw StackProblem.trashedAsset(trashed.id) }
        return assets
    }

    /// Moves assets into a stack, and with covers all of the stacks they cover.
    ///
    /// - Returns: what is to be told: first of the assets, then of the stacks they left.
    private static func gather(
        _ assets: [StackStore.Candidate], in stack: StackID, at now: Instant, _ tx: borrowing Transaction
    ) throws -> [Change] {
        let chosen = assets.map(\.id)
        let covered = try StackStore.stacks(pinning: chosen, tx).filter { $0 != stack }
        let brought = covered.isEmpty ? [] : try StackStore.members(of: covered, tx)
        let all = chosen + brought.filter { !chosen.contains($0) }
        let left = Set(assets.compactMap(\.stack)).union(covered).subtracting([stack]).sorted()
        try StackStore.place(all, in: stack, at: now, tx)
        try StackStore.markUnstacked(all, false, at: now, tx)
        var changes: [Change] = all.map { .assetStacked($0, in: stack) }
        for source in left { changes += try StackStore.settle(source, .byUser, at: now, tx) }
        return changes
    }
}
