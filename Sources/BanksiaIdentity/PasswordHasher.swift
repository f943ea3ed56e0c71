import BanksiaCore

/// Hashes passwords on threads of its own, few at a time: each takes tens of MiB while it works.
public struct PasswordHasher: Sendable {
    private let pool: BlockingPool
    private let cost: PasswordHash.Cost
    /// Compared with where there is no hash, so that an unknown account takes as long as a known one.
    private let decoy: PasswordHash?

    /// - Parameter cost: of new hashes.
    public init(cost: PasswordHash.Cost = .standard) {
        self.cost = cost
        // Two use 64 MiB at the standard cost. Whoever comes when 32 wait is told to try again.
        pool = BlockingPool(width: 2, capacity: 32)
        let empty = String(repeating: "A", count: 43)
        decoy = PasswordHash("scrypt$\(cost.rounds)$\(cost.blockSize)$\(cost.parallelism)$\(empty.prefix(22))$\(empty)")
    }

    /// - Throws: `BlockingPoolProblem` when too many wait.
    public func hash(_ password: String) async throws -> PasswordHash {
        try await pool.run { [cost] in try PasswordHash(of: password, cost: cost) }
    }

    /// Whether a password belongs to a hash; it takes the same time when there is none.
    ///
    /// - Throws: `BlockingPoolProblem` when too many wait.
    public func matches(_ password: String, _ hash: PasswordHash?) async throws -> Bool {
        try await pool.run { [decoy] in
            let isRight = try (hash ?? decoy)?.matches(password) ?? false
            return isRight && hash != nil
        }
    }

    /// Whether a hash is weaker than new ones are.
    public func isOutdated(_ hash: PasswordHash) -> Bool { hash.cost != cost }
}
