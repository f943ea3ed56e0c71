import Foundation

/// A text that is kept in `Tests/Goldens` and read in review like code.
public enum Golden {
    /// Whether goldens are to be written anew instead of compared: `make goldens` sets it.
    private static var isRewriting: Bool { ProcessInfo.processInfo.environment["REWRITE_GOLDENS"] == "1" }

    /// The kept text under a name; when goldens are rewritten, `text` takes its place first.
    public static func kept(_ name: String, _ text: String) throws -> String {
        let file = Program.root.appending(path: "Tests/Goldens/\(name)")
        if isRewriting {
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        return try String(contentsOf: file, encoding: .utf8)
    }
}
