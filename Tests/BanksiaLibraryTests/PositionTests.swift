import BanksiaCore
import BanksiaSQL
import BanksiaTestKit
import Foundation
import Testing

@testable import BanksiaLibrary

@Suite("Positions") struct PositionTests {
    let world: World
    let ana: Viewer
    let library: LibraryID

    init() async throws {
        world = try await World()
        ana = try await world.user("ana")
        library = try await world.libraryID(of: ana)
    }

    /// Photos taken at these places, a day apart.
    private func photos(_ places: [(latitude: Double, longitude: Double)]) async throws -> [AssetID] {
        var ids: [AssetID] = []
        for (day, place) in places.enumerated() {
            let id = try await world.photo(of: ana, taken: "2024-05-\(day < 9 ? "0" : "")\(day + 1)").id
            try await world.put(id, latitude: place.latitude, longitude: place.longitude)
            ids.append(id)
        }
        return ids
    }

    private func found(_ area: GeoArea) async throws -> [AssetID] {
        let query = AssetQuery(filter: AssetFilter(area: area), order: .ascending, limit: 200)
        return try await world.library.assets.list(query, in: library, by: ana).items.map(\.id)
    }

    private func box(_ west: Double, _ south: Double, _ east: Double, _ north: Double) throws -> GeoBox {
        try #require(GeoBox(west: west, south: south, east: east, north: north))
    }

    @Test func `a box holds what lies in it, its edges included`() async throws {
        let ids = try await photos([(48, 16), (48.5, 16.5), (49, 17), (49.0001, 17), (48, 15.9999)])
        #expect(try await found(.box(box(16, 48, 17, 49))) == Array(ids[0...2]))
        #expect(try await found(.box(box(16.5, 48.5, 16.5, 48.5))) == [ids[1]])
        #expect(try await found(.box(box(-180, -90, 180, 90))) == ids)
        #expect(try await found(.box(box(-180, 0, 180, 90))) == ids)
        #expect(try await found(.box(box(0, -90, 10, 90))) == [])
    }

    @Test func `a box goes east, also over the 180th meridian, which has two numbers`() async throws {
        let ids = try await photos([(0, 179), (0, 180), (0, -180), (0, -179), (0, 0)])
        #expect(try await found(.box(box(178, -1, -178, 1))) == Array(ids[0...3]))
        #expect(try await found(.box(box(179.5, -1, 180, 1))) == [ids[1], ids[2]])
        #expect(try await found(.box(box(-180, -1, -179, 1))) == [ids[1], ids[2], ids[3]])
        #expect(try await found(.box(box(-178, -1, 178, 1))) == [ids[4]])
        #expect(try await found(.box(box(180, -1, -180, 1))) == [ids[1], ids[2]])
    }

    @Test func `a circle holds what lies within its radius on the ground`() async throws {
        // A degree of latitude has 111.195 km; at 60° north one of longitude has half of that.
        let ids = try await photos([(60, 25), (60.001, 25), (60, 25.001), (60, 25.0025), (60.2, 25)])
        func near(_ radius: Double) async throws -> [AssetID] {
            let center = try #require(GeoPoint(latitude: 60, longitude: 25))
            return try await found(.circle(GeoCircle(center: center, radius: radius)))
        }
        #expect(try await near(1) == [ids[0]])
        #expect(try await near(60) == [ids[0], ids[2]])
        #expect(try await near(112) == [ids[0], ids[1], ids[2]])
        #expect(try await near(140) == Array(ids[0...3]))
        #expect(try await near(50_000) == ids)
    }

    @Test func `a circle reaches over the 180th meridian and around a pole`() async throws {
        let ids = try await photos([(0, -179.9999), (0, 179.9999), (89.9999, 10), (89.9999, -170), (-89.9999, 0)])
        func near(_ latitude: Double, _ longitude: Double) async throws -> [AssetID] {
            let center = try #require(GeoPoint(latitude: latitude, longitude: longitude))
            return try await found(.circle(GeoCircle(center: center, radius: 100)))
        }
        #expect(try await near(0, 180) == [ids[0], ids[1]])
        #expect(try await near(0, -179.9999) == [ids[0], ids[1]])
        #expect(try await near(90, 0) == [ids[2], ids[3]])
        #expect(try await near(-90, 123) == [ids[4]])
    }

    @Test func `nothing lies off the globe`() {
        let boxes: [[Double]] = [
            [0, 0, 181, 1], [-181, 0, 0, 1], [0, -91, 1, 0], [0, 0, 1, 91], [0, 2, 1, 1], [.nan, 0, 1, 1],
        ]
        for sides in boxes {
            #expect(GeoBox(west: sides[0], south: sides[1], east: sides[2], north: sides[3]) == nil, "\(sides)")
        }
    }

    @Test(.readsSQLitePlans) func `an area is looked up in the index of positions`() async throws {
        let center = try #require(GeoPoint(latitude: 48, longitude: 16))
        for area in [GeoArea.box(try box(16, 48, 17, 49)), .circle(GeoCircle(center: center, radius: 500))] {
            let statement = AssetStore.listStatement(
                AssetQuery(filter: AssetFilter(area: area)), in: library, after: nil, by: ana)
            let plan = try await world.database.read { tx in
                try tx.rows("EXPLAIN QUERY PLAN \(statement)") { try $0.value(3, as: String.self) }
            }
            #expect(plan.contains { $0.contains("asset_metadata_position (latitude>? AND latitude<?)") }, "\(plan)")
            #expect(!plan.contains { $0.hasPrefix("SCAN") }, "\(plan)")
        }
    }

    // MARK: Clusters

    private func clusters(_ view: GeoBox, cells: Double, _ filter: AssetFilter = AssetFilter()) async throws -> [GeoCluster] {
        try await world.library.assets.clusters(
            GeoClusterQuery(filter: filter, view: view, cellSize: cells), in: library, by: ana)
    }

    @Test func `cells start at the equator and Greenwich, the fullest comes first, the last photo stands for its cell`()
        async throws
    {
        let ids = try await photos([(0.2, 0.2), (0.4, 0.6), (-0.1, 0.1), (1, 1), (0.3, 0.1)])
        let world = try box(-180, -90, 180, 90)
        let found = try await clusters(world, cells: 1)
        #expect(found.map(\.count) == [3, 1, 1])
        #expect(found[0].representative == ids[4])
        #expect(abs(found[0].latitude - 0.3) < 1e-9 && abs(found[0].longitude - 0.3) < 1e-9)
        #expect(Set(found[1...].map(\.representative)) == [ids[2], ids[3]])
        // 0.3 is the edge of a cell of 0.1, whatever binary fractions make of it.
        #expect(try await clusters(box(0, 0, 0.15, 0.35), cells: 0.1).first?.representative == ids[4])
        #expect(try await clusters(box(0, 0, 0.5, 0.5), cells: 90).map(\.count) == [2])
        #expect(try await clusters(world, cells: 1e300).map(\.count).reduce(0, +) == 5)
        #expect(try await clusters(box(20, 20, 30, 30), cells: 1) == [])
    }

    @Test func `a cell goes on over the 180th meridian, and its middle lies there`() async throws {
        let ids = try await photos([(0.5, 179.8), (0.5, -179.6), (0.5, 180), (0.5, -180)])
        let over = try await clusters(box(170, 0, -170, 1), cells: 7)
        #expect(over.map(\.count) == [4])
        #expect(over[0].representative == ids[3])
        #expect(abs(over[0].longitude - -179.95) < 1e-9)
        // Cells of a degree end there, so one half lies on each side; 180° east and west are one place.
        #expect(try await clusters(box(170, 0, -170, 1), cells: 1).map(\.count) == [3, 1])
        #expect(try await clusters(box(-180, -90, 180, 90), cells: 1).map(\.count) == [3, 1])
        #expect(try await clusters(box(179.9, 0, 180, 1), cells: 1).map(\.count) == [2])
    }

    @Test func `more than 1000 cells are refused, filters count`() async throws {
        let id = try await world.photo(of: ana).id
        let other = try await world.photo(of: ana).id
        try await world.put(id, latitude: 1, longitude: 1)
        try await world.put(other, latitude: 1, longitude: 1)
        try await world.copies(of: id, 1000) { number in (Double(number / 40), Double(number % 40) + 2) }
        let view = try box(-180, -90, 180, 90)
        await #expect(throws: AssetProblem.tooManyCells(limit: 1000)) { try await clusters(view, cells: 1) }
        #expect(try await clusters(view, cells: 2).map(\.count).reduce(0, +) == 1002)
        #expect(try await clusters(box(1.5, 0, 180, 90), cells: 1).count == 1000)
        #expect(try await clusters(view, cells: 1, AssetFilter(ids: [other])).map(\.representative) == [other])
    }
}

extension World {
    /// People who are all seen in each of these assets.
    @discardableResult func showing(_ count: Int, in assets: [AssetID]) async throws -> [PersonID] {
        let people = (0..<count).map { _ in PersonID(uuid: UUID()) }.sorted()
        try await database.write { tx in
            let library: LibraryID? = try tx.value("SELECT library_id FROM asset WHERE id IN \(SQL.list(assets)) LIMIT 1")
            for (place, person) in people.enumerated() {
                try tx.execute(
                    "INSERT INTO person (id, library_id, created_at, updated_at) VALUES (\(person), \(library), \(place), \(place))"
                )
                for asset in assets {
                    try tx.execute(
                        """
                        INSERT INTO face (id, library_id, asset_id, person_id, source, x, y, width, height, quality, created_at, updated_at)
                        VALUES (\(FaceID(uuid: UUID())), \(library), \(asset), \(person), 'manual', 4, 4, 8, 8, 0.5, \(place), \(place))
                        """)
                }
            }
        }
        return people
    }

    /// Has an asset taken somewhere.
    func put(_ asset: AssetID, latitude: Double, longitude: Double) async throws {
        try await database.write { tx in
            try tx.execute("UPDATE asset_metadata SET latitude = \(latitude), longitude = \(longitude) WHERE asset_id = \(asset)")
        }
    }

    /// Makes rows like an asset's, a minute apart, without files: for tests that need many.
    @discardableResult func copies(
        of asset: AssetID, _ count: Int,
        at place: @escaping @Sendable (Int) -> (latitude: Double, longitude: Double)? = { _ in nil }
    ) async throws -> [AssetID] {
        try await database.write { tx in
            var ids: [AssetID] = []
            for number in 0..<count {
                let id = AssetID(uuid: UUID())
                let spot = place(number)
                try tx.execute(
                    """
                    INSERT INTO asset (id, library_id, created_at, updated_at, local_wall, original_file_name, media_class, checksum,
                        checksum_sha1, device_asset_id, device_id, file_created_at, file_modified_at, uploaded_bytes, current_version_id,
                        kind, mime_type, file_size_bytes)
                    SELECT \(id), library_id, created_at, updated_at, local_wall + \(Int64(number + 1) * 60_000_000), original_file_name,
                        media_class, \([UInt8](withUnsafeBytes(of: id.uuid) { $0 } + Array(repeating: 0, count: 16))), checksum_sha1,
                        device_asset_id, device_id, file_created_at, file_modified_at, uploaded_bytes, current_version_id, kind, mime_type,
                        file_size_bytes
                    FROM asset WHERE id = \(asset)
                    """)
                try tx.execute(
                    """
                    INSERT INTO asset_metadata (asset_id, created_at, updated_at, latitude, longitude)
                    VALUES (\(id), 0, 0, \(spot?.latitude), \(spot?.longitude))
                    """)
                ids.append(id)
            }
            return ids
        }
    }
}
