import BanksiaAPI
import BanksiaCore
import BanksiaFiles
import BanksiaLibrary
import BanksiaMedia
import Foundation

extension AssetResponse {
    /// An asset with the groups that were asked for.
    init(_ asset: Asset, _ expansion: AssetExpansion, _ links: MediaLinks) {
        let id = asset.id.description
        self.init(
            id: id, createdAt: asset.createdAt, currentVersionID: asset.currentVersionID.description,
            fileSizeBytes: asset.fileSizeBytes,
            kind: asset.kind, localDatetime: asset.localDateTime, mimeType: asset.mimeType,
            originalFileName: asset.originalFileName,
            updatedAt: asset.updatedAt, assetURLs: links.variants(of: asset, id: id, all: expansion.contains(.variants)),
            description: asset.description, duration: asset.duration,
            faces: expansion.contains(.faces) ? (asset.faces ?? []).map { FaceResponse($0, links) } : nil,
            fileData: expansion.contains(.fileData) ? asset.file.map(FileDataResponse.init) : nil, height: asset.size?.height,
            metadata: expansion.contains(.metadata) ? asset.metadata.map { MetadataResponse($0, of: id) } : nil,
            people: expansion.contains(.people) ? (asset.people ?? []).map { PersonResponse($0, links) } : nil,
            qualityScore: asset.qualityScore, stackID: asset.stackID?.description,
            thumbhash: asset.thumbHash.map { Data($0).base64EncodedString() }, trashedAt: asset.trashedAt,
            width: asset.size?.width,
            includesMetrics: expansion.contains(.metrics))
    }
}

extension FileDataResponse {
    init(_ file: Asset.FileProvenance) {
        self.init(
            checksum: Data(file.checksum.bytes).base64EncodedString(), deviceAssetID: file.deviceAssetID, deviceID: file.deviceID,
            fileCreatedAt: file.createdAt, fileModifiedAt: file.modifiedAt, fileSizeBytes: file.sizeBytes,
            checksumSHA1: Data(file.sha1).base64EncodedString())
    }
}

extension MetadataResponse {
    init(_ metadata: AssetMetadata, of asset: String) {
        self.init(
            assetID: asset, createdAt: metadata.createdAt, updatedAt: metadata.updatedAt, altitude: metadata.altitude,
            autoStackID: metadata.autoStackID, city: metadata.city, country: metadata.country, description: metadata.description,
            digitizedDatetime: metadata.digitizedDateTime, exposureBias: metadata.exposureBias,
            exposureTime: metadata.exposureTime,
            fNumber: metadata.fNumber, focalLength: metadata.focalLength, fps: metadata.fps, iso: metadata.iso,
            latitude: metadata.latitude,
            lensModel: metadata.lensModel, livePhotoCID: metadata.livePhotoContentID, longitude: metadata.longitude,
            make: metadata.make,
            model: metadata.model, modifiedDatetime: metadata.modifiedDateTime, orientation: metadata.orientation,
            originalDatetime: metadata.originalDateTime, projectionType: metadata.projectionType, rating: metadata.rating,
            state: metadata.state, countryCode: metadata.countryCode, sublocation: metadata.sublocation,
            placeName: metadata.placeName,
            timezone: metadata.timezone, displayLabel: metadata.displayLabel, rawWidth: metadata.rawSize?.width,
            rawHeight: metadata.rawSize?.height, profileDescription: metadata.profileDescription)
    }
}
