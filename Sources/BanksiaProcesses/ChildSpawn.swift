internal import CProcess

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// A freshly started process with this side's ends of its channel and its standard error.
struct SpawnedChild {
    let process: Int32
    /// A stream socket: its standard input and output. Does not block.
    let channel: Int32
    /// A pipe: its standard error. Does not block.
    let errors: Int32
}

/// Which process group a child belongs to. A signal to the group reaches all in it.
package enum ChildGroup: Sendable {
    /// One of its own, with what it may start itself: the parent ends them together, and Ctrl-C at a terminal ends none.
    case own
    /// The one of its parent: what ends the parent's group ends it too.
    case parents
}

extension SpawnedChild {
    /// Starts the command. The calling thread must outlive the child: the kernel kills the child when the thread ends.
    init(_ command: ChildCommand, limits: ChildLimits, group: ChildGroup) throws(ChildProblem) {
        guard let path = command.resolvedExecutable else { throw .startFailed("\(command.executable) is not there") }
        let channel = try unsafe Self.pair(unsafe banksia_make_channel)
        defer { close(channel.theirs) }
        let errors: (ours: Int32, theirs: Int32)
        do { errors = try unsafe Self.pair(unsafe banksia_make_pipe) } catch {
            close(channel.ours)
            throw error
        }
        defer { close(errors.theirs) }
        let process = unsafe withCStrings([path] + command.arguments) { arguments in
            unsafe withCStrings(command.environmentLines) { environment in
                unsafe path.withCString { path in
                    var start = unsafe banksia_start(
                        path: path, arguments: arguments, environment: environment, channel: channel.theirs,
                        errors: errors.theirs,
                        leads_group: group == .own ? 1 : 0, niceness: Int32(limits.niceness),
                        address_space_bytes: limit(limits.addressSpaceBytes), data_bytes: limit(limits.dataBytes),
                        file_size_bytes: limit(limits.fileSizeBytes), open_files: limit(limits.openFiles))
                    return unsafe banksia_start_child(&start)
                }
            }
        }
        guard process > 0 else {
            close(channel.ours)
            close(errors.ours)
            throw .startFailed(systemReason(-process))
        }
        self.init(process: process, channel: channel.ours, errors: errors.ours)
    }

    private static func pair(
        _ make: (UnsafeMutablePointer<Int32>) -> Int32
    ) throws(ChildProblem) -> (ours: Int32, theirs: Int32) {
        var ends: [Int32] = [-1, -1]
        let result = unsafe ends.withUnsafeMutableBufferPointer { unsafe make($0.baseAddress!) }
        guard result == 0 else { throw .startFailed(systemReason(-result)) }
        return (ends[0], ends[1])
    }
}

private func limit(_ value: Int?) -> Int64 { value.map(Int64.init) ?? -1 }

/// The system's words for an `errno`.
func systemReason(_ error: Int32) -> String {
    guard let text = unsafe strerror(error) else { return "error \(error)" }
    return unsafe String(cString: text)
}

/// Lends a null-terminated array of C strings, as execve(2) takes them.
private func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    var pointers: [UnsafeMutablePointer<CChar>?] = unsafe strings.map { unsafe strdup($0) }
    unsafe pointers.append(nil)
    defer { unsafe pointers.forEach { unsafe free($0) } }
    return unsafe pointers.withUnsafeBufferPointer { unsafe body($0.baseAddress!) }
}
