import BanksiaSQL
import BanksiaTestKit
import Foundation
import Synchronization
import Testing

/// The engines that a test runs on.
enum Engine: String, CaseIterable, CustomTestStringConvertible, Sendable {
    case sqlite = "SQLite"
    case postgres = "PostgreSQL"

    /// Those that are there.
    static let all: [Engine] = PostgresScratch.url == nil ? [.sqlite] : allCases

    var testDescription: String { rawValue }
}

/// A database of its own, which goes away at the end of the test. Its suite has the trait `.scratch`.
final class Scratch: Sendable {
    let database: Database
    /// The folder of a database in a file.
    private let folder: String
    /// The file of a database in a file, the URL of one on a server.
    let path: String
    private let others = Mutex<[Database]>([])
    private let drop: @Sendable () async throws -> Void

    convenience init(_ engine: Engine, _ schema: String, connections: Int = 4) async throws {
        try await self.init(engine, Migration(id: "schema", schema), connections: connections)
    }

    init(_ engine: Engine, _ schema: Migration? = nil, connections: Int = 4) async throws {
        folder = NSTemporaryDirectory() + "/banksia-sql-" + UUID().uuidString
        switch engine {
        case .sqlite:
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            path = folder + "/banksia.sqlite"
            drop = { [folder] in try FileManager.default.removeItem(atPath: folder) }
            database = try Database.open(sqlite: path)
        case .postgres:
            (path, drop) = try await PostgresScratch.make()
            database = try await Database.open(postgres: PostgresScratch.settings(path, connections: connections))
        }
        ScratchTrait.bin?.keep(self)
        try await database.migrate(schema.map { [$0] } ?? [])
    }

    /// The same database once more, as another process would open it.
    ///
    /// - Parameter limit: how long statements may run; a server's wait half as long for locks.
    func another(limit: Duration = .seconds(20), connections: Int = 4) async throws -> Database {
        let database =
            if path.hasPrefix(folder) {
                try Database.open(sqlite: path, statementTimeout: limit)
            } else {
                try await Database.open(
                    postgres: PostgresSettings(
                        url: path, connections: connections, connectTimeout: .seconds(60), statementTimeout: limit,
                        lockTimeout: limit / 2))
            }
        others.withLock { $0.append(database) }
        return database
    }

    func remove() async throws {
        for database in [database] + others.withLock({ $0 }) { try database.close() }
        try await drop()
    }
}

/// Removes the databases of each test when it ends.
struct ScratchTrait: SuiteTrait, TestTrait, TestScoping {
    @TaskLocal fileprivate static var bin: Bin?

    var isRecursive: Bool { true }

    func provideScope(for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void) async throws {
        guard testCase != nil else { return try await function() }
        let bin = Bin()
        try await Self.$bin.withValue(bin) {
            do {
                try await function()
            } catch {
                try await bin.empty()
                throw error
            }
            try await bin.empty()
        }
    }

    fileprivate final class Bin: Sendable {
        private let kept = Mutex<[Scratch]>([])
        func keep(_ scratch: Scratch) { kept.withLock { $0.append(scratch) } }
        func empty() async throws { for scratch in kept.withLock({ $0 }) { try await scratch.remove() } }
    }
}

extension Trait where Self == ScratchTrait {
    static var scratch: ScratchTrait { ScratchTrait() }
}

extension Trait where Self == ConditionTrait {
    /// For suites about what only a server does.
    static var needsPostgres: ConditionTrait { .enabled(if: PostgresScratch.url != nil) }
}
