/// SQL as one engine takes it: text with a mark in the place of each value, and the values in the order of the marks.
struct SQLStatement {
    private(set) var text = ""
    private(set) var values: [SQLValue] = []

    /// How an engine marks the place of a value, and which of two spellings is its own.
    enum Marks {
        /// `?`, in order of appearance (sqlite.org/lang_expr.html#varparam).
        case question
        /// `$1`, `$2` … (PostgreSQL, "Positional Parameters").
        case numbered
    }

    init(_ sql: SQL, marks: Marks) {
        // Most statements are a few hundred bytes long.
        if sql.pieces.count > 1 { text.reserveCapacity(512) }
        append(sql.pieces, marks)
    }

    private mutating func append(_ pieces: [SQL.Piece], _ marks: Marks) {
        for piece in pieces {
            switch (piece, marks) {
            case (.text(let piece), _): text += piece
            case (.value(let value), .question):
                values.append(value)
                text += "?"
            case (.value(let value), .numbered):
                values.append(value)
                text += "$\(values.count)"
            case (.spelled(let pieces, _), .question): append(pieces, marks)
            case (.spelled(_, let pieces), .numbered): append(pieces, marks)
            }
        }
    }
}

extension SQL {
    /// The text with a `?` in the place of each value, in order.
    package var text: String { SQLStatement(self, marks: .question).text }
    /// The values, in order.
    package var values: [SQLValue] { SQLStatement(self, marks: .question).values }
}
