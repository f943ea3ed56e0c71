internal import BanksiaProcesses
internal import Foundation

/// The child's side: all decoding and metadata reading happens here, in a process that may fail.
public enum MediaChild {
    static let pixelsOption = "--maximum-pixels="
    static let defaultMaximumPixels = 300_000_000

    /// Serves requests of `MediaWorkers` until its end of the channel closes: the whole life of `banksia child media`.
    ///
    /// - Parameter arguments: the ones that `MediaWorkers` adds to its command.
    public static func serve(_ arguments: [String] = []) -> Never {
        let pixels = arguments.first { $0.hasPrefix(pixelsOption) }.flatMap { Int($0.dropFirst(pixelsOption.count)) }
        let desk = MediaDesk(maximumPixels: pixels ?? defaultMaximumPixels)
        ChildLoop.serve { try desk.answer($0) }
    }
}

/// Does one request after another.
final class MediaDesk {
    private let maximumPixels: Int
    private let exifTool = ExifTool()

    init(maximumPixels: Int) { self.maximumPixels = maximumPixels }

    func answer(_ bytes: [UInt8]) throws -> [UInt8] {
        let request = try JSONDecoder().decode(MediaRequest.self, from: Data(bytes))
        let reply: MediaReply
        do { reply = .done(try result(of: request)) } catch let fault as PictureFault { reply = .fault(fault) }
        return try reply.encoded()
    }

    private func result(of request: MediaRequest) throws -> [UInt8] {
        switch request {
        case .probe(let path): try json(probe(path))
        case .sidecar(let path): try json(SidecarFile(path).metadata(exifTool))
        case .render(let path, let ladder, let folder): try json(file(path).render(ladder, into: folder))
        case .develop(let path, let wish, let folder): try json(file(path).develop(wish, into: folder))
        case .cut(let path, let milliseconds, let area, let recipe, let folder):
            try json(file(path).cut(area, at: milliseconds, recipe, into: folder))
        case .pixels(let path, let fit, let size): try file(path).pixels(fit, to: size)
        case .picture(let path, let edge, let output): try json(file(path).picture(within: edge, as: output))
        case .thumbHash(let path): try file(path).thumbHash()
        case .measures(let path): try json([file(path).measures()])
        case .frames(let path, let count, let edge, let folder): try json(frames(path, count, edge, folder))
        case .playable(let path, let folder): try json(playable(path, folder))
        case .dress(let path, let original, let output): try json(dress(path, like: original, as: output))
        case .capabilities: try json(capabilities())
        }
    }

    private func json(_ value: some Encodable) throws -> [UInt8] { [UInt8](try JSONEncoder().encode(value)) }

    private func file(_ path: String) throws(PictureFault) -> PictureFile {
        guard Vips.start() else { throw .storage(reason: "libvips cannot run here") }
        return try PictureFile(path, maximumPixels: maximumPixels)
    }

    private func playable(_ path: String, _ folder: String) throws(PictureFault) -> PlayableFilm {
        let file = try file(path)
        guard let film = file.film else { throw .unsupported(what: file.format.displayName) }
        return try film.playable(as: file.format, into: folder)
    }

    private func frames(_ path: String, _ count: Int, _ edge: Int, _ folder: String) throws(PictureFault) -> [FilmFrame] {
        let file = try file(path)
        guard let film = file.film else { throw .unsupported(what: file.format.displayName) }
        return try film.frames(atMost: count, longestEdge: edge, into: folder)
    }

    /// Header facts where a picture opens, metadata where exiftool reads it; only an unknown kind of file is an error.
    private func probe(_ path: String) throws(PictureFault) -> Probe {
        let format = try PictureFile.identify(path)
        var tags: Tags?
        var problem: ExifTool.Failure?
        do throws(ExifTool.Failure) { tags = try exifTool.tags(of: path) } catch { problem = error }
        var header: PictureFile?
        if Vips.start() {
            // Damage shows when the picture is rendered; what else is known of the file counts here.
            header = try? PictureFile(path, format: format, maximumPixels: .max)
        }
        var probe = Probe(format: format, header: header, tags: tags, metadataProblem: problem?.reason)
        probe.mayHaveMoreMetadata = problem?.mayPass ?? false
        probe.embeddedFilm = EmbeddedFilm.find(in: path, format: format, tags: tags)
        return probe
    }

    /// Only what is decoded whole is given metadata.
    private func dress(_ path: String, like original: String, as output: String) throws(PictureFault) -> DressedPicture {
        let picture = try file(path)
        try picture.proveWhole()
        let isWritten: Bool
        do throws(ExifTool.Failure) { isWritten = try exifTool.copyMetadata(from: original, to: path, as: output) } catch {
            throw .metadata(reason: error.reason)
        }
        guard isWritten else { throw .undecodable(reason: "no metadata can be written into it") }
        return DressedPicture(format: picture.format, size: picture.size)
    }

    private func capabilities() -> CapabilityReport {
        var report = CapabilityReport(decoding: .init(reason: "libvips cannot run here"), metadata: .init())
        if Vips.start() { report.decoding = .init(version: Vips.version) }
        do throws(ExifTool.Failure) { report.metadata.version = try exifTool.version() } catch {
            report.metadata.reason = error.reason
        }
        return report
    }
}
