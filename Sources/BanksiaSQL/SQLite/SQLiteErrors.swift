internal import GRDB

extension Dialect {
    /// An engine's error in our words; anything else as it is.
    static func translated(_ error: any Error) -> any Error {
        guard let error = error as? DatabaseError else { return error }
        let message = error.message ?? ""
        switch error.extendedResultCode {
        case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY, .SQLITE_CONSTRAINT_ROWID:
            return SQLProblem.uniqueViolation(columns: subject(of: message).split(separator: ", ").map(String.init))
        case .SQLITE_CONSTRAINT_FOREIGNKEY: return SQLProblem.foreignKeyViolation
        // ON DELETE RESTRICT is carried out by a trigger of the engine's own and says so.
        case .SQLITE_CONSTRAINT_TRIGGER where message.hasPrefix("FOREIGN KEY"): return SQLProblem.foreignKeyViolation
        case .SQLITE_CONSTRAINT_NOTNULL: return SQLProblem.notNullViolation(column: subject(of: message))
        case .SQLITE_CONSTRAINT_CHECK: return SQLProblem.checkViolation(subject(of: message))
        default: break
        }
        switch error.resultCode {
        case .SQLITE_CONSTRAINT: return SQLProblem.checkViolation(message)
        case .SQLITE_BUSY, .SQLITE_LOCKED: return SQLProblem.busy
        case .SQLITE_FULL: return SQLProblem.diskFull
        case .SQLITE_READONLY, .SQLITE_PERM: return SQLProblem.readOnly
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: return SQLProblem.corrupt(message)
        case .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_PROTOCOL, .SQLITE_NOMEM: return SQLProblem.unavailable(message)
        case .SQLITE_INTERRUPT: return CancellationError()
        default: return SQLMistake(message, statement: error.sql ?? "")
        }
    }

    /// What follows the colon in "UNIQUE constraint failed: album.owner_id, album.name".
    private static func subject(of message: String) -> String {
        guard let colon = message.range(of: "failed: ") else { return message }
        return String(message[colon.upperBound...])
    }
}

extension String {
    /// The first place of `part`.
    fileprivate func range(of part: String) -> Range<String.Index>? { firstRange(of: part) }
}
