internal import BanksiaProcesses
internal import Foundation

/// exiftool, kept running as this process's own child: a start costs ten times what a file does.
///
/// It speaks lines (exiftool's manual, `-stay_open`): arguments one per line, `-executeN` to run them, `{readyN}` behind
/// the output. For one thread.
final class ExifTool {
    /// Why there are no tags, in a sentence.
    struct Failure: Error {
        let reason: String
        /// Whether another file would fare no better.
        var isOfTheMachine = false
        /// Whether this file may fare better another time.
        var mayPass = false
    }

    private var process: ChildProcess?
    private var runs = 0
    private static let timeout = Duration.seconds(20)
    /// The wanted tags of one file are a few kilobytes; a caption may be long.
    private static let outputLimit = 4 << 20
    private static let command = ChildCommand(
        executable: "exiftool",
        arguments: ["-stay_open", "True", "-@", "-", "-common_args", "-json", "-n", "-G1", "-a", "-struct"])

    /// The wanted tags of a file.
    func tags(of path: String) throws(Failure) -> Tags {
        // A line break would start another argument, and a relative path could look like an option.
        guard path.hasPrefix("/"), !path.contains(where: \.isNewline) else {
            throw Failure(reason: "The file's name cannot be passed on.")
        }
        let output = try run(Tags.wanted.map { "-\($0)" } + [path])
        guard let tags = Tags(json: output) else { throw Failure(reason: "exiftool could not read the file.") }
        return tags
    }

    /// Its version.
    func version() throws(Failure) -> String {
        String(decoding: try run(["-ver"]), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func run(_ arguments: [String]) throws(Failure) -> [UInt8] {
        do throws(Failure) { return try talk(arguments) } catch {
            process = nil  // ends it; the next file gets a fresh one
            throw error
        }
    }

    private func talk(_ arguments: [String]) throws(Failure) -> [UInt8] {
        let process = try running()
        runs += 1
        process.beginCall()
        var outgoing = Array((arguments + ["-execute\(runs)", ""]).joined(separator: "\n").utf8)[...]
        let end = Array("{ready\(runs)}\n".utf8)
        var output: [UInt8] = []
        let deadline = ContinuousClock.now + Self.timeout
        while true {
            switch process.step(sending: &outgoing, until: deadline) {
            case .received(let bytes):
                output += bytes
                if output.suffix(end.count).elementsEqual(end) { return output.dropLast(end.count) }
                guard output.count <= Self.outputLimit else { throw Failure(reason: "exiftool said too much about the file.") }
            case .closed: throw Failure(reason: "exiftool stopped while it read the file.", mayPass: true)
            case .deadline: throw Failure(reason: "exiftool took too long for the file.", mayPass: true)
            case .woken: continue
            }
        }
    }

    private func running() throws(Failure) -> ChildProcess {
        if let process { return process }
        do throws(ChildProblem) {
            // In this process's group, so that what ends this process ends it too; the limits here hold there as well.
            let started = try ChildProcess(Self.command, limits: ChildLimits(openFiles: nil), group: .parents)
            process = started
            return started
        } catch {
            throw Failure(
                reason: "exiftool could not be started: install libimage-exiftool-perl.", isOfTheMachine: true, mayPass: true)
        }
    }
}
