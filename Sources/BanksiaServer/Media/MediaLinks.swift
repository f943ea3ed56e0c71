import BanksiaAPI
import BanksiaCore
import BanksiaLibrary
import BanksiaMedia

/// The addresses of an asset's bytes, as answers carry them: absolute, signed, stable.
struct MediaLinks {
    let origin: String
    let signer: MediaSigner

    /// All rungs of an asset's current rendering, or the smallest alone.
    func variants(of asset: Asset, id: String, all: Bool) -> VariantMap {
        let suffix = asset.mediaClass == .video ? Variant.stillSuffix : ""
        let folder = "/api/assets/\(id)/variants/"
        let tag = "v=" + MediaTag.of(asset.currentVersionID)
        let rungs: [Variant] = all ? [.thumbnail, .small, .preview, .fullsize] : [.thumbnail]
        var entries = rungs.map { rung in
            let name = rung.rawValue + suffix
            let url = signer.signed(origin: origin, path: folder + name, query: tag)
            return (
                name: name,
                variant: VariantResponse(mimetype: rung.mimeType ?? asset.mimeType, url: url, width: width(of: rung, asset.size))
            )
        }
        if all {
            if asset.mediaClass == .video { entries.append(playback(asset.mimeType, folder, tag)) }
            let name = Variant.original.rawValue
            let query = tag + "&dl=" + PercentDecoding.encode(asset.originalFileName)
            let url = signer.signed(origin: origin, path: folder + name, query: query)
            entries.append((name, VariantResponse(mimetype: asset.mimeType, url: url, width: asset.size?.width)))
        }
        if all, let film = asset.film {
            let name = AssetFilm.variantName
            let url = signer.signed(origin: origin, path: folder + name, query: "v=" + MediaTag.of(film.version))
            entries.append((name, VariantResponse(mimetype: film.mimeType, url: url, width: nil)))
        }
        return VariantMap(entries)
    }

    /// The rungs of one version, or the smallest alone.
    func variants(of version: AssetVersion, _ asset: Asset, all: Bool) -> VariantMap {
        let suffix = asset.mediaClass == .video ? Variant.stillSuffix : ""
        let folder = "/api/assets/\(asset.id)/versions/\(version.id)/variants/"
        let tag = "v=" + MediaTag.of(version.id)
        let rungs: [Variant] = all ? [.thumbnail, .small, .preview, .fullsize] : [.thumbnail]
        var entries = rungs.map { rung in
            let name = rung.rawValue + suffix
            let url = signer.signed(origin: origin, path: folder + name, query: tag)
            let type = rung.mimeType ?? version.mimeType
            return (name: name, variant: VariantResponse(mimetype: type, url: url, width: width(of: rung, version.size)))
        }
        if all {
            if asset.mediaClass == .video { entries.append(playback(version.mimeType, folder, tag)) }
            let name = Variant.original.rawValue
            let query = tag + "&dl=" + PercentDecoding.encode(asset.originalFileName)
            let url = signer.signed(origin: origin, path: folder + name, query: query)
            entries.append((name, VariantResponse(mimetype: version.mimeType, url: url, width: version.size?.width)))
        }
        return VariantMap(entries)
    }

    /// A film as browsers play it. Its width is known once it was made.
    private func playback(_ mimeType: String, _ folder: String, _ tag: String) -> VariantMap.Entry {
        let name = Variant.playback.rawValue
        let url = signer.signed(origin: origin, path: folder + name, query: tag)
        return (name, VariantResponse(mimetype: Renditions.playedType(mimeType), url: url, width: nil))
    }

    /// The cover of an album.
    func cover(of album: Album) -> VariantMap? {
        let rung = Variant.thumbnail
        guard let asset = album.coverAssetID, let version = album.coverVersionID, let type = rung.mimeType else { return nil }
        let path = "/api/assets/\(asset)/variants/\(rung.rawValue)"
        let url = signer.signed(origin: origin, path: path, query: "v=" + MediaTag.of(version))
        return VariantMap([(rung.rawValue, VariantResponse(mimetype: type, url: url, width: rung.longestEdge))])
    }

    /// The longest edge of a rung; pictures are never enlarged.
    private func width(of rung: Variant, _ size: PixelSize?) -> Int? {
        guard let edge = rung.longestEdge else { return size?.width }
        return size.map { min(edge, max($0.width, $0.height)) } ?? edge
    }
}

/// The `v` of a media address: which version's bytes it stands for.
enum MediaTag {
    static func of(_ version: AssetVersionID) -> String { ShortUUID.encode(version.uuid) }

    /// The version's public id; what is no tag becomes an id that does not exist.
    static func version(_ tag: String) -> String { AssetVersion.idPrefix + tag }
}
