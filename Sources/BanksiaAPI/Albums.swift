package import BanksiaCore

/// An album. `description` is never null: one null makes a known client refuse its whole list.
package struct AlbumResponse: JSONWritable, Sendable {
    package let id: String
    package let assetCount: Int
    package let createdAt: Instant
    package let name: String
    package let updatedAt: Instant
    package let albumCoverAssetID: String?
    package let assetURLs: VariantMap?
    package let description: String
    package let endDate: CaptureTime?
    package let startDate: CaptureTime?

    package init(
        id: String, assetCount: Int, createdAt: Instant, name: String, updatedAt: Instant, albumCoverAssetID: String?,
        assetURLs: VariantMap?, description: String, endDate: CaptureTime?, startDate: CaptureTime?
    ) {
        self.id = id
        self.assetCount = assetCount
        self.createdAt = createdAt
        self.name = name
        self.updatedAt = updatedAt
        self.albumCoverAssetID = albumCoverAssetID
        self.assetURLs = assetURLs
        self.description = description
        self.endDate = endDate
        self.startDate = startDate
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("id", id)
            $0.field("asset_count", assetCount)
            $0.field("created_at", createdAt)
            $0.field("name", name)
            $0.field("updated_at", updatedAt)
            $0.field("album_cover_asset_id", albumCoverAssetID)
            $0.field("asset_urls", assetURLs)
            $0.field("description", description)
            $0.field("end_date", endDate)
            $0.field("start_date", startDate)
        }
    }
}

/// What became of each id that was to be added; every id stands in exactly one list.
package struct AlbumAssetsAddResponse: JSONWritable, Sendable {
    package let addedAssets: [String]
    package let duplicateAssets: [String]
    package let notFoundAssets: [String]

    package init(addedAssets: [String], duplicateAssets: [String], notFoundAssets: [String]) {
        self.addedAssets = addedAssets
        self.duplicateAssets = duplicateAssets
        self.notFoundAssets = notFoundAssets
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("added_assets", addedAssets)
            $0.field("duplicate_assets", duplicateAssets)
            $0.field("not_found_assets", notFoundAssets)
        }
    }
}

/// The membership of one asset in one album.
package struct AlbumAssetResponse: JSONWritable, Sendable {
    package let id: String
    package let albumID: String
    package let assetID: String
    package let createdAt: Instant
    package let updatedAt: Instant

    package init(id: String, albumID: String, assetID: String, createdAt: Instant, updatedAt: Instant) {
        self.id = id
        self.albumID = albumID
        self.assetID = assetID
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("id", id)
            $0.field("album_id", albumID)
            $0.field("asset_id", assetID)
            $0.field("created_at", createdAt)
            $0.field("updated_at", updatedAt)
        }
    }
}
