import BanksiaCore
import BanksiaFiles
import BanksiaMedia
import BanksiaSQL
import BanksiaTestKit
import Foundation
import Testing

@testable import BanksiaLibrary

/// The same photos in both engines: what one finds, the other finds, in the same order and at the same distance.
@Suite("Search on two engines", .enabled(if: PostgresScratch.url != nil, "needs a PostgreSQL server"))
struct SearchEnginesTests {
    @Test(arguments: 0..<3) func `words find the same`(seed: Int) async throws {
        let (embedded, scaled) = try await (Shelf(.embedded, seed: seed), Shelf(.scaled, seed: seed))
        var random = SeededNumbers(seed: UInt64(1000 + seed))
        var found = 0
        for _ in 0..<25 {
            let text = Shelf.sentence(1...5, &random)
            let filter = Shelf.filter(&random, embedded)
            for viewer in [embedded.owner, embedded.guest] {
                let hits = try await embedded.hits(text, filter, by: viewer)
                #expect(try await scaled.hits(text, filter, by: viewer) == hits, "\(text)")
                found += hits.count
            }
        }
        #expect(found > 100)
    }

    @Test(arguments: 0..<2, [0, 50_000]) func `vectors find the same`(seed: Int, comparedOneByOne: Int) async throws {
        let (embedded, scaled) = try await (Shelf(.embedded, seed: seed), Shelf(.scaled, seed: seed))
        let postgres = PostgresVectors(database: scaled.database, comparedOneByOne: comparedOneByOne)
        try await postgres.maintain([Shelf.space])
        try await embedded.vectors.warmUp(Shelf.space)
        var random = SeededNumbers(seed: UInt64(2000 + seed))
        for _ in 0..<10 {
            let query = VectorQuery(
                vector: Shelf.vector(&random), space: Shelf.space, library: embedded.library,
                filter: Shelf.filter(&random, embedded), viewer: embedded.owner, limit: 40)
            let (here, there) = try await (embedded.vectors.nearest(query), postgres.nearest(query))
            #expect(here.map(\.asset) == there.map(\.asset))
            #expect(here.map(\.captured) == there.map(\.captured))
            #expect(Set(here.map(\.asset)).count == here.count)
            for (one, other) in zip(here, there) { #expect(abs(one.score - other.score) < 1e-4) }
            var fewer = query
            fewer.limit = 4
            // As if what a filter leaves were always many.
            var careless = embedded.vectors
            careless.few = 0
            #expect(try await careless.nearest(query) == here)
            #expect(try await careless.nearest(fewer) == Array(here.prefix(4)))
            var stranger = query
            stranger.viewer = embedded.guest
            #expect(try await postgres.nearest(stranger).isEmpty)
        }
    }

    @Test func `each space has an index of its own, and no other has`() async throws {
        let shelf = try await Shelf(.scaled, seed: 1)
        let vectors = PostgresVectors(database: shelf.database, comparedOneByOne: 0)
        let other = VectorSpace(name: "other-pack.2", dimension: 512)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<3 { group.addTask { try await vectors.maintain([Shelf.space, other]) } }
            try await group.waitForAll()
        }
        // Whoever came second has left it to the first.
        try await vectors.maintain([Shelf.space, other])
        func indexes() async throws -> Set<PostgresVectors.Index> {
            try await shelf.database.read { tx in try PostgresVectors.indexes(tx) }
        }
        let both = Set([Shelf.space, other].map { PostgresVectors.Index(name: PostgresVectors.indexName($0), isValid: true) })
        #expect(try await indexes() == both)

        try await vectors.maintain([other])
        #expect(try await indexes() == [PostgresVectors.Index(name: PostgresVectors.indexName(other), isValid: true)])
        try await vectors.maintain([Shelf.space])

        var random = SeededNumbers(seed: 7)
        let query = VectorQuery(
            vector: Shelf.vector(&random), space: Shelf.space, library: shelf.library, viewer: shelf.owner, limit: 10)
        let plans = try await shelf.database.read { tx in
            try vectors.prepare(query, tx)
            return try [PostgresVectors.indexedStatement(query), PostgresVectors.exactStatement(query)].map { statement in
                try tx.rows("EXPLAIN \(statement)") { try $0.value(0, as: String.self) }.joined(separator: "\n")
            }
        }
        #expect(plans[0].contains(PostgresVectors.indexName(Shelf.space)))
        #expect(!plans[1].contains(PostgresVectors.indexName(Shelf.space)))
    }
}

/// A library of some three hundred photos out of a seed, on one engine.
struct Shelf {
    static let space = VectorSpace(name: "test-pack", dimension: 24)
    private static let vocabulary = [
        "dog", "Beach", "IMG_1234", "2024", "Zürich", "東京タワー", "canon", "EOS R5", "photo", "sunset", "mountain", "Ελλάδα", "jpg",
    ]

    let folder: URL
    let scratch: ScratchDatabase
    let vectors: EmbeddedVectors
    let owner: Viewer
    let guest: Viewer
    let library: LibraryID
    let albums: [AlbumID]
    var database: Database { scratch.database }

    init(_ engine: TestEngine, seed: Int) async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "banksia-shelf-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        scratch = try await ScratchDatabase(in: folder.path, engine)
        try await scratch.database.migrate(Schema.migrations)
        vectors = EmbeddedVectors(
            database: scratch.database, folder: folder.appending(path: "indexes").path, pool: BlockingPool(width: 2))
        (owner, guest, library, albums) = try await scratch.database.write { tx in try Self.fill(seed, tx) }
    }

    func hits(_ text: String, _ filter: AssetFilter, by viewer: Viewer) async throws -> [SearchWordsStore.Hit] {
        try await database.read { [library] tx in
            try SearchWordsStore.hits(SearchTerms(text), in: library, matching: filter, by: viewer, limit: 50, tx)
        }
    }

    // MARK: Making things up

    static func sentence(_ length: ClosedRange<Int>, _ random: inout SeededNumbers) -> String {
        (0..<Int.random(in: length, using: &random)).map { _ in vocabulary.randomElement(using: &random) ?? "" }
            .joined(separator: " ")
    }

    static func vector(_ random: inout SeededNumbers) -> [Float] {
        let numbers = (0..<space.dimension).map { _ in Float.random(in: -1...1, using: &random) }
        let length = numbers.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return numbers.map { $0 / length }
    }

    static func filter(_ random: inout SeededNumbers, _ shelf: Shelf) -> AssetFilter {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: AssetFilter(mediaClass: .image)
        case 1: AssetFilter(album: .inAll(Array(shelf.albums.prefix(1))))
        case 2: AssetFilter(takenBefore: [CaptureTime(wallMicroseconds: 30_000_000, offsetSeconds: nil)])
        default: AssetFilter()
        }
    }

    private static func fill(_ seed: Int, _ tx: borrowing Transaction) throws -> (Viewer, Viewer, LibraryID, [AlbumID]) {
        var random = SeededNumbers(seed: UInt64(seed))
        let now = ManualClock().now
        func id() -> UUID {
            let (high, low) = (random.next(), random.next())
            let bytes = (0..<16).map { UInt8(truncatingIfNeeded: ($0 < 8 ? high : low) >> (UInt64($0 % 8) * 8)) }
            return bytes.withUnsafeBytes { UUID(uuid: $0.load(as: uuid_t.self)) }
        }
        let users = try ["ana", "bob"].map { name in
            let user = UserID(uuid: id())
            try AccountStore.insert(user, User.Email("\(name)@example.com"), isSuperuser: false, at: now, tx)
            return user
        }
        let library = LibraryID(uuid: id())
        try LibraryStore.insert(library, owner: users[0], Libraries.defaultName, description: nil, at: now, tx)
        let albums = try (0..<4).map { number in
            let album = AlbumID(uuid: id())
            try AlbumStore.insert(
                album, Name("\(sentence(1...2, &random)) \(number)"), description: nil, in: library, at: now, tx)
            return album
        }
        for number in 0..<300 {
            let asset = try photo(number, AssetID(uuid: id()), version: AssetVersionID(uuid: id()), in: library, at: now, &random)
            guard let file = asset.file, let metadata = asset.metadata else { continue }
            try AssetStore.insert(asset, file, metadata, tx)
            if asset.mediaClass == .image {
                try EmbeddingStore.keep(vector(&random), of: asset.id, space: space.name, at: now, tx)
            } else {
                let scenes = (0..<3).map { Scene(timestampMilliseconds: $0 * 1000, vector: vector(&random)) }
                // Made anew with fewer scenes, a film is no longer found by those that it had.
                for count in [3, 1 + number % 3] {
                    try EmbeddingStore.keep(Array(scenes.suffix(count)), of: asset.id, space: space.name, at: now, tx)
                }
            }
            if number % 3 == 0 {
                let album = albums[number % 4]
                let link = AlbumAsset(
                    id: AlbumAssetID(uuid: id()), albumID: album, assetID: asset.id, createdAt: now, updatedAt: now)
                try AlbumStore.add([link], to: album, at: now, tx)
            }
            if number % 10 == 0 { try tx.execute("UPDATE asset SET trashed_at = \(now) WHERE id = \(asset.id)") }
        }
        let viewers = users.map { Viewer(user: $0, credential: .local) }
        return (viewers[0], viewers[1], library, albums)
    }

    private static func photo(
        _ number: Int, _ id: AssetID, version: AssetVersionID, in library: LibraryID, at now: Instant,
        _ random: inout SeededNumbers
    ) throws -> Asset {
        let isVideo = number % 7 == 0
        var metadata = AssetMetadata(EmbeddedMetadata(), rawSize: nil, at: now)
        metadata.description = sentence(0...3, &random)
        metadata.model = number % 5 == 0 ? "Canon EOS R5" : nil
        metadata.city = number % 11 == 0 ? "Zürich" : nil
        let digest = try #require(ContentDigest(bytes: (0..<32).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }))
        return Asset(
            id: id, libraryID: library, createdAt: now, updatedAt: now, trashedAt: nil,
            // Many at the same moment, so that ties have to be broken.
            localDateTime: CaptureTime(wallMicroseconds: Int64(number % 60) * 1_000_000, offsetSeconds: nil),
            originalFileName: sentence(1...2, &random) + ".jpg", mediaClass: isVideo ? .video : .image, currentVersionID: version,
            kind: "original", mimeType: isVideo ? "video/mp4" : "image/jpeg", fileSizeBytes: 1, size: nil, duration: nil,
            description: nil, qualityScore: nil, thumbHash: nil, stackID: nil,
            file: Asset.FileProvenance(
                checksum: digest, sha1: Array(repeating: 0, count: 20), deviceAssetID: "\(number)", deviceID: "test",
                createdAt: now, modifiedAt: now, sizeBytes: 1),
            metadata: metadata)
    }
}
