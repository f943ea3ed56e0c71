internal import Foundation

extension PostgresFault {
    /// Serialization failure, deadlock (PostgreSQL, appendix A, "Error Codes"; also for the codes below).
    var isContention: Bool { state == "40001" || state == "40P01" }
    /// "cached plan must not change result type"; the prepared statement does not exist.
    var isStale: Bool { state == "26000" || state == "0A000" && message.hasPrefix("cached plan") }
    /// Stopped on request or by its time limit: the server has one code for both.
    var isCancellation: Bool { state == "57014" }
}

extension Dialect {
    /// An error of the server in our words.
    static func translated(_ fault: PostgresFault, statement: String) -> any Error {
        switch fault.state {
        case "23505": return SQLProblem.uniqueViolation(columns: columns(of: fault))
        case "23503", "23001": return SQLProblem.foreignKeyViolation
        case "23514": return SQLProblem.checkViolation(fault.constraint)
        // What a trigger of ours refuses.
        case "P0001": return SQLProblem.checkViolation(fault.message)
        case "23502": return SQLProblem.notNullViolation(column: "\(fault.table).\(fault.column)")
        case "22021": return SQLProblem.zeroInText
        case "40001", "40P01", "55P03": return SQLProblem.busy
        case "57014": return SQLProblem.timedOut
        case "53100": return SQLProblem.diskFull
        case "25006": return SQLProblem.readOnly
        // No serial transactions while a server only follows another ("Hot Standby", caveats).
        case "0A000" where statement.hasPrefix("BEGIN"): return SQLProblem.readOnly
        case "42501": return SQLProblem.forbidden(fault.message)
        case "XX001", "XX002": return SQLProblem.corrupt(fault.message)
        default: break
        }
        // Connection, resources, operator's intervention, system, credentials, unknown database.
        let classes = ["08", "53", "57", "58", "28", "3D"]
        if fault.isBroken || classes.contains(String(fault.state.prefix(2))) {
            return SQLProblem.unavailable(fault.message)
        }
        // What is wrong with a value is told together with the value.
        let message = fault.state.hasPrefix("22") ? "a value that the server does not take" : fault.message
        return SQLMistake("\(message) (\(fault.state))", statement: statement)
    }

    /// The columns of a unique index, as `table.column`, out of `Key (owner_id, name)=(1, Coast) already exists.` The words
    /// around the brackets differ by language. Without rights on the columns the server does not name them.
    private static func columns(of fault: PostgresFault) -> [String] {
        guard let start = fault.detail.firstIndex(of: "("), let end = fault.detail.firstRange(of: ")=("), start < end.lowerBound
        else { return [fault.constraint] }
        return fault.detail[fault.detail.index(after: start)..<end.lowerBound].split(separator: ", ").map {
            "\(fault.table).\($0.trimmingCharacters(in: ["\""]))"
        }
    }
}

extension PostgresRefusal {
    /// What is wrong and what to change, for whoever starts the program.
    var advice: String {
        switch self {
        case .unreadableURL:
            "The database URL cannot be read. Write it as postgresql://user:password@host:5432/name, with special characters in "
                + "user and password percent-encoded."
        case .needsPassword: "PostgreSQL asks for a password. Put one into the database URL."
        case .encoding(let name): "The database keeps text as \(name). Make one with ENCODING 'UTF8' and name that."
        case .version(let version): "The PostgreSQL server has version \(version). Use one of version 15 or newer."
        case .message(let text): "PostgreSQL could not be opened: \(Self.sentence(text)) \(Self.hint(text))"
        }
    }

    /// The words of libpq stand on several lines, and end with a mark or none.
    private static func sentence(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return line.last.map { ".?!".contains($0) } == true ? line : line + "."
    }

    /// The server has no codes for what goes wrong before a session begins, only words, in its own language; so each hint
    /// says a little more than the general one, which is right for all.
    private static func hint(_ text: String) -> String {
        let hints = [
            ("password authentication failed", "Check user and password in the database URL."),
            ("certificate", "Check the server's certificate and sslmode and sslrootcert in the database URL."),
            ("SSL", "Check sslmode in the database URL and whether the server offers TLS."),
            ("could not translate host name", "Check the host in the database URL."),
            ("Connection refused", "Check that the server runs, and host and port in the database URL."),
            ("timeout expired", "Check host and port in the database URL, and the network between."),
            ("too many", "Lower the number of connections or raise max_connections of the server."),
            ("does not exist", "Check user and database name in the database URL, or create them."),
            ("pg_hba.conf", "Allow this host, user and database in the server's pg_hba.conf."),
        ]
        return hints.first { text.contains($0.0) }?.1
            ?? "Check host, port, database, user and password in the database URL."
    }
}
