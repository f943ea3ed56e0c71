internal import GRDB

extension Database {
    /// Opens a database on a PostgreSQL server. Several processes on several hosts may have it open.
    ///
    /// It connects once, so what is wrong with the settings shows here and not at the first request.
    ///
    /// - Throws: `SQLProblem.cannotOpen`, which says what to change.
    public static func open(postgres settings: PostgresSettings) async throws -> Database {
        let pool = PostgresPool(settings)
        try await pool.check()
        return Database(.postgres(pool))
    }

    /// Wakes whoever waits for `Transaction.notify` on a channel, by any process.
    ///
    /// It wakes once as soon as it listens, and once after each time it could not for a while, since something may have
    /// been missed. Several notifications that come close together are one. Where there is one process (SQLite) it never
    /// wakes. It ends with the database.
    ///
    /// - Parameter channel: 1 to 63 bytes; a name out of the program.
    public func notifications(on channel: String) -> AsyncStream<Void> {
        switch engine {
        case .sqlite: AsyncStream(bufferingPolicy: .bufferingNewest(1)) { _ in }
        case .postgres(let pool): pool.listener.notifications(on: channel)
        }
    }

    /// Runs statements that may not stand in a transaction, such as `CREATE DATABASE`. For tests and tools.
    package func executeOutsideTransaction(_ text: String) async throws {
        switch engine {
        case .sqlite(let pool): try await pool.connections.writeWithoutTransaction { try $0.execute(sql: text) }
        case .postgres(let pool): try await pool.runOutsideTransaction(text)
        }
    }
}
