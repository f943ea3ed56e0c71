public import BanksiaCore

/// What the database refused, in the words of no particular engine.
///
/// A statement that is wrong in itself throws `SQLMistake` instead, which is no `Problem`: callers cannot help it.
public enum SQLProblem: Problem, Hashable {
    /// A row with these values is already there. The columns as `table.column`, in the order of the index.
    case uniqueViolation(columns: [String])
    /// A row points to one that does not exist, or one that is pointed to was to be deleted.
    case foreignKeyViolation
    /// A `CHECK` does not hold, or a trigger refused; its name or text.
    case checkViolation(String)
    /// A column, as `table.column`, must have a value.
    case notNullViolation(column: String)
    /// A text holds the character U+0000, which engines cut at (SQLite) or refuse (PostgreSQL).
    case zeroInText
    /// Someone else held the database.
    case busy
    /// A statement took longer than it may.
    case timedOut
    /// There is no room left to write to.
    case diskFull
    /// The database may not be written to.
    case readOnly
    /// The file is not a database, or the database is damaged.
    case corrupt(String)
    /// The database cannot be reached, opened, read or written; the engine's own words, which are for the log.
    case unavailable(String)
    /// The database does not let this program's role do something; the engine's own words, which are for the log.
    case forbidden(String)
    /// The database cannot be opened as it is set up; what to change, for whoever starts the program.
    case cannotOpen(String)
    /// The database has a migration, named here, that this program does not know.
    case newerSchema(String)

    public var code: String {
        switch self {
        case .uniqueViolation, .foreignKeyViolation, .checkViolation, .notNullViolation: "conflict"
        case .zeroInText: "validation_error"
        case .busy, .timedOut, .newerSchema: "service_unavailable"
        case .diskFull, .readOnly, .corrupt, .unavailable, .forbidden, .cannotOpen: "storage_unavailable"
        }
    }

    public var kind: ProblemKind {
        switch self {
        case .uniqueViolation, .foreignKeyViolation, .checkViolation, .notNullViolation: .conflict
        case .zeroInText: .invalid
        case .busy, .timedOut, .newerSchema: .unavailable
        case .diskFull, .readOnly, .corrupt, .unavailable, .forbidden, .cannotOpen: .storageFailed
        }
    }

    public var detail: String {
        switch self {
        case .uniqueViolation: "Something with these values already exists."
        case .foreignKeyViolation: "Something this depends on does not exist, or is still in use."
        case .checkViolation, .notNullViolation: "A value is missing or out of its range."
        case .zeroInText: "A text may not hold the character U+0000."
        case .busy: "The database is busy. Try again in a moment."
        case .timedOut: "The database took too long to answer. Ask for less at once, or try again in a moment."
        case .diskFull: "The disk of the database is full. Make room and try again."
        case .readOnly:
            "The database may not be written to. Check the rights of its folder and that its disk is not mounted read-only, or that "
                + "its server is not a standby."
        case .corrupt: "The database is damaged. Restore it from a backup."
        case .unavailable: "The database cannot be reached, read or written. Check its disk and rights, or its server."
        case .forbidden:
            "The role that the database is used with lacks a right. Make it the owner of the database, or grant it what it needs."
        case .cannotOpen(let advice): advice
        case .newerSchema(let id):
            "The database was made by a newer Banksia (it has the change \(id)). Start that version, or restore a backup."
        }
    }
}

/// A statement that is wrong in itself: bad SQL, a missing bind, a column of another type. A fault of the program.
public struct SQLMistake: Error, CustomStringConvertible {
    /// What the engine, or the decoding, said.
    public let reason: String
    /// The text of the statement, without its values.
    public let statement: String

    init(_ reason: String, statement: String) {
        self.reason = reason
        self.statement = statement
    }

    public var description: String { "\(reason) in: \(statement)" }
}
