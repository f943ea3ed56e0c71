import BanksiaSQL

extension Schema {
    /// What is written in a library, each word and name once: to find the word that a misspelt one means, to know a place or
    /// a camera in a query, and to offer them while someone types.
    ///
    /// It only grows, and nothing is shown of it that no asset bears out: a name that is gone counts nothing and is left out.
    /// Misspelt words are found by the threes of letters that they share with the right one, in a table and not by what the
    /// engines have for it, so that both answer the same (`docs/decisions/0023-words-in-the-engines.md`).
    static let vocabulary = Migration(
        id: "0020-vocabulary",
        """
        CREATE TABLE vocabulary (
            library_id ID NOT NULL REFERENCES library (id) ON DELETE CASCADE,
            -- 'word', 'place' or 'camera'
            kind TEXT NOT NULL,
            -- folded, words with one space between
            text TEXT NOT NULL,
            -- as it was written first
            name TEXT NOT NULL,
            PRIMARY KEY (library_id, kind, text)
        );
        CREATE TABLE vocabulary_three (
            library_id ID NOT NULL REFERENCES library (id) ON DELETE CASCADE,
            three TEXT NOT NULL,
            word TEXT NOT NULL,
            PRIMARY KEY (library_id, three, word)
        );
        """)
}
