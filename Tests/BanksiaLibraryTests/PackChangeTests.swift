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
    /// An instance with some packs of random weights, a user and the user's library.
    private struct Studio {
        let folder: URL
        let world: World
        let ana: Viewer
        let library: LibraryID
        var models: Models { world.library.models }

        init(_ ids: [String]) async throws {
            folder = FileManager.default.temporaryDirectory.appending(path: "banksia-packs-\(UUID())")
            let packs = ModelPacks(folders: [folder.appending(path: "models").path])
            for (seed, id) in ids.enumerated() {
                let export = folder.appending(path: id).path
                _ = try ReferenceScript.run(try #require(ReferenceScript.models), "clip_export.py", ["make", export, "\(seed)"])
                _ = try packs.install(fromExport: export, id: id)
            }
            world = try await World(modelFolders: [folder.appending(path: "models").path])
            ana = try await world.user("ana")
            library = try await world.libraryID(of: ana)
        }

        func close() async {
            await world.close()
            try? FileManager.default.removeItem(at: folder)  // a leftover in the temporary folder does no harm
        }

        func found() async throws -> Set<AssetID> {
            let query = SearchQuery(text: "a dog on the beach", threshold: 1)
            return Set(try await world.library.search.find(query, in: library, by: ana).items.map(\.asset.id))
        }

        /// How many vectors there are of each pack.
        func vectors() async throws -> [String: Int] {
            let rows: [(String, Int)] = try await world.database.read { tx in
                try tx.rows("SELECT space, COUNT(*) FROM asset_embedding GROUP BY space") { (try $0.value(0), try $0.value(1)) }
            }
            return Dictionary(uniqueKeysWithValues: rows)
        }

        /// Makes the network of a pack for pictures one that does not run.
        func spoil(_ id: String) throws {
            let pack = folder.appending(path: "models/\(id)")
            let files = try #require(FileManager.default.enumerator(at: pack, includingPropertiesForKeys: nil))
            for case let file as URL in files where file.path.contains("visual") && file.pathExtension == "onnx" {
                // Its size is looked at when the pack is chosen.
                try Data(count: try Data(contentsOf: file).count).write(to: file)
            }
        }
    }

    @Test func `another pack takes over when every photo has a vector of it, and searches go on meanwhile`() async throws {
        let studio = try await Studio(["first", "second"])
        let (world, models, ana) = (studio.world, studio.models, studio.ana)
        try await models.use("first")
        var photos: Set = [try await world.photo(of: ana).id, try await world.photo(of: ana).id]
        try await world.finishJobs()
        #expect(try await studio.found() == photos)

        try await models.use("second")
        try await world.library.maintain()
        #expect(try await models.activeSpace() == "first")
        #expect(try await studio.found() == photos)

        photos.insert(try await world.photo(of: ana).id)
        try await world.finishJobs()
        #expect(try await studio.vectors() == ["first": 3, "second": 3])
        #expect(try await studio.found() == photos)

        try await world.library.maintain()
        #expect(try await models.activeSpace() == "second")
        #expect(try await studio.vectors() == ["second": 3])
        #expect(try await studio.found() == photos)
        await #expect(throws: ModelPackProblem.notInstalled("third")) { try await models.use("third") }
        await studio.close()
    }

    @Test func `a change that was broken off goes on`() async throws {
        let studio = try await Studio(["first", "second"])
        try await studio.models.use("first")
        for _ in 0..<2 { _ = try await studio.world.photo(of: studio.ana) }
        try await studio.world.finishJobs()
        // As if the command had ended between the choice and the first job.
        try await studio.world.database.write { tx in try EmbeddingStore.choose(.init(active: "first", coming: "second"), tx) }
        try await studio.world.library.maintain()
        #expect(try await studio.models.activeSpace() == "first")
        #expect(try await studio.vectors() == ["first": 2])
        try await studio.world.finishJobs()
        try await studio.world.library.maintain()
        #expect(try await studio.models.activeSpace() == "second")
        #expect(try await studio.vectors() == ["second": 2])
        await studio.close()
    }

    @Test func `a pack that does not run takes nothing over and spoils nothing`() async throws {
        let studio = try await Studio(["first", "second"])
        let (world, models) = (studio.world, studio.models)
        try await models.use("first")
        var photos: Set = [try await world.photo(of: studio.ana).id, try await world.photo(of: studio.ana).id]
        try await world.finishJobs()
        try studio.spoil("second")
        try await models.use("second")
        photos.insert(try await world.photo(of: studio.ana).id)
        for _ in 0..<7 {
            try await world.finishJobs()
            try await world.library.maintain()
            world.clock.advance(by: .seconds(3600))
        }
        let isOpen = try await world.database.read { tx in try world.jobs.hasUnfinished(kind: Pipeline.embedding, tx) }
        #expect(!isOpen)
        #expect(try await models.activeSpace() == "first")
        #expect(try await studio.vectors() == ["first": 3])
        #expect(try await studio.found() == photos)
        await studio.close()
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
