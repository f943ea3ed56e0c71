package import BanksiaCore

/// The signed-in account.
package struct UserResponse: JSONWritable, Sendable {
    package let id: String
    package let createdAt: Instant
    package let demoModeEnabled: Bool
    package let faceDetectionAvailable: Bool
    package let faceDetectionPreference: Bool?
    package let favoriteDisplayMode: String
    package let isActive: Bool
    package let isSuperuser: Bool
    package let isVerified: Bool
    package let storageLimitBytes: Int64
    package let storageUsedBytes: Int64
    package let updatedAt: Instant
    package let email: String?
    package let firstName: String?
    package let homeCountry: String?
    package let homeSubdivision: String?
    package let immichLibraryID: String?
    package let lastName: String?
    package let timezone: String?

    package init(
        id: String, createdAt: Instant, demoModeEnabled: Bool, faceDetectionAvailable: Bool, faceDetectionPreference: Bool?,
        favoriteDisplayMode: String, isActive: Bool, isSuperuser: Bool, isVerified: Bool, storageLimitBytes: Int64,
        storageUsedBytes: Int64, updatedAt: Instant, email: String?, firstName: String?, homeCountry: String?,
        homeSubdivision: String?, immichLibraryID: String?, lastName: String?, timezone: String?
    ) {
        self.id = id
        self.createdAt = createdAt
        self.demoModeEnabled = demoModeEnabled
        self.faceDetectionAvailable = faceDetectionAvailable
        self.faceDetectionPreference = faceDetectionPreference
        self.favoriteDisplayMode = favoriteDisplayMode
        self.isActive = isActive
        self.isSuperuser = isSuperuser
        self.isVerified = isVerified
        self.storageLimitBytes = storageLimitBytes
        self.storageUsedBytes = storageUsedBytes
        self.updatedAt = updatedAt
        self.email = email
        self.firstName = firstName
        self.homeCountry = homeCountry
        self.homeSubdivision = homeSubdivision
        self.immichLibraryID = immichLibraryID
        self.lastName = lastName
        self.timezone = timezone
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("id", id)
            $0.field("created_at", createdAt)
            $0.field("demo_mode_enabled", demoModeEnabled)
            $0.field("face_detection_available", faceDetectionAvailable)
            $0.field("face_detection_preference", faceDetectionPreference)
            $0.field("favorite_display_mode", favoriteDisplayMode)
            $0.field("is_active", isActive)
            $0.field("is_superuser", isSuperuser)
            $0.field("is_verified", isVerified)
            $0.field("storage_limit_bytes", storageLimitBytes)
            $0.field("storage_used_bytes", storageUsedBytes)
            $0.field("updated_at", updatedAt)
            $0.field("email", email)
            $0.field("first_name", firstName)
            $0.field("home_country", homeCountry)
            $0.field("home_subdivision", homeSubdivision)
            $0.field("immich_library_id", immichLibraryID)
            $0.field("last_name", lastName)
            $0.field("timezone", timezone)
        }
    }
}
