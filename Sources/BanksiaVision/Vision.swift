public import BanksiaCore
public import BanksiaProcesses
import Foundation
public import Logging

/// Turns pictures and texts into vectors of one space, by a model pack that runs in child processes.
///
/// Texts have a child of their own, so a query never waits behind a photo; so have faces and reading, so that neither a crowd
/// nor a page of print holds up a photo's vector, and no child carries the models of another. Children start with the first
/// call and leave when there has been none for a while; the models' memory leaves with them.
///
/// All step back for the server, and those whose work is behind a search for the others.
public struct Vision: Sendable {
    /// The pack whose space the vectors are of.
    public let pack: ModelPack

    private let texts: ChildPool
    private let images: ChildPool
    private let finders: ChildPool
    private let readers: ChildPool
    private let queries = RecentCache<String, [Float]>(capacity: 1000)
    private let missing: String?

    /// The first call of a child loads its model, which may lie on a slow disk.
    private static let textTimeout = Duration.seconds(30)
    private static let imageTimeout = Duration.seconds(60)
    static let runtimeMissing =
        "The ONNX Runtime library is not installed. `make setup` gets it; then search by description works."

    /// Nothing is loaded yet.
    ///
    /// - Parameters:
    ///   - runtimeLibrary: the ONNX Runtime's shared library; without it, only `capability` works.
    ///   - command: starts a child that calls `VisionChild.serve`; what it must load is added to the arguments.
    ///   - width: how many pictures are searched for faces at once, each with one thread and about 130 MB. A vector costs a
    ///     third of that time, so half as many children make those.
    ///   - limits: of each child; what they say of niceness is not read.
    ///   - idleTimeout: how long a child without work stays.
    public init(
        runtimeLibrary: String?, pack: ModelPack, command: ChildCommand, width: Int = 1, limits: ChildLimits = ChildLimits(),
        idleTimeout: Duration = .seconds(60), logger: Logger
    ) {
        self.pack = pack
        var command = command
        command.arguments += VisionArguments(runtime: runtimeLibrary, pack: pack.folder).line
        func pool(_ name: String, width: Int = 1, niceness: Int, recycleAfter: Int) -> ChildPool {
            var limits = limits
            limits.niceness = niceness
            return ChildPool(
                name: name, command: command, width: width, limits: limits, idleTimeout: idleTimeout, recycleAfter: recycleAfter,
                logger: logger)
        }
        texts = pool("vision-text", niceness: 0, recycleAfter: 20_000)
        images = pool("vision-image", width: max(1, width / 2), niceness: 5, recycleAfter: 2000)
        finders = pool("vision-faces", width: width, niceness: 10, recycleAfter: 2000)
        readers = pool("vision-reading", niceness: 10, recycleAfter: 500)
        missing = runtimeLibrary.flatMap(FileSize.of) == nil ? Self.runtimeMissing : nil
    }

    /// Whether the runtime and the pack's files are there. Looks at nothing inside them, so it costs microseconds.
    public var capability: Capability {
        if let missing { return .unavailable(because: missing) }
        do {
            try pack.checkSizes()
            return .available(version: pack.id)
        } catch { return .unavailable(because: error.detail) }
    }

    /// Whether the runtime can be loaded, tried in a child.
    public static func capability(ofRuntime library: String?, command: ChildCommand) async -> Capability {
        guard let library, FileSize.of(library) != nil else { return .unavailable(because: runtimeMissing) }
        var command = command
        command.arguments += VisionArguments(runtime: library, pack: nil).line
        let pool = ChildPool(
            name: "vision-check", command: command, width: 1, limits: ChildLimits(), logger: Logger(label: "vision-check"))
        do throws(ChildProblem) {
            let answer = try await pool.call(VisionMessage.Request.version.bytes, timeout: textTimeout)
            await pool.close()
            return .available(version: String(decoding: answer, as: UTF8.self))
        } catch {
            await pool.close()
            return .unavailable(because: error.detail)
        }
    }

    /// The vector of a text, of unit length. Texts that were asked for lately cost nothing; what is beyond the pack's
    /// context is not read.
    ///
    /// - Throws: `VisionProblem`.
    public func embed(text: String) async throws(VisionProblem) -> [Float] {
        if let known = queries[text] { return known }
        let answer = try await ask(.text(text), of: texts, within: Self.textTimeout)
        guard let vector = VisionMessage.vector(answer), vector.count == pack.dimension else { throw .worker(.brokenAnswer) }
        queries.keep(vector, for: text)
        return vector
    }

    /// What the pack says of a picture.
    ///
    /// - Parameters:
    ///   - pixels: 8-bit red, green, blue, row by row, resized by the rule of `pack.image`.
    ///   - size: the edge of the square; the pack's `image.size`.
    /// - Throws: `VisionProblem`.
    public func embed(pixels: [UInt8], size: Int) async throws(VisionProblem) -> ImageEmbedding {
        let expected = 3 * pack.image.size * pack.image.size
        guard size == pack.image.size, pixels.count == expected else { throw .pixels(expected: expected, given: pixels.count) }
        return try await embedding(.image(pixels[...]))
    }

    /// What the pack says of a picture whose pixels lie in a file, in the same form.
    ///
    /// - Throws: `VisionProblem`.
    public func embed(pixelsIn path: String) async throws(VisionProblem) -> ImageEmbedding {
        try await embedding(.imageFile(path))
    }

    private func embedding(_ request: VisionMessage.Request) async throws(VisionProblem) -> ImageEmbedding {
        let answer = try await ask(request, of: images, within: Self.imageTimeout)
        guard let embedding = VisionMessage.embedding(answer), embedding.embedding.count == pack.dimension else {
            throw .worker(.brokenAnswer)
        }
        return embedding
    }

    /// The faces of a picture, the surest first, at most `FaceLimits.mostFaces`.
    ///
    /// - Parameters:
    ///   - path: a file of 8-bit red, green, blue, row by row.
    ///   - width: in pixels, up to 4,096; as `height`. The whole picture is looked at, and tiles of it for small faces: some 7 ms
    ///     for each 0.3 megapixels, and 15 ms for each face.
    /// - Throws: `VisionProblem`; `.unavailable` when the pack has no models for faces.
    public func faces(
        inPixels path: String, width: Int, height: Int, _ limits: FaceLimits
    ) async throws(VisionProblem) -> [FoundFace] {
        guard let models = pack.faces else { throw .unavailable(Self.faceModelsMissing(pack)) }
        let request = VisionMessage.Request.faces(limits, width: width, height: height, path: path)
        let answer = try await ask(request, of: finders, within: Self.imageTimeout)
        guard let faces = VisionMessage.faces(answer), faces.allSatisfy({ $0.vector.count == models.dimension }) else {
            throw .worker(.brokenAnswer)
        }
        return faces
    }

    /// The lines of text in a picture in the order in which they are read, at most `FoundLine.mostLines`.
    ///
    /// - Parameters:
    ///   - path: a file of 8-bit red, green, blue, row by row.
    ///   - width: in pixels, up to 4,096; as `height`. Small letters are read better with more of them. A picture without text
    ///     takes some 130 ms of CPU, one with text half a second and 15 ms for each line.
    /// - Throws: `VisionProblem`; `.unavailable` when the pack has no models for reading.
    public func lines(inPixels path: String, width: Int, height: Int) async throws(VisionProblem) -> [FoundLine] {
        guard pack.reading != nil else { throw .unavailable(Self.readingModelsMissing(pack)) }
        let request = VisionMessage.Request.lines(width: width, height: height, path: path)
        let answer = try await ask(request, of: readers, within: Self.imageTimeout)
        guard let lines = VisionMessage.lines(answer) else { throw .worker(.brokenAnswer) }
        return lines
    }

    /// Whether text in pictures can be read.
    public var readingCapability: Capability {
        guard pack.reading != nil else { return .unavailable(because: Self.readingModelsMissing(pack)) }
        return capability
    }

    private static func readingModelsMissing(_ pack: ModelPack) -> String {
        "The model pack \(pack.id) has no models for reading. `make setup` builds one that has."
    }

    /// Whether faces can be found.
    public var faceCapability: Capability {
        guard let models = pack.faces else { return .unavailable(because: Self.faceModelsMissing(pack)) }
        guard case .available = capability else { return capability }
        return .available(version: "\(pack.id), \(models.dimension) dimensions")
    }

    private static func faceModelsMissing(_ pack: ModelPack) -> String {
        "The model pack \(pack.id) has no models for faces. `make setup` builds one that has."
    }

    private func ask(_ request: VisionMessage.Request, of pool: ChildPool, within timeout: Duration) async throws(VisionProblem)
        -> [UInt8]
    {
        if let missing { throw .unavailable(missing) }
        do { return try await pool.call(request.bytes, timeout: timeout) } catch { throw .worker(error) }
    }

    /// Ends the children. Calls that run or come later fail.
    public func close() async {
        await texts.close()
        await images.close()
        await finders.close()
        await readers.close()
    }
}
