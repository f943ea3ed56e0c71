public import BanksiaSQL
import Foundation

/// Databases for tests on a real PostgreSQL server, each test's its own.
public enum PostgresScratch {
    /// Where a server is, and who may make databases there: the environment variable `BANKSIA_TEST_POSTGRES_URL`. Without it
    /// the tests on PostgreSQL are left out, and this says so once.
    public static let url: String? = {
        if let url = ProcessInfo.processInfo.environment["BANKSIA_TEST_POSTGRES_URL"], !url.isEmpty { return url }
        FileHandle.standardError.write(Data("BANKSIA_TEST_POSTGRES_URL is not set: the tests on PostgreSQL are left out.\n".utf8))
        return nil
    }()

    /// A failure of the test's surroundings.
    public enum Missing: Error { case url }

    /// Makes an empty database.
    ///
    /// - Returns: its URL, and what removes it together with whoever still uses it.
    public static func make() async throws -> (url: String, drop: @Sendable () async throws -> Void) {
        guard let url else { throw Missing.url }
        let name = "banksia_test_" + UUID().uuidString.filter(\.isHexDigit).lowercased()
        try await administer("CREATE DATABASE \(name) ENCODING 'UTF8' TEMPLATE template0")
        return (Self.url(url, database: name), { try await administer("DROP DATABASE IF EXISTS \(name) WITH (FORCE)") })
    }

    /// Settings for the database of one test. All tests run at once, perhaps beside a compiler, so their patience is long.
    public static func settings(_ url: String, connections: Int = 4) -> PostgresSettings {
        PostgresSettings(
            url: url, connections: connections, connectTimeout: .seconds(60), statementTimeout: .seconds(60),
            lockTimeout: .seconds(60))
    }

    /// Runs a statement as the one who may make databases.
    public static func administer(_ statement: String) async throws {
        guard let url else { throw Missing.url }
        let database = try await Database.open(postgres: settings(url, connections: 1))
        try await database.executeOutsideTransaction(statement)
        try database.close()
    }

    /// A server's URL or keyword string with another database in it.
    public static func url(_ url: String, database: String) -> String {
        // Of keywords that stand twice libpq takes the last.
        guard url.contains("://"), var parts = URLComponents(string: url) else { return "\(url) dbname='\(database)'" }
        parts.path = "/" + database
        return parts.string ?? url
    }
}
