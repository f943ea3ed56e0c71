import Foundation

/// Where the program lies, and what came with it.
enum Installation {
    /// The program's own file, for starting child processes of it.
    static let executable: String = {
        #if os(Linux)
            // always there on Linux
            if let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") { return path }
        #endif
        return Bundle.main.executablePath ?? CommandLine.arguments[0]
    }()

    /// The program's folder and up to four above it: an installed tree has `bin/` beside `lib/`, a build has `.build/release/`.
    static var folders: [String] {
        var folder = URL(filePath: executable).deletingLastPathComponent()
        var result: [String] = []
        for _ in 0..<5 {
            result.append(folder.path)
            folder = folder.deletingLastPathComponent()
        }
        return result
    }

    /// The ONNX Runtime library that came with the program, the newest one if there are several.
    static var runtimeLibrary: String? {
        for folder in folders.map({ "\($0)/lib" }) {
            // most of these folders do not exist
            guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { continue }
            if let name = names.filter({ $0.hasPrefix("libonnxruntime.so") }).max() { return "\(folder)/\(name)" }
        }
        return nil
    }
}
