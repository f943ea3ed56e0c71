import BanksiaCore
import BanksiaFiles
import BanksiaSQL

extension Renditions {
    /// The film of a live or motion photo.
    ///
    /// - Parameter version: whose bytes it lies in, where the address says so; no other will do.
    /// - Throws: `AssetProblem.notFound` when there is no such asset, or it has no such film.
    func open(filmOf asset: String, version: String?, for permission: Permission) async throws -> Delivery {
        guard let asset = AssetID(asset) else { throw AssetProblem.notFound }
        let place = try await database.read { tx in
            try FilmStore.place(ofFilmOf: asset, where: permission.seesAsset, tx)
        }
        guard let place, version == nil || version == place.version.id.description else { throw AssetProblem.notFound }
        return Delivery(place)
    }
}

extension Delivery {
    fileprivate init(_ place: FilmStore.Place) {
        let checksum = place.version.checksum
        let part = place.part ?? 0..<place.version.sizeBytes
        self.init(
            file: .original(checksum), mimeType: place.mimeType, sizeBytes: part.upperBound - part.lowerBound,
            entityTag: place.part == nil ? checksum.hex : "\(checksum.hex)-\(AssetFilm.variantName)",
            modifiedAt: place.version.createdAt, fileName: nil, start: part.lowerBound)
    }
}
