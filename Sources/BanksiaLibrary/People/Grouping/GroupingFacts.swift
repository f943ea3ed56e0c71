import BanksiaCore
import BanksiaVision

/// All that the grouping of a library's faces depends on. The order in which faces came is no part of it.
struct GroupingFacts: Sendable {
    /// In the order of ids.
    var faces: [GroupingFace]
    /// The vectors of these faces, in the same order.
    var vectors: VectorTable
    /// How many faces each knot had when it was tied.
    var knotSizes: [FaceID: Int]
    /// Whose faces a user said these are not.
    var detachments: [FaceID: Set<PersonID>]
}

/// What grouping needs to know of a face.
struct GroupingFace: Sendable, Equatable {
    var id: FaceID
    var asset: AssetID
    var person: PersonID?
    /// Whether a user has said so, be it that it is nobody's.
    var isAssignedByUser: Bool
    /// How much the model made of it.
    var strength: Double
    /// The knot it is in: the lowest id of its faces.
    var knot: FaceID?
}

/// From where on faces are alike; from the pack that made their vectors.
struct GroupingRules: Sendable {
    /// From this mean cosine on, groups are one person's.
    var same: Float
    /// From this cosine on, two faces are.
    var certain: Float
    /// Below this strength a face tells nothing.
    var recognisable: Float

    init(_ models: ModelPack.FaceModels) {
        self.init(same: models.same, certain: models.certain, recognisable: models.recognisable)
    }

    init(same: Float, certain: Float, recognisable: Float) {
        (self.same, self.certain, self.recognisable) = (same, certain, recognisable)
    }

    /// Two faces of one picture are two people's, if they are not very much alike: a mirror, a poster, a collage.
    static let togetherness: Float = 0.3
    /// So many faces make a person whom nobody has named.
    static let fewestFaces = 3
    /// And so alike they must be: half way from `same` to `certain` they are no strangers who met by chance.
    var tight: Float { (2 * same + certain) / 3 }
}
