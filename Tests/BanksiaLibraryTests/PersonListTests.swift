import BanksiaCore
import BanksiaSQL
import BanksiaTestKit
import Foundation
import Testing

@testable import BanksiaLibrary

@Suite("Lists of people") struct PersonListTests {
    let there: PeopleWorld
    init() async throws { there = try await PeopleWorld() }

    @Test func `by default they have names, are not hidden, and the newest come first`() async throws {
        let anna = try await there.person("Anna"), nobody = try await there.person()
        let ben = try await there.person("Ben"), hidden = try await there.person("Cleo", hidden: true)

        #expect(try await there.list(PersonQuery()) == [ben.id, anna.id])
        #expect(try await there.list(PersonQuery(names: .unnamed)) == [nobody.id])
        #expect(try await there.list(PersonQuery(names: .all, includesHidden: true)) == [hidden.id, ben.id, nobody.id, anna.id])
        #expect(
            try await there.list(PersonQuery(ids: [anna.id, nobody.id], names: .all, sort: .oldest)) == [anna.id, nobody.id])
        #expect(try await there.list(PersonQuery(ids: [], names: .all)) == [])
        #expect(try await there.list(PersonQuery(names: .all, matchesNobody: true)) == [])
    }

    @Test func `a part of the name is enough, and signs stand for themselves`() async throws {
        let anna = try await there.person("Anna Müller"), odd = try await there.person("100%_#sure"), _ = try await there.person()
        func named(_ part: String) async throws -> [PersonID] { try await there.list(PersonQuery(namePart: part, names: .all)) }
        #expect(try await named("MÜLL") == [anna.id])
        #expect(try await named("%_#S") == [odd.id])
        #expect(try await named("_nna") == [])
        #expect(try await named("%") == [odd.id])
    }

    @Test(arguments: [1, 2, 3, 10], PersonQuery.Sort.allCases)
    func `a cursor visits everyone once, in order`(limit: Int, sort: PersonQuery.Sort) async throws {
        let photos = [try await there.world.photo(of: there.ana), try await there.world.photo(of: there.ana)]
        await there.world.close()
        var made: [Person] = []
        for name in ["émile", nil, "Zoë", "Eve", nil, "emil", "Anna"] { made.append(try await there.person(name)) }
        for (person, count) in [(3, 2), (1, 1), (6, 1), (5, 1)] {
            for photo in photos.prefix(count) { _ = try await there.face(photo, of: made[person]) }
        }

        var visited: [PersonID] = []
        var query = PersonQuery(names: .all, sort: sort, limit: limit)
        while true {
            let page = try await there.people.list(query, in: there.library, by: there.ana)
            visited += page.items.map(\.id)
            #expect(page.items.count <= limit)
            guard page.hasMore, let last = page.items.last else { break }
            query.startingAfter = "\(last.id)"
        }

        func ids(_ numbers: [Int]) -> [PersonID] { numbers.map { made[$0].id } }
        let fewest = ids([0, 2, 4]).sorted() + ids([1, 5, 6]).sorted() + ids([3])
        let expected =
            switch sort {
            case .oldest: ids([0, 1, 2, 3, 4, 5, 6])
            case .newest: ids([6, 5, 4, 3, 2, 1, 0])
            case .nameAscending: ids([6, 5, 0, 3, 2, 1, 4])
            case .nameDescending: ids([2, 3, 0, 5, 6, 4, 1])
            case .fewestAssets: fewest
            case .mostAssets: Array(fewest.reversed())
            }
        #expect(visited == expected)
    }

    @Test func `a cursor that names nobody of the library is refused`() async throws {
        let other = try await there.world.library.libraries.create(Name("Other"), description: nil, by: there.ana).record.id
        let stranger = try await there.people.create(NewPerson(), in: other, by: there.ana).record
        for cursor in ["person_x", "\(PersonID(uuid: .init()))", "\(stranger.id)"] {
            await #expect(throws: PersonProblem.cursor) { try await there.list(PersonQuery(startingAfter: cursor)) }
        }
        await #expect(throws: PersonProblem.nameOrderOfUnnamed) {
            try await there.list(PersonQuery(names: .unnamed, sort: .nameAscending))
        }
    }

    @Test func `who is seen in an asset or an album is found by it, while the asset is live`() async throws {
        let anna = try await there.person("Anna"), ben = try await there.person("Ben")
        let photo = try await there.world.photo(of: there.ana), other = try await there.world.photo(of: there.ana)
        await there.world.close()
        let albums = there.world.library.albums
        let album = try await albums.create("Coast", description: nil, in: there.library, .alwaysNew, by: there.ana).record
        _ = try await albums.add(["\(photo.id)"], to: "\(album.id)", by: there.ana)
        _ = try await there.face(photo, of: anna)
        _ = try await there.face(photo, of: anna)
        _ = try await there.face(other, of: ben)
        #expect(try await there.list(PersonQuery(asset: photo.id)) == [anna.id])
        #expect(try await there.list(PersonQuery(asset: other.id)) == [ben.id])
        #expect(try await there.list(PersonQuery(album: album.id)) == [anna.id])
        #expect(try await there.people.get("\(anna.id)", by: there.ana).assetCount == 1)

        try await setTrashed(photo.id, at: there.world.clock.now)
        #expect(try await there.list(PersonQuery(asset: photo.id)) == [])
        #expect(try await there.list(PersonQuery(album: album.id)) == [])
        let hidden = try await there.people.get("\(anna.id)", by: there.ana)
        #expect(hidden.assetCount == 0 && hidden.thumbnailFaceID == nil)
        try await setTrashed(photo.id, at: nil)
        #expect(try await there.people.get("\(anna.id)", by: there.ana).assetCount == 1)
    }

    private func setTrashed(_ asset: AssetID, at time: Instant?) async throws {
        try await there.world.database.write { tx in
            try tx.execute("UPDATE asset SET trashed_at = \(time) WHERE id = \(asset)")
            try PersonStore.recountPeople(in: [asset], tx)
        }
    }

    @Test func `a list costs the same number of statements however long it is`() async throws {
        func costs() async throws -> [Int] {
            var costs: [Int] = []
            for sort in PersonQuery.Sort.allCases {
                costs.append(
                    try await there.statements { _ = try await there.list(PersonQuery(names: .all, sort: sort, limit: 200)) })
            }
            return costs
        }
        let photo = try await there.world.photo(of: there.ana)
        await there.world.close()
        let empty = try await costs()
        for number in 0..<9 { _ = try await there.face(photo, of: there.person(number < 5 ? "Person \(number)" : nil)) }
        #expect(try await costs() == empty)
    }

    /// A list must walk an index in its own order: a sort or a scan of the table would grow with the library.
    @Test(.readsSQLitePlans, arguments: PersonQuery.Sort.allCases, PersonQuery.Names.allCases)
    func `a list walks an index`(sort: PersonQuery.Sort, names: PersonQuery.Names) async throws {
        let query = PersonQuery(names: names, sort: sort)
        guard !sort.isByName || names != .unnamed else { return }
        let plans = try await there.world.database.read { tx in
            try query.stretches().map { stretch, names in
                let statement = PersonStore.listStatement(
                    query, stretch, names, in: there.library, after: nil, limit: 21, by: there.ana)
                return try tx.rows("EXPLAIN QUERY PLAN \(statement)") { try $0.value(3, as: String.self) }
            }
        }
        for plan in plans {
            #expect(plan.contains { $0.hasPrefix("SEARCH person USING INDEX person_") }, "\(plan)")
            #expect(plan.contains { $0.hasPrefix("SEARCH face USING INDEX face_portrait") }, "\(plan)")
            #expect(!plan.contains { $0.contains("TEMP B-TREE FOR ORDER BY") || $0.hasPrefix("SCAN person") }, "\(plan)")
        }
    }
}

@Suite("Order of names") struct NameOrderTests {
    @Test func `letters come first, then accents, then small before capital`() {
        let order = [
            "2 Brothers", "aaron", "Aaron", "Ábel", "Åberg", "anna", "Anna", "Änna", "Anna B", "annabel", "de la Cruz",
            "De-la-Cruz",
            "Ole", "Øle", "Olf", "strasse", "straße", "Zoe", "Zoë", "Ψάρι", "Анна", "あき", "山田",
        ]
        #expect(order.sorted { NameOrder($0).key.utf8.lexicographicallyPrecedes(NameOrder($1).key.utf8) } == order)
    }

    @Test func `a key fits an index`() {
        let long = String(repeating: "👨‍👩‍👧‍👦ﷺ", count: 60)
        #expect(NameOrder(long).key.utf8.count <= 800)
    }
}
