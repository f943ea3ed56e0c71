import BanksiaProcesses
import Foundation

/// The child process that runs a pack's models: `banksia child vision --runtime FILE [--pack FOLDER]`.
public enum VisionChild {
    /// Serves the parent's requests until it closes the channel. Models are loaded by the first request that needs them.
    public static func serve(_ arguments: [String]) -> Never {
        let worker = VisionWorker(arguments: VisionArguments(arguments))
        ChildLoop.serve { try worker.answer($0) }
    }
}

/// How a parent tells its child what to load.
struct VisionArguments: Equatable {
    var runtime: String?
    var pack: String?

    init(runtime: String?, pack: String?) {
        self.runtime = runtime
        self.pack = pack
    }

    /// Reads a command line; what is not known there is passed over.
    init(_ arguments: [String]) {
        func value(of name: String) -> String? {
            guard let place = arguments.firstIndex(of: name), place + 1 < arguments.count else { return nil }
            return arguments[place + 1]
        }
        runtime = value(of: "--runtime")
        pack = value(of: "--pack")
    }

    var line: [String] { (runtime.map { ["--runtime", $0] } ?? []) + (pack.map { ["--pack", $0] } ?? []) }
}

/// The work of the child process: answers requests with what the models say.
final class VisionWorker {
    private let arguments: VisionArguments
    private var runtime: InferenceRuntime?
    private var text: TextTower?
    private var image: ImageTower?
    private var faces: FaceTower?
    private var reading: ReadingTower?

    init(arguments: VisionArguments) { self.arguments = arguments }

    func answer(_ request: [UInt8]) throws(VisionProblem) -> [UInt8] {
        switch VisionMessage.Request(request) {
        case .version: return Array(try loadedRuntime().version.utf8)
        case .text(let text): return VisionMessage.bytes(of: try loadedText().embed(text))
        case .image(let pixels): return VisionMessage.bytes(of: try loadedImage().embed(pixels))
        case .imageFile(let path): return VisionMessage.bytes(of: try loadedImage().embed(Self.pixels(path)))
        case .faces(let limits, let width, let height, let path):
            return VisionMessage.bytes(of: try loadedFaces().faces(in: Self.picture(width, height, path), limits))
        case .lines(let width, let height, let path):
            return VisionMessage.bytes(of: try loadedReading().lines(in: Self.picture(width, height, path)))
        case nil: throw .unavailable("The worker process does not know this request.")
        }
    }

    private static func pixels(_ path: String) throws(VisionProblem) -> ArraySlice<UInt8> {
        guard let pixels = FileManager.default.contents(atPath: path) else {
            throw .unavailable("The worker process cannot read the pixels that it was given.")
        }
        return Array(pixels)[...]
    }

    private static func picture(_ width: Int, _ height: Int, _ path: String) throws(VisionProblem) -> RawPicture {
        let pixels = try pixels(path)
        guard let picture = RawPicture(width: width, height: height, pixels: pixels) else {
            throw .pixels(expected: 3 * width * height, given: pixels.count)
        }
        return picture
    }

    private func loadedRuntime() throws(VisionProblem) -> InferenceRuntime {
        if let runtime { return runtime }
        guard let library = arguments.runtime else { throw .unavailable(Vision.runtimeMissing) }
        let loaded = try InferenceRuntime(library: library)
        runtime = loaded
        return loaded
    }

    private func loadedText() throws(VisionProblem) -> TextTower {
        if let text { return text }
        let loaded = try TextTower(try pack(), runtime: try loadedRuntime())
        text = loaded
        return loaded
    }

    private func loadedImage() throws(VisionProblem) -> ImageTower {
        if let image { return image }
        let loaded = try ImageTower(try pack(), runtime: try loadedRuntime())
        image = loaded
        return loaded
    }

    private func loadedFaces() throws(VisionProblem) -> FaceTower {
        if let faces { return faces }
        let loaded = try FaceTower(try pack(), runtime: try loadedRuntime())
        faces = loaded
        return loaded
    }

    private func loadedReading() throws(VisionProblem) -> ReadingTower {
        if let reading { return reading }
        let loaded = try ReadingTower(try pack(), runtime: try loadedRuntime())
        reading = loaded
        return loaded
    }

    private func pack() throws(VisionProblem) -> ModelPack {
        guard let folder = arguments.pack else { throw .unavailable("The worker process was given no model pack.") }
        do { return try ModelPack(folder: folder) } catch { throw .unavailable(error.detail) }
    }
}
