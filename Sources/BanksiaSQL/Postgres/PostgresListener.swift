internal import Foundation
internal import Synchronization

/// Listens for notifications on one connection of its own, for all who wait in this process.
///
/// A thread waits on the connection and on a bell, through which it hears of new channels and of its end.
final class PostgresListener: Sendable {
    private struct Ear {
        let channel: String
        let stream: AsyncStream<Void>.Continuation
        /// Not woken since the channel is being listened to.
        var isNew = true
    }

    private struct State {
        var ears: [Int: Ear] = [:]
        var made = 0
        var hasThread = false
        var isClosed = false
    }

    private let settings: PostgresSettings
    private let state = Mutex(State())
    private let bell = Bell()

    init(_ settings: PostgresSettings) { self.settings = settings }

    deinit { close() }

    func notifications(on channel: String) -> AsyncStream<Void> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { stream in
            let number: Int? = state.withLock { state in
                guard !state.isClosed else { return nil }
                state.made += 1
                state.ears[state.made] = Ear(channel: channel, stream: stream)
                if !state.hasThread { startThread() }
                state.hasThread = true
                return state.made
            }
            guard let number else { return stream.finish() }
            stream.onTermination = { [weak self] _ in self?.state.withLock { $0.ears[number] = nil } }
            bell.ring()
        }
    }

    func close() {
        let ears = state.withLock { state in
            state.isClosed = true
            defer { state.ears = [:] }
            return state.ears.values
        }
        for ear in ears { ear.stream.finish() }
        bell.ring()
    }

    // MARK: The thread

    private static let shortestPause: Duration = .milliseconds(50)
    private static let longestPause: Duration = .seconds(5)

    /// A thread that ends when the database is closed or let go.
    private func startThread() {
        Thread.detachNewThread { [weak self, settings, bell] in
            var pause = Self.shortestPause
            while self?.isClosed == false {
                // What goes wrong is no more than a reason to begin anew; everyone is woken then.
                if let session = try? PostgresListening(settings) {
                    while self?.serve(session) == true {
                        pause = Self.shortestPause
                        session.wait(for: bell)
                    }
                }
                guard self?.isClosed == false else { return }
                bell.wait(atMost: pause)
                pause = min(pause * 2, Self.longestPause)
            }
        }
    }

    private var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Listens to what is wanted, and wakes those for whom something is there.
    ///
    /// - Returns: whether the connection still holds, and is still needed.
    private func serve(_ session: PostgresListening) -> Bool {
        let wanted = state.withLock { Set($0.ears.values.map(\.channel)) }
        // A failure shows as a broken connection, and is treated as one.
        guard !isClosed, let fresh = try? session.listen(to: wanted), let heard = session.heard() else { return false }
        let streams = state.withLock { state in
            let woken = state.ears.filter { _, ear in
                session.channels.contains(ear.channel)
                    && (ear.isNew || fresh.contains(ear.channel) || heard.contains(ear.channel))
            }
            for number in woken.keys { state.ears[number]?.isNew = false }
            return woken.values.map(\.stream)
        }
        for stream in streams { stream.yield() }
        return true
    }
}
