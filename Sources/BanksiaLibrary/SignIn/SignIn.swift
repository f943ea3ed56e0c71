public import BanksiaCore
import BanksiaIdentity
import BanksiaSQL
import Crypto
import Foundation
import Synchronization

/// Signing in at this server itself, with a password and, for those who want it, a code from their phone.
public struct SignIn: Sendable {
    let database: Database
    let clock: any WallClock
    let ids: IdentifierSource
    let hasher: PasswordHasher
    private let keys: SignInKeys

    /// A password has this many characters (NIST SP 800-63B-4 §3.1.1.2 asks for length, and against rules of composition).
    static let passwordLength = 10...256
    /// From the password to the code.
    private static let ticketLife = Duration.seconds(300)

    init(database: Database, clock: any WallClock, ids: IdentifierSource, hasher: PasswordHasher) {
        self.database = database
        self.clock = clock
        self.ids = ids
        self.hasher = hasher
        keys = SignInKeys(database: database, clock: clock)
    }

    /// What comes of a right password.
    public enum Outcome: Sendable, Equatable {
        /// The secret of a new session.
        case signedIn(String)
        /// A code is wanted; the ticket stands for the password until then.
        case codeNeeded(ticket: String)
    }

    /// Tries a password.
    ///
    /// - Parameters:
    ///   - email: as it was typed.
    ///   - address: where the attempt comes from.
    /// - Throws: `SignInProblem.wrongCredentials` for unknown accounts, accounts without a password and wrong passwords alike,
    ///   `.tooManyAttempts`; `AccountProblem.inactiveAccount`.
    public func signIn(email: String, password: String, from address: String) async throws -> Outcome {
        let folded = email.trimmed.lowercased()
        guard folded.utf8.count <= 254, password.count <= Self.passwordLength.upperBound else {
            throw SignInProblem.wrongCredentials
        }
        let account = Self.account(folded)
        let found = try await database.write { [now = clock.now] tx in
            try tx.lock(Array(account.utf8))
            try SignInThrottle.address.charge("address:" + address, at: now, tx)
            try SignInThrottle.account.charge(account, at: now, tx)
            return try SignInStore.credential(email: folded, tx)
        }
        let hash = found?.hash.flatMap { PasswordHash($0) }
        guard try await hasher.matches(password, hash), let found, let hash else { throw SignInProblem.wrongCredentials }
        guard found.isActive else { throw AccountProblem.inactiveAccount }
        let proof = try await renewed(hash, of: found.user, password)
        guard !found.wantsCode else {
            try await database.write { tx in try SignInStore.forgiveAttempt("address:" + address, tx) }
            return .codeNeeded(ticket: try await ticket(for: found.user, proof))
        }
        return .signedIn(try await makeSession(for: found.user, proof, forgetting: [account], address))
    }

    /// What attempts at the password of an account are counted under.
    static func account(_ foldedEmail: String) -> String { "account:" + foldedEmail }
    /// What attempts at its codes are counted under.
    static func codes(of user: UserID) -> String { "code:\(user)" }

    /// Hashes a password anew where its hash costs less than it should today.
    ///
    /// - Returns: the hash that stands for the password from now on.
    private func renewed(_ hash: PasswordHash, of user: UserID, _ password: String) async throws -> String {
        guard hasher.isOutdated(hash) else { return hash.text }
        let fresh = try await hasher.hash(password).text
        try await database.write { tx in try SignInStore.replacePassword(hash.text, by: fresh, of: user, tx) }
        return fresh
    }

    /// The second step.
    ///
    /// - Returns: the secret of a new session.
    /// - Throws: `SignInProblem.ticketInvalid`, `.wrongCode`, `.tooManyAttempts`.
    public func signIn(ticket: String, code: String, from address: String) async throws -> String {
        guard let (user, proof) = try await holder(ofTicket: ticket) else { throw SignInProblem.ticketInvalid }
        let email = try await database.write { [now = clock.now] tx in
            try tx.lock(user.uuid)
            try SignInThrottle.address.charge("address:" + address, at: now, tx)
            try SignInThrottle.account.charge(Self.codes(of: user), at: now, tx)
            return try AccountStore.user(user, tx)?.email ?? ""
        }
        try await useCode(code, of: user)
        let accounts = [Self.codes(of: user), Self.account(email.lowercased())]
        return try await makeSession(for: user, proof, forgetting: accounts, address)
    }

    /// Checks a code and remembers that it was used.
    func useCode(_ code: String, of user: UserID) async throws {
        try await database.write { [now = clock.now] tx in
            try tx.lock(user.uuid)
            guard let known = try SignInStore.code(of: user, tx),
                let step = known.secret.step(of: code, at: now, after: known.lastStep)
            else { throw SignInProblem.wrongCode }
            try SignInStore.confirmCode(of: user, lastStep: step, tx)
        }
    }

    /// - Parameter proof: the hash of the password that was shown. Where it is not the account's any more, somebody has changed
    ///   the password meanwhile, and has ended all sign-ins with it.
    private func makeSession(for user: UserID, _ proof: String, forgetting accounts: [String], _ address: String) async throws
        -> String
    {
        let now = clock.now
        let secret = Secret<Session>(for: ids.make())
        try await database.write { tx in
            guard try SignInStore.credential(of: user, tx)?.hash == proof else { throw SignInProblem.wrongCredentials }
            for account in accounts { try SignInStore.forgetAttempts(account, tx) }
            try SignInStore.forgiveAttempt("address:" + address, tx)
            try AccountStore.insertSession(secret, of: user, at: now, until: now.adding(Accounts.sessionLife), tx)
        }
        return secret.text
    }

    /// Ends the viewer's session.
    public func signOut(_ viewer: Viewer) async throws {
        guard case .session(let id) = viewer.credential else { return }
        try await database.write { tx in try SignInStore.removeSession(id, tx) }
    }

    /// Ends every session and token of an account.
    public func signOutEverywhere(_ user: UserID) async throws {
        try await database.write { [now = clock.now] tx in try SignInStore.endSignIns(of: user, at: now, tx) }
    }

    // The ticket between the two steps: a user and an end, and a code that only this installation can make. It is good for the
    // very password that was shown: a new one makes it void.

    private func ticket(for user: UserID, _ proof: String) async throws -> String {
        let text = "\(user).\(clock.now.adding(Self.ticketLife).microseconds)"
        return text + "." + Data(try await keys.code(of: "ticket:\(text):\(proof)")).base64URL
    }

    private func holder(ofTicket text: String) async throws -> (user: UserID, proof: String)? {
        let parts = text.split(separator: ".").map(String.init)
        guard parts.count == 3, let user = UserID(parts[0]), let end = Int64(parts[1]),
            Instant(microseconds: end) > clock.now,
            let proof = try await database.read({ tx in try SignInStore.credential(of: user, tx)?.hash }),
            try await isCode(parts[2], of: "ticket:\(parts[0]).\(parts[1]):\(proof)")
        else { return nil }
        return (user, proof)
    }

    /// Something for a browser to keep that nobody else knows.
    public static func makeMark() -> String { ProofKey.makeVerifier() }

    /// A code that ties a form to the browser it was sent to.
    ///
    /// - Parameter browser: what the browser was given to keep.
    public func formCode(for browser: String) async throws -> String {
        Data(try await keys.code(of: "form:" + browser)).base64URL
    }

    /// Whether a form came back from the browser it was sent to.
    public func isFormCode(_ code: String, for browser: String) async throws -> Bool {
        try await isCode(code, of: "form:" + browser)
    }

    private func isCode(_ text: String, of message: String) async throws -> Bool {
        guard let given = Data(base64URL: text) else { return false }
        let right = try await keys.code(of: message)
        return given.count == right.count && zip(given, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

/// The installation's key for tickets and forms, read once.
private final class SignInKeys: Sendable {
    private let database: Database
    private let clock: any WallClock
    private let known = Mutex<[UInt8]?>(nil)

    init(database: Database, clock: any WallClock) {
        self.database = database
        self.clock = clock
    }

    func code(of message: String) async throws -> [UInt8] {
        let key = try await key()
        return Array(HMAC<SHA256>.authenticationCode(for: Data(message.utf8), using: SymmetricKey(data: key)))
    }

    private func key() async throws -> [UInt8] {
        if let key = known.withLock({ $0 }) { return key }
        let key = try await database.write { [now = clock.now] tx in
            let fresh = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
            return try AccountStore.serverKey(for: "sign-in", orKeep: fresh, at: now, tx)
        }
        known.withLock { $0 = key }
        return key
    }
}
