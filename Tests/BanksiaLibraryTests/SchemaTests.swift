import BanksiaLibrary
import BanksiaSQL
import BanksiaTestKit
import Foundation
import Testing

@testable import BanksiaLibrary

@Suite("The schema") struct SchemaTests {
    @Test func `all tables stand on one page`() async throws {
        let world = try await World()
        let schema = try await world.database.schema() + "\n"
        let page = TestEngine.current == .embedded ? "schema/sqlite.sql" : "schema/postgres.sql"
        #expect(try Golden.kept(page, schema) == schema, "run `make goldens` if the change is meant")
    }

    /// A list must walk an index in its own order: a sort or a scan of the table would grow with the library.
    @Test(.readsSQLitePlans, arguments: [Library.State.live, .trashed, .all], [ListOrder.ascending, .descending])
    func `a list of assets walks an index`(state: Library.State, order: ListOrder) async throws {
        let world = try await World()
        let ana = try await world.user("ana")
        let library = try await world.libraryID(of: ana)
        let query = AssetQuery(filter: AssetFilter(state: state), order: order)
        let statement = AssetStore.listStatement(query, in: library, after: nil, by: ana)

        let plan = try await world.database.read { tx in
            try tx.rows("EXPLAIN QUERY PLAN \(statement)") { try $0.value(3, as: String.self) }
        }

        #expect(plan.contains { $0.hasPrefix("SEARCH asset USING INDEX asset_") }, "\(plan)")
        #expect(!plan.contains { $0.contains("TEMP B-TREE FOR ORDER BY") || $0.hasPrefix("SCAN asset") }, "\(plan)")
    }
}
