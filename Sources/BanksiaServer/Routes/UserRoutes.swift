import BanksiaAPI
import BanksiaCore
import BanksiaFiles
import BanksiaLibrary
import Hummingbird

/// The signed-in account.
enum UserRoutes {
    static let operations: [Operation] = [
        Operation(.get, "/api/users/me", "get_current_user", .needs(.read, .viewer), me),
        Operation(.patch, "/api/users/me", "update_current_user", .needs(.write, .viewer), body: .json, update),
    ]

    static func me(_ call: Call) async throws -> Response {
        try await answer(call.library.accounts.profile(of: call.viewer), call)
    }

    static func update(_ call: Call) async throws -> Response {
        let viewer = try call.viewer
        // Who may not change a value is told so whatever the value is (contract §4).
        guard viewer.isFirstParty || !ProfileChange.firstPartyFields.contains(where: call.body.has) else {
            throw AccountProblem.sessionOnly
        }
        var change = ProfileChange()
        switch try call.body.text("immich_library_id") {
        case .absent: break
        case .null: change.immichLibraryID = .clear
        case .value(let id): change.immichLibraryID = .set(try await call.library.libraries.preferable(id, by: viewer))
        }
        try change.read(call.body)
        return try await answer(call.library.accounts.update(change, by: viewer), call)
    }

    private static func answer(_ user: User, _ call: Call) async throws -> Response {
        let volume = try await call.parts.files.volume()?.total ?? largestExact
        return .json(UserResponse(user, volumeBytes: min(max(volume, 1), largestExact)))
    }

    /// The largest number that every JSON reader takes exactly (RFC 8259 §6): the size of a store without a bound, since the
    /// contract wants a number.
    private static let largestExact: Int64 = 1 << 53 - 1
}

extension ProfileChange {
    /// What no program may change for a person.
    fileprivate static let firstPartyFields = ["home_country", "home_subdivision", "face_detection_preference"]

    /// Reads everything but the preferred library.
    fileprivate mutating func read(_ body: JSONBody) throws(RequestProblem) {
        demoModeEnabled = try body.flagIfGiven("demo_mode_enabled")
        faceDetectionPreference = try body.flagIfGiven("face_detection_preference")
        switch try body.choice("favorite_display_mode", of: FavoriteDisplayMode.self) {
        case .absent: break
        case .null: favoriteDisplayMode = .favorite  // what holds until someone chooses
        case .value(let mode): favoriteDisplayMode = mode
        }
        switch try body.text("home_country") {
        case .absent: break
        case .value(let text):
            guard let country = User.Country(text) else { fallthrough }
            homeCountry = country
        case .null:
            throw .invalid(field: "home_country", issue: "home_country must be two capital letters of ISO 3166-1.")
        }
        switch try body.text("home_subdivision") {
        case .absent: break
        case .null: homeSubdivision = .clear
        case .value(let text):
            guard let subdivision = User.Subdivision(text) else {
                throw .invalid(field: "home_subdivision", issue: "home_subdivision must be what ISO 3166-2 has behind the dash.")
            }
            homeSubdivision = .set(subdivision)
        }
    }
}

extension JSONBody {
    /// A truth value where one is given; null is none.
    fileprivate func flagIfGiven(_ name: String) throws(RequestProblem) -> Bool? {
        switch try flag(name) {
        case .absent: nil
        case .value(let flag): flag
        case .null: throw .invalid(field: name, issue: "\(name) must be true or false.")
        }
    }
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
