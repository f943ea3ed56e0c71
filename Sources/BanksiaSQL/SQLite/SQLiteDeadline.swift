internal import Foundation
internal import GRDBSQLite

/// The instant at which a running statement is stopped.
struct SQLiteDeadline {
    /// Of the clock that does not stop while the machine sleeps, in milliseconds.
    private let milliseconds: Int

    init(after limit: Duration) { milliseconds = Self.now + Int(clamping: limit.milliseconds) }

    var isOver: Bool { Self.now >= milliseconds }

    /// Has the connection look at the clock while a statement runs, every so many instructions of its virtual machine: a few
    /// milliseconds of work (sqlite.org/c3ref/progress_handler.html).
    ///
    /// The deadline itself travels in the place of an address, so that nothing has to outlive the statement.
    func watch(_ connection: OpaquePointer?) {
        unsafe sqlite3_progress_handler(
            connection, 100_000, { deadline in Int(bitPattern: deadline) <= SQLiteDeadline.now ? 1 : 0 },
            UnsafeMutableRawPointer(bitPattern: milliseconds))
    }

    /// What the engine does on its own, such as a commit, is not stopped.
    static func forget(_ connection: OpaquePointer?) { unsafe sqlite3_progress_handler(connection, 0, nil, nil) }

    private static var now: Int {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }
}
