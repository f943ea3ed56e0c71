internal import BanksiaSQL
internal import Foundation

/// Who holds a lease: one runner in one process.
///
/// Written as text so that a process that starts can see which holders are gone: those of the same system whose process
/// no longer exists. A process id alone would not do, as ids are used again; with the start time it names one process
/// (proc(5), /proc/pid/stat, field 22).
struct JobOwner: Hashable, Sendable, SQLBindable {
    /// Names the kernel that runs and the namespace in which process ids count.
    let system: String
    let process: Int32
    /// In clock ticks since boot.
    let processStart: String
    /// Tells runners in one process apart.
    let runner: String

    var text: String { "\(system) \(process) \(processStart) \(runner)" }
    var sqlValue: SQLValue { .text(text) }

    init(system: String, process: Int32, processStart: String, runner: String) {
        self.system = system
        self.process = process
        self.processStart = processStart
        self.runner = runner
    }

    /// Reads the text form; `nil` for anything else.
    init?(_ text: String) {
        let parts = text.split(separator: " ").map(String.init)
        guard parts.count == 4, let process = Int32(parts[1]) else { return nil }
        self.init(system: parts[0], process: process, processStart: parts[2], runner: parts[3])
    }

    /// A new runner in this process.
    static func current() -> JobOwner {
        let process = getpid()
        return JobOwner(
            system: currentSystem, process: process, processStart: startTime(of: process) ?? "-",
            runner: String(UInt64.random(in: 0...UInt64.max), radix: 36))
    }

    /// Whether its process is known to have ended. Of other systems nothing is known.
    var isGone: Bool {
        guard system == Self.currentSystem else { return false }
        // ESRCH is the only answer that proves absence (kill(2)).
        if kill(process, 0) != 0 && errno == ESRCH { return true }
        guard let start = Self.startTime(of: process) else { return false }
        return start != processStart
    }

    private static let currentSystem: String = {
        // Without /proc (not Linux) the host's name stands in.
        let boot =
            (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)) ?? ProcessInfo.processInfo.hostName
        let namespace = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")) ?? ""
        return (boot + namespace).filter { !$0.isWhitespace }
    }()

    private static func startTime(of process: Int32) -> String? {
        // No such file: the process has just ended, or there is no /proc.
        guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let afterName = stat.lastIndex(of: ")")  // the second field, the name, may hold blanks and parentheses
        else { return nil }
        let fields = stat[afterName...].split(separator: " ")
        return fields.count > 20 ? String(fields[20]) : nil
    }
}
