import BanksiaCore
import BanksiaSQL

/// All SQL of members.
enum MemberStore {
    private static let columns: SQL = """
        member.id, member.library_id, member.user_id, person.first_name, person.last_name, member.role, member.state,
        member.created_at, member.updated_at, member.joined_at, member.ended_at, member.last_removed_at
        """
    private static let source: SQL = "library_member AS member JOIN \"user\" AS person ON person.id = member.user_id"

    private static func decode(_ row: Row) throws -> Membership {
        Membership(
            id: try row.value(0), libraryID: try row.value(1),
            user: UserSummary(id: try row.value(2), displayName: User.displayName(try row.value(3), try row.value(4))),
            role: try row.value(5), state: try row.value(6), createdAt: try row.value(7), updatedAt: try row.value(8),
            joinedAt: try row.value(9), endedAt: try row.value(10), lastRemovedAt: try row.value(11))
    }

    /// The record of a person, whatever its state.
    static func member(_ user: UserID, of library: LibraryID, _ tx: borrowing Transaction) throws -> Membership? {
        try tx.row(
            "SELECT \(columns) FROM \(source) WHERE member.library_id = \(library) AND member.user_id = \(user)", decode)
    }

    /// Where a record stands in the list.
    struct Place {
        var createdAt: Instant
        var id: MembershipID
    }

    static func place(_ id: MembershipID, in library: LibraryID, _ tx: borrowing Transaction) throws -> Place? {
        try tx.row("SELECT created_at, id FROM library_member WHERE id = \(id) AND library_id = \(library)") {
            Place(createdAt: try $0.value(0), id: try $0.value(1))
        }
    }

    /// One more than `limit` records, newest first.
    ///
    /// - Parameter state: `nil` for all.
    static func list(
        _ library: LibraryID, _ state: Membership.State?, after place: Place?, limit: Int, _ tx: borrowing Transaction
    ) throws -> [Membership] {
        let filter: SQL = state.map { "member.state = \($0)" } ?? "TRUE"
        let start: SQL = place.map { "(member.created_at, member.id) < (\($0.createdAt), \($0.id))" } ?? "TRUE"
        return try tx.rows(
            """
            SELECT \(columns) FROM \(source) WHERE member.library_id = \(library) AND \(filter) AND \(start)
            ORDER BY member.created_at DESC, member.id DESC LIMIT \(limit + 1)
            """, decode)
    }

    static func insert(
        _ id: MembershipID, _ user: UserID, in library: LibraryID, as role: Role, at now: Instant, _ tx: borrowing Transaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO library_member (id, library_id, user_id, role, state, created_at, updated_at, joined_at)
            VALUES (\(id), \(library), \(user), \(role), \(Membership.State.active), \(now), \(now), \(now))
            """)
    }

    static func update(_ member: Membership, _ tx: borrowing Transaction) throws {
        try tx.execute(
            """
            UPDATE library_member SET role = \(member.role), state = \(member.state), updated_at = \(member.updatedAt),
                joined_at = \(member.joinedAt), ended_at = \(member.endedAt), last_removed_at = \(member.lastRemovedAt)
            WHERE id = \(member.id)
            """)
    }
}
