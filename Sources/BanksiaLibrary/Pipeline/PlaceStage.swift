import BanksiaCore
import BanksiaJobs
import BanksiaPlaces
import BanksiaSQL

/// Names the place where an asset was taken, out of the file of places on this machine.
struct PlaceStage: AssetStage {
    static let kind = Pipeline.placeNames
    static let recipe = Geocoder.recipe
    static let condition: SQL = """
        EXISTS (SELECT 1 FROM asset_metadata WHERE asset_metadata.asset_id = asset.id AND asset_metadata.latitude IS NOT NULL)
        """

    let library: PhotoLibrary

    func run(_ job: Job) async throws -> JobCompletion {
        guard let id = job.assetID, let asset = try await library.database.read({ tx in try AssetStore.asset(id, tx) }) else {
            return .assetGone
        }
        guard let position = asset.metadata?.position else { return JobCompletion(result: "no position") }
        let place = try place(at: position)
        let names = place.map { MetadataLayers.PlaceNames($0) } ?? .init()
        return JobCompletion(result: place == nil ? "no place near" : "named", alone: job.scope) { [now = library.clock.now] tx in
            try MetadataStore.take(names, for: position, of: id, at: now, tx)
        }
    }

    private func place(at position: GeoPosition) throws -> Place? {
        do throws(PlacesProblem) {
            return try library.geocoder.place(latitude: position.latitude, longitude: position.longitude)
        } catch {
            throw JobFailure.permanent(error.detail)
        }
    }
}

extension MetadataStore {
    /// Keeps the names of a position, below what the file says. Nothing when the asset is elsewhere by now: whoever moved it has
    /// enqueued another job.
    fileprivate static func take(
        _ names: MetadataLayers.PlaceNames, for position: GeoPosition, of id: AssetID, at now: Instant,
        _ tx: borrowing Transaction
    ) throws {
        guard let asset = try AssetStore.asset(id, tx), let metadata = asset.metadata, metadata.position == position else {
            return
        }
        let effect = MetadataEffect(on: asset, metadata, try layers(of: [id], tx)[id], at: now) { $0.derived = names }
        try effect.write(tx)
        try EventStore.record(effect.events, in: asset.libraryID, at: now, tx)
        if effect.changesWords { try SearchWordsStore.keep(of: [id], tx) }
    }
}

extension MetadataLayers.PlaceNames {
    fileprivate init(_ place: Place) {
        self.init(
            sublocation: place.district, city: place.city, state: place.state, country: place.country,
            countryCode: place.countryCode, timezone: place.timezone)
    }
}
