extension Database {
    /// The whole schema as SQL, in a stable order.
    public func schema() async throws -> String {
        let statement =
            switch engine {
            case .sqlite: Dialect.sqliteSchema
            case .postgres: Dialect.postgresSchema
            }
        return try await read { tx in try tx.rows(statement) { try $0.value(0, as: String.self) } }.map { $0 + ";\n" }.joined(
            separator: "\n")
    }

    /// All tables, those that others point to before those others, otherwise by name. So rows may be copied table by table, in
    /// this order into an empty database and in the reverse order out of one.
    ///
    /// Left out are the note of which migrations ran, columns that the engine computes, and tables it makes for itself.
    public func tables() async throws -> [SQLTable] {
        let (columnsStatement, referencesStatement) =
            switch engine {
            case .sqlite: (Dialect.sqliteColumns, Dialect.sqliteReferences)
            case .postgres: (Dialect.postgresColumns, Dialect.postgresReferences)
            }
        let (columns, references) = try await read { tx in
            (
                try tx.rows(columnsStatement) { try Column($0) }.filter { $0.table != Migration.table },
                try tx.rows(referencesStatement) {
                    (child: try $0.value(0, as: String.self), parent: try $0.value(1, as: String.self))
                }
            )
        }
        let byTable = Dictionary(grouping: columns, by: \.table)
        let parents = Dictionary(grouping: references, by: \.child).mapValues { Set($0.map(\.parent)) }
        return Self.parentsFirst(byTable.keys.sorted(), parents).map { name in
            let columns = byTable[name, default: []]
            let key = columns.filter { $0.keyPosition > 0 }.sorted { $0.keyPosition < $1.keyPosition }
            return SQLTable(name: name, columns: columns.map(\.name), key: key.map(\.name))
        }
    }

    private struct Column: Sendable {
        let table: String
        let name: String
        /// From 1; 0 for a column that is not of the primary key.
        let keyPosition: Int

        init(_ row: Row) throws {
            table = try row.value(0)
            name = try row.value(1)
            keyPosition = try row.value(2)
        }
    }

    /// Takes again and again the first name whose parents were all taken. Of names that point at each other in a circle
    /// the first is taken when nothing else is left.
    private static func parentsFirst(_ names: [String], _ parents: [String: Set<String>]) -> [String] {
        var left = names
        var order: [String] = []
        while !left.isEmpty {
            let remaining = Set(left)
            let next = left.firstIndex { parents[$0, default: []].subtracting([$0]).isDisjoint(with: remaining) } ?? 0
            order.append(left.remove(at: next))
        }
        return order
    }
}

/// A table of the schema.
public struct SQLTable: Sendable, Hashable {
    public let name: String
    /// In the order of the schema.
    public let columns: [String]
    /// The columns of its primary key, in its order.
    public let key: [String]
}
