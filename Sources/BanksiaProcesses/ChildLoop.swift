internal import BanksiaCore
internal import CProcess

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The child's side: reads requests, works, answers.
public enum ChildLoop {
    /// Serves requests one after another until the parent closes the channel, then exits with 0.
    ///
    /// What a library prints to standard output goes to standard error instead, so it cannot break the protocol.
    ///
    /// - Parameter handle: does the work. A `Problem` it throws goes back as `ChildProblem.refused` with its code and detail;
    ///   any other error as `refused` with the code `internal_error`.
    public static func serve(_ handle: ([UInt8]) throws -> [UInt8]) -> Never {
        banksia_step_back_as_told()
        let (input, output) = claimChannel()
        var reader = FrameReader()
        while let request = nextRequest(from: input, with: &reader) {
            let reply: Reply
            do { reply = .result(try handle(request)) } catch let problem as any Problem {
                reply = .refused(code: problem.code, detail: problem.detail)
            } catch {
                reply = .refused(code: "internal_error", detail: String(describing: error))
            }
            guard deliver(reply.frame, to: output) else { break }
        }
        exit(0)
    }

    /// Moves the channel away from descriptors 0 and 1, where libraries might read or print.
    private static func claimChannel() -> (input: Int32, output: Int32) {
        let input = fcntl(0, F_DUPFD_CLOEXEC, 3)
        let output = fcntl(1, F_DUPFD_CLOEXEC, 3)
        let nowhere = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard input >= 0, output >= 0, nowhere >= 0, dup2(nowhere, 0) == 0, dup2(2, 1) == 1 else { exit(71) }  // EX_OSERR
        close(nowhere)
        return (input, output)
    }

    /// `nil` at the end of the input, or when it is no frame: then there is nothing left to talk about.
    private static func nextRequest(from input: Int32, with reader: inout FrameReader) -> [UInt8]? {
        while true {
            do { if let request = try reader.next() { return request } } catch { return nil }
            var count = 0
            let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 256 << 10) { buffer, initialized in
                count = unsafe read(input, buffer.baseAddress, buffer.count)
                initialized = max(count, 0)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return nil }
            reader.append(bytes)
        }
    }

    /// False when the parent is gone.
    private static func deliver(_ bytes: [UInt8], to output: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe write(output, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return false }
            rest.removeFirst(count)
        }
        return true
    }
}
