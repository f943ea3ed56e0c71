public import BanksiaSQL
import Foundation
public import Testing

/// The engine that a run of the tests stands on: `BANKSIA_TEST_ENGINE`, `embedded` (SQLite and a folder) or `scaled`
/// (PostgreSQL, and S3 where `BANKSIA_TEST_S3_URL` names a bucket). Tests do not ask; `scripts/test` runs them once with each.
public enum TestEngine: String, Sendable {
    case embedded, scaled

    public static let current: TestEngine =
        ProcessInfo.processInfo.environment["BANKSIA_TEST_ENGINE"].flatMap { TestEngine(rawValue: $0) } ?? .embedded
}

extension Trait where Self == ConditionTrait {
    /// For tests of how SQLite goes about a statement; PostgreSQL decides that by what the tables hold.
    public static var readsSQLitePlans: Self { .enabled(if: TestEngine.current == .embedded, "it reads plans of SQLite") }

    /// For tests of what only an engine that several hosts share can do.
    public static var needsSharedEngine: Self { .enabled(if: TestEngine.current == .scaled, "it needs PostgreSQL") }
}

/// A database of the current engine for one test, gone with the last reference to it.
public final class ScratchDatabase: Sendable {
    public let database: Database
    private let path: String
    private let remove: (@Sendable () async throws -> Void)?
    private let url: String?

    /// - Parameter folder: where a file may be put; whoever made the folder removes it.
    public init(in folder: String, _ engine: TestEngine = .current) async throws {
        path = "\(folder)/banksia.sqlite"
        switch engine {
        case .embedded:
            (url, remove) = (nil, nil)
            database = try Database.open(sqlite: path)
        case .scaled:
            let (url, drop) = try await PostgresScratch.make()
            (self.url, remove) = (url, drop)
            database = try await Database.open(postgres: PostgresScratch.settings(url))
        }
    }

    /// The same database once more, as another process would open it.
    public func another() async throws -> Database {
        guard let url else { return try Database.open(sqlite: path) }
        return try await Database.open(postgres: PostgresScratch.settings(url))
    }

    deinit {
        try? database.close()  // a test that failed may have left work under way
        // Nobody waits for this: the server forgets what is left when the run ends.
        if let remove { Task { try? await remove() } }
    }
}
