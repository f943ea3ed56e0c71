import BanksiaAPI
import BanksiaCore
import BanksiaFiles
import BanksiaLibrary
import Hummingbird

/// The signed-in account.
enum UserRoutes {
    static let operations: [Operation] = [
        Operation(.get, "/api/users/me", "get_current_user", .needs(.read, .viewer), me)
    ]

    static func me(_ call: Call) async throws -> Response {
        let user = try await call.library.accounts.profile(of: call.viewer)
        return .json(UserResponse(user, volumeBytes: try await call.parts.files.volume()?.total ?? unbounded))
    }

    /// The size of a store without a bound, as the contract wants a number: the largest that every JSON reader takes exactly
    /// (RFC 8259 §6).
    private static let unbounded: Int64 = 1 << 53 - 1
}

extension UserResponse {
    /// - Parameter volumeBytes: the size of the disk, which is the limit of an account that has none of its own.
    init(_ user: User, volumeBytes: Int64) {
        self.init(
            id: user.id.description, createdAt: user.createdAt, demoModeEnabled: user.demoModeEnabled,
            faceDetectionAvailable: true,
            faceDetectionPreference: user.faceDetectionPreference, favoriteDisplayMode: user.favoriteDisplayMode,
            isActive: user.isActive,
            isSuperuser: user.isSuperuser, isVerified: user.isVerified, storageLimitBytes: user.storageLimitBytes ?? volumeBytes,
            storageUsedBytes: user.storageUsedBytes, updatedAt: user.updatedAt, email: user.email, firstName: user.firstName,
            homeCountry: user.homeCountry, homeSubdivision: user.homeSubdivision,
            immichLibraryID: user.immichLibraryID?.description,
            lastName: user.lastName, timezone: user.timezone)
    }
}
