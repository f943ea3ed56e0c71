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

    /// All tables with their columns, those that others point to before those others, otherwise by name. So rows may be
    /// copied table by table, in this order into an empty database and in the reverse order out of one.
    ///
    /// Left out are the note of which migrations ran, columns that the engine computes, and tables it makes for itself.
    public func tables() async throws -> [(name: String, columns: [String])] {
        let (columnsStatement, referencesStatement) =
            switch engine {
            case .sqlite: (Dialect.sqliteColumns, Dialect.sqliteReferences)
            case .postgres: (Dialect.postgresColumns, Dialect.postgresReferences)
            }
        let (columns, references) = try await read { tx in
            (
                try tx.rows(columnsStatement) { try Pair($0) }.filter { $0.first != Migration.table },
                try tx.rows(referencesStatement) { try Pair($0) }
            )
        }
        let byTable = Dictionary(grouping: columns, by: \.first)
        let parents = Dictionary(grouping: references, by: \.first).mapValues { Set($0.map(\.second)) }
        return Self.parentsFirst(byTable.keys.sorted(), parents).map { ($0, byTable[$0, default: []].map(\.second)) }
    }

    private struct Pair: Sendable {
        let first: String
        let second: String

        init(_ row: Row) throws {
            first = try row.value(0)
            second = try row.value(1)
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
