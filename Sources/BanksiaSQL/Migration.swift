public import BanksiaCore

/// One step of the schema's history. Once released it is never edited.
public struct Migration: Sendable {
    /// Its name, for example `0007-album-covers`. Never reused.
    public let id: String
    let statements: String
    let sqlite: String
    let postgres: String

    /// - Parameters:
    ///   - statements: SQL, several statements ended by `;`. Column types may be the words `ID`, `INSTANT`, `BYTES`, `REAL8`,
    ///     `JSON`, `BOOL` and `VECTOR`, which each engine spells its own way; besides them `TEXT`, `INTEGER` and `BIGINT`
    ///     mean the same everywhere. A vector is one of `[Float]`; `VECTOR(512)` says of how many.
    ///   - sqlite: what only SQLite needs, run after the common ones.
    ///   - postgres: what only PostgreSQL needs, run after the common ones.
    public init(id: String, _ statements: String, sqlite: String = "", postgres: String = "") {
        self.id = id
        self.statements = statements
        self.sqlite = sqlite
        self.postgres = postgres
    }

    /// Where it is kept which migrations ran.
    static let table = "schema_migration"
}

extension Database {
    /// Brings the schema up to the last of `migrations`, each in a transaction of its own, in order.
    ///
    /// Which ones ran is kept in the table `schema_migration`. Several processes may do this at once: each step runs in one
    /// of them. On PostgreSQL this is also what makes the extension and the function that statements rely on.
    ///
    /// - Parameter clock: for the time noted with each step.
    /// - Throws: `SQLProblem.newerSchema` when the database has a step that is not in the list; nothing is changed then.
    public func migrate(_ migrations: [Migration], clock: any WallClock = SystemClock()) async throws {
        precondition(Set(migrations.map(\.id)).count == migrations.count, "two migrations have the same id")
        let known = Set(migrations.map(\.id))
        switch engine {
        case .sqlite:
            try await write { tx in try Migration.begin(known, tx) }
            for migration in migrations { try await write { [now = clock.now] tx in try migration.run(at: now, tx) } }
        case .postgres(let pool):
            try await pool.migrating(counter) { run in
                try run { tx in
                    try Migration.begin(known, tx)
                    try Dialect.preparePostgres(tx)
                }
                for migration in migrations { try run { [now = clock.now] tx in try migration.run(at: now, tx) } }
            }
        }
    }
}

extension Migration {
    /// Makes the table of migrations, and refuses a database that has others than the `known`.
    fileprivate static func begin(_ known: Set<String>, _ tx: borrowing Transaction) throws {
        try tx.runScript("CREATE TABLE IF NOT EXISTS \(table) (id TEXT NOT NULL PRIMARY KEY, applied_at INSTANT NOT NULL)")
        let applied = try tx.rows("SELECT id FROM schema_migration ORDER BY applied_at, id") { try $0.value(0, as: String.self) }
        if let unknown = applied.last(where: { !known.contains($0) }) { throw SQLProblem.newerSchema(unknown) }
    }

    fileprivate func run(at now: Instant, _ tx: borrowing Transaction) throws {
        let isNew = try tx.execute(
            "INSERT INTO schema_migration (id, applied_at) VALUES (\(id), \(now)) ON CONFLICT (id) DO NOTHING")
        guard isNew == 1 else { return }
        try tx.runScript(statements)
        switch tx.engine {
        case .sqlite: try tx.runScript(sqlite)
        case .postgres: try tx.runScript(postgres)
        }
    }
}
