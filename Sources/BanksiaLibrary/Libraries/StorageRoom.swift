import BanksiaCore
import BanksiaSQL

/// How many more bytes a library may hold: by its own cap, and by its owner's over all their libraries (contract §17).
///
/// It is asked for in the transaction that uses the room up. That one is serial, because what the owner has left depends on
/// libraries that it does not lock; where there is no cap, those are not looked at, so that uploads to them stay apart.
struct StorageRoom: Equatable {
    let owner: UserID
    /// `nil` where there is no cap.
    private var inLibrary: Int64?
    private var ofOwner: Int64?

    init(in library: LibraryID, _ tx: borrowing Transaction) throws {
        let found = try tx.row(
            """
            SELECT library.owner_id, library.storage_limit_bytes - library_usage.stored_bytes,
                CASE WHEN owner.storage_limit_bytes IS NOT NULL THEN owner.storage_limit_bytes - (
                    SELECT CAST(SUM(library_usage.stored_bytes) AS BIGINT) FROM library_usage
                    JOIN library AS other ON other.id = library_usage.library_id WHERE other.owner_id = owner.id) END
            FROM library JOIN library_usage ON library_usage.library_id = library.id
            JOIN "user" AS owner ON owner.id = library.owner_id WHERE library.id = \(library)
            """
        ) { (try $0.value(0, as: UserID.self), try $0.value(1, as: Int64?.self), try $0.value(2, as: Int64?.self)) }
        guard let found else { throw LibraryProblem.notFound }
        (owner, inLibrary, ofOwner) = found
    }

    /// Takes room for so many bytes.
    ///
    /// - Parameters:
    ///   - source: the owner of a library that the bytes leave; what moves between libraries of one owner takes none of theirs.
    /// - Returns: whether there was enough; if not, nothing was taken.
    mutating func take(_ bytes: Int64, from source: UserID? = nil) -> Bool {
        let fromOwner = source == owner ? 0 : bytes
        if let inLibrary, inLibrary < bytes { return false }
        if let ofOwner, fromOwner > 0, ofOwner < fromOwner { return false }
        inLibrary = inLibrary.map { $0 - bytes }
        ofOwner = ofOwner.map { $0 - fromOwner }
        return true
    }

    /// - Throws: `AssetProblem.quotaExceeded` when so many bytes more are too many.
    static func require(_ bytes: Int64, in library: LibraryID, _ tx: borrowing Transaction) throws {
        var room = try StorageRoom(in: library, tx)
        guard room.take(bytes) else { throw AssetProblem.quotaExceeded }
    }
}
