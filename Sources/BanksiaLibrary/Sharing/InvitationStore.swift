import BanksiaCore
import BanksiaSQL

/// All SQL of invitations.
enum InvitationStore {
    private static let columns: SQL = """
        invitation.id, invitation.library_id, invitation.created_by, creator.first_name, creator.last_name, invitation.role,
        invitation.expires_at, invitation.max_joiners, invitation.joiner_count, invitation.created_at, invitation.updated_at,
        invitation.disabled_at
        """
    private static let source: SQL = """
        library_invitation AS invitation JOIN "user" AS creator ON creator.id = invitation.created_by
            JOIN library ON library.id = invitation.library_id AND library.trashed_at IS NULL
        """

    private static func decode(_ row: Row, at now: Instant) throws -> Invitation {
        let expiresAt: Instant = try row.value(6), disabledAt: Instant? = try row.value(11)
        let maxJoiners: Int = try row.value(7), joinerCount: Int = try row.value(8)
        return Invitation(
            id: try row.value(0), libraryID: try row.value(1),
            createdBy: UserSummary(id: try row.value(2), displayName: User.displayName(try row.value(3), try row.value(4))),
            role: try row.value(5), expiresAt: expiresAt, maxJoiners: maxJoiners, joinerCount: joinerCount,
            createdAt: try row.value(9), updatedAt: try row.value(10), disabledAt: disabledAt,
            state: Invitation.state(
                disabledAt: disabledAt, expiresAt: expiresAt, joinerCount: joinerCount, maxJoiners: maxJoiners, at: now))
    }

    /// An invitation to a live library, whoever asks.
    static func invitation(_ id: InvitationID, at now: Instant, _ tx: borrowing Transaction) throws -> Invitation? {
        try tx.row("SELECT \(columns) FROM \(source) WHERE invitation.id = \(id)") { try decode($0, at: now) }
    }

    /// The invitation to a library with these values.
    static func invitation(
        _ policy: Invitation.Policy, to library: LibraryID, at now: Instant, _ tx: borrowing Transaction
    ) throws -> Invitation? {
        try tx.row(
            """
            SELECT \(columns) FROM \(source)
            WHERE invitation.library_id = \(library) AND invitation.role = \(policy.role)
                AND invitation.expires_at = \(policy.expiresAt) AND invitation.max_joiners = \(policy.maxJoiners)
            """
        ) { try decode($0, at: now) }
    }

    /// Where an invitation stands in the list.
    struct Place {
        var createdAt: Instant
        var id: InvitationID
    }

    static func place(_ id: InvitationID, by viewer: Viewer, _ tx: borrowing Transaction) throws -> Place? {
        try tx.row(
            """
            SELECT invitation.created_at, invitation.id FROM \(source)
            WHERE invitation.id = \(id) AND library.owner_id = \(viewer.user) AND \(viewer.seesLibrary)
            """
        ) { Place(createdAt: try $0.value(0), id: try $0.value(1)) }
    }

    /// One more than `limit` invitations to live libraries that the viewer owns, newest first.
    ///
    /// - Parameters:
    ///   - library: only to this one.
    ///   - state: `nil` for all.
    static func list(
        _ library: LibraryID?, _ state: Invitation.State?, after place: Place?, limit: Int, at now: Instant, by viewer: Viewer,
        _ tx: borrowing Transaction
    ) throws -> [Invitation] {
        let target: SQL = library.map { "invitation.library_id = \($0)" } ?? "TRUE"
        let start: SQL = place.map { "(invitation.created_at, invitation.id) < (\($0.createdAt), \($0.id))" } ?? "TRUE"
        return try tx.rows(
            """
            SELECT \(columns) FROM \(source)
            WHERE library.owner_id = \(viewer.user) AND \(viewer.seesLibrary) AND \(target) AND \(isIn(state, at: now)) AND \(start)
            ORDER BY invitation.created_at DESC, invitation.id DESC LIMIT \(limit + 1)
            """
        ) { try decode($0, at: now) }
    }

    /// `Invitation.state` as a condition.
    private static func isIn(_ state: Invitation.State?, at now: Instant) -> SQL {
        let isOpen: SQL = "invitation.disabled_at IS NULL AND invitation.expires_at > \(now)"
        return switch state {
        case nil: "TRUE"
        case .disabled: "invitation.disabled_at IS NOT NULL"
        case .expired: "invitation.disabled_at IS NULL AND invitation.expires_at <= \(now)"
        case .exhausted: "\(isOpen) AND invitation.joiner_count >= invitation.max_joiners"
        case .active: "\(isOpen) AND invitation.joiner_count < invitation.max_joiners"
        }
    }

    static func insert(
        _ id: InvitationID, _ policy: Invitation.Policy, to library: LibraryID, by creator: UserID, sealedSecret: [UInt8],
        at now: Instant, _ tx: borrowing Transaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO library_invitation (id, library_id, created_by, role, expires_at, max_joiners, sealed_secret, created_at,
                updated_at)
            VALUES (\(id), \(library), \(creator), \(policy.role), \(policy.expiresAt), \(policy.maxJoiners), \(sealedSecret),
                \(now), \(now))
            """)
    }

    static func sealedSecret(of id: InvitationID, _ tx: borrowing Transaction) throws -> [UInt8]? {
        try tx.value("SELECT sealed_secret FROM library_invitation WHERE id = \(id)")
    }

    static func disable(_ id: InvitationID, at now: Instant, _ tx: borrowing Transaction) throws {
        try tx.execute("UPDATE library_invitation SET disabled_at = \(now), updated_at = \(now) WHERE id = \(id)")
    }

    /// Whether an account has taken a place, now or once.
    static func hasPlace(_ user: UserID, in id: InvitationID, _ tx: borrowing Transaction) throws -> Bool {
        try tx.value(
            "SELECT EXISTS (SELECT 1 FROM library_invitation_joiner WHERE invitation_id = \(id) AND user_id = \(user))") ?? false
    }

    /// Gives an account a place.
    static func take(_ id: InvitationID, for user: UserID, at now: Instant, _ tx: borrowing Transaction) throws {
        try tx.execute(
            "INSERT INTO library_invitation_joiner (invitation_id, user_id, joined_at) VALUES (\(id), \(user), \(now))")
        try tx.execute(
            "UPDATE library_invitation SET joiner_count = joiner_count + 1, updated_at = \(now) WHERE id = \(id)")
    }
}
