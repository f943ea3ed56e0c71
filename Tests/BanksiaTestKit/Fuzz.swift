import Foundation

/// Damaged inputs for a reader, out of good ones: the same for the same seed, so that a failure can be had again.
///
/// A few thousand in a test; as many as fit into `FUZZ_SECONDS`, with the seed `FUZZ_SEED`, in `make fuzz`.
public struct Fuzz {
    private let samples: [[UInt8]]
    private var state: UInt64
    /// When it is to end; `nil` after so many rounds.
    private let end: ContinuousClock.Instant?

    private init(_ samples: [[UInt8]]) {
        let environment = ProcessInfo.processInfo.environment
        self.samples = samples
        state = environment["FUZZ_SEED"].flatMap { UInt64($0) } ?? 20_240_517
        end = environment["FUZZ_SECONDS"].flatMap { Double($0) }.map { ContinuousClock.now + .seconds($0) }
    }

    /// Calls `body` with one damaged input after the other.
    public static func run(_ samples: [[UInt8]], rounds: Int = 3000, _ body: ([UInt8]) throws -> Void) rethrows {
        var (fuzz, round) = (Fuzz(samples), 0)
        while !fuzz.isOver(after: round, of: rounds) {
            try body(fuzz.input())
            round += 1
        }
    }

    /// The same where each takes its time, and so fewer are enough in a test.
    public static func run(_ samples: [[UInt8]], rounds: Int, _ body: ([UInt8]) async throws -> Void) async rethrows {
        var (fuzz, round) = (Fuzz(samples), 0)
        while !fuzz.isOver(after: round, of: rounds) {
            try await body(fuzz.input())
            round += 1
        }
    }

    /// The same for texts.
    public static func run(texts: [String], rounds: Int = 3000, _ body: (String) throws -> Void) rethrows {
        try run(texts.map { Array($0.utf8) }, rounds: rounds) { try body(String(decoding: $0, as: UTF8.self)) }
    }

    private func isOver(after round: Int, of rounds: Int) -> Bool { end.map { ContinuousClock.now >= $0 } ?? (round >= rounds) }

    private mutating func input() -> [UInt8] {
        var bytes = samples[below(samples.count)]
        for _ in 0...below(4) { change(&bytes) }
        return bytes
    }

    private mutating func change(_ bytes: inout [UInt8]) {
        let place = below(bytes.count + 1)
        let length = min(below(12), bytes.count - place)
        switch below(7) {
        case 0 where place < bytes.count: bytes[place] ^= 1 << below(8)
        case 1 where place < bytes.count: bytes[place] = [0, 0x7F, 0x80, 0xFF, 0x20, 0x0A, 0x22, 0x2D][below(8)]
        case 2: bytes.removeSubrange(place..<place + length)
        case 3: bytes.insert(contentsOf: bytes[place..<place + length], at: below(bytes.count + 1))
        case 4: bytes.insert(UInt8(below(256)), at: place)
        case 5: bytes.removeLast(bytes.count - place)
        default:
            let other = samples[below(samples.count)]
            bytes.replaceSubrange(place..., with: other.suffix(below(other.count + 1)))
        }
    }

    private mutating func below(_ limit: Int) -> Int {
        // Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014.
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(limit))
    }
}
