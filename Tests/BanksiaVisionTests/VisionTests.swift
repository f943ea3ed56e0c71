import BanksiaCore
import BanksiaProcesses
import BanksiaTestKit
import Foundation
import Logging
import Testing

@testable import BanksiaVision

@Suite("Vision", .enabled(if: Installed.canStartChildren, "the model pack, the runtime or the program is not there"))
struct VisionTests {
    @Test func `texts and pictures get vectors through child processes`() async throws {
        let vision = Installed.vision()
        #expect(vision.capability == .available(version: "lite2-minilm-a2"))
        let text = try await vision.embed(text: "a dog on the beach")
        #expect(text.count == vision.pack.dimension)
        #expect(try await vision.embed(text: "a dog on the beach") == text)
        let size = vision.pack.image.size
        let embedding = try await vision.embed(pixels: TestPixels.picture(1, size: size), size: size)
        #expect(embedding.embedding.count == vision.pack.dimension)
        #expect(embedding.features.count == 1280)
        await #expect(throws: VisionProblem.self) { try await vision.embed(pixels: [1], size: size) }
        await #expect(throws: VisionProblem.self) { try await vision.embed(pixels: [1, 2, 3], size: 1) }
        await vision.close()
        await #expect(throws: VisionProblem.self) { try await vision.embed(text: "another text") }
    }

    @Test func `a child can tell the runtime's version, and why there is none`() async throws {
        let command = ChildCommand(executable: Program.path, arguments: ["child", "vision"])
        let here = await Vision.capability(ofRuntime: Installed.runtime, command: command)
        guard case .available(let version) = here else {
            Issue.record("\(here)")
            return
        }
        #expect(version.contains("."))
        for library in [nil, "/nowhere.so", Program.path] {
            guard case .unavailable = await Vision.capability(ofRuntime: library, command: command) else {
                Issue.record("\(library ?? "nothing") passes for a runtime")
                continue
            }
        }
    }
}

@Suite("Vision without its parts") struct VisionlessTests {
    @Test func `says what is missing, at once`() async throws {
        let folder = try TemporaryFolder()
        let pack = try ModelPack(folder: PackFiles.make(in: folder, "tiny"))
        let vision = Vision(
            runtimeLibrary: nil, pack: pack, command: ChildCommand(executable: "/nowhere/banksia"), logger: .init(label: "test"))
        guard case .unavailable(let reason) = vision.capability else {
            Issue.record("passes for available")
            return
        }
        #expect(reason.contains("ONNX Runtime"))
        await #expect(throws: VisionProblem.unavailable(reason)) { try await vision.embed(text: "a") }
        await vision.close()
    }
}
