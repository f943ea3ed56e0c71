import BanksiaCore
import Foundation
import Testing

@testable import BanksiaVision

@Suite("Faces") struct FaceTests {
    @Test func `messages about faces come back as they were, and cut ones are refused`() {
        let request = VisionMessage.Request.faces(.init(score: 0.8, size: 30), width: 1, height: 2, path: "/scratch/a 1.raw")
        #expect(VisionMessage.Request(request.bytes) == request)
        let box = FoundBox(x: -1, y: 2, width: 30, height: 40)
        let faces = [
            FoundFace(score: 0.9, box: box, quality: 0.5, strength: 12, vector: [1, 0]),
            FoundFace(score: 0.8, box: box, quality: 0.25, strength: 9, vector: [0, -1]),
        ]
        let bytes = VisionMessage.bytes(of: faces)
        #expect(VisionMessage.faces(bytes) == faces)
        #expect(VisionMessage.faces([]) == [])
        for count in 1..<40 { #expect(VisionMessage.faces(Array(bytes.prefix(count))) == nil) }
    }

    @Test func `landmarks that are the template turned, scaled and moved are laid back upon it`() throws {
        let template = [(38.2946, 51.6963), (73.5318, 51.5014), (56.0252, 71.7366), (41.5493, 92.3655), (70.7299, 92.2041)]
        let (a, b) = (2.5 * cos(0.4), 2.5 * sin(0.4))
        let moved = template.map { FaceDetector.Point(x: a * $0.0 - b * $0.1 + 300, y: b * $0.0 + a * $0.1 - 20) }
        let alignment = try #require(FaceAlignment(moved))
        #expect(abs(alignment.view.a - a) < 1e-6 && abs(alignment.view.b - b) < 1e-6)
        #expect(abs(alignment.view.x - 300) < 1e-4 && abs(alignment.view.y + 20) < 1e-4)
        #expect(alignment.turn < 0.01)
        #expect(FaceAlignment(Array(repeating: .init(x: 3, y: 3), count: 5)) == nil)
        #expect(FaceAlignment([]) == nil)
    }

    @Test(arguments: [640, 641, 1000, 1600, 4000]) func `tiles cover an edge and overlap`(length: Int) {
        let starts = FaceDetector.tiles(over: length, side: 640)
        #expect(starts.first == 0 && starts.last == max(0, length - 640))
        for (one, next) in zip(starts, starts.dropFirst()) { #expect(next - one <= 512 && next > one) }
    }

    @Test func `a face that is found twice counts once`() {
        func candidate(_ score: Float, _ x: Float, _ size: Float) -> FaceDetector.Candidate {
            .init(score: score, box: FoundBox(x: x, y: 0, width: size, height: size), landmarks: [])
        }
        let kept = FaceDetector.distinct([
            candidate(0.8, 2, 50), candidate(0.9, 0, 50), candidate(0.7, 10, 20), candidate(0.75, 60, 50),
        ])
        #expect(kept.map(\.score) == [0.9, 0.75])
    }

    @Test func `a view shows the pixels it lies on, and black beyond`() throws {
        let pixels = (0..<12).map { UInt8(20 * $0) }
        let picture = try #require(RawPicture(width: 2, height: 2, pixels: pixels[...]))
        let planes = picture.planes(.init(x: 0, y: 0, scale: 1), side: 3, .rgb)
        #expect(Array(planes[0..<9]) == [0, 60, 0, 120, 180, 0, 0, 0, 0])
        #expect(Array(picture.planes(.init(x: 0, y: 0, scale: 1), side: 3, .bgr)[18..<27]) == Array(planes[0..<9]))
        #expect(picture.planes(.init(x: 0, y: 0, scale: 0.5), side: 1, .rgb) == [90, 110, 130])
        #expect(RawPicture(width: 2, height: 2, pixels: [1, 2, 3]) == nil)
        #expect(RawPicture(width: 0, height: 0, pixels: []) == nil)
    }

    @Test func `a table finds the pairs that are alike, with the same figures for each question`() {
        var seed = Seeded(1)
        var table = VectorTable(dimension: 20)
        for _ in 0..<40 { table.append(seed.unitVector(20)) }
        let all = table.pairs(of: Array(0..<40), atLeast: -2)
        #expect(all.count == 1600)
        for pair in all { #expect(pair.product == table.product(pair.row, pair.query)) }
        let near = table.pairs(of: [7, 3], atLeast: 0.2)
        #expect(Set(near) == Set(all.filter { [3, 7].contains($0.query) && $0.product >= 0.2 }))
        #expect(table.pairs(of: table[5], atLeast: 0.999).map(\.row) == [5])
    }
}

@Suite("Finding faces", .enabled(if: Installed.canFindFaces, "a model pack for faces, the runtime or the program is not there"))
struct FaceTowerTests {
    @Test func `nothing is found in noise, in a flat picture, and in one of a single pixel`() async throws {
        let vision = Installed.vision()
        #expect(vision.faceCapability == .available(version: "lite2-minilm-a2, 128 dimensions"))
        var seed = Seeded(3)
        let noise = (0..<3 * 900 * 700).map { _ in UInt8.random(in: 0...255, using: &seed) }
        #expect(try await vision.faces(in: noise, width: 900, height: 700, .init()).isEmpty)
        #expect(try await vision.faces(in: Array(repeating: 128, count: 3 * 64 * 48), width: 64, height: 48, .init()).isEmpty)
        #expect(try await vision.faces(in: [1, 2, 3], width: 1, height: 1, .init()).isEmpty)
        await #expect(throws: VisionProblem.self) { try await vision.faces(in: [1, 2], width: 1, height: 1, .init()) }
        await vision.close()
    }

    @Test func `slips, walls of drawn heads and grey pictures are looked through`() async throws {
        let vision = Installed.vision()
        for (width, height) in [(1, 3000), (3000, 1), (641, 2), (2000, 650)] {
            let pixels = (0..<3 * width * height).map { UInt8(truncatingIfNeeded: $0 / 3) }
            #expect(try await vision.faces(in: pixels, width: width, height: height, .init()).isEmpty, "\(width) x \(height)")
        }
        // What a child draws, in black on white, eight by six of them: whatever is taken for a face is sensible, and no portrait.
        let (width, height, cell) = (800, 600, 100)
        var drawn = [UInt8](repeating: 255, count: 3 * width * height)
        for y in 0..<height {
            for x in 0..<width where Self.isInk(Double(x % cell) - 50, Double(y % cell) - 50) {
                for part in 0..<3 { drawn[3 * (y * width + x) + part] = 20 }
            }
        }
        for face in try await vision.faces(in: drawn, width: width, height: height, .init()) {
            #expect((0...1).contains(face.score) && (0...1).contains(face.quality) && face.strength.isFinite)
            #expect(max(face.box.width, face.box.height) <= Float(max(width, height)))
            let length = face.vector.reduce(0) { $0 + $1 * $1 }
            #expect(abs(length - 1) < 1e-3)
            #expect(face.strength < vision.pack.faces?.recognisable ?? 0, "a drawing is nobody's portrait")
        }
        await vision.close()
    }

    /// A ring, two dots and an arc, around the middle.
    private static func isInk(_ x: Double, _ y: Double) -> Bool {
        let distance = (x * x + y * y).squareRoot()
        let isEye = [-14.0, 14].contains { abs(x - $0) < 4 && abs(y + 12) < 4 }
        return abs(distance - 38) < 2 || isEye || (y > 5 && abs(distance - 22) < 2)
    }
}
