import BanksiaCore
import Testing

@testable import BanksiaIdentity

@Suite("Password hashes") struct PasswordHashTests {
    private let cheap = PasswordHash.Cost(rounds: 16, blockSize: 1, parallelism: 1)

    @Test func `belong to one password`() throws {
        let hash = try PasswordHash(of: "correct horse", cost: cheap)
        #expect(try hash.matches("correct horse"))
        #expect(try !hash.matches("correct horse "))
        #expect(try !hash.matches(""))
    }

    @Test func `differ for equal passwords`() throws {
        #expect(try PasswordHash(of: "same", cost: cheap) != PasswordHash(of: "same", cost: cheap))
    }

    @Test func `are read back as they were written`() throws {
        let hash = try PasswordHash(of: "x", cost: cheap)
        #expect(PasswordHash(hash.text) == hash)
        #expect(hash.text.hasPrefix("scrypt$16$1$1$"))
    }

    @Test func `do not mind how an accent was typed`() throws {
        #expect(try PasswordHash(of: "caf\u{E9}", cost: cheap).matches("cafe\u{301}"))
    }

    @Test(arguments: ["", "scrypt", "bcrypt$1$2$3$AAAA$AAAA", "scrypt$a$8$1$AAAA$AAAA", "scrypt$16$1$1$AAAA$AAAA"])
    func `are nothing else`(text: String) { #expect(PasswordHash(text) == nil) }

    @Test func `are compared even where there is none`() async throws {
        let hasher = PasswordHasher(cost: cheap)
        #expect(try await !hasher.matches("x", nil))
        #expect(try await hasher.matches("x", hasher.hash("x")))
        #expect(try hasher.isOutdated(PasswordHash(of: "x", cost: .init(rounds: 32, blockSize: 1, parallelism: 1))))
    }

    @Test func `pile up only so far`() async throws {
        let hasher = PasswordHasher(cost: PasswordHash.Cost(rounds: 1 << 12, blockSize: 8, parallelism: 1))
        let refused = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<200 {
                group.addTask {
                    do { _ = try await hasher.hash("x") } catch BlockingPoolProblem.full { return true }
                    return false
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(refused > 0)
    }
}
