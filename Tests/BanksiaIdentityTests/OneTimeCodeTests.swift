import BanksiaCore
import Testing

@testable import BanksiaIdentity

@Suite("One-time codes") struct OneTimeCodeTests {
    /// The secret of RFC 6238, appendix B.
    private let secret = OneTimeSecret(bytes: Array("12345678901234567890".utf8))

    private func instant(_ seconds: Int64) -> Instant { Instant(microseconds: seconds * 1_000_000) }

    @Test(
        arguments: [
            (59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] as [(Int64, String)])
    func `are those of the standard`(seconds: Int64, code: String) {
        #expect(secret.code(at: seconds / 30) == code)
        #expect(secret.step(of: code, at: instant(seconds), after: 0) == seconds / 30)
    }

    @Test func `may come a step early or late, but no more`() {
        let code = secret.code(at: 100)
        for seconds: Int64 in [2970, 3000, 3030, 3059] { #expect(secret.step(of: code, at: instant(seconds), after: 0) == 100) }
        for seconds: Int64 in [2969, 3060] { #expect(secret.step(of: code, at: instant(seconds), after: 0) == nil) }
    }

    @Test func `are good once`() {
        #expect(secret.step(of: secret.code(at: 100), at: instant(3000), after: 100) == nil)
        #expect(secret.step(of: secret.code(at: 101), at: instant(3000), after: 100) == 101)
    }

    @Test(arguments: ["", "12345", "1234567", "abcdef", "２８７０８２"]) func `are six digits`(text: String) {
        #expect(secret.step(of: text, at: instant(59), after: 0) == nil)
    }

    @Test func `may be typed with a gap`() { #expect(secret.step(of: "287 082", at: instant(59), after: 0) == 1) }

    @Test func `come from a secret that phones can read`() {
        #expect(secret.base32 == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
        #expect(OneTimeSecret().bytes.count == 20)
    }
}
