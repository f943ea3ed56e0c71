import BanksiaCore
import BanksiaSQL

/// Stacks what a camera took in one go. What users have stacked, or taken out of a stack, it leaves alone for ever.
struct StackDetector: Sendable {
    let ids: IdentifierSource

    /// Brings a picture together with its siblings: in the stack that they have, in a new one, or in the oldest of several
    /// that turn out to be one.
    func gather(around asset: AssetID, _ shot: Shot, in library: LibraryID, at now: Instant, _ tx: borrowing Transaction) throws {
        let siblings = try ShotStore.stackable(with: asset, shot, in: library, tx).filter(\.isFree)
        guard siblings.count >= 2, siblings.contains(where: { $0.asset == asset }) else { return }
        let stacks = Set(siblings.compactMap(\.stack)).sorted()
        let joining = siblings.filter { $0.stack == nil }.map(\.asset)
        guard let stack = stacks.first else {
            let stack: StackID = ids.make()
            try StackStore.insert(stack, .burst, in: library, at: now, tx)
            try StackStore.place(joining, in: stack, at: now, tx)
            try EventStore.record([.stackCreated(stack)] + joining.map { .assetStacked($0, in: stack) }, in: library, at: now, tx)
            return
        }
        let others = Array(stacks.dropFirst())
        guard !joining.isEmpty || !others.isEmpty else { return }
        let all = joining + (others.isEmpty ? [] : try StackStore.members(of: others, tx))
        try StackStore.place(all, in: stack, at: now, tx)
        try StackStore.note(stack, at: now, tx)
        var changes: [Change] = all.map { .assetStacked($0, in: stack) }
        for other in others { changes += try StackStore.dissolve(other, members: [], at: now, tx) }
        try EventStore.record(changes + [.stackUpdated(stack)], in: library, at: now, tx)
    }
}
