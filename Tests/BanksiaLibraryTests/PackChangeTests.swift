import BanksiaCore
import BanksiaJobs
import BanksiaSQL
import BanksiaTestKit
import BanksiaVision
import Foundation
import Testing

@testable import BanksiaLibrary

/// With small packs of real structure, made at test time.
@Suite(
    "Changing packs",
    .enabled(if: Program.runtimeLibrary != nil && ReferenceScript.models != nil, "the runtime or Python is not set up"))
struct PackChangeTests {
    @Test func `another pack takes over when every photo has a vector of it, and searches go on meanwhile`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "banksia-packs-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }  // a leftover in the temporary folder does no harm
        let packs = ModelPacks(folders: [folder.appending(path: "models").path])
        for (seed, id) in ["first", "second"].enumerated() {
            let export = folder.appending(path: id).path
            _ = try ReferenceScript.run(try #require(ReferenceScript.models), "clip_export.py", ["make", export, "\(seed)"])
            _ = try packs.install(fromExport: export, id: id)
        }
        let world = try await World(modelFolders: [folder.appending(path: "models").path])
        let models = world.library.models
        let ana = try await world.user("ana")
        let library = try await world.libraryID(of: ana)
        func found() async throws -> Set<AssetID> {
            let query = SearchQuery(text: "a dog on the beach", threshold: 1)
            return Set(try await world.library.search.find(query, in: library, by: ana).items.map(\.asset.id))
        }
        func vectors() async throws -> [String: Int] {
            let rows: [(String, Int)] = try await world.database.read { tx in
                try tx.rows("SELECT space, COUNT(*) FROM asset_embedding GROUP BY space") { (try $0.value(0), try $0.value(1)) }
            }
            return Dictionary(uniqueKeysWithValues: rows)
        }

        try await models.use("first")
        var photos: Set = [try await world.photo(of: ana).id, try await world.photo(of: ana).id]
        try await world.finishJobs()
        #expect(try await found() == photos)

        try await models.use("second")
        try await world.library.maintain()
        #expect(try await models.activeSpace() == "first")
        #expect(try await found() == photos)

        photos.insert(try await world.photo(of: ana).id)
        try await world.finishJobs()
        #expect(try await vectors() == ["first": 3, "second": 3])
        #expect(try await found() == photos)

        try await world.library.maintain()
        #expect(try await models.activeSpace() == "second")
        #expect(try await vectors() == ["second": 3])
        #expect(try await found() == photos)
        await #expect(throws: ModelPackProblem.notInstalled("third")) { try await models.use("third") }
        await world.close()
    }
    @Test(.enabled(if: !Program.modelFolders.isEmpty, "needs the model pack that `make setup` prepares"))
    func `faces and text go on being found while a pack answers that can only search`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "banksia-packs-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }  // a leftover in the temporary folder does no harm
        let own = folder.appending(path: "models").path, export = folder.appending(path: "searcher").path
        _ = try ReferenceScript.run(try #require(ReferenceScript.models), "clip_export.py", ["make", export, "0"])
        _ = try ModelPacks(folders: [own]).install(fromExport: export, id: "searcher")
        let world = try await World(modelFolders: [own] + Program.modelFolders)
        let models = world.library.models
        try await models.use("searcher")
        #expect(try await models.activeVision().pack.id == "searcher")
        #expect(try await models.faceVision().pack.faces != nil)
        #expect(try await models.readingVision().pack.reading != nil)
        await world.close()

        let alone = try await World(modelFolders: [own])
        try await alone.library.models.use("searcher")
        await #expect(throws: JobFailure.self) { try await alone.library.models.faceVision() }
        await alone.close()
    }
}
