import Testing

@testable import BanksiaVision

@Suite("Vision messages") struct VisionMessageTests {
    @Test func `requests come back as they were`() {
        for request in [VisionMessage.Request.version, .text(""), .text("a dog 🐶"), .image([1, 2, 255])] {
            #expect(VisionMessage.Request(request.bytes) == request)
        }
        #expect(VisionMessage.Request([]) == nil)
        #expect(VisionMessage.Request([9]) == nil)
    }

    @Test func `answers come back as they were`() {
        let vector: [Float] = [0, -1.5, .pi, .leastNonzeroMagnitude]
        #expect(VisionMessage.vector(VisionMessage.bytes(of: vector)) == vector)
        let embedding = ImageEmbedding(
            embedding: vector, features: [7], tags: [.init(label: 999, score: 0.5), .init(label: 0, score: 0.125)])
        #expect(VisionMessage.embedding(VisionMessage.bytes(of: embedding)) == embedding)
    }

    @Test func `answers that were cut or stretched are refused`() {
        let bytes = VisionMessage.bytes(
            of: ImageEmbedding(embedding: [1, 2], features: [3], tags: [.init(label: 1, score: 0.5)]))
        for count in 0..<bytes.count { #expect(VisionMessage.embedding(Array(bytes.prefix(count))) == nil) }
        #expect(VisionMessage.embedding(bytes + [0, 0, 0, 0]) == nil)
        #expect(VisionMessage.embedding(Array(repeating: 0xFF, count: 12)) == nil)
        #expect(VisionMessage.vector([1, 2, 3]) == nil)
    }

    @Test func `arguments of a child come back as they were`() {
        for arguments in [VisionArguments(runtime: "/a b/lib.so", pack: "/p"), VisionArguments(runtime: nil, pack: nil)] {
            #expect(VisionArguments(arguments.line) == arguments)
        }
        #expect(VisionArguments(["--runtime"]) == VisionArguments(runtime: nil, pack: nil))
    }
}
