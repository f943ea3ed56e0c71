internal import Foundation
internal import GRDB

extension Dialect {
    /// Types whose values SQLite keeps like others. The declared name tells them apart again; what it ends in is what gives
    /// the column its affinity (sqlite.org/datatype3.html §3.1).
    enum SQLiteType: String {
        case id = "ID_BLOB"
        case boolean = "BOOL_INTEGER"
        case vector = "VECTOR_BLOB"
    }

    static func spelledForSQLite(_ text: String) -> String {
        spelled(
            text,
            words: [
                "ID": SQLiteType.id.rawValue, "INSTANT": "INTEGER", "BYTES": "BLOB", "REAL8": "REAL", "JSON": "TEXT",
                "BOOL": SQLiteType.boolean.rawValue, "VECTOR": SQLiteType.vector.rawValue,
            ],
            casts: ["ID": "BLOB", "BOOL": "INTEGER", "VECTOR": "BLOB"])
    }

    /// The whole schema in a stable order: tables first, then indexes, triggers and views, each by name. The tables that
    /// the engine makes for itself are left out.
    static let sqliteSchema: SQL = """
        SELECT sql FROM sqlite_schema
        WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite#_%' ESCAPE '#'
          AND tbl_name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow')
        ORDER BY CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 WHEN 'trigger' THEN 2 ELSE 3 END, name
        """

    /// Table and column of all ordinary columns of ordinary tables, in order, with the place of each in the primary key.
    static let sqliteColumns: SQL = """
        SELECT tables.name, columns.name, columns.pk FROM pragma_table_list AS tables JOIN pragma_table_xinfo(tables.name) AS columns
        WHERE tables.schema = 'main' AND tables.type = 'table' AND tables.name NOT LIKE 'sqlite#_%' ESCAPE '#' AND columns.hidden = 0
        ORDER BY tables.name, columns.cid
        """

    /// Which table has a foreign key to which.
    static let sqliteReferences: SQL = """
        SELECT DISTINCT tables.name, keys."table" FROM pragma_table_list AS tables JOIN pragma_foreign_key_list(tables.name) AS keys
        WHERE tables.schema = 'main' AND tables.type = 'table'
        """
}
