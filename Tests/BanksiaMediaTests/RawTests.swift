import BanksiaMedia
import Foundation
import Testing

@Suite("Camera files") struct RawTests {
    let studio: Studio
    init() throws { studio = try Studio() }

    private let ladder = [
        RenditionRecipe(name: "preview", longestEdge: 1440, format: .jpeg(quality: 90)),
        RenditionRecipe(name: "fullsize", longestEdge: nil, format: .jpeg(quality: 90)),
    ]

    private func rendered(_ negative: DigitalNegative) async throws -> [String: Chart] {
        let path = try studio.write(negative.bytes, "\(UUID().uuidString).dng")
        let files = try await Studio.workers.render(path, ladder: ladder, into: try studio.folder(UUID().uuidString))
        return Dictionary(uniqueKeysWithValues: try files.map { ($0.name, try studio.chart($0.path)) })
    }

    private func preview(_ width: Int, _ height: Int) throws -> (bytes: [UInt8], width: Int, height: Int) {
        // Upside down, so that it can be told from the sensor's data.
        let chart = Chart(size: PixelSize(width: width, height: height)) { x, y in
            y >= height / 2 ? (x >= width / 2 ? .red : .green) : (x >= width / 2 ? .blue : .yellow)
        }
        return (try studio.read(try studio.picture(chart, "\(UUID().uuidString).jpg")), width, height)
    }

    @Test func `the sensor's data are developed at half their size where there is no picture`() async throws {
        let shown = try await rendered(DigitalNegative(chart: .quarters(640, 400)))
        let full = try #require(shown["fullsize"])
        #expect(full.size == PixelSize(width: 320, height: 200))
        #expect(full.isUpright(within: 60), "\(full.corners)")
    }

    @Test func `the camera's own picture is shown where it is large enough`() async throws {
        let shown = try await rendered(DigitalNegative(chart: .quarters(640, 400), preview: preview(400, 250)))
        let full = try #require(shown["fullsize"])
        #expect(full.size == PixelSize(width: 400, height: 250))
        #expect(full.corners[3].isNear(.red), "\(full.corners)")
    }

    @Test func `a tiny picture is never shown`() async throws {
        let shown = try await rendered(DigitalNegative(chart: .quarters(640, 400), preview: preview(160, 100)))
        let full = try #require(shown["fullsize"])
        #expect(full.size == PixelSize(width: 320, height: 200))
        #expect(full.isUpright(within: 60), "\(full.corners)")
    }

    @Test(arguments: [1, 3, 6, 8]) func `both stand upright`(orientation: Int) async throws {
        let turned = orientation >= 5
        for preview in [nil, try preview(400, 250)] {
            var negative = DigitalNegative(chart: .quarters(640, 400), orientation: orientation)
            negative.preview = preview
            let size = preview.map { PixelSize(width: $0.width, height: $0.height) } ?? PixelSize(width: 320, height: 200)
            let full = try #require(try await rendered(negative)["fullsize"])
            #expect(full.size == (turned ? PixelSize(width: size.height, height: size.width) : size))
            // Where the red quarter comes to lie (CIPA DC-008 §4.6.5.1.6).
            let red = [1: 0, 3: 3, 6: 1, 8: 2][orientation].map { preview == nil ? $0 : 3 - $0 }
            #expect(full.corners[try #require(red)].isNear(.red, within: 60), "\(full.corners)")
        }
    }

    @Test func `the probe tells the sensor's size and the camera`() async throws {
        let negative = DigitalNegative(chart: .quarters(640, 400), orientation: 6)
        let probe = try await Studio.workers.probe(try studio.write(negative.bytes, "turned.dng"))
        #expect(probe.format == .dng)
        #expect(probe.displaySize == PixelSize(width: 400, height: 640))
        #expect(probe.metadata.make == "Banksia")
    }

    @Test(arguments: 1...15) func `a file cut off anywhere fails and nothing else`(sixteenth: Int) async throws {
        let whole = DigitalNegative(chart: .quarters(640, 400)).bytes
        let path = try studio.write(Array(whole.prefix(whole.count * sixteenth / 16)), "cut.dng")
        await #expect(throws: MediaProblem.self) { _ = try await Studio.workers.render(path, ladder: ladder, into: studio.root) }
    }

    @Test func `a sensor beyond the limit is refused before it is read`() async throws {
        var bytes = DigitalNegative(chart: .quarters(64, 40)).bytes
        // The directory's width and height, which come second and third.
        let directory = Int(bytes[4]) | Int(bytes[5]) << 8 | Int(bytes[6]) << 16
        for field in [1, 2] {
            bytes.replaceSubrange((directory + 2 + field * 12 + 8)..<(directory + 2 + field * 12 + 12), with: [0x60, 0xEA, 0, 0])
        }
        let path = try studio.write(bytes, "huge.dng")
        await #expect(throws: MediaProblem.self) { _ = try await Studio.workers.render(path, ladder: ladder, into: studio.root) }
    }
}
