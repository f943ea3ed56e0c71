import BanksiaCore
import Foundation
import Testing

@testable import BanksiaVision

@Suite("Reading") struct ReadingTests {
    @Test func `messages about lines come back as they were, and cut ones are refused`() {
        let request = VisionMessage.Request.lines(width: 1, height: 2, path: "/scratch/a 1.raw")
        #expect(VisionMessage.Request(request.bytes) == request)
        let corners = [FoundLine.Corner(x: 1, y: 2), .init(x: 30, y: 2), .init(x: 30, y: 12), .init(x: 1, y: 12)]
        let lines = [
            FoundLine(text: "Straße 5", score: 0.9, corners: corners), FoundLine(text: "出口", score: 0.75, corners: corners),
        ]
        let bytes = VisionMessage.bytes(of: lines)
        #expect(VisionMessage.lines(bytes) == lines)
        #expect(VisionMessage.lines([]) == [])
        for count in 1..<49 { #expect(VisionMessage.lines(Array(bytes.prefix(count))) == nil) }
    }

    @Test func `blobs are what touches, at corners too`() {
        let rows = ["##...#", "..#...", "......", "#.#..#", "#.#.##", "###..."]
        let map = TextMap(columns: 6, rows: 6, values: rows.joined().map { $0 == "#" ? 0.9 : 0.1 })
        let blobs = map.blobs()
        #expect(blobs.map(\.pixels) == [3, 1, 7, 3])
        #expect(blobs.allSatisfy { abs($0.score - 0.9) < 1e-5 })
    }

    @Test(arguments: [0.0, 0.3, -0.7, 1.4, -1.5, 0.785])
    func `a rectangle around places is as small as can be and read in the usual direction`(angle: Double) throws {
        let (along, size) = (TextRegion.Point(x: cos(angle), y: sin(angle)), (length: 80.0, height: 10.0))
        let drawn = TextRegion(middle: .init(x: 100, y: 60), along: along, length: size.length, height: size.height)
        let inner = TextRegion(middle: drawn.middle, along: along, length: 40, height: 4)
        let found = try #require(TextRegion(around: drawn.corners + inner.corners))
        #expect(abs(found.length - size.length) < 1e-6 && abs(found.height - size.height) < 1e-6)
        #expect(abs(found.middle.x - 100) < 1e-6 && abs(found.middle.y - 60) < 1e-6)
        // Steep text is read downwards.
        let sign = angle == -1.5 ? -1.0 : 1.0
        #expect(abs(found.along.x - sign * along.x) < 1e-6 && abs(found.along.y - sign * along.y) < 1e-6)
    }

    @Test func `places on one line have no rectangle`() {
        #expect(TextRegion(around: []) == nil)
        #expect(TextRegion(around: [.init(x: 1, y: 1), .init(x: 1, y: 1)]) == nil)
        #expect(TextRegion(around: (0..<5).map { .init(x: Double($0), y: Double($0)) }) == nil)
    }
}
