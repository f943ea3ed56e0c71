import BanksiaProcesses
import BanksiaTestKit
import Foundation
import Logging

@testable import BanksiaVision

/// The real model pack, runtime, and Python, where set-up has put them. Tests that need them say so when they are skipped.
enum Installed {
    static let environment = ProcessInfo.processInfo.environment
    static let runtime = environment["BANKSIA_RUNTIME"] ?? Program.runtimeLibrary

    static let pack: ModelPack? = {
        let packs = ModelPacks(folders: environment["BANKSIA_MODELS"].map { [$0] } ?? Program.modelFolders)
        return try? packs.pack("lite2-minilm-a2")  // not set up: the tests are skipped
    }()

    /// A Python with numpy and onnxruntime.
    static let python: String? = {
        let path = environment["BANKSIA_PYTHON"] ?? Program.root.appending(path: ".venv-models/bin/python").path
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }()

    static let canRun = runtime != nil && pack != nil
    static let canCompare = canRun && python != nil
    static let canFindFaces = canStartChildren && pack?.faces != nil
    static let canStartChildren = canRun && FileManager.default.isExecutableFile(atPath: Program.path)

    static func vision(idleTimeout: Duration = .seconds(60)) -> Vision {
        Vision(
            runtimeLibrary: runtime, pack: pack!,
            command: ChildCommand(executable: Program.path, arguments: ["child", "vision"]),
            idleTimeout: idleTimeout, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }
}

extension Vision {
    /// The faces of a picture that is put into a file first.
    func faces(in pixels: [UInt8], width: Int, height: Int, _ limits: FaceLimits) async throws -> [FoundFace] {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/pixels.raw"
        try Data(pixels).write(to: URL(fileURLWithPath: path))
        return try await faces(inPixels: path, width: width, height: height, limits)
    }
}
