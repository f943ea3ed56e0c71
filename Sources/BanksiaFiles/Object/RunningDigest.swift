import BanksiaCore
import Crypto
import Synchronization

/// A SHA-256 of bytes that come one after the other, computed on the threads of a pool.
final class RunningDigest: Sendable {
    private let hash = Mutex(SHA256())
    private let pool: BlockingPool

    init(pool: BlockingPool) { self.pool = pool }

    func update(_ bytes: [UInt8]) async throws { try await pool.run { [self] in hash.withLock { $0.update(data: bytes) } } }

    func finish() -> ContentDigest { hash.withLock { ContentDigest($0.finalize()) } }
}
