internal import Foundation

/// What the parent asks of a media child.
enum MediaRequest: Codable, Hashable {
    case probe(path: String)
    case sidecar(path: String)
    case render(path: String, ladder: [RenditionRecipe], folder: String)
    case develop(path: String, wish: DevelopmentWish, folder: String)
    case cut(path: String, milliseconds: Int?, area: PictureArea, recipe: RenditionRecipe, folder: String)
    case pixels(path: String, fit: PixelFit, size: PixelSize)
    case picture(path: String, longestEdge: Int, output: String)
    case thumbHash(path: String)
    case measures(path: String)
    case frames(path: String, count: Int, longestEdge: Int, folder: String)
    case playable(path: String, folder: String)
    case dress(path: String, original: String, output: String)
    case capabilities
}

/// What it answers: bytes that the request gives their meaning, or what is wrong with the file.
enum MediaReply: Equatable {
    case done([UInt8])
    case fault(PictureFault)

    private static let doneTag: UInt8 = 0
    private static let faultTag: UInt8 = 1

    init(bytes: [UInt8]) throws {
        let rest = Array(bytes.dropFirst())
        switch bytes.first {
        case Self.doneTag: self = .done(rest)
        default: self = .fault(try JSONDecoder().decode(PictureFault.self, from: Data(rest)))
        }
    }

    func encoded() throws -> [UInt8] {
        switch self {
        case .done(let bytes): [Self.doneTag] + bytes
        case .fault(let fault): [Self.faultTag] + [UInt8](try JSONEncoder().encode(fault))
        }
    }
}

/// A `MediaCapabilities` on its way: a version, or why there is none.
struct CapabilityReport: Codable, Hashable {
    struct Part: Codable, Hashable {
        var version: String?
        var reason: String?
    }
    var decoding: Part
    var metadata: Part
}
