import BanksiaSQL
import Foundation

/// A database in a folder of its own, which goes away with it.
final class Scratch: Sendable {
    let folder: String
    let database: Database
    var path: String { folder + "/banksia.sqlite" }

    init(_ schema: String = "") async throws {
        folder = NSTemporaryDirectory() + "/banksia-sql-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        database = try Database.open(sqlite: folder + "/banksia.sqlite")
        if !schema.isEmpty { try await database.migrate([Migration(id: "schema", schema)]) }
    }

    /// The same file once more, as another process would open it.
    func another() throws -> Database { try Database.open(sqlite: path) }

    deinit {
        // What cannot be removed from the temporary folder does no harm there.
        try? database.close()
        try? FileManager.default.removeItem(atPath: folder)
    }
}
