// Full text, which the engines do each in a way of its own. Words are cut by the caller, so both have the same ones; the tables
// behind it are described in the migration that makes them.

extension SQL {
    /// A word to look up, or how words begin.
    public struct WordForm: Hashable, Sendable {
        /// Letters, digits and marks, and beyond ASCII any sign but white space.
        public var word: String
        /// Whether longer words that begin like this will do.
        public var isBeginning: Bool

        /// A word as it is, unless it is a beginning.
        public init(_ word: String, isBeginning: Bool = false) {
            self.word = word
            self.isBeginning = isBeginning
        }
    }

    /// A `SELECT` of the numbers of those rows of `table` whose words hold one of these, looked up in the index of words.
    ///
    /// - Parameters:
    ///   - forms: at least one.
    ///   - table: one with words of its own, made for this.
    public static func numbers(in table: SQL, holdingAny forms: [WordForm]) -> SQL {
        // Between quotes a word is never an operator (sqlite.org/fts5.html#fts5_strings; PostgreSQL, "Text Search Types").
        let sqlite = forms.map { "\"" + $0.word + ($0.isBeginning ? "\" *" : "\"") }.joined(separator: " OR ")
        let postgres = forms.map { "'" + $0.word + ($0.isBeginning ? "':*" : "'") }.joined(separator: " | ")
        return SQL(
            sqlite: "SELECT rowid AS number FROM \(table)_index WHERE \(table)_index MATCH \(sqlite)",
            postgres: "SELECT \(table).number FROM \(table) WHERE \(table).tokens @@ CAST(\(postgres) AS tsquery)")
    }
}
