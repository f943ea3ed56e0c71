public import BanksiaCore
import BanksiaSQL
import Foundation

// What changes about an account after it was made: by the user, and by the person who runs the server. `updated_at` moves
// exactly when something changes, because clients follow it (contract §5).
extension Accounts {
    /// Changes the viewer's own account.
    ///
    /// - Throws: `AccountProblem.sessionOnly`, `.subdivisionMissing`, `.subdivisionAlone`; `LibraryProblem.notFound` for a
    ///   preferred library that may not be chosen.
    public func update(_ change: ProfileChange, by viewer: Viewer) async throws -> User {
        guard viewer.isFirstParty || !change.needsFirstParty else { throw AccountProblem.sessionOnly }
        return try await self.change(viewer.user) { user, tx in
            if case .set(let library) = change.immichLibraryID {
                guard try Libraries.isPreferable(library, by: viewer, tx) else { throw LibraryProblem.notFound }
            }
            let (before, after) = (user, try change.applied(to: user))
            user = after
            if after.faceDetectionPreference == true, before.faceDetectionPreference != true {
                try FaceBackfillStage.enqueue(ownedBy: viewer.user, jobs, tx)
            }
        }
    }

    /// What the person who runs the server can change; what is not named stays as it is.
    public struct Administration: Sendable {
        public var email: User.Email?
        public var firstName: ProfileChange.Edit<Name> = .keep
        public var lastName: ProfileChange.Edit<Name> = .keep
        public var timezone: ProfileChange.Edit<String> = .keep
        public var isSuperuser: Bool?
        public var isActive: Bool?
        /// In bytes, at least 1.
        public var storageLimit: ProfileChange.Edit<Int64> = .keep

        /// Nothing, to begin with.
        public init() {}
    }

    /// Changes an account. A user who is not active any more is refused from the next request on, with every credential.
    ///
    /// - Throws: `AccountProblem.unknownUser`, `.emailTaken`, `.storageLimit`, `.timezone`.
    public func administer(_ email: User.Email, _ change: Administration) async throws -> User {
        try change.check()
        let known = try await user(withEmail: email)
        return try await self.change(known.id) { user, tx in
            if let new = change.email, new.address != user.email {
                if let other = try AccountStore.user(new, tx), other.id != user.id {
                    throw AccountProblem.emailTaken(new.address)
                }
                user.email = new.address
            }
            user.firstName = change.firstName.mapped(\.text).applied(to: user.firstName)
            user.lastName = change.lastName.mapped(\.text).applied(to: user.lastName)
            user.timezone = change.timezone.applied(to: user.timezone)
            user.isSuperuser = change.isSuperuser ?? user.isSuperuser
            user.isActive = change.isActive ?? user.isActive
            user.storageLimitBytes = change.storageLimit.applied(to: user.storageLimitBytes)
        }
    }

    /// Makes an account and its default library, with what is said about it.
    ///
    /// - Throws: `AccountProblem.emailTaken`, `.storageLimit`, `.timezone`.
    public func add(_ email: User.Email, _ change: Administration) async throws -> User {
        try change.check()
        _ = try await add(email, isSuperuser: change.isSuperuser ?? false)
        return try await administer(email, change)
    }

    /// Accounts in the order in which they were made, from behind one of them.
    public func list(after: UserID? = nil, limit: Int = 200) async throws -> Page<User> {
        Page(fetched: try await database.read { tx in try AccountStore.users(after: after, limit: limit, tx) }, limit: limit)
    }

    private func change(
        _ id: UserID, _ body: @Sendable (inout User, borrowing Transaction) throws -> Void
    ) async throws -> User {
        try await database.write(.committed) { [now = clock.now] tx in
            try tx.lock(id.uuid)
            guard let before = try AccountStore.user(id, tx) else { throw AccountProblem.invalidCredential }
            var user = before
            try body(&user, tx)
            guard user != before else { return before }
            user.updatedAt = now
            try AccountStore.update(user, tx)
            return user
        }
    }
}

extension Accounts.Administration {
    /// - Throws: `AccountProblem.storageLimit`, `.timezone`.
    func check() throws(AccountProblem) {
        if case .set(let bytes) = storageLimit, bytes < 1 { throw .storageLimit }
        if case .set(let name) = timezone, TimeZone(identifier: name) == nil { throw .timezone(name) }
    }
}

extension ProfileChange.Edit {
    /// The same edit of another form of the value.
    func mapped<Other>(_ transform: (Value) -> Other) -> ProfileChange.Edit<Other> {
        switch self {
        case .keep: .keep
        case .clear: .clear
        case .set(let value): .set(transform(value))
        }
    }
}
