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
        /// A token that another program got for them by OAuth: it may use all their libraries, but nothing that decides who may.
        case token(issuedAt: Instant)
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
        case .token: false
        case .apiKey(_, let selectedLibraries): !selectedLibraries && actions.count == Action.allCases.count
        }
    }

    /// Whether they signed in at this server themselves. Members, invitations and links need that.
    public var isFirstParty: Bool {
        switch credential {
        case .session, .local: true
        case .apiKey, .token: false
        }
    }

    /// Whether another program acts for them. It may not change what the person alone decides: where home is, and whether
    /// faces are looked for (contract §5).
    public var isDelegated: Bool { if case .token = credential { true } else { false } }

    /// - Throws: `AccountProblem.insufficientScope` when the credential does not grant the action.
    public func require(_ action: Action) throws(AccountProblem) {
        guard actions.contains(action) else { throw .insufficientScope(action) }
    }

    /// The condition on a row of `library` that it may be seen at all: its owner sees it also when trashed, as long as there
    /// is something in it to restore.
    package var seesLibrary: SQL {
        let isTheirs: SQL = """
            ((library.owner_id = \(user) AND library.purged_at IS NULL)
                OR (library.trashed_at IS NULL AND library.id IN (SELECT library_member.library_id FROM library_member
                    WHERE library_member.user_id = \(user) AND library_member.state = 'active')))
            """
        return switch credential {
        case .apiKey(let key, selectedLibraries: true):
            "(\(isTheirs) AND library.id IN (SELECT library_id FROM api_key_library WHERE api_key_id = \(key)))"
        default: isTheirs
        }
    }

    /// - Throws: `LibraryProblem.notFound` when the viewer does not see the library or it is trashed,
    ///   `AccountProblem.insufficientRole` when they may do less in it.
    func require(_ role: Role, in library: LibraryID, _ tx: borrowing Transaction) throws {
        let held: Role? = try tx.value(
            """
            SELECT CASE WHEN library.owner_id = \(user) THEN 'owner' ELSE (SELECT library_member.role FROM library_member
                WHERE library_member.library_id = library.id AND library_member.user_id = \(user)) END
            FROM library WHERE library.id = \(library) AND library.trashed_at IS NULL AND \(seesLibrary)
            """)
        guard let held else { throw LibraryProblem.notFound }
        guard held >= role else { throw AccountProblem.insufficientRole(role) }
    }

    /// The condition that a column names a live library the viewer sees. It only checks what was found by other conditions.
    func sees(libraryIn column: SQL) -> SQL {
        "\(SQL.notByIndex(column)) IN (SELECT library.id FROM library WHERE library.trashed_at IS NULL AND \(seesLibrary))"
    }

    /// The condition on a row of `asset` that it lies in a live library the viewer sees.
    package var seesAsset: SQL { sees(libraryIn: "asset.library_id") }

    /// The condition on a row of `album` that it lies in a live library the viewer sees.
    package var seesAlbum: SQL { sees(libraryIn: "album.library_id") }

    /// The condition on a row of `person` that they belong to a live library the viewer sees.
    package var seesPerson: SQL { sees(libraryIn: "person.library_id") }

    /// The condition on a row of `face` that it lies in a live library the viewer sees.
    package var seesFace: SQL { sees(libraryIn: "face.library_id") }
}
