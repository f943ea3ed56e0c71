public import BanksiaCore

/// What a user changes about their own account; what is not named stays as it is.
public struct ProfileChange: Sendable {
    public var demoModeEnabled: Bool?
    public var faceDetectionPreference: Bool?
    public var favoriteDisplayMode: FavoriteDisplayMode?
    public var homeCountry: User.Country?
    public var homeSubdivision: Edit<User.Subdivision> = .keep
    /// A library that `Libraries.preferable` has found to be one.
    public var immichLibraryID: Edit<LibraryID> = .keep

    /// Nothing, to begin with.
    public init() {}

    /// How marks of favour are shown.
    public enum FavoriteDisplayMode: String, Sendable, CaseIterable { case favorite, rating }

    /// What becomes of a value that may also be missing.
    public enum Edit<Value: Sendable>: Sendable {
        case keep, clear
        case set(Value)

        func applied(to value: Value?) -> Value? {
            switch self {
            case .keep: value
            case .clear: nil
            case .set(let new): new
            }
        }
    }

    /// Whether it touches what only the person may change, at this server: where home is, and whether faces are looked for.
    var needsFirstParty: Bool {
        if case .keep = homeSubdivision { return homeCountry != nil || faceDetectionPreference != nil }
        return true
    }

    /// - Throws: `AccountProblem.subdivision` when the country asks for one and there is none, or the other way round.
    func applied(to user: User) throws(AccountProblem) -> User {
        var user = user
        if let demoModeEnabled { user.demoModeEnabled = demoModeEnabled }
        if let faceDetectionPreference { user.faceDetectionPreference = faceDetectionPreference }
        if let favoriteDisplayMode { user.favoriteDisplayMode = favoriteDisplayMode.rawValue }
        user.immichLibraryID = immichLibraryID.applied(to: user.immichLibraryID)
        if let homeCountry, homeCountry.code != user.homeCountry {
            user.homeCountry = homeCountry.code
            user.homeSubdivision = nil
        }
        switch homeSubdivision {
        case .keep: break
        case .clear: user.homeSubdivision = nil
        case .set(let subdivision): user.homeSubdivision = subdivision.code
        }
        guard user.homeCountry != User.Country.unitedStates || user.homeSubdivision != nil else {
            throw .subdivisionMissing
        }
        guard user.homeSubdivision == nil || user.homeCountry != nil else { throw .subdivisionAlone }
        return user
    }
}

extension User {
    /// A country by ISO 3166-1, two capital letters.
    public struct Country: Sendable, Equatable {
        public let code: String
        /// The one whose states make different laws about faces, so that it takes a subdivision too.
        static let unitedStates = "US"

        public init?(_ code: String) {
            guard code.utf8.count == 2, code.utf8.allSatisfy((UInt8(ascii: "A")...UInt8(ascii: "Z")).contains) else { return nil }
            self.code = code
        }
    }

    /// What stands behind the dash of an ISO 3166-2 code: one to three capital letters and digits.
    public struct Subdivision: Sendable, Equatable {
        public let code: String

        public init?(_ code: String) {
            let isPlain = code.utf8.allSatisfy { byte in
                (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            }
            guard isPlain, (1...3).contains(code.utf8.count) else { return nil }
            self.code = code
        }
    }
}
