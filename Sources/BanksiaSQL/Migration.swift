public import BanksiaCore

/// One step of the schema's history. Once released it is never edited.
public struct Migration: Sendable {
    /// Its name, for example `0007-album-covers`. Never reused.
    public let id: String
    let statements: String

    /// - Parameter statements: SQL, several statements ended by `;`. Column types may be the words `ID`, `INSTANT`, `BYTES`,
    ///   `REAL8`, `JSON` and `BOOL`, which each engine spells its own way; besides them `TEXT` and `INTEGER` mean the same
    ///   everywhere.
    public init(id: String, _ statements: String) {
        self.id = id
        self.statements = statements
    }
}

extension Database {
    /// Brings the schema up to the last of `migrations`, each in a transaction of its own, in order.
    ///
    /// Which ones ran is kept in the table `schema_migration`. Two processes may do this at once: each step runs in one of them.
    ///
    /// - Parameter clock: for the time noted with each step.
    /// - Throws: `SQLProblem.newerSchema` when the database has a step that is not in the list; nothing is changed then.
    public func migrate(_ migrations: [Migration], clock: any WallClock = SystemClock()) async throws {
        precondition(Set(migrations.map(\.id)).count == migrations.count, "two migrations have the same id")
        let known = Set(migrations.map(\.id))
        try await write { tx in
            try tx.runScript(
                "CREATE TABLE IF NOT EXISTS schema_migration (id TEXT NOT NULL PRIMARY KEY, applied_at INSTANT NOT NULL)")
            let applied = try tx.rows("SELECT id FROM schema_migration ORDER BY applied_at, id") {
                try $0.value(0, as: String.self)
            }
            if let unknown = applied.last(where: { !known.contains($0) }) { throw SQLProblem.newerSchema(unknown) }
        }
        for migration in migrations {
            try await write { [now = clock.now] tx in
                let isNew = try tx.execute(
                    """
                    INSERT INTO schema_migration (id, applied_at) VALUES (\(migration.id), \(now))
                    ON CONFLICT (id) DO NOTHING
                    """)
                if isNew == 1 { try tx.runScript(migration.statements) }
            }
        }
    }
}
