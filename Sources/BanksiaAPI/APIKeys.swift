package import BanksiaCore

/// An API key without its secret.
package struct APIKeyResponse: JSONWritable, Sendable {
    package let id: String
    package let createdAt: Instant
    package let isActive: Bool
    package let actions: [String]?
    package let lastUsedAt: Instant?
    package let libraryScopeMode: String?
    package let name: String?
    package let selectedLibraryCount: Int?

    package init(
        id: String, createdAt: Instant, isActive: Bool, actions: [String]?, lastUsedAt: Instant?, libraryScopeMode: String?,
        name: String?, selectedLibraryCount: Int?
    ) {
        self.id = id
        self.createdAt = createdAt
        self.isActive = isActive
        self.actions = actions
        self.lastUsedAt = lastUsedAt
        self.libraryScopeMode = libraryScopeMode
        self.name = name
        self.selectedLibraryCount = selectedLibraryCount
    }

    package func write(to writer: inout JSONWriter) { write(to: &writer, secret: nil) }

    fileprivate func write(to writer: inout JSONWriter, secret: String?) {
        writer.object {
            $0.field("id", id)
            if let secret { $0.field("api_key", secret) }
            $0.field("created_at", createdAt)
            $0.field("is_active", isActive)
            $0.field("actions", actions)
            $0.field("last_used_at", lastUsedAt)
            $0.field("library_scope_mode", libraryScopeMode)
            $0.field("name", name)
            $0.field("selected_library_count", selectedLibraryCount)
        }
    }
}

/// A new API key with its secret, which is shown this once.
package struct APIKeyCreateResponse: JSONWritable, Sendable {
    package let key: APIKeyResponse
    package let secret: String

    package init(key: APIKeyResponse, secret: String) {
        self.key = key
        self.secret = secret
    }

    package func write(to writer: inout JSONWriter) { key.write(to: &writer, secret: secret) }
}
