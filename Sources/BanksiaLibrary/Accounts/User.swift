public import BanksiaCore

/// An account.
public struct User: Sendable, Equatable {
    public var id: UserID
    public var email: String
    public var firstName: String?
    public var lastName: String?
    public var isActive: Bool
    public var isSuperuser: Bool
    public var isVerified: Bool
    public var demoModeEnabled: Bool
    public var faceDetectionPreference: Bool?
    public var favoriteDisplayMode: String
    public var homeCountry: String?
    public var homeSubdivision: String?
    public var immichLibraryID: LibraryID?
    public var timezone: String?
    /// The cap on stored originals in bytes; `nil` when the account has none of its own.
    public var storageLimitBytes: Int64?
    /// Stored originals and versions of all libraries the user owns.
    public var storageUsedBytes: Int64
    public var createdAt: Instant
    public var updatedAt: Instant

    /// The name that others see; `nil` when the user has given none.
    static func displayName(_ first: String?, _ last: String?) -> String? {
        [first, last].compactMap(\.self).joined(separator: " ").nonBlank
    }

    /// An address that mail could be sent to: one `@`, a dotted domain that is not reserved for local use.
    ///
    /// Clients refuse reserved domains (RFC 2606 §2, RFC 6762, RFC 8375), so they are refused at the door.
    public struct Email: Sendable, Equatable {
        /// The address as it was given, without outer blanks.
        public let address: String
        /// The form that two spellings of one address share.
        public var folded: String { address.lowercased() }

        private static let reserved = ["localhost", "local", "test", "invalid", "example", "home.arpa"]

        public init(_ text: String) throws(AccountProblem) {
            let address = text.trimmed
            let parts = address.split(separator: "@", omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, address.utf8.count <= 254,
                address.allSatisfy({ !$0.isWhitespace && $0 != "," }),
                parts[1].contains("."), !parts[1].hasPrefix("."), !parts[1].hasSuffix(".")
            else { throw .email(address) }
            let domain = parts[1].lowercased()
            guard !Self.reserved.contains(where: { domain == $0 || domain.hasSuffix("." + $0) }) else { throw .email(address) }
            self.address = address
        }
    }
}

extension String {
    /// Without outer white space and line ends.
    var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }

    /// `nil` when nothing but white space is left.
    var nonBlank: String? {
        let text = trimmed
        return text.isEmpty ? nil : text
    }
}
