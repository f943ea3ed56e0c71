import BanksiaCore
import BanksiaMedia
import BanksiaSQL
import BanksiaTestKit
import Foundation
import Testing

@testable import BanksiaLibrary

@Suite("The darkroom") struct DarkroomTests {
    let world: World
    let version: AssetVersion
    private let hash = DevelopmentWish(thumbHash: true)
    private let models = DevelopmentWish(inputs: [.init(fit: .squash, size: PixelSize(width: 8, height: 8))])

    init() async throws {
        world = try await World()
        let ana = try await world.user("ana")
        let asset = try await world.photo(of: ana)
        version = try #require(try await world.database.read { tx in try AssetStore.version(nil, of: asset.id, by: nil, tx) })
    }

    private func ladder(_ name: String) -> DevelopmentWish {
        DevelopmentWish(ladder: [RenditionRecipe(name: name, longestEdge: 8, format: .webp(quality: 80, effort: 0))])
    }

    private func all(_ ladder: DevelopmentWish) -> DevelopmentWish {
        DevelopmentWish(ladder: ladder.ladder, inputs: models.inputs, thumbHash: true)
    }

    /// Where the files of a stage's development lie, as far as it has some.
    private func folder(_ part: DevelopmentWish, of all: DevelopmentWish?) async throws -> String {
        let path = try await world.library.darkroom.lend(part, of: all, from: version) { made in
            made.renditions.first?.path ?? made.views.first?.path(of: models.inputs[0]) ?? ""
        }
        return String(try #require(path).reversed().drop { $0 != "/" }.reversed())
    }

    @Test func `stages that come together share what was made, until each had its part`() async throws {
        let ladder = ladder("small")
        let first = try await folder(hash, of: all(ladder))
        #expect(try await folder(ladder, of: all(ladder)) == first)
        #expect(try await folder(models, of: all(ladder)) == first)
        #expect(try await folder(models, of: all(ladder)) != first)
        await world.close()
    }

    @Test func `a stage that comes alone, or wants what the others do not, has its part made`() async throws {
        let shared = try await folder(models, of: all(ladder("small")))
        #expect(try await folder(models, of: nil) != shared)
        #expect(try await folder(ladder("large"), of: all(ladder("small"))) != shared)
        await world.close()
    }

    @Test func `what fails for one stage, or is called off, is no failure of the others`() async throws {
        let bad = ladder("no/such/folder")
        let darkroom = world.library.darkroom
        let made = try await darkroom.lend(hash, of: all(bad), from: version) { $0.thumbHash }
        #expect(made??.isEmpty == false)
        await #expect(throws: MediaProblem.self) { _ = try await darkroom.lend(bad, of: all(bad), from: version) { _ in } }
        let good = all(ladder("small"))
        let given = Task { [hash, version] in try await darkroom.lend(hash, of: good, from: version) { _ in } }
        given.cancel()
        #expect(try await folder(models, of: good) != "")
        _ = await given.result
        await world.close()
    }
}
