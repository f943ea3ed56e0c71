/// When two photos show the same picture: both by the vector of what they show and by how they look as a whole. People on a grey
/// ground have vectors alike and hashes that are not; two empty skies have hashes alike and vectors that are not.
///
/// Measured on the corpus (decision 0027): copies that were scaled, compressed, brightened or turned differ in up to 6 bits at cosines
/// from 0.97; copies cut by 8 % differ in up to 20 bits, and their cosines are 0.988 and more. Other photos come as near as 14
/// bits, then at a cosine of 0.92, or as 0.987, then at 20 bits.
enum NearDuplicateRule {
    private static let leastCosine = 0.95
    private static let fewBits = 14
    /// From here on a picture may have been cut.
    private static let nearlyEqual = 0.995
    /// With more, pictures are different.
    static let mostBits = 24

    /// - Returns: how alike they are; `nil` when they are different pictures, or lie in different libraries.
    static func compare(_ one: NearDuplicateStore.Look, _ other: NearDuplicateStore.Look) -> (cosine: Double, distance: Int)? {
        guard one.library == other.library, one.vector.count == other.vector.count else { return nil }
        let distance = (one.hash ^ other.hash).nonzeroBitCount
        guard distance <= mostBits else { return nil }
        let cosine = zip(one.vector, other.vector).reduce(0) { $0 + Double($1.0) * Double($1.1) }
        guard cosine >= leastCosine, distance <= fewBits || cosine >= nearlyEqual else { return nil }
        return (cosine, distance)
    }
}
