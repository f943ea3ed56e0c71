internal import BanksiaCore
public import BanksiaProcesses
internal import Foundation
public import Logging

/// Reads, renders and measures media files in child processes: no byte of a file is decoded in this one.
///
/// Paths are absolute and readable by the children. A damaged or hostile file ends in a `MediaProblem` of its own call.
public struct MediaWorkers: Sendable {
    private let pool: ChildPool
    /// For what takes minutes, so that nothing waits behind it: one child, which steps back for the others as they do for the
    /// server.
    private let slow: ChildPool
    private let timeout: Duration

    /// Makes the workers; children start with the first call.
    ///
    /// - Parameters:
    ///   - command: starts a process that calls `MediaChild.serve` with the arguments that it gets.
    ///   - width: how many files are worked on at once; one per core is right.
    ///   - scratch: an existing folder for what libraries put aside.
    ///   - limits: what each child is held to, but for its niceness. A 12 megapixel HEIC takes 0.4 GB, the largest picture allowed
    ///     here 2 GB.
    ///   - timeout: how long one file may take.
    ///   - maximumPixels: pictures with more are not decoded.
    public init(
        command: ChildCommand, width: Int, scratch: String,
        limits: ChildLimits = ChildLimits(addressSpaceBytes: 4 << 30, fileSizeBytes: 2 << 30),
        idleTimeout: Duration = .seconds(30), timeout: Duration = .seconds(120), maximumPixels: Int = 300_000_000, logger: Logger
    ) {
        var command = command
        command.arguments.append("\(MediaChild.pixelsOption)\(maximumPixels)")
        // Half-decoded pictures stay in memory: a killed child would leave its files behind.
        command.environment.merge(["TMPDIR": scratch, "VIPS_DISC_THRESHOLD": "1000g"]) { given, _ in given }
        var (common, patient) = (limits, limits)
        common.niceness = 5
        (patient.niceness, patient.fileSizeBytes) = (10, 4 << 30)
        pool = ChildPool(name: "media", command: command, width: width, limits: common, idleTimeout: idleTimeout, logger: logger)
        slow = ChildPool(
            name: "film", command: command, width: 1, limits: patient, idleTimeout: idleTimeout, abandoned: .ends, logger: logger)
        self.timeout = timeout
    }

    /// What the file says about itself. A file whose picture is damaged still has a format and perhaps metadata.
    public func probe(_ path: String) async throws(MediaProblem) -> Probe { try await decoded(.probe(path: path)) }

    /// What an XMP file says about the picture or film that it lies beside.
    ///
    /// - Throws: `MediaProblem.unsupported` for anything but XMP, and for what is nested beyond reason.
    public func sidecar(_ path: String) async throws(MediaProblem) -> EmbeddedMetadata { try await decoded(.sidecar(path: path)) }

    /// Renders a picture in some sizes with one decoding: upright, in sRGB, without metadata, never enlarged.
    ///
    /// - Parameter folder: gets one file per recipe, named for it.
    public func render(
        _ path: String, ladder: [RenditionRecipe], into folder: String
    ) async throws(MediaProblem) -> [RenderedFile] {
        try await decoded(.render(path: path, ladder: ladder, folder: folder))
    }

    /// Makes all that is wished for of a picture or a film, with one decoding.
    ///
    /// - Parameter folder: gets the files.
    public func develop(
        _ path: String, _ wish: DevelopmentWish, into folder: String
    ) async throws(MediaProblem) -> Development {
        try await decoded(.develop(path: path, wish: wish, folder: folder))
    }

    /// Renders a part of a picture: upright, in sRGB, without metadata, never enlarged.
    ///
    /// - Parameters:
    ///   - area: moved inside where it leaves the picture.
    ///   - milliseconds: of a film, where in it; its still otherwise.
    ///   - folder: gets the file, named for the recipe.
    public func cut(
        _ area: PictureArea, of path: String, at milliseconds: Int? = nil, _ recipe: RenditionRecipe, into folder: String
    ) async throws(MediaProblem) -> RenderedFile {
        try await decoded(.cut(path: path, milliseconds: milliseconds, area: area, recipe: recipe, folder: folder))
    }

    /// The pixels that a model takes: 8-bit red, green, blue, row by row; upright, transparent parts white.
    public func pixels(_ path: String, _ fit: PixelFit, to size: PixelSize) async throws(MediaProblem) -> [UInt8] {
        try await answer(.pixels(path: path, fit: fit, size: size))
    }

    /// The pixels of a picture in its own shape, upright, transparent parts white, decoded no larger than needed and not enlarged.
    ///
    /// They go from child to child in a file, and not through this process: it has requests to answer.
    ///
    /// - Parameters:
    ///   - longestEdge: of the result, in pixels.
    ///   - folder: gets the file.
    public func picture(
        _ path: String, within longestEdge: Int, into folder: String
    ) async throws(MediaProblem) -> PixelFile {
        try await decoded(.picture(path: path, longestEdge: longestEdge, output: "\(folder)/pixels.raw"))
    }

    /// A blurred placeholder in 5 to 30 bytes (https://evanw.github.io/thumbhash/).
    public func thumbHash(_ path: String) async throws(MediaProblem) -> [UInt8] { try await answer(.thumbHash(path: path)) }

    /// Pictures from all over a film, evenly spread, in the order in which they are shown: one for each two seconds, and no more
    /// than so many.
    ///
    /// - Parameters:
    ///   - longestEdge: larger pictures are made smaller.
    ///   - folder: gets a JPEG per picture, which can be given to the other calls here.
    /// - Throws: `MediaProblem.unsupported` for what is no film.
    public func frames(
        of path: String, atMost count: Int = 8, longestEdge: Int = 1440, into folder: String
    ) async throws(MediaProblem) -> [FilmFrame] {
        try await decoded(.frames(path: path, count: count, longestEdge: longestEdge, folder: folder))
    }

    /// A film as browsers play it: an MP4 of H.264 and AAC, upright, with square pixels, of at most 1920 × 1080 where it had to be
    /// coded anew. One at a time, each with one core at low priority.
    ///
    /// - Parameter folder: gets the file.
    /// - Returns: what was made, `nil` where browsers play the file as it is; and the size of what is to be played.
    /// - Throws: `MediaProblem.unsupported` for what is no film.
    public func playable(
        _ path: String, into folder: String
    ) async throws(MediaProblem) -> (made: RenderedFile?, size: PixelSize) {
        let film: PlayableFilm = try await decoded(
            .playable(path: path, folder: folder), of: slow, within: Film.makingTimeout + timeout)
        return (film.made, film.size)
    }

    /// How a picture came out; `nil` when it is too small to tell.
    public func measures(_ path: String) async throws(MediaProblem) -> PictureMeasures? {
        let answer: [PictureMeasures?] = try await decoded(.measures(path: path))
        return answer.first ?? nil
    }

    /// Writes a copy of a picture with the metadata of another file, standing upright, after decoding all of it.
    ///
    /// - Parameter output: where the copy is written; nothing may be there yet.
    public func dress(_ path: String, like original: String, as output: String) async throws(MediaProblem) -> DressedPicture {
        try await decoded(.dress(path: path, original: original, output: output))
    }

    /// Which native parts this machine has.
    public func capabilities() async -> MediaCapabilities {
        do throws(MediaProblem) {
            let report: CapabilityReport = try await decoded(.capabilities)
            return MediaCapabilities(decoding: Capability(report.decoding), metadata: Capability(report.metadata))
        } catch {
            return MediaCapabilities(decoding: .unavailable(because: error.detail), metadata: .unavailable(because: error.detail))
        }
    }

    /// Ends the children; what they are at fails.
    public func close() async {
        await slow.close()
        await pool.close()
    }

    /// The children that live now.
    public var childProcessIDs: [Int32] { pool.childProcessIDs + slow.childProcessIDs }

    private func decoded<Result: Decodable>(
        _ request: MediaRequest, of pool: ChildPool? = nil, within timeout: Duration? = nil
    ) async throws(MediaProblem) -> Result {
        let bytes = try await answer(request, of: pool ?? self.pool, within: timeout ?? self.timeout)
        do { return try JSONDecoder().decode(Result.self, from: Data(bytes)) } catch { throw .child(.brokenAnswer) }
    }

    private func answer(_ request: MediaRequest) async throws(MediaProblem) -> [UInt8] {
        try await answer(request, of: pool, within: timeout)
    }

    private func answer(
        _ request: MediaRequest, of pool: ChildPool, within timeout: Duration
    ) async throws(MediaProblem) -> [UInt8] {
        let words: [UInt8]
        do { words = [UInt8](try JSONEncoder().encode(request)) } catch {
            throw .storage("a path that is no text")  // the only part of a request that could fail to encode
        }
        let answer: [UInt8]
        do throws(ChildProblem) { answer = try await pool.call(words, timeout: timeout) } catch { throw .child(error) }
        let reply: MediaReply
        do { reply = try MediaReply(bytes: answer) } catch { throw .child(.brokenAnswer) }
        switch reply {
        case .done(let bytes): return bytes
        case .fault(let fault): throw MediaProblem(fault)
        }
    }
}

extension Capability {
    fileprivate init(_ part: CapabilityReport.Part) {
        self = part.version.map { .available(version: $0) } ?? .unavailable(because: part.reason ?? "It does not answer.")
    }
}
