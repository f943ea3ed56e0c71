internal import CPostgres
internal import Foundation

/// A connection that listens. Used by one thread.
final class PostgresListening {
    private let link: PostgresLink
    private(set) var channels: Set<String> = []

    init(_ settings: PostgresSettings) throws(PostgresRefusal) { link = try PostgresLink(settings) }

    /// Listens to more channels.
    ///
    /// - Returns: those that are new.
    func listen(to wanted: Set<String>) throws(PostgresFault) -> Set<String> {
        let new = wanted.subtracting(channels)
        for channel in new { try link.run("LISTEN \(channel.quotedName)") }
        channels.formUnion(new)
        return new
    }

    /// The channels on which something came since the last call; `nil` when the connection broke.
    func heard() -> Set<String>? {
        guard unsafe PQconsumeInput(link.handle) == 1, !link.isBroken else { return nil }
        var heard: Set<String> = []
        while let notification = unsafe PQnotifies(link.handle) {
            unsafe heard.insert(String(cString: notification.pointee.relname))
            unsafe PQfreemem(notification)
        }
        return heard
    }

    /// Waits until something comes or the bell rings.
    func wait(for bell: Bell) { bell.wait(or: link.socket) }
}
