import BanksiaCore
import BanksiaFiles
import BanksiaLibrary
import BanksiaSQL
import BanksiaTestKit
import Foundation
import Testing

@testable import BanksiaLibrary

@Suite("Copying an installation") struct InstallationCopyTests {
    /// An empty installation beside the world's.
    private struct Empty {
        let folder: URL
        let scratch: ScratchDatabase
        let files: FolderStore
        var place: InstallationCopy.Place { .init(database: scratch.database, files: files) }

        init(_ engine: TestEngine) async throws {
            folder = FileManager.default.temporaryDirectory.appending(path: "banksia-copy-\(UUID())")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            scratch = try await ScratchDatabase(in: folder.path, engine)
            try await scratch.database.migrate(Schema.migrations)
            files = try FolderStore(root: folder.appending(path: "files").path, pool: BlockingPool(width: 2))
        }

        func remove() throws { try FileManager.default.removeItem(at: folder) }
    }

    /// Both engines where there is a server; the other one is then really another.
    private static let engines: [TestEngine] = PostgresScratch.url == nil ? [.embedded] : [.scaled, .embedded]

    private func dump(_ database: Database) async throws -> [String: Set<[SQLValue]>] {
        let tables = try await database.tables()
        return try await database.read { tx in
            var dump: [String: Set<[SQLValue]>] = [:]
            for table in tables {
                let columns = table.columns.map { "\"\($0)\"" }.joined(separator: ", ")
                let rows = try tx.rows("SELECT \(SQL(trusted: columns)) FROM \(SQL(trusted: "\"\(table.name)\""))") {
                    try $0.values
                }
                dump[table.name] = Set(rows)
            }
            return dump
        }
    }

    @Test func `there and back again nothing has changed`() async throws {
        let world = try await World()
        let photo = try await world.furnish()
        await world.close()
        let before = try await dump(world.database)
        // A table that is new needs a row in `furnish`, or the comparison would say nothing of it.
        #expect(before.filter(\.value.isEmpty).keys.sorted() == [])
        let (originals, renditions, portraits) = (5, before["asset_rendition"]?.count ?? 0, 1)

        var place = InstallationCopy.Place(database: world.database, files: world.files)
        var stations: [Empty] = []
        defer { for station in stations { try? station.remove() } }  // a leftover in the temporary folder does no harm
        for engine in Self.engines {
            let next = try await Empty(engine)
            stations.append(next)
            let copy = InstallationCopy(from: place, to: next.place)
            let report = try await copy.copyFiles()
            #expect(report.lost.isEmpty && report.copied == originals + renditions + portraits)
            #expect(try await copy.copyFiles().copied == 0, "what is there is not copied again")
            let tables = try await copy.copyRows()

            #expect(try await dump(next.scratch.database) == before)
            #expect(tables.map(\.name).sorted() == before.keys.sorted())
            #expect(tables.allSatisfy { $0.rows == before[$0.name]?.count })
            #expect(try await next.files.verifyOriginal(try #require(photo.file?.checksum)))
            place = next.place
        }
    }

    @Test func `a target in use is left alone`() async throws {
        let world = try await World()
        _ = try await world.user("ana")
        let other = try await World()
        _ = try await other.user("ben")
        let copy = InstallationCopy(
            from: .init(database: world.database, files: world.files), to: .init(database: other.database, files: other.files))
        await #expect(throws: InstallationCopyProblem.targetInUse) { try await copy.copyFiles() }
        await #expect(throws: InstallationCopyProblem.targetInUse) { try await copy.copyRows() }
    }

    @Test func `a damaged original is named and not copied`() async throws {
        let world = try await World()
        let ana = try await world.user("ana")
        let bytes = TestPicture.png(seed: 12)
        let digest = try #require(try await world.photo(of: ana, bytes: bytes).file?.checksum)
        let disk = try FolderStore(root: world.folder.appending(path: "disk").path, pool: BlockingPool(width: 2))
        let upload = try await disk.beginStaging()
        try await upload.append([bytes])
        let staged = try await upload.finish()
        try await disk.place(staged)
        await disk.discard(staged)
        let original = try #require(try await disk.localOriginal(digest))
        try Data(repeating: 1, count: bytes.count).write(to: URL(filePath: original.path))
        let empty = try await Empty(.embedded)
        defer { try? empty.remove() }

        let report = try await InstallationCopy(
            from: .init(database: world.database, files: disk), to: empty.place
        ).copyFiles()

        #expect(report.lost == [digest])
        #expect(try await empty.files.originalSize(digest) == nil)
    }

    @Test func `rows that end early leave nothing behind`() async throws {
        let pipe = RowPipe()
        struct Broken: Error {}
        let reader = Task.detached { try pipe.fill { throw Broken() } }
        #expect(throws: InstallationCopyProblem.interrupted) { try pipe.drain { Array(pipe.table()) } }
        await #expect(throws: Broken.self) { try await reader.value }
        #expect(throws: InstallationCopyProblem.interrupted) { try pipe.drain {} }
    }
}
