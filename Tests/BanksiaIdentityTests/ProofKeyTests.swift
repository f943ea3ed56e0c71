import Foundation
import Testing

@testable import BanksiaIdentity

@Suite("Proof keys") struct ProofKeyTests {
    @Test func `follow the example of the standard`() {
        // RFC 7636, appendix B.
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        #expect(ProofKey.challenge(for: verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    }

    @Test func `are told from other texts`() {
        let verifier = ProofKey.makeVerifier()
        #expect(ProofKey.isVerifier(verifier) && ProofKey.isChallenge(ProofKey.challenge(for: verifier)))
        #expect(
            !ProofKey.isVerifier(String(repeating: "a", count: 42)) && !ProofKey.isVerifier(String(repeating: "a", count: 129)))
        #expect(
            !ProofKey.isVerifier(String(repeating: "ä", count: 43)) && !ProofKey.isChallenge(String(repeating: "~", count: 43)))
    }

    @Test(arguments: 0..<64) func `base64url goes both ways`(length: Int) {
        let bytes = Data((0..<length).map { _ in UInt8.random(in: .min ... .max) })
        #expect(Data(base64URL: bytes.base64URL) == bytes)
    }
}
