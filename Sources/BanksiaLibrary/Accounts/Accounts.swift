public import BanksiaCore
import BanksiaJobs
import BanksiaSQL
import Crypto

/// Accounts, and who a credential belongs to.
public struct Accounts: Sendable {
    let database: Database
    let jobs: JobQueue
    let clock: any WallClock
    let ids: IdentifierSource
    /// What other programs get for a user.
    public let tokens: AccessTokens

    init(database: Database, jobs: JobQueue, clock: any WallClock, ids: IdentifierSource) {
        self.database = database
        self.jobs = jobs
        self.clock = clock
        self.ids = ids
        tokens = AccessTokens(database: database, clock: clock, ids: ids)
    }

    /// A first-party session lives this long.
    public static let sessionLife = Duration.seconds(30 * 86_400)
    /// How far `last_used_at` of a key may lag behind (contract §5).
    static let lastUseLag = Duration.seconds(60)

    /// Who shows this bearer credential.
    ///
    /// - Throws: `AccountProblem`: unknown, revoked or expired credentials, inactive accounts.
    public func viewer(bearer text: String) async throws -> Viewer {
        if let secret = Secret<APIKey>(text) { return try await viewer(key: secret) }
        if let secret = Secret<Session>(text) { return try await viewer(session: secret) }
        if let (user, issuedAt) = try await tokens.bearer(text) { return try await viewer(token: user, issuedAt: issuedAt) }
        throw AccountProblem.invalidCredential
    }

    private func viewer(key secret: Secret<APIKey>) async throws -> Viewer {
        let now = clock.now
        let (viewer, lastUsedAt) = try await database.read { tx in
            guard let key = try APIKeyStore.credential(secret.id, tx), secret.matches(key.hash), key.isActive else {
                throw AccountProblem.invalidCredential
            }
            guard key.isUserActive else { throw AccountProblem.inactiveAccount }
            let credential = Viewer.Credential.apiKey(secret.id, selectedLibraries: !key.allLibraries)
            return (
                try Viewer(user: key.user, actions: key.actions, credential: credential).lookingAround(tx), key.lastUsedAt
            )
        }
        if lastUsedAt.map({ now.since($0) > Self.lastUseLag }) ?? true {
            // Where nothing can be written, reading goes on.
            try? await database.write(.committed) { tx in
                try APIKeyStore.touch(secret.id, at: now, unlessSince: now.adding(.zero - Self.lastUseLag), tx)
            }
        }
        return viewer
    }

    private func viewer(session secret: Secret<Session>) async throws -> Viewer {
        try await database.read { [now = clock.now] tx in
            guard let session = try AccountStore.session(secret.id, tx), secret.matches(session.hash) else {
                throw AccountProblem.invalidCredential
            }
            guard session.expiresAt > now else { throw AccountProblem.expiredCredential }
            guard session.isUserActive else { throw AccountProblem.inactiveAccount }
            return try Viewer(user: session.user, credential: .session(secret.id)).lookingAround(tx)
        }
    }

    private func viewer(token user: UserID, issuedAt: Instant) async throws -> Viewer {
        try await database.read { tx in
            guard let token = try AccountStore.token(of: user, tx), token.validFrom.map({ $0 <= issuedAt }) ?? true else {
                throw AccountProblem.invalidCredential
            }
            guard token.isUserActive else { throw AccountProblem.inactiveAccount }
            return try Viewer(user: user, credential: .token(issuedAt: issuedAt)).lookingAround(tx)
        }
    }

    /// The caller's own account.
    public func profile(of viewer: Viewer) async throws -> User {
        guard let user = try await database.read({ tx in try AccountStore.user(viewer.user, tx) }) else {
            throw AccountProblem.invalidCredential
        }
        return user
    }

    /// The account with an address.
    ///
    /// - Throws: `AccountProblem.unknownUser`.
    public func user(withEmail email: User.Email) async throws -> User {
        guard let user = try await database.read({ tx in try AccountStore.user(email, tx) }) else {
            throw AccountProblem.unknownUser(email.address)
        }
        return user
    }

    /// Makes an account and its default library.
    ///
    /// - Throws: `AccountProblem.emailTaken`.
    public func add(_ email: User.Email, isSuperuser: Bool = false) async throws -> User {
        try await database.write { [ids, now = clock.now] tx in
            try Self.add(email, isSuperuser: isSuperuser, ids: ids, at: now, tx)
        }
    }

    /// Makes the first account of a new installation, its default library and a key that grants everything.
    ///
    /// - Returns: the key's secret; `nil` when there are accounts already.
    public func provision(_ email: User.Email) async throws -> String? {
        try await database.write { [ids, now = clock.now] tx in
            guard try !AccountStore.hasUsers(tx) else { return nil }
            let user = try Self.add(email, isSuperuser: true, ids: ids, at: now, tx)
            let secret = Secret<APIKey>(for: ids.make())
            try APIKeyStore.insert(
                secret, name: "First key", of: user.id, actions: Set(Action.allCases), libraries: nil, at: now, tx)
            return secret.text
        }
    }

    static func add(
        _ email: User.Email, isSuperuser: Bool, ids: IdentifierSource, at now: Instant, _ tx: borrowing Transaction
    ) throws -> User {
        guard try AccountStore.user(email, tx) == nil else { throw AccountProblem.emailTaken(email.address) }
        let id: UserID = ids.make()
        try AccountStore.insert(id, email, isSuperuser: isSuperuser, at: now, tx)
        try LibraryStore.insert(ids.make(), owner: id, Libraries.defaultName, description: nil, at: now, tx)
        guard let user = try AccountStore.user(id, tx) else { throw AccountProblem.unknownUser(email.address) }
        return user
    }

    /// Makes a first-party session, which may do everything the user may.
    ///
    /// - Returns: the session's secret.
    public func makeSession(for user: UserID) async throws -> String {
        let now = clock.now
        let secret = Secret<Session>(for: ids.make())
        try await database.write { tx in
            try AccountStore.insertSession(secret, of: user, at: now, until: now.adding(Self.sessionLife), tx)
        }
        return secret.text
    }

    /// The key that media URLs are signed with; the same for all processes of the installation.
    public func mediaSigningKey() async throws -> [UInt8] {
        try await database.write { [now = clock.now] tx in
            let fresh = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
            return try AccountStore.serverKey(for: "media-url", orKeep: fresh, at: now, tx)
        }
    }
}
