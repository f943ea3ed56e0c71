package import BanksiaCore

/// How tight a person's faces lie together.
package struct ClusterMetricsResponse: JSONWritable, Sendable {
    package let faceCount: Int
    package let pairwiseMean: Double
    package let pairwiseP90: Double

    package init(faceCount: Int, pairwiseMean: Double, pairwiseP90: Double) {
        self.faceCount = faceCount
        self.pairwiseMean = pairwiseMean
        self.pairwiseP90 = pairwiseP90
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("face_count", faceCount)
            $0.field("pairwise_mean", pairwiseMean)
            $0.field("pairwise_p90", pairwiseP90)
        }
    }
}

/// Two people who may be one.
package struct PersonSuggestionResponse: JSONWritable, Sendable {
    package let distance: Double
    package let people: [PersonResponse]

    package init(distance: Double, people: [PersonResponse]) {
        self.distance = distance
        self.people = people
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("distance", distance)
            $0.field("people", people)
        }
    }
}

/// A person: a group of faces.
package struct PersonResponse: JSONWritable, Sendable {
    package let id: String
    package let createdAt: Instant
    package let isFavorite: Bool
    package let isHidden: Bool
    package let updatedAt: Instant
    package let assetCount: Int?
    package let assetURLs: VariantMap?
    package let birthDate: String?
    package let clusterMetrics: ClusterMetricsResponse?
    package let name: String?
    package let thumbnailFaceID: String?

    package init(
        id: String, createdAt: Instant, isFavorite: Bool, isHidden: Bool, updatedAt: Instant, assetCount: Int?,
        assetURLs: VariantMap?, birthDate: String?, clusterMetrics: ClusterMetricsResponse?, name: String?,
        thumbnailFaceID: String?
    ) {
        self.id = id
        self.createdAt = createdAt
        self.isFavorite = isFavorite
        self.isHidden = isHidden
        self.updatedAt = updatedAt
        self.assetCount = assetCount
        self.assetURLs = assetURLs
        self.birthDate = birthDate
        self.clusterMetrics = clusterMetrics
        self.name = name
        self.thumbnailFaceID = thumbnailFaceID
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("id", id)
            $0.field("created_at", createdAt)
            $0.field("is_favorite", isFavorite)
            $0.field("is_hidden", isHidden)
            $0.field("updated_at", updatedAt)
            $0.field("asset_count", assetCount)
            $0.field("asset_urls", assetURLs)
            $0.field("birth_date", birthDate)
            $0.field("cluster_metrics", clusterMetrics)
            $0.field("name", name)
            $0.field("thumbnail_face_id", thumbnailFaceID)
        }
    }
}
