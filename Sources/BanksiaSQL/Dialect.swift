// What stores say in the words of no engine, and migrations in type words. How each engine spells it stands in the files
// `Dialect+SQLite.swift` and `Dialect+Postgres.swift`.

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
    ///
    /// Both engines have a function of this name: SQLite in each connection, PostgreSQL in the schema.
    public static func caseFolded(_ expression: SQL) -> SQL { "banksia_fold(\(expression))" }

    /// In how many of their 64 bits two whole numbers differ.
    public static func differingBits(_ one: SQL, _ other: SQL) -> SQL {
        SQL(
            sqlite: "banksia_differing_bits(\(one), \(other))",
            postgres: "CAST(bit_count(CAST(CAST(\(one) AS BIGINT) # CAST(\(other) AS BIGINT) AS BIT(64))) AS BIGINT)")
    }

    /// A column as something to compare with alone, not as a way to find rows, where the statement names a better one.
    ///
    /// SQLite knows no statistics here and would rather walk a long index in the order of the answer than look a few rows up
    /// and sort them; a plus sign keeps it from that (sqlite.org/optoverview.html#disqualifying_where_clause_terms_using_unary_).
    /// PostgreSQL counts its rows and decides for itself.
    public static func notByIndex(_ column: SQL) -> SQL { SQL(sqlite: "+\(column)", postgres: column) }

    /// Ends a `SELECT` of rows that several workers compete for. SQLite has one writer, so nothing is needed.
    public static var claimLock: SQL { SQL(sqlite: .empty, postgres: "FOR UPDATE SKIP LOCKED") }

    /// Ends a `SELECT` of rows that this transaction will change: whoever else wants to change them waits.
    public static var rowLock: SQL { SQL(sqlite: .empty, postgres: "FOR UPDATE") }
}

/// What differs between the engines.
enum Dialect {
    /// A migration's text with its type words replaced. Quoted text and comments stay as they are.
    ///
    /// - Parameters:
    ///   - words: what each type word becomes in the definition of a column.
    ///   - casts: what it becomes after `AS`, where that differs.
    static func spelled(_ text: String, words: [String: String], casts: [String: String] = [:]) -> String {
        var result = ""
        var rest = Substring(text)
        var last: Substring = ""
        while let first = rest.first {
            if first.isLetter || first == "_" {
                let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
                let cast = last.uppercased() == "AS" ? casts[String(word)] : nil
                result += cast ?? words[String(word)] ?? String(word)
                rest = rest.dropFirst(word.count)
                last = word
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

    /// - Throws: `SQLProblem.zeroInText`.
    static func requireNoZero(in text: String) throws(SQLProblem) {
        guard !text.utf8.contains(0) else { throw .zeroInText }
    }
}

extension String {
    /// A name between quotes, as both engines take it.
    var quotedName: String { "\"" + split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\"" }
}
