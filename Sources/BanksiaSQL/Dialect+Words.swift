// Full text, the one kind of search that the engines do in ways of their own. Words are cut by the caller, so both have the
// same ones; the tables behind it are described in the migration that makes them.

extension SQL {
    /// The condition on a row of `table` that its words hold this one, looked up in the index of words.
    ///
    /// - Parameters:
    ///   - word: letters, digits and marks alone.
    ///   - table: one with words of its own, made for this.
    public static func hasWord(_ word: String, in table: SQL) -> SQL {
        // Between quotes a word is never an operator (sqlite.org/fts5.html#fts5_strings; PostgreSQL, "Text Search Types").
        SQL(
            sqlite: "\(table).number IN (SELECT rowid FROM \(table)_index WHERE \(table)_index MATCH \("\"" + word + "\""))",
            postgres: "\(table).tokens @@ CAST(\("'" + word + "'") AS tsquery)")
    }
}
