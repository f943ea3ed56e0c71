import Foundation
import Testing

@testable import BanksiaMedia

@Suite("Films in stills") struct EmbeddedFilmTests {
    private let still: [UInt8] = [0xFF, 0xD8] + Array(repeating: 0x55, count: 500) + [0xFF, 0xD9]
    private let film =
        box("ftyp", Array("isom".utf8) + [0, 0, 0, 0]) + box("mdat", Array(repeating: 7, count: 90)) + box("moov", [1, 2, 3])

    private static func little(_ number: Int) -> [UInt8] { big(number).reversed() }

    private func found(_ bytes: [UInt8], _ format: MediaFormat = .jpeg, tags: String = "") throws -> EmbeddedFilm? {
        let file = FileManager.default.temporaryDirectory.appending(path: "film-\(UUID()).bin")
        try Data(bytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }  // a leftover in the temporary folder does no harm
        return EmbeddedFilm.find(in: file.path, format: format, tags: Tags(json: Array("[{\(tags)}]".utf8)))
    }

    private func directory(_ lengths: Int...) -> String {
        let items = lengths.enumerated().map { place, length in
            #"{"Item": {"Semantic": "\#(place == 1 ? "MotionPhoto" : "Other")", "Length": \#(length)}}"#
        }
        return #""XMP-GContainer:Directory": [\#(items.joined(separator: ","))]"#
    }

    private func trailer(kind: Int = 0x0A30, offset: Int? = nil) -> [UInt8] {
        let block = [0, 0] + Self.little(kind).prefix(2) + Self.little(16) + Array("MotionPhoto_Data".utf8) + film
        let entry = [0, 0] + Self.little(kind).prefix(2) + Self.little(offset ?? block.count) + Self.little(block.count)
        let list = Array("SEFH".utf8) + Self.little(107) + Self.little(1) + entry
        return block + list + Self.little(list.count) + Array("SEFT".utf8)
    }

    @Test func `a film is found by whatever says where it is`() throws {
        let expected = EmbeddedFilm(start: Int64(still.count), length: Int64(film.count), mimeType: "video/mp4")
        #expect(try found(still + film, tags: directory(0, film.count)) == expected)
        #expect(try found(still + film + [1, 2, 3], tags: directory(0, film.count, 3)) == expected)
        #expect(try found(still + film, tags: #""XMP-GCamera:MicroVideoOffset": \#(film.count)"#) == expected)
        let samsung = try #require(try found(still + trailer()))
        #expect((samsung.start, samsung.length) == (Int64(still.count + 24), Int64(film.count)))
        let heif = box("ftyp", Array("heic".utf8) + [0, 0, 0, 0]) + box("meta", [0, 0, 0, 0])
        let inside = try #require(try found(heif + box("mpvd", film), .heic))
        #expect((inside.start, inside.length) == (Int64(heif.count + 8), Int64(film.count)))
    }

    @Test func `QuickTime is called by its name`() throws {
        let quickTime = box("ftyp", Array("qt  ".utf8) + [0, 0, 0, 0]) + box("moov", [0])
        #expect(try found(still + quickTime, tags: directory(0, quickTime.count))?.mimeType == "video/quicktime")
    }

    @Test func `what is said to be a film and is none is none`() throws {
        #expect(try found(still) == nil)
        #expect(try found(still + film) == nil, "nothing says that it is there")
        #expect(try found(still, tags: #""XMP-GCamera:MicroVideoOffset": 100"#) == nil)
        for length in [0, -5, film.count - 1, film.count + 1, 1 << 40, still.count + film.count] {
            #expect(try found(still + film, tags: directory(0, length)) == nil, "\(length)")
            #expect(try found(still + film, tags: directory(0, film.count, length)) == nil || length == 0, "\(length)")
        }
        #expect(try found(still + film.dropLast(20), tags: directory(0, film.count - 20)) == nil, "cut off")
        #expect(try found(still + trailer(kind: 0x0A31)) == nil)
        for offset in [0, 3, 1 << 20, Int(Int32.max)] { #expect(try found(still + trailer(offset: offset)) == nil, "\(offset)") }
        #expect(try found(film, .mp4, tags: directory(0, film.count)) == nil)
    }

    @Test(arguments: 0..<64) func `a damaged directory does no harm`(seed: Int) throws {
        var bytes = still + trailer()
        let place = bytes.count - 1 - seed % 40
        bytes[place] = UInt8(truncatingIfNeeded: seed &* 89 &+ 31)
        let film = try found(bytes)
        if let film { #expect(film.start > 0 && film.start + film.length <= Int64(bytes.count)) }
    }
}
