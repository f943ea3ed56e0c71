public import BanksiaCore
public import BanksiaIdentity
import BanksiaSQL
import Crypto
import Foundation

/// Setting and changing what somebody signs in with.
extension SignIn {
    /// How long a set-up link is good.
    public static let linkLife = Duration.seconds(7 * 86_400)

    /// Makes a link with which its holder sets the password of an account. It replaces earlier ones.
    ///
    /// - Returns: the secret part of the link.
    public func makeSetupLink(for user: UserID) async throws -> String {
        let secret = ProofKey.makeVerifier()
        try await database.write { [now = clock.now] tx in
            try SignInStore.setLink(Self.hash(secret), of: user, until: now.adding(Self.linkLife), tx)
        }
        return secret
    }

    /// Whose password a link sets.
    ///
    /// - Throws: `SignInProblem.linkInvalid`.
    public func owner(ofLink secret: String) async throws -> User {
        try await database.read { [now = clock.now] tx in
            guard let id = try SignInStore.linkOwner(Self.hash(secret), at: now, tx), let user = try AccountStore.user(id, tx)
            else { throw SignInProblem.linkInvalid }
            return user
        }
    }

    /// Sets a password by a link, which is used up. Codes are switched off and earlier sign-ins end: whoever made the link
    /// vouches for its holder.
    ///
    /// - Returns: the secret of a new session.
    /// - Throws: `SignInProblem.linkInvalid`, `.passwordTooShort`, `.passwordTooLong`.
    public func setPassword(_ password: String, byLink secret: String) async throws -> String {
        let email = try await owner(ofLink: secret).email
        let hash = try await hash(new: password)
        let now = clock.now
        let session = Secret<Session>(for: ids.make())
        try await database.write { tx in
            guard let user = try SignInStore.takeLink(Self.hash(secret), at: now, tx) else { throw SignInProblem.linkInvalid }
            try SignInStore.setPassword(hash, of: user, at: now, tx)
            try SignInStore.removeCode(of: user, tx)
            for subject in [Self.account(email.lowercased()), Self.codes(of: user)] {
                try SignInStore.forgetAttempts(subject, tx)
            }
            try SignInStore.endSignIns(of: user, at: now, tx)
            try AccountStore.insertSession(session, of: user, at: now, until: now.adding(Accounts.sessionLife), tx)
        }
        return session.text
    }

    /// Changes the viewer's password. All sign-ins but this one end.
    ///
    /// - Throws: `SignInProblem.wrongCredentials`, `.tooManyAttempts`, `.passwordTooShort`, `.passwordTooLong`.
    public func changePassword(from old: String, to new: String, by viewer: Viewer) async throws {
        try await prove(old, by: viewer)
        let hash = try await hash(new: new)
        try await database.write { [now = clock.now] tx in
            try SignInStore.setPassword(hash, of: viewer.user, at: now, tx)
            try SignInStore.endSignIns(of: viewer.user, but: viewer.session, at: now, tx)
        }
    }

    /// What the viewer's account page shows.
    public struct Status: Sendable, Equatable {
        public let hasPassword: Bool
        public let wantsCode: Bool
    }

    /// How the viewer signs in.
    public func status(of viewer: Viewer) async throws -> Status {
        let credential = try await database.read { tx in try SignInStore.credential(of: viewer.user, tx) }
        return Status(hasPassword: credential?.hash != nil, wantsCode: credential?.wantsCode ?? false)
    }

    /// A secret for the viewer's phone. It counts only once a code of it was shown.
    public func prepareCode(by viewer: Viewer) async throws -> OneTimeSecret {
        try await database.write { tx in
            try tx.lock(viewer.user.uuid)
            if let known = try SignInStore.code(of: viewer.user, tx), !known.isConfirmed { return known.secret }
            let secret = OneTimeSecret()
            try SignInStore.prepareCode(secret, of: viewer.user, tx)
            guard let kept = try SignInStore.code(of: viewer.user, tx), !kept.isConfirmed else { throw SignInProblem.noCodeSetUp }
            return kept.secret
        }
    }

    /// From now on a code is asked for. The password is asked for here, so that nobody who finds a browser signed in can lock
    /// its owner out.
    ///
    /// - Throws: `SignInProblem.wrongCredentials`, `.wrongCode`, `.tooManyAttempts`.
    public func confirmCode(_ code: String, password: String, by viewer: Viewer) async throws {
        try await prove(password, by: viewer)
        try await throttled("confirm:\(viewer.user)") { try await useCode(code, of: viewer.user) }
    }

    /// No code is asked for any more.
    ///
    /// - Throws: `SignInProblem.wrongCredentials`, `.tooManyAttempts`.
    public func removeCode(password: String, by viewer: Viewer) async throws {
        try await prove(password, by: viewer)
        try await database.write { tx in try SignInStore.removeCode(of: viewer.user, tx) }
    }

    /// Makes sure that it is the viewer who sits before the screen.
    private func prove(_ password: String, by viewer: Viewer) async throws {
        try await throttled("prove:\(viewer.user)") {
            let hash = try await database.read { tx in try SignInStore.credential(of: viewer.user, tx)?.hash }
            guard password.count <= Self.passwordLength.upperBound,
                try await hasher.matches(password, hash.flatMap { PasswordHash($0) })
            else { throw SignInProblem.wrongCredentials }
        }
    }

    private func throttled(_ subject: String, _ attempt: () async throws -> Void) async throws {
        try await database.write { [now = clock.now] tx in
            try tx.lock(Array(subject.utf8))
            try SignInThrottle.account.charge(subject, at: now, tx)
        }
        try await attempt()
        try await database.write { tx in try SignInStore.forgetAttempts(subject, tx) }
    }

    private func hash(new password: String) async throws -> String {
        guard password.count >= Self.passwordLength.lowerBound else {
            throw SignInProblem.passwordTooShort(minimum: Self.passwordLength.lowerBound)
        }
        guard password.count <= Self.passwordLength.upperBound else {
            throw SignInProblem.passwordTooLong(maximum: Self.passwordLength.upperBound)
        }
        return try await hasher.hash(password).text
    }

    private static func hash(_ secret: String) -> [UInt8] { Array(SHA256.hash(data: Data(secret.utf8))) }
}

extension Viewer {
    /// The session they came with, if it was one.
    var session: SessionID? { if case .session(let id) = credential { id } else { nil } }
}
