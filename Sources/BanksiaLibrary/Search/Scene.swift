import BanksiaCore
import Crypto
import Foundation

/// What a picture shows, or a film somewhere, as a vector.
struct Scene: Sendable {
    /// Where in the film; `nil` for a picture, and where that is not known.
    var timestampMilliseconds: Int?
    /// Of unit length.
    var vector: [Float]

    /// Of a film that stays where it is nothing is gained by a second vector. In the default pack, of 120 unrelated scenes one
    /// pair in a hundred scores 0.8, a smaller copy of a picture 0.87 at least.
    private static let likeness: Float = 0.9

    /// The most that an asset has in a space: as many as a film's frames are looked at.
    static let most = 8

    func isLike(_ other: Scene) -> Bool {
        zip(vector, other.vector).reduce(0) { $0 + $1.0 * $1.1 } >= Self.likeness
    }

    /// The id of a vector: that of the asset for the first, and for each other one that is always the same.
    static func id(_ number: Int, of asset: AssetID) -> UUID {
        guard number > 0 else { return asset.uuid }
        let bytes = withUnsafeBytes(of: asset.uuid.uuid) { Array($0) }
        let digest = Array(SHA256.hash(data: bytes + [UInt8(truncatingIfNeeded: number)]))
        return NSUUID(uuidBytes: digest) as UUID
    }
}
