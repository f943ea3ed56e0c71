internal import Foundation
internal import GRDB
internal import GRDBSQLite

extension Database {
    /// Opens, or makes, a database in a file. Several processes may have the same file open.
    ///
    /// - Parameters:
    ///   - path: the file; its folder must exist. Two more files with `-wal` and `-shm` at the end of their names lie beside it.
    ///   - readers: how many reads may run at once; further ones wait.
    ///   - statementTimeout: how long one statement may run, those of migrations apart.
    /// - Throws: `SQLProblem`.
    public static func open(sqlite path: String, readers: Int = 4, statementTimeout: Duration = .seconds(60)) throws -> Database {
        try makePrivateFile(at: path)
        // Two processes that make the same file at once get in each other's way while it is switched to a write-ahead
        // log, and there the engine's own waiting does not help: so try for as long as that would wait.
        let deadline = ContinuousClock.now + busyTimeout
        while true {
            do {
                let connections = try DatabasePool(path: path, configuration: configuration(readers: readers))
                return Database(.sqlite(SQLitePool(connections: connections, statementTimeout: statementTimeout)))
            } catch {
                let problem = Dialect.translated(error)
                guard problem as? SQLProblem == .busy, ContinuousClock.now < deadline else { throw problem }
                usleep(20_000)
            }
        }
    }

    /// Longer than any write of ours takes; a writer of another process is waited for this long.
    private static let busyTimeout: Duration = .seconds(10)

    /// The database holds password hashes and keys, so its file is made for its owner alone. The files beside it get
    /// the same rights from SQLite.
    private static func makePrivateFile(at path: String) throws {
        let file = unsafe Foundation.open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        if file >= 0 {
            Foundation.close(file)
        } else if errno == ENOSPC {
            throw SQLProblem.diskFull
        } else if errno == EACCES || errno == EROFS || errno == EPERM {
            throw SQLProblem.readOnly
        } else {
            throw SQLProblem.unavailable(unsafe String(cString: strerror(errno)))
        }
    }

    private static func configuration(readers: Int) -> Configuration {
        var configuration = Configuration()
        configuration.label = "banksia"
        configuration.maximumReaderCount = readers
        configuration.busyMode = .timeout(10)
        configuration.foreignKeysEnabled = true
        configuration.prepareDatabase { connection in
            // FULL: a commit is on disk before it is acknowledged, also in WAL mode (sqlite.org/pragma.html#pragma_synchronous).
            // 2 MiB of pages for each connection: the system's file cache holds the rest, and idle memory stays small.
            // The log is cut back to 32 MiB after a burst.
            try connection.execute(
                sql: """
                    PRAGMA synchronous = FULL;
                    PRAGMA cache_size = -2048;
                    PRAGMA journal_size_limit = 33554432;
                    """)
            // Keeps the log when the last writer leaves: without it a reader of another process cannot open the file
            // (sqlite.org/wal.html#read_only_databases).
            var keepsLog: Int32 = 1
            unsafe sqlite3_file_control(connection.sqliteConnection, nil, SQLITE_FCNTL_PERSIST_WAL, &keepsLog)
            connection.add(function: caseFolding)
            connection.add(function: differingBits)
        }
        return configuration
    }

    /// `banksia_fold(text)`: see `SQL.caseFolded`. SQLite's own `lower` knows ASCII only.
    private static var caseFolding: DatabaseFunction {
        DatabaseFunction("banksia_fold", argumentCount: 1, pure: true) { values in
            values.first.flatMap { String.fromDatabaseValue($0) }?.lowercased()
        }
    }

    /// `banksia_differing_bits(one, other)`: see `SQL.differingBits`. SQLite cannot count bits.
    private static var differingBits: DatabaseFunction {
        DatabaseFunction("banksia_differing_bits", argumentCount: 2, pure: true) { values in
            guard let one = Int64.fromDatabaseValue(values[0]), let other = Int64.fromDatabaseValue(values[1]) else { return nil }
            return (one ^ other).nonzeroBitCount
        }
    }
}
