package import BanksiaCore

/// What others may see of a user.
package struct UserSummaryResponse: JSONWritable, Sendable {
    package let id: String
    package let displayName: String?

    package init(id: String, displayName: String?) {
        self.id = id
        self.displayName = displayName
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("id", id)
            $0.field("display_name", displayName)
        }
    }
}

/// A library, as its reader may see it.
package struct LibraryResponse: JSONWritable, Sendable {
    package let id: String
    package let assetCount: Int
    package let createdAt: Instant
    package let name: String
    package let owner: UserSummaryResponse
    package let role: String
    package let storageUsedBytes: Int64
    package let updatedAt: Instant
    package let userID: String
    package let description: String?
    package let storageLimitBytes: Int64?

    package init(
        id: String, assetCount: Int, createdAt: Instant, name: String, owner: UserSummaryResponse, role: String,
        storageUsedBytes: Int64, updatedAt: Instant, userID: String, description: String?, storageLimitBytes: Int64?
    ) {
        self.id = id
        self.assetCount = assetCount
        self.createdAt = createdAt
        self.name = name
        self.owner = owner
        self.role = role
        self.storageUsedBytes = storageUsedBytes
        self.updatedAt = updatedAt
        self.userID = userID
        self.description = description
        self.storageLimitBytes = storageLimitBytes
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("id", id)
            $0.field("asset_count", assetCount)
            $0.field("created_at", createdAt)
            $0.field("name", name)
            $0.field("owner", owner)
            $0.field("role", role)
            $0.field("storage_used_bytes", storageUsedBytes)
            $0.field("updated_at", updatedAt)
            $0.field("user_id", userID)
            $0.field("description", description)
            $0.field("storage_limit_bytes", storageLimitBytes)
        }
    }
}
