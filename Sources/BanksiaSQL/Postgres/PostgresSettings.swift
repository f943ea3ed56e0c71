/// How to reach a PostgreSQL server, version 15 or newer, that has the extension pgvector.
public struct PostgresSettings: Sendable {
    /// A libpq URL (`postgresql://user:password@host:5432/name?sslmode=verify-full`) or keyword string (`host=… dbname=…`).
    /// It may hold a password, so it is never logged and never part of an error.
    public var url: String
    /// How many connections this process holds at most, besides one for those who listen. Each serves one transaction at a time.
    public var connections: Int
    /// How long one attempt to connect to one address may take; whole seconds, at least two (libpq).
    public var connectTimeout: Duration
    /// How long one statement may run.
    public var statementTimeout: Duration
    /// How long one statement may wait for a lock, and a transaction for a free connection.
    public var lockTimeout: Duration

    public init(
        url: String, connections: Int = 8, connectTimeout: Duration = .seconds(5), statementTimeout: Duration = .seconds(60),
        lockTimeout: Duration = .seconds(10)
    ) {
        self.url = url
        self.connections = connections
        self.connectTimeout = connectTimeout
        self.statementTimeout = statementTimeout
        self.lockTimeout = lockTimeout
    }
}

extension Duration {
    /// Whole milliseconds, at least one: the servers take 0 for no limit.
    var milliseconds: Int64 { max(1, components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000) }
}
