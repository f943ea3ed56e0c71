/// The commands around statements. Each connection has them prepared from its start, under their own names.
enum PostgresControl: String, CaseIterable {
    // One unchanging state for the whole read (PostgreSQL, "Repeatable Read Isolation Level").
    case beginRead = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    case beginSerial = "BEGIN ISOLATION LEVEL SERIALIZABLE"
    case beginCommitted = "BEGIN ISOLATION LEVEL READ COMMITTED"
    case commit = "COMMIT"
    case rollBack = "ROLLBACK"
    case unlock = "SELECT pg_advisory_unlock_all()"

    var name: String { "control: \(rawValue)" }
}
