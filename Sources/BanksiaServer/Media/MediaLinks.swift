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
        let suffix = asset.mediaClass == .video ? "_image" : ""
        let rungs: [Variant] = all ? [.thumbnail, .small, .preview, .fullsize] : [.thumbnail]
        var entries = rungs.map { rung in
            let name = rung.rawValue + suffix
            return (
                name: name,
                variant: VariantResponse(
                    mimetype: rung.mimeType ?? asset.mimeType, url: url(asset: id, asset.currentVersionID, name, saveAs: nil),
                    width: width(of: rung, asset.size))
            )
        }
        if all {
            let url = url(asset: id, asset.currentVersionID, Variant.original.rawValue, saveAs: asset.originalFileName)
            entries.append(
                (Variant.original.rawValue, VariantResponse(mimetype: asset.mimeType, url: url, width: asset.size?.width)))
        }
        return VariantMap(entries)
    }

    /// The cover of an album.
    func cover(of album: Album) -> VariantMap? {
        guard let asset = album.coverAssetID, let version = album.coverVersionID, let type = Variant.thumbnail.mimeType else {
            return nil
        }
        let url = url(asset: asset.description, version, Variant.thumbnail.rawValue, saveAs: nil)
        return VariantMap([
            (Variant.thumbnail.rawValue, VariantResponse(mimetype: type, url: url, width: Variant.thumbnail.longestEdge))
        ])
    }

    private func url(asset: String, _ version: AssetVersionID, _ variant: String, saveAs name: String?) -> String {
        let save = name.map { "&dl=" + PercentDecoding.encode($0) } ?? ""
        return origin + signer.signed(path: "/api/assets/\(asset)/variants/\(variant)", query: "v=\(MediaTag.of(version))\(save)")
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
