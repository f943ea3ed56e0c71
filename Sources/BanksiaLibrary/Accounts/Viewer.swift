public import BanksiaCore
package import BanksiaSQL

/// What a credential may do.
public enum Action: String, Sendable, CaseIterable, Codable {
    case read, write, delete
    case deletePermanently = "delete_permanently"
}

/// What a person may do in a library; each role includes those before it.
public enum Role: String, Sendable, Comparable, CaseIterable {
    case viewer, collaborator, owner

    private var rank: Int {
        switch self {
        case .viewer: 0
        case .collaborator: 1
        case .owner: 2
        }
    }

    public static func < (left: Role, right: Role) -> Bool { left.rank < right.rank }
}

/// Who is asking: a user, through a credential that may grant less than the user has.
///
/// Every use case takes one; there is no ambient current user.
public struct Viewer: Sendable, Equatable {
    /// What was shown to prove it.
    public enum Credential: Sendable, Equatable {
        case apiKey(APIKeyID, selectedLibraries: Bool)
        case session(SessionID)
        /// The server itself, for commands that need no credential because they need the data folder.
        case local
    }

    public let user: UserID
    public let actions: Set<Action>
    public let credential: Credential
    /// The only live library they see, if there is just one: the one that is meant where none is named. Read along with the
    /// credential, which saves most requests a transaction; `nil` also when nobody looked.
    let onlyLibrary: LibraryID?

    public init(
        user: UserID, actions: Set<Action> = Set(Action.allCases), credential: Credential, onlyLibrary: LibraryID? = nil
    ) {
        self.user = user
        self.actions = actions
        self.credential = credential
        self.onlyLibrary = onlyLibrary
    }

    /// The same, with their only library as it is now.
    func lookingAround(_ tx: borrowing Transaction) throws -> Viewer {
        let only = try LibraryStore.onlyLibrary(of: self, tx)
        return Viewer(user: user, actions: actions, credential: credential, onlyLibrary: only)
    }

    /// Whether keys may be made, renamed and deleted with this credential: first-party sessions, and keys that grant everything.
    public var mayManageKeys: Bool {
        switch credential {
        case .session, .local: true
        case .apiKey(_, let selectedLibraries): !selectedLibraries && actions.count == Action.allCases.count
        }
    }

    /// - Throws: `AccountProblem.insufficientScope` when the credential does not grant the action.
    public func require(_ action: Action) throws(AccountProblem) {
        guard actions.contains(action) else { throw .insufficientScope(action) }
    }

    /// The condition on a row of `library` that it may be seen at all, trashed or not.
    package var seesLibrary: SQL {
        switch credential {
        case .apiKey(let key, selectedLibraries: true):
            "(library.owner_id = \(user) AND library.id IN (SELECT library_id FROM api_key_library WHERE api_key_id = \(key)))"
        default: "(library.owner_id = \(user))"
        }
    }

    /// The condition on a row of `asset` that it lies in a live library the viewer sees.
    package var seesAsset: SQL {
        "asset.library_id IN (SELECT library.id FROM library WHERE library.trashed_at IS NULL AND \(seesLibrary))"
    }

    /// The condition on a row of `album` that it lies in a live library the viewer sees.
    package var seesAlbum: SQL {
        "album.library_id IN (SELECT library.id FROM library WHERE library.trashed_at IS NULL AND \(seesLibrary))"
    }
}
