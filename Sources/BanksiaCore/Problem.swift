/// Something that can go wrong and that a caller can understand. Each feature has one closed enum of them.
///
/// The library says what is wrong in its own words; only the server turns `kind` into an HTTP status.
public protocol Problem: Error, Sendable {
    /// Stable, machine-readable, listed in the contract.
    var code: String { get }
    /// The class of failure.
    var kind: ProblemKind { get }
    /// One or two sentences for a person: what is wrong and what to do next. Never internals.
    var detail: String { get }
    /// The input that is out of its domain, where there is one.
    var field: String? { get }
    /// When to try again, where that is known.
    var retryAfterSeconds: Int? { get }
}

extension Problem {
    public var field: String? { nil }
    public var retryAfterSeconds: Int? { nil }
}

/// The classes of failure that callers tell apart.
public enum ProblemKind: Sendable {
    /// The request cannot be understood, or a needed choice is missing.
    case unusable
    /// No credential, or one that does not hold.
    case unauthenticated
    /// A known caller who may not do this.
    case forbidden
    /// Missing, foreign or hidden: not told apart.
    case notFound
    /// The present state forbids it, and repeating does not help.
    case conflict
    /// The present state forbids it for a moment; repeating may help.
    case contention
    /// More bytes than are taken.
    case tooLarge
    /// The request's content type is not one that is read here.
    case unsupportedMediaType
    /// A value is out of its domain.
    case invalid
    /// Too many requests.
    case rateLimited
    /// The store or the identity service failed; repeating may help.
    case storageFailed
    /// A part is off, missing or starting; repeating may help.
    case unavailable
    /// The storage cap is reached.
    case quotaExceeded
}
