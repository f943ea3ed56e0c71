import Foundation
import Testing

@testable import BanksiaVision

@Suite("Installing model packs") struct PackInstallationTests {
    let source = try! TemporaryFolder()
    let target = try! TemporaryFolder()

    private var packs: ModelPacks { ModelPacks(folders: [target.path]) }

    @Test func `a pack is copied from a folder, and again over itself`() throws {
        let path = try PackFiles.make(in: source, "tiny")
        for _ in 0..<2 {
            let pack = try packs.install(fromFolder: path)
            #expect(pack.folder == target.child("tiny"))
            try pack.verify()
            #expect(try target.names == ["tiny"])
        }
    }

    @Test func `a pack with a changed file is not installed, and the old one stays`() throws {
        let path = try PackFiles.make(in: source, "tiny")
        _ = try packs.install(fromFolder: path)
        try Data("IMAGE".utf8).write(to: URL(fileURLWithPath: path + "/image.onnx"))
        #expect(throws: ModelPackProblem.wrongChecksum("image.onnx")) { try packs.install(fromFolder: path) }
        try packs.pack("tiny").verify()
    }

    /// Serves a pack's files in small pieces, and breaks off after a number of bytes.
    private final class Server {
        struct BrokenOff: Error {}
        let folder: String
        var allowance: Int
        var acceptsRanges = true
        private(set) var served = 0
        private(set) var offsets: [String: [Int64]] = [:]

        init(_ folder: String, allowance: Int = .max) {
            self.folder = folder
            self.allowance = allowance
        }

        func fetch(_ name: String, _ offset: Int64) throws -> AsyncThrowingStream<[UInt8], any Error> {
            guard offset == 0 || acceptsRanges else { throw BrokenOff() }
            offsets[name, default: []].append(offset)
            let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")).dropFirst(Int(offset))
            let given = bytes.prefix(allowance)
            allowance -= given.count
            served += given.count
            return AsyncThrowingStream { continuation in
                for start in stride(from: given.startIndex, to: given.endIndex, by: 700) {
                    continuation.yield(Array(given[start..<min(start + 700, given.endIndex)]))
                }
                continuation.finish(throwing: given.count < bytes.count ? BrokenOff() : nil)
            }
        }
    }

    private func install(_ server: Server) async throws -> ModelPack { try await packs.install { try server.fetch($0, $1) } }

    @Test func `a pack is fetched from elsewhere`() async throws {
        let server = Server(try PackFiles.make(in: source, "tiny"))
        let pack = try await install(server)
        try pack.verify()
        #expect(try target.names == ["tiny"])
    }

    @Test(arguments: Array(stride(from: 0, to: 7000, by: 350))) func `a fetch that broke off is continued`(allowance: Int)
        async throws
    {
        let path = try PackFiles.make(in: source, "tiny")
        let first = Server(path, allowance: allowance)
        do { _ = try await install(first) } catch is Server.BrokenOff {}
        let second = Server(path)
        let pack = try await install(second)
        try pack.verify()
        let size = PackFiles.contents.values.reduce(0) { $0 + $1.utf8.count }
        let manifest = try Data(contentsOf: URL(fileURLWithPath: path + "/manifest.json")).count
        if allowance > manifest, allowance < manifest + size { #expect(first.served + second.served == 2 * manifest + size) }
    }

    @Test func `a server without ranges is asked from the start again`() async throws {
        let path = try PackFiles.make(in: source, "tiny")
        let manifest = try Data(contentsOf: URL(fileURLWithPath: path + "/manifest.json")).count
        await #expect(throws: Server.BrokenOff.self) { try await install(Server(path, allowance: manifest + 3000)) }
        let server = Server(path)
        server.acceptsRanges = false
        try await install(server).verify()
    }

    @Test func `more or other bytes than the manifest says are refused, and the next try starts clean`() async throws {
        let path = try PackFiles.make(in: source, "tiny")
        try Data("IMAGE".utf8).write(to: URL(fileURLWithPath: path + "/image.onnx"))
        await #expect(throws: ModelPackProblem.wrongChecksum("image.onnx")) { try await install(Server(path)) }
        try Data("image and more".utf8).write(to: URL(fileURLWithPath: path + "/image.onnx"))
        await #expect(throws: ModelPackProblem.wrongSize("image.onnx")) { try await install(Server(path)) }
        try Data("imag".utf8).write(to: URL(fileURLWithPath: path + "/image.onnx"))
        await #expect(throws: ModelPackProblem.wrongSize("image.onnx")) { try await install(Server(path)) }
        try Data("image".utf8).write(to: URL(fileURLWithPath: path + "/image.onnx"))
        try await install(Server(path)).verify()
    }

    @Test func `what was fetched for another manifest is not used`() async throws {
        let path = try PackFiles.make(in: source, "tiny")
        let manifest = try Data(contentsOf: URL(fileURLWithPath: path + "/manifest.json")).count
        await #expect(throws: Server.BrokenOff.self) { try await install(Server(path, allowance: manifest + 3000)) }
        _ = try PackFiles.make(in: source, "tiny") { try $0.set("licence", to: "\"MIT\"") }
        let server = Server(path)
        #expect(try await install(server).licence == "MIT")
        #expect(server.offsets.values.allSatisfy { $0 == [0] })
    }

    @Test func `no folder for packs is a clear problem`() throws {
        let path = try PackFiles.make(in: source, "tiny")
        #expect(throws: ModelPackProblem.folderUnusable("none is set")) { try ModelPacks(folders: []).install(fromFolder: path) }
        #expect(throws: ModelPackProblem.self) { try ModelPacks(folders: ["/dev/null/packs"]).install(fromFolder: path) }
    }
}
