public import Foundation

/// The program under test, as the build made it.
public enum Program {
    /// The folder of build products, beside the bundle that the tests run from.
    private static let products: URL = {
        for bundle in Bundle.allBundles where bundle.bundlePath.hasSuffix(".xctest") {
            return bundle.bundleURL.deletingLastPathComponent()
        }
        return URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    }()

    /// The `banksia` executable.
    public static var path: String { products.appending(path: "banksia").path }

    /// The root of the project.
    public static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The model packs that set-up made; empty when it has not run.
    public static var modelFolders: [String] {
        let folder = root.appending(path: "models").path
        return FileManager.default.fileExists(atPath: folder) ? [folder] : []
    }

    /// The file of places that set-up made.
    public static var places: String { root.appending(path: "places/world.places").path }

    /// The ONNX Runtime that set-up fetched.
    public static var runtimeLibrary: String? {
        let folder = root.appending(path: "lib")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []  // no set-up: no runtime
        return names.filter { $0.hasPrefix("libonnxruntime.so") }.max().map { folder.appending(path: $0).path }
    }
}
