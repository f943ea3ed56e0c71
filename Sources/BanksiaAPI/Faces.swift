package import BanksiaCore

/// A box in display pixels of the asset.
package struct BoundingBoxResponse: JSONWritable, Sendable {
    package let x: Int
    package let y: Int
    package let w: Int
    package let h: Int

    package init(x: Int, y: Int, w: Int, h: Int) {
        self.x = x
        self.y = y
        self.w = w
        self.h = h
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("x", x)
            $0.field("y", y)
            $0.field("w", w)
            $0.field("h", h)
        }
    }
}

/// A person near a face.
package struct ClusterCandidateResponse: JSONWritable, Sendable {
    package let distance: Double
    package let personID: String
    package let name: String?

    package init(distance: Double, personID: String, name: String?) {
        self.distance = distance
        self.personID = personID
        self.name = name
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("distance", distance)
            $0.field("person_id", personID)
            $0.field("name", name)
        }
    }
}

/// How well a face fits its person, and who else is near.
package struct ClusterAssignmentResponse: JSONWritable, Sendable {
    package let candidates: [ClusterCandidateResponse]?
    package let distanceToPerson: Double?

    package init(candidates: [ClusterCandidateResponse]?, distanceToPerson: Double?) {
        self.candidates = candidates
        self.distanceToPerson = distanceToPerson
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("candidates", candidates)
            $0.field("distance_to_person", distanceToPerson)
        }
    }
}

/// One face in one asset.
package struct FaceResponse: JSONWritable, Sendable {
    package let id: String
    package let assetID: String
    package let boundingBox: BoundingBoxResponse
    package let createdAt: Instant
    package let source: String
    package let updatedAt: Instant
    package let assetURLs: VariantMap?
    package let clusterAssignment: ClusterAssignmentResponse?
    package let confidence: Double?
    package let personID: String?
    package let timestampMs: Int?

    package init(
        id: String, assetID: String, boundingBox: BoundingBoxResponse, createdAt: Instant, source: String, updatedAt: Instant,
        assetURLs: VariantMap?, clusterAssignment: ClusterAssignmentResponse?, confidence: Double?, personID: String?,
        timestampMs: Int?
    ) {
        self.id = id
        self.assetID = assetID
        self.boundingBox = boundingBox
        self.createdAt = createdAt
        self.source = source
        self.updatedAt = updatedAt
        self.assetURLs = assetURLs
        self.clusterAssignment = clusterAssignment
        self.confidence = confidence
        self.personID = personID
        self.timestampMs = timestampMs
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("id", id)
            $0.field("asset_id", assetID)
            $0.field("bounding_box", boundingBox)
            $0.field("created_at", createdAt)
            $0.field("source", source)
            $0.field("updated_at", updatedAt)
            $0.field("asset_urls", assetURLs)
            $0.field("cluster_assignment", clusterAssignment)
            $0.field("confidence", confidence)
            $0.field("person_id", personID)
            $0.field("timestamp_ms", timestampMs)
        }
    }
}
