internal import GRDB
internal import GRDBSQLite

/// Keeps prepared statements from growing without bound: a list with many optional filters has thousands of texts.
enum StatementMemory {
    /// A few hundred statements of our size. Measured: a list of assets takes 10 to 30 KB.
    static let limitBytes = 4 << 20

    /// Looks now and then, as looking takes longer the more statements there are, and forgets them all when there are too many.
    static func trim(_ connection: GRDB.Database, after counter: StatementCounter) {
        guard counter.endTransaction(), bytes(of: connection) > limitBytes else { return }
        connection.releaseMemory()
    }

    /// What the statements of a connection take up (sqlite.org/c3ref/c_dbstatus_options.html).
    static func bytes(of connection: GRDB.Database) -> Int {
        var current: Int32 = 0
        var highest: Int32 = 0
        unsafe sqlite3_db_status(connection.sqliteConnection, SQLITE_DBSTATUS_STMT_USED, &current, &highest, 0)
        return Int(current)
    }
}
