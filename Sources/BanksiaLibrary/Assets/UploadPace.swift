import BanksiaCore
import BanksiaJobs
import Synchronization

/// Tells imports from single uploads, so that a photo that somebody waits for need not queue behind thousands.
///
/// It knows of the uploads to this process alone: a server that sees a part of an import takes a little longer to notice.
final class UploadPace: Sendable {
    private struct Sender: Hashable {
        var library: LibraryID
        var device: String
    }

    /// Uploads since a moment.
    private struct Tally {
        var since: Instant
        var count: Int
    }

    private let tallies = Mutex<[Sender: Tally]>([:])

    /// More than so many photos from one device to one library within a minute are an import.
    private static let most = 20
    private static let span = Duration.seconds(60)
    /// Senders that are remembered; those of older minutes are forgotten when there are more.
    private static let capacity = 1000

    /// How urgent the next upload of a device is.
    func priority(of library: LibraryID, from device: String, at now: Instant) -> JobPriority {
        tallies.withLock { tallies in
            let sender = Sender(library: library, device: device)
            if tallies.count >= Self.capacity { tallies = tallies.filter { now.since($0.value.since) < Self.span } }
            if tallies.count >= Self.capacity { tallies = [:] }
            var tally = tallies[sender] ?? Tally(since: now, count: 0)
            let age = now.since(tally.since)
            if age >= Self.span {
                // An import of the last minute goes on.
                tally = Tally(since: now, count: tally.count > Self.most && age < Self.span * 2 ? Self.most : 0)
            }
            tally.count += 1
            tallies[sender] = tally
            return tally.count > Self.most ? .bulk : .fresh
        }
    }
}
