import BanksiaCore
import BanksiaJobs
import BanksiaSQL

/// What a change of layers makes of one asset.
struct MetadataEffect {
    private(set) var asset: Asset
    private var metadata: AssetMetadata
    /// To be kept; `nil` when no layer has changed.
    private let layers: MetadataLayers?
    /// Whether anything that can be seen has changed.
    private let isVisible: Bool
    let changesTime: Bool
    let changesWords: Bool
    /// Whether it is somewhere now for which no names were derived.
    let wantsNames: Bool

    /// - Parameters:
    ///   - before: as it is stored, and `metadataBefore` with it.
    ///   - known: its layers; `nil` where only its file has spoken.
    init(
        on before: Asset, _ metadataBefore: AssetMetadata, _ known: MetadataLayers?, at now: Instant,
        _ change: (inout MetadataLayers) -> Void
    ) {
        (asset, metadata) = (before, metadataBefore)
        let old = known ?? MetadataLayers(untouched: before, metadataBefore)
        var new = old
        change(&new)
        layers = new == old ? nil : new
        new.show(in: &asset, &metadata)
        changesTime = asset.localDateTime != before.localDateTime
        changesWords = metadata.words != metadataBefore.words
        wantsNames = new.position != nil && new.position != old.position
        isVisible = changesTime || metadata != metadataBefore
        if isVisible { (asset.updatedAt, metadata.updatedAt) = (now, now) }
    }

    var events: [Change] {
        guard isVisible else { return [] }
        return [.metadataUpdated(asset.id)] + (changesTime ? [.assetUpdated(asset.id)] : [])
    }

    func write(_ tx: borrowing Transaction) throws {
        if let layers { try MetadataStore.keep(layers, of: asset.id, tx) }
        if isVisible { try MetadataStore.update(asset, metadata, tx) }
    }

    /// Writes what changes make of assets of one library, tells of it, and has done what follows.
    static func write(
        _ effects: [MetadataEffect], in library: LibraryID, _ jobs: JobQueue, at now: Instant, _ tx: borrowing Transaction
    ) throws {
        let retimed = effects.filter(\.changesTime).map(\.asset.id)
        try AlbumStore.tellingOfCovers(ofAlbumsWith: retimed, in: library, at: now, tx) { tx in
            for effect in effects { try effect.write(tx) }
            try EventStore.record(effects.flatMap(\.events), in: library, at: now, tx)
        }
        try SearchWordsStore.keep(of: effects.filter(\.changesWords).map(\.asset.id), tx)
        for effect in effects where effect.wantsNames { try Pipeline.enqueueNaming(of: effect.asset, jobs, tx) }
    }
}

extension AssetMetadata {
    /// The texts that a user or a derived layer may change and that lead to the asset in searches.
    fileprivate var words: [String?] { [description, placeName, sublocation, city, state, country] }
}
