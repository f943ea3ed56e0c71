import ArgumentParser
import BanksiaVision
import Foundation

/// Nearest neighbours of vectors that the caller brings, so that a peer can be asked the same and compared.
struct BenchScan: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "scan", abstract: "Search vectors of a file.")

    @Argument(help: "Unit vectors to search in: 32-bit floats one after another, little-endian.") var vectors: String
    @Argument(help: "Unit vectors to search for, in the same form.") var queries: String
    @Option(help: "How many numbers a vector has.") var dimension = 512
    @Option(help: "Neighbours per query.") var limit = 200

    /// What is printed: for each query its time and the numbers of the rows it found, nearest first.
    private struct Answer: Codable {
        var milliseconds: [Double] = []
        var found: [[Int]] = []
    }

    func run() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "banksia-scan-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }  // what stays behind is in the system's temporary folder
        let index = try VectorIndex(folder: folder.path, dimension: dimension, space: "bench")
        let rows = try Self.read(vectors, dimension: dimension).enumerated().map {
            (id: try Self.id($0), sequence: Int64($0) + 1, vector: $1)
        }
        for start in stride(from: 0, to: rows.count, by: 8192) {
            try index.append(Array(rows[start..<min(start + 8192, rows.count)]))
        }
        var answer = Answer()
        for query in try Self.read(queries, dimension: dimension) {
            var found: [Neighbour] = []
            let elapsed = ContinuousClock().measure { found = index.search(query, limit: limit) }
            answer.milliseconds.append(elapsed.seconds * 1000)
            answer.found.append(found.compactMap { Self.number(of: $0.id) })
        }
        print(String(decoding: try JSONEncoder().encode(answer), as: UTF8.self))
    }

    /// The vectors of a file.
    static func read(_ path: String, dimension: Int) throws -> [[Float]] {
        let bytes = try Data(contentsOf: URL(filePath: path))
        guard bytes.count.isMultiple(of: 4 * dimension) else { throw ValidationError("\(path) does not hold whole vectors.") }
        let numbers = bytes.withUnsafeBytes { raw in
            stride(from: 0, to: raw.count, by: 4).map { offset in
                Float(bitPattern: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
            }
        }
        return stride(from: 0, to: numbers.count, by: dimension).map { Array(numbers[$0..<$0 + dimension]) }
    }

    /// A row's number as the last twelve digits of an id, and back.
    private static func id(_ number: Int) throws -> UUID {
        let digits = String(number, radix: 16)
        let padded = String(repeating: "0", count: 12 - digits.count) + digits
        guard let id = UUID(uuidString: "00000000-0000-0000-0000-\(padded)") else { throw ValidationError("Too many vectors.") }
        return id
    }

    private static func number(of id: UUID) -> Int? { Int(id.uuidString.suffix(12), radix: 16) }
}
