import BanksiaCore

/// What a transaction changed, as the feed of its library tells it (contract §13).
///
/// A change is recorded in the transaction that makes it; `EventStore.record` takes several in the order in which readers are
/// to see them.
enum Change: Sendable, Equatable {
    case assetCreated(AssetID)
    case assetUpdated(AssetID)
    /// The asset has joined a stack, or left its stack.
    case assetStacked(AssetID, in: StackID?)
    case assetTrashed(AssetID)
    case assetRestored(AssetID)
    case assetMovedOut(AssetID)
    case assetMovedIn(AssetID)
    case assetDeleted(AssetID)
    case metadataUpdated(AssetID)
    case albumCreated(AlbumID)
    /// Name, description or effective cover are others now.
    case albumUpdated(AlbumID, cover: AssetID?)
    case albumDeleted(AlbumID)
    case albumAssetAdded(AlbumAssetID, album: AlbumID, asset: AssetID)
    case albumAssetRemoved(AlbumAssetID, album: AlbumID, asset: AssetID)
    case personCreated(PersonID)
    case personUpdated(PersonID)
    case personDeleted(PersonID)
    case faceCreated(FaceID)
    case faceUpdated(FaceID, person: PersonID?, previous: PersonID?)
    case faceDeleted(FaceID, previous: PersonID?)
    case stackCreated(StackID)
    case stackUpdated(StackID)
    case stackDeleted(StackID)
    case libraryTrashed(LibraryID)
    case libraryRestored(LibraryID)
}

/// The kinds of things whose changes a feed tells.
public enum EventEntity: String, Sendable, CaseIterable {
    case asset, album, person, face
    case albumAsset = "album_asset"
    case metadata, stack, library
}

extension Change {
    /// The contract's `event_type`.
    var type: String {
        switch self {
        case .assetCreated: "asset_created"
        case .assetUpdated, .assetStacked: "asset_updated"
        case .assetTrashed: "asset_trashed"
        case .assetRestored: "asset_restored"
        case .assetMovedOut: "asset_moved_out"
        case .assetMovedIn: "asset_moved_in"
        case .assetDeleted: "asset_deleted"
        case .metadataUpdated: "metadata_updated"
        case .albumCreated: "album_created"
        case .albumUpdated: "album_updated"
        case .albumDeleted: "album_deleted"
        case .albumAssetAdded: "album_asset_added"
        case .albumAssetRemoved: "album_asset_removed"
        case .personCreated: "person_created"
        case .personUpdated: "person_updated"
        case .personDeleted: "person_deleted"
        case .faceCreated: "face_created"
        case .faceUpdated: "face_updated"
        case .faceDeleted: "face_deleted"
        case .stackCreated: "stack_created"
        case .stackUpdated: "stack_updated"
        case .stackDeleted: "stack_deleted"
        case .libraryTrashed: "library_trashed"
        case .libraryRestored: "library_restored"
        }
    }

    var entity: EventEntity {
        switch self {
        case .assetCreated, .assetUpdated, .assetStacked, .assetTrashed, .assetRestored, .assetMovedOut, .assetMovedIn,
            .assetDeleted:
            .asset
        case .metadataUpdated: .metadata
        case .albumCreated, .albumUpdated, .albumDeleted: .album
        case .albumAssetAdded, .albumAssetRemoved: .albumAsset
        case .personCreated, .personUpdated, .personDeleted: .person
        case .faceCreated, .faceUpdated, .faceDeleted: .face
        case .stackCreated, .stackUpdated, .stackDeleted: .stack
        case .libraryTrashed, .libraryRestored: .library
        }
    }

    /// The public form of the id of what changed.
    var entityID: String {
        switch self {
        case .assetCreated(let id), .assetUpdated(let id), .assetStacked(let id, _), .assetTrashed(let id),
            .assetRestored(let id),
            .assetMovedOut(let id), .assetMovedIn(let id), .assetDeleted(let id), .metadataUpdated(let id):
            id.description
        case .albumCreated(let id), .albumUpdated(let id, _), .albumDeleted(let id): id.description
        case .albumAssetAdded(let id, _, _), .albumAssetRemoved(let id, _, _): id.description
        case .personCreated(let id), .personUpdated(let id), .personDeleted(let id): id.description
        case .faceCreated(let id), .faceUpdated(let id, _, _), .faceDeleted(let id, _): id.description
        case .stackCreated(let id), .stackUpdated(let id), .stackDeleted(let id): id.description
        case .libraryTrashed(let id), .libraryRestored(let id): id.description
        }
    }

    /// Whose a face was that is gone or changed hands.
    var previousPerson: PersonID? {
        switch self {
        case .faceUpdated(_, _, let person), .faceDeleted(_, let person): person
        default: nil
        }
    }

    /// The contract's payload: ids under their names, those that are `nil` as JSON's null. `nil` where it has none.
    var payload: [String: String?]? {
        switch self {
        case .assetStacked(_, let stack): ["stack_id": stack?.description]
        case .albumUpdated(_, let cover): ["album_cover_asset_id": cover?.description]
        case .albumAssetAdded(_, let album, let asset), .albumAssetRemoved(_, let album, let asset):
            ["album_id": album.description, "asset_id": asset.description]
        case .faceUpdated(_, let person, let previous):
            ["person_id": person?.description, "previous_person_id": previous?.description]
        case .faceDeleted(_, let previous): ["previous_person_id": previous?.description]
        default: nil
        }
    }
}
