internal import Foundation
internal import GRDB

// All that differs between engines. Today there is one, SQLite; what PostgreSQL says otherwise is noted at each place.

extension SQL {
    /// A list of values for `IN`, in parentheses.
    ///
    /// The last value is repeated until their number is a power of two, so that lists of all lengths share a few
    /// prepared statements. An empty list is `(NULL)`, which no value is in.
    public static func list(_ values: some Collection<some SQLBindable>) -> SQL {
        guard let first = values.first else { return "(NULL)" }
        var pieces = values.map { SQL($0) }
        let size = 1 << (Int.bitWidth - (pieces.count - 1).leadingZeroBitCount)
        pieces += Array(repeating: pieces.last ?? SQL(first), count: size - pieces.count)
        return "(" + joined(pieces, separator: ", ") + ")"
    }

    /// Text in the form in which upper and lower case are the same, for all alphabets. Not for use in an index.
    public static func caseFolded(_ expression: SQL) -> SQL { "banksia_fold(\(expression))" }

    /// Ends a `SELECT` of rows that several workers compete for. SQLite has one writer, so nothing is needed
    /// (PostgreSQL: `FOR UPDATE SKIP LOCKED`).
    public static var claimLock: SQL { empty }
}

enum Dialect {
    /// How a value is bound.
    ///
    /// - Throws: `SQLProblem.zeroInText`.
    static func bound(_ value: SQLValue) throws(SQLProblem) -> DatabaseValue {
        switch value {
        case .null: return .null
        case .boolean(let value): return (value ? 1 : 0).databaseValue
        case .integer(let value): return value.databaseValue
        case .real(let value): return value.databaseValue
        case .text(let value):
            guard !value.utf8.contains(0) else { throw .zeroInText }
            return value.databaseValue
        case .bytes(let value): return Data(value).databaseValue
        case .uuid(let value): return withUnsafeBytes(of: value.uuid) { Data($0) }.databaseValue
        }
    }

    /// The type words of migrations.
    private static let types = [
        "ID": "BLOB", "INSTANT": "INTEGER", "BYTES": "BLOB", "REAL8": "REAL", "JSON": "TEXT", "BOOL": "INTEGER",
    ]

    /// A migration's text with its type words spelled for the engine. Quoted text and comments stay as they are.
    static func spelled(_ text: String) -> String {
        var result = ""
        var rest = Substring(text)
        while let first = rest.first {
            if first.isLetter || first == "_" {
                let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
                result += types[String(word)] ?? String(word)
                rest = rest.dropFirst(word.count)
            } else {
                let length = quotedLength(rest)
                result += rest.prefix(length)
                rest = rest.dropFirst(length)
            }
        }
        return result
    }

    /// How many characters from the start of `text` belong to a quoted text, a name in quotes or a comment; else 1.
    private static func quotedLength(_ text: Substring) -> Int {
        func length(through end: Character) -> Int {
            let body = text.dropFirst()
            return body.firstIndex(of: end).map { text.distance(from: text.startIndex, to: $0) + 1 } ?? text.count
        }
        switch text.first {
        case "'": return length(through: "'")
        case "\"": return length(through: "\"")
        case "-" where text.hasPrefix("--"): return length(through: "\n")
        default: return 1
        }
    }

    /// The whole schema in a stable order: tables first, then indexes, triggers and views, each by name. The tables that
    /// the engine makes for itself are left out.
    static let schema: SQL = """
        SELECT sql FROM sqlite_schema
        WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite#_%' ESCAPE '#'
          AND tbl_name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow')
        ORDER BY CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 WHEN 'trigger' THEN 2 ELSE 3 END, name
        """
}
