import BanksiaCore
public import Foundation

/// Counts requests, minute by minute, of whoever makes them.
public protocol RequestCounts: Sendable {
    /// Counts one request, if there is still one left in this minute.
    ///
    /// - Parameter limit: how many there may be in a minute; at least 1.
    func take(_ key: RequestKey, of limit: Int) async -> Allowance
}

/// Whose requests of what kind are counted together.
public enum RequestKey: Hashable, Sendable {
    /// A key, a session, or the user behind a token.
    case credential(UUID, RequestKind)
    /// A network address, for who shows no credential.
    case address(String, RequestKind)

    /// For storing.
    var text: String {
        switch self {
        case .credential(let id, let kind): "\(kind.rawValue):\(ShortUUID.encode(id))"
        case .address(let address, let kind): "\(kind.rawValue)@\(address)"
        }
    }
}

/// Kinds of requests that are counted apart: a busy upload must not stop somebody from looking at photos.
public enum RequestKind: String, Sendable, CaseIterable {
    case ordinary, upload, media
    /// Without a credential, or with one that does not hold.
    case anonymous
}

/// How many requests of each kind there may be in a minute; 0 for any number.
public struct RequestLimits: Sendable, Equatable {
    public var ordinary: Int
    public var uploads: Int
    public var media: Int
    public var anonymous: Int

    public init(ordinary: Int, uploads: Int, media: Int, anonymous: Int) {
        self.ordinary = ordinary
        self.uploads = uploads
        self.media = media
        self.anonymous = anonymous
    }

    public static let none = RequestLimits(ordinary: 0, uploads: 0, media: 0, anonymous: 0)

    /// The number for one kind.
    public subscript(_ kind: RequestKind) -> Int {
        switch kind {
        case .ordinary: ordinary
        case .upload: uploads
        case .media: media
        case .anonymous: anonymous
        }
    }
}

/// What is left of a minute's requests.
public struct Allowance: Sendable, Equatable {
    public let limit: Int
    public let remaining: Int
    /// Until the next minute begins; 1 to 60.
    public let secondsLeft: Int
    /// Whether this request came too many.
    public let isExceeded: Bool
}

/// Minutes, the same for everyone who has a clock.
struct RequestWindow: Hashable, Sendable {
    static let length: Int64 = 60

    let number: Int64
    let secondsLeft: Int

    init(at now: Instant) {
        let seconds = now.microseconds / 1_000_000
        number = seconds / Self.length
        secondsLeft = Int(Self.length - seconds % Self.length)
    }
}
