import ArgumentParser
import BanksiaCore
import BanksiaLibrary
import BanksiaSQL
import Foundation

/// Neighbours among the assets of a library, through the engine that the settings name, with filters of several widths.
struct BenchSearch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search", abstract: "Give a library's assets vectors of a file and search them.")

    @Argument(help: "Unit vectors for the assets, oldest id first: 32-bit floats one after another, little-endian.") var vectors:
        String
    @Argument(help: "Unit vectors to search for, in the same form.") var queries: String
    @Option(help: "How many numbers a vector has.") var dimension = 512
    @Option(help: "Neighbours per query.") var limit = 200
    @Option(help: "Take only the so many newest photos into account; 0 for all. May be given several times.") var newest: [Int] =
        [0]
    @OptionGroup var options: SettingsOptions

    /// What is printed. Assets are named by their place in the order of their ids.
    private struct Answer: Codable {
        var newestFirst: [Int]
        var runs: [Run] = []
    }

    /// For one width of the filter: times, and what was found for each query.
    private struct Run: Codable {
        var newest: Int
        var milliseconds: [Double] = []
        var found: [[Int]] = []
    }

    private static let space = "bench"

    func run() async throws {
        let assembly = try await Assembly.open(try options.load())
        let assets = try await assembly.database.read { tx in
            try tx.rows("SELECT id, library_id, local_wall FROM asset ORDER BY id") {
                (
                    id: try $0.value(0, as: AssetID.self), library: try $0.value(1, as: LibraryID.self),
                    wall: try $0.value(2, as: Int64.self)
                )
            }
        }
        guard let library = assets.first?.library else { throw ValidationError("There are no assets.") }
        let owner = try await assembly.database.read { tx in
            try tx.value("SELECT owner_id FROM library WHERE id = \(library)", as: UserID.self)
        }
        guard let owner else { throw ValidationError("The library has no owner.") }
        try await give(assets.map(\.id), in: library, to: assembly.database)
        let space = VectorSpace(name: Self.space, dimension: dimension)
        try await assembly.vectors.maintain([space])
        try await assembly.vectors.warmUp(space)
        let newestFirst = assets.indices.sorted { assets[$0].wall > assets[$1].wall }
        let places = Dictionary(uniqueKeysWithValues: assets.enumerated().map { ($1.id, $0) })
        var answer = Answer(newestFirst: newestFirst)
        for width in newest {
            var run = Run(newest: width)
            var filter = AssetFilter()
            if width > 0, width < assets.count {
                filter.takenAfter = [CaptureTime(wallMicroseconds: assets[newestFirst[width]].wall)]
            }
            for vector in try BenchScan.read(queries, dimension: dimension) {
                let query = VectorQuery(
                    vector: vector, space: space, library: library, filter: filter,
                    viewer: Viewer(user: owner, credential: .local),
                    limit: limit)
                let begin = ContinuousClock.now
                let found = try await assembly.vectors.nearest(query)
                run.milliseconds.append((ContinuousClock.now - begin).seconds * 1000)
                run.found.append(found.compactMap { places[$0.asset] })
            }
            answer.runs.append(run)
        }
        await assembly.close()
        print(String(decoding: try JSONEncoder().encode(answer), as: UTF8.self))
    }

    private func give(_ assets: [AssetID], in library: LibraryID, to database: Database) async throws {
        let vectors = try BenchScan.read(vectors, dimension: dimension)
        guard vectors.count == assets.count else {
            throw ValidationError("There are \(assets.count) assets and \(vectors.count) vectors.")
        }
        let rows = zip(assets, vectors).enumerated().map { number, pair -> [SQLValue] in
            [
                pair.0.sqlValue, pair.0.sqlValue, .text(Self.space), library.sqlValue, .integer(Int64(number) + 1),
                .vector(pair.1),
                .integer(0),
            ]
        }
        try await database.write(.committed) { tx in
            try tx.execute("DELETE FROM asset_embedding WHERE space = \(Self.space)")
            try tx.copy(
                into: "asset_embedding", columns: ["id", "asset_id", "space", "library_id", "sequence", "vector", "created_at"],
                rows: rows)
            try tx.execute(
                """
                INSERT INTO embedding_counter (library_id, space, last) VALUES (\(library), \(Self.space), \(rows.count))
                ON CONFLICT (library_id, space) DO UPDATE SET last = excluded.last
                """)
        }
    }
}
