// Full text, which the engines do each in a way of its own. Words are cut by the caller, so both have the same ones; the tables
// behind it are described in the migration that makes them.

extension SQL {
    /// A `SELECT` of the numbers of those rows of `table` whose words hold this one, looked up in the index of words.
    ///
    /// - Parameters:
    ///   - word: letters, digits and marks, and beyond ASCII any sign but white space.
    ///   - table: one with words of its own, made for this.
    public static func numbers(in table: SQL, holding word: String) -> SQL {
        // Between quotes a word is never an operator (sqlite.org/fts5.html#fts5_strings; PostgreSQL, "Text Search Types").
        SQL(
            sqlite: "SELECT rowid AS number FROM \(table)_index WHERE \(table)_index MATCH \("\"" + word + "\"")",
            postgres: "SELECT \(table).number FROM \(table) WHERE \(table).tokens @@ CAST(\("'" + word + "'") AS tsquery)")
    }
}
