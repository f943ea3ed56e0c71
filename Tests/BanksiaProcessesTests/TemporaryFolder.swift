import Foundation

/// A folder that goes away with the test.
final class TemporaryFolder: Sendable {
    let root: String

    init() throws {
        root = NSTemporaryDirectory() + "banksia-processes-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    }

    // A test's leftovers in the temporary folder hurt nobody.
    deinit { try? FileManager.default.removeItem(atPath: root) }

    /// Makes an empty file.
    func touch(_ name: String) throws { try Data().write(to: URL(filePath: path(name))) }

    func path(_ name: String) -> String { root + "/" + name }
}
