public import BanksiaCore

// The prefixes are the contract's (contract §2).
extension User: IdentifierSubject { public static let idPrefix = "intuser_" }
extension Library: IdentifierSubject { public static let idPrefix = "lib_" }
extension APIKey: IdentifierSubject { public static let idPrefix = "apikey_" }
extension Asset: IdentifierSubject { public static let idPrefix = "asset_" }
extension AssetVersion: IdentifierSubject { public static let idPrefix = "asset_version_" }
extension Album: IdentifierSubject { public static let idPrefix = "album_" }
extension AlbumAsset: IdentifierSubject { public static let idPrefix = "album_asset_" }
extension Stack: IdentifierSubject { public static let idPrefix = "asset_stack_" }
extension Person: IdentifierSubject { public static let idPrefix = "person_" }
extension Face: IdentifierSubject { public static let idPrefix = "face_" }
extension Correction: IdentifierSubject { public static let idPrefix = "correction_" }

/// A sign-in at this server.
public enum Session: IdentifierSubject { public static let idPrefix = "session_" }
extension Membership: IdentifierSubject { public static let idPrefix = "libmember_" }
extension Invitation: IdentifierSubject { public static let idPrefix = "libinvite_" }

public typealias UserID = Identifier<User>
public typealias LibraryID = Identifier<Library>
public typealias APIKeyID = Identifier<APIKey>
public typealias AssetID = Identifier<Asset>
public typealias AssetVersionID = Identifier<AssetVersion>
public typealias AlbumID = Identifier<Album>
public typealias StackID = Identifier<Stack>
public typealias PersonID = Identifier<Person>
public typealias FaceID = Identifier<Face>
public typealias CorrectionID = Identifier<Correction>
public typealias MembershipID = Identifier<Membership>
public typealias InvitationID = Identifier<Invitation>
public typealias SessionID = Identifier<Session>
public typealias AlbumAssetID = Identifier<AlbumAsset>
