import BanksiaMedia
import BanksiaProcesses
import Foundation
import Logging

/// Makes pictures and films with the machine's own tools, and workers to give them to.
final class Studio: Sendable {
    let root: String

    init() throws {
        root = URL(filePath: NSTemporaryDirectory()).resolvingSymlinksInPath().path + "/banksia-media-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    }

    // A test's leftovers in the temporary folder hurt nobody.
    deinit { try? FileManager.default.removeItem(atPath: root) }

    func path(_ name: String) -> String { "\(root)/\(name)" }

    /// A folder inside.
    func folder(_ name: String) throws -> String {
        try FileManager.default.createDirectory(atPath: path(name), withIntermediateDirectories: true)
        return path(name)
    }

    @discardableResult func write(_ bytes: [UInt8], _ name: String) throws -> String {
        try Data(bytes).write(to: URL(filePath: path(name)))
        return path(name)
    }

    func read(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: path))) }

    struct ToolFailure: Error { let words: String }

    /// Runs a tool and returns what it prints.
    @discardableResult func run(_ tool: String, _ arguments: String...) throws -> String { try run(tool: tool, arguments) }

    @discardableResult func run(tool: String, _ arguments: [String]) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [tool] + arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw ToolFailure(words: "\(tool) \(arguments): \(text)") }
        return text
    }

    /// Writes a chart in the format that the name's ending asks for. `options` follow libvips' syntax, such as `[Q=95]`.
    func picture(_ chart: Chart, _ name: String, options: String = "") throws -> String {
        let source = try write(chart.portablePixmap, "\(UUID().uuidString).ppm")
        try run("vips", "copy", source, path(name) + options)
        return path(name)
    }

    /// The pixels of a picture file, by libvips' command.
    func chart(_ picture: String) throws -> Chart {
        let pixmap = path("\(UUID().uuidString).ppm")
        try run("vips", "colourspace", picture, pixmap, "srgb")
        return try Chart(portablePixmap: read(pixmap))
    }

    // MARK: Workers

    /// The executable that plays `banksia child media`; it lies beside the test bundle.
    static let command = ChildCommand(
        executable: URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path + "/ChildFixture",
        arguments: ["media"])

    /// Shared by all tests that need nothing special of them; the children end with the test process.
    static let workers = workers()

    static func workers(
        _ command: ChildCommand = Studio.command, width: Int = 2, limits: ChildLimits = ChildLimits(addressSpaceBytes: 4 << 30),
        timeout: Duration = .seconds(120), maximumPixels: Int = 300_000_000
    ) -> MediaWorkers {
        MediaWorkers(
            command: command, width: width, scratch: NSTemporaryDirectory(), limits: limits,
            // Under load the calls of one test may lie minutes apart.
            idleTimeout: .seconds(3600),
            timeout: timeout, maximumPixels: maximumPixels, logger: Logger(label: "media") { _ in SwiftLogNoOpLogHandler() })
    }
}
