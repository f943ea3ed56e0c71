public import BanksiaCore

// The prefixes are the contract's (contract §2).
extension User: IdentifierSubject { public static let idPrefix = "intuser_" }
extension Library: IdentifierSubject { public static let idPrefix = "lib_" }
extension APIKey: IdentifierSubject { public static let idPrefix = "apikey_" }
extension Asset: IdentifierSubject { public static let idPrefix = "asset_" }
extension AssetVersion: IdentifierSubject { public static let idPrefix = "asset_version_" }
extension Album: IdentifierSubject { public static let idPrefix = "album_" }

/// A group of assets that is shown as one tile. Stacks come with the operations that make them.
public enum Stack: IdentifierSubject { public static let idPrefix = "asset_stack_" }
/// A sign-in at this server.
public enum Session: IdentifierSubject { public static let idPrefix = "session_" }
/// The membership of one asset in one album.
public enum AlbumAsset: IdentifierSubject { public static let idPrefix = "album_asset_" }

public typealias UserID = Identifier<User>
public typealias LibraryID = Identifier<Library>
public typealias APIKeyID = Identifier<APIKey>
public typealias AssetID = Identifier<Asset>
public typealias AssetVersionID = Identifier<AssetVersion>
public typealias AlbumID = Identifier<Album>
public typealias StackID = Identifier<Stack>
public typealias SessionID = Identifier<Session>
public typealias AlbumAssetID = Identifier<AlbumAsset>
