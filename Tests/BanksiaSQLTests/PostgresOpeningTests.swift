import BanksiaTestKit
import Foundation
import Testing

@testable import BanksiaSQL

@Suite("Opening a database on a server", .scratch) struct PostgresOpeningTests {
    /// What opening with a URL says.
    private func refusal(_ url: String) async -> String {
        do {
            let database = try await Database.open(
                postgres: PostgresSettings(url: url, connections: 1, connectTimeout: .seconds(60)))
            try database.close()
            return "opened"
        } catch SQLProblem.cannotOpen(let advice) {
            return advice
        } catch {
            return "\(error)"
        }
    }

    @Test(.needsPostgres) func `wrong credentials, names and places are told apart, without the password`() async throws {
        let scratch = try await Scratch(.postgres)
        let parts = try #require(URLComponents(string: scratch.path))
        func changed(_ change: (inout URLComponents) -> Void) async -> String {
            var parts = parts
            change(&parts)
            return await refusal(parts.string ?? "")
        }
        let password = "Xy-not-this-9"
        let answers = [
            await changed { $0.password = password }, await changed { $0.path = "/nowhere" },
            await changed { $0.host = "no-such-host.invalid" }, await changed { $0.port = 1 },
        ]
        let hints = [
            "Check user and password", "Check user and database name", "Check the host in", "Check that the server runs",
        ]
        for (answer, hint) in zip(answers, hints) {
            // A server that trusts everyone opens with any password.
            #expect(answer.contains(hint) || answer == "opened" && hint == hints[0])
            #expect(!answer.contains(password))
        }
    }

    @Test(arguments: [
        "not a url", "postgresql://user:s3cret@more@host/name", "postgresql://user:1/s3cret@host/name",
        "postgresql://user:s3cret@host:port/name", "password=s3cret dbname", "postgresql://user:s3cret%zz@host/name",
        "",
    ])
    func `a URL that cannot be read is not repeated`(url: String) async {
        let answer = await refusal(url)
        #expect(answer.contains("postgresql://user:password@host:5432/name"))
        #expect(!answer.contains("s3cret"))
    }

    @Test func `each refusal says what to change`() {
        #expect(PostgresRefusal.version("14.9").advice.contains("version 14.9. Use one of version 15 or newer"))
        #expect(PostgresRefusal.encoding("LATIN1").advice.contains("LATIN1. Make one with ENCODING 'UTF8'"))
        #expect(PostgresRefusal.needsPassword.advice.contains("password"))
        #expect(PostgresRefusal.message("SSL error: certificate verify failed").advice.contains("sslrootcert"))
        #expect(SQLProblem.cannotOpen("Do this.").detail == "Do this.")
    }

    @Test(.needsPostgres) func `a server without TLS is refused when TLS is asked for`() async throws {
        let scratch = try await Scratch(.postgres)
        let hasTLS = try await scratch.database.read { tx in try tx.value("SELECT current_setting('ssl')", as: String.self) }
        guard hasTLS == "off" else { return }
        #expect(await refusal(scratch.path + "?sslmode=require").contains("Check sslmode"))
    }

    @Test(.needsPostgres) func `who may not make the extension is told who may`() async throws {
        let (url, drop) = try await PostgresScratch.make()
        let role = "banksia_test_" + UUID().uuidString.prefix(8).lowercased()
        try await PostgresScratch.administer("CREATE ROLE \(role) LOGIN PASSWORD 'x'")
        let name = try #require(url.firstMatch(of: /banksia_test_[0-9a-f]+/)).output
        try await PostgresScratch.administer("ALTER DATABASE \(name) OWNER TO \(role)")
        var parts = try #require(URLComponents(string: url))
        (parts.user, parts.password) = (role, "x")
        let database = try await Database.open(
            postgres: PostgresSettings(url: parts.string ?? "", connections: 1, connectTimeout: .seconds(60)))
        await #expect { try await database.migrate([Migration(id: "1", "CREATE TABLE a (v VECTOR)")]) } throws: {
            if case SQLProblem.cannotOpen(let advice) = $0 { advice.contains("CREATE EXTENSION vector") } else { false }
        }
        #expect(try await database.schema() == "")
        try database.close()
        try await drop()
        try await PostgresScratch.administer("DROP ROLE \(role)")
    }

    @Test(.needsPostgres) func `a URL in keywords is taken too`() async throws {
        let scratch = try await Scratch(.postgres)
        let parts = try #require(URLComponents(string: scratch.path))
        let keywords = [
            ("host", parts.host ?? ""), ("port", "\(parts.port ?? 5432)"), ("user", parts.user ?? ""),
            ("password", parts.password ?? ""),
        ].map { "\($0)='\($1)'" }.joined(separator: " ")
        #expect(await refusal(PostgresScratch.url(keywords, database: String(parts.path.dropFirst()))) == "opened")
    }
}
