public import BanksiaCore
import BanksiaFiles
import BanksiaJobs
import BanksiaMedia
import BanksiaSQL
import Foundation

/// The assets of the libraries a viewer may use. Uploading is in `Assets+Upload.swift`.
public struct Assets: Sendable {
    let database: Database
    let files: any FileStore
    var originals: Originals
    let media: MediaWorkers
    let jobs: JobQueue
    let clock: any WallClock
    let ids: IdentifierSource
    let pace = UploadPace()

    /// One asset, live or trashed, of any library the viewer sees.
    ///
    /// - Throws: `AssetProblem.notFound`.
    public func get(_ id: String, _ expansion: AssetExpansion = .full, by viewer: Viewer) async throws -> Asset {
        guard let id = AssetID(id),
            let asset = try await database.read({ tx in try AssetStore.asset(id, expansion, by: viewer, tx) })
        else {
            throw AssetProblem.notFound
        }
        return asset
    }

    /// One page of a library's assets.
    ///
    /// - Throws: `AssetProblem.cursor` when the page before cannot be found any more.
    public func list(_ query: AssetQuery, in library: LibraryID, by viewer: Viewer) async throws -> Page<Asset> {
        let found = try await database.read { tx in
            var cursor: AssetStore.Cursor?
            if let text = query.startingAfter {
                guard let id = AssetID(text),
                    let place = try AssetStore.cursor(id, in: library, state: query.filter.state, by: viewer, tx)
                else { throw AssetProblem.cursor }
                cursor = place
            }
            return try AssetStore.list(query, in: library, after: cursor, by: viewer, tx)
        }
        return Page(fetched: found, limit: query.limit)
    }

    /// Which of the given files the library already holds, live or trashed.
    public func existing(_ criterion: ExistenceCriterion, in library: LibraryID, by viewer: Viewer) async throws -> [Asset] {
        let condition: SQL =
            switch criterion {
            case .checksums(let texts):
                "asset.checksum IN \(SQL.list(texts.compactMap { [UInt8](lenientBase64: $0, count: 32) }))"
            case .sha1s(let texts):
                "asset.checksum_sha1 IN \(SQL.list(texts.compactMap { [UInt8](lenientBase64: $0, count: 20) }))"
            case .deviceAssets(let device, let ids): "asset.device_id = \(device) AND asset.device_asset_id IN \(SQL.list(ids))"
            }
        return try await database.read { tx in try AssetStore.existing(condition, in: library, by: viewer, tx) }
    }
}

extension [UInt8] {
    /// Base64 with or without padding; `nil` unless exactly `count` bytes come out.
    fileprivate init?(lenientBase64 text: String, count: Int) {
        let bare = text.prefix { $0 != "=" }
        guard let data = Data(base64Encoded: bare + String(repeating: "=", count: (4 - bare.count % 4) % 4)), data.count == count
        else { return nil }
        self = Array(data)
    }
}
