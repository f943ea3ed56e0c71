import BanksiaCore
public import BanksiaLibrary
import HTTPTypes

/// Holds off whoever makes more requests in a minute than they may (contract §17).
public struct RequestLimiter: Sendable {
    private let limits: RequestLimits
    /// Nil where nothing is counted.
    private let counts: (any RequestCounts)?

    /// - Parameter counts: where requests are counted.
    public init(_ limits: RequestLimits, counts: any RequestCounts) {
        self.limits = limits
        self.counts = counts
    }

    private init() {
        limits = .none
        counts = nil
    }

    /// Lets everyone through.
    public static let off = RequestLimiter()

    /// Counts a request.
    ///
    /// - Parameter caller: nil where there is no credential, or none that holds.
    /// - Returns: what is left; nil where nothing is counted.
    func count(_ operation: Operation, by caller: Viewer?, from address: String) async -> Allowance? {
        let key = Self.key(operation, caller, address)
        let limit = limits[key.kind]
        guard let counts, limit > 0 else { return nil }
        return await counts.take(key, of: limit)
    }

    private static func key(_ operation: Operation, _ caller: Viewer?, _ address: String) -> RequestKey {
        let kind = kind(of: operation)
        guard let caller else { return .address(address, kind == .media ? .media : .anonymous) }
        return switch caller.credential {
        case .apiKey(let id, _): .credential(id.uuid, kind)
        case .session(let id): .credential(id.uuid, kind)
        case .token, .local: .credential(caller.user.uuid, kind)
        }
    }

    private static func kind(of operation: Operation) -> RequestKind {
        if operation.body == .multipart { return .upload }
        return operation.access == .media || operation.id.hasPrefix("download_") ? .media : .ordinary
    }
}

extension RequestKey {
    fileprivate var kind: RequestKind {
        switch self {
        case .credential(_, let kind), .address(_, let kind): kind
        }
    }
}

extension Allowance {
    /// Tells a client how it stands.
    func tell(_ headers: inout HTTPFields) {
        headers[.rateLimit] = String(limit)
        headers[.rateLimitRemaining] = String(remaining)
        headers[.rateLimitReset] = String(secondsLeft)
    }
}

extension HTTPField.Name {
    static let rateLimit = HTTPField.Name("X-RateLimit-Limit")!  // a constant token
    static let rateLimitRemaining = HTTPField.Name("X-RateLimit-Remaining")!  // a constant token
    static let rateLimitReset = HTTPField.Name("X-RateLimit-Reset")!  // a constant token
}
