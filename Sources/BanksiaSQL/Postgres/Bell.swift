internal import Foundation

/// Wakes a thread that waits on a socket. A pipe, because that is what can be waited on together with one.
final class Bell: Sendable {
    private let reading: Int32
    private let writing: Int32

    init() {
        var ends: [Int32] = [-1, -1]
        let result = unsafe pipe(&ends)
        precondition(result == 0, "the system refused a pipe")
        (reading, writing) = (ends[0], ends[1])
        // Ringing never blocks: a full pipe has been rung often enough.
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
    }

    deinit {
        Foundation.close(reading)
        Foundation.close(writing)
    }

    func ring() {
        var byte: UInt8 = 1
        _ = unsafe Foundation.write(writing, &byte, 1)
    }

    /// Waits for the bell, for something to come on a socket, or for the time to pass.
    func wait(or socket: Int32? = nil, atMost time: Duration? = nil) {
        // A negative descriptor is passed over (POSIX.1-2017, `poll`).
        var polls = [
            pollfd(fd: reading, events: Int16(POLLIN), revents: 0), pollfd(fd: socket ?? -1, events: Int16(POLLIN), revents: 0),
        ]
        _ = unsafe poll(&polls, 2, time.map { Int32(clamping: $0.milliseconds) } ?? -1)
        var bytes = [UInt8](repeating: 0, count: 64)
        while unsafe Foundation.read(reading, &bytes, bytes.count) > 0 {}
    }
}
