internal import BanksiaProcesses

/// A program of the machine, run once to its end, in this process's group and under its limits.
enum Tool {
    /// Runs a program and returns what it prints.
    ///
    /// - Parameters:
    ///   - limit: the most bytes that are taken; a program that prints more fails.
    ///   - timeout: how long it may run.
    /// - Throws: `undecodable` with the program's last words when it fails, is late or says too much; `storage` when it cannot
    ///   be started.
    static func output(
        _ program: String, _ arguments: [String], limit: Int, timeout: Duration
    ) throws(PictureFault) -> [UInt8] {
        var words = ""
        let process: ChildProcess
        do throws(ChildProblem) {
            let command = ChildCommand(executable: program, arguments: arguments)
            process = try ChildProcess(command, limits: ChildLimits(openFiles: nil), group: .parents) { line in words = line }
        } catch { throw .storage(reason: "\(program) could not be started") }
        var nothing: ArraySlice<UInt8> = []
        var output: [UInt8] = []
        let deadline = ContinuousClock.now + timeout
        talk: while true {
            switch process.step(sending: &nothing, until: deadline) {
            case .received(let bytes):
                output += bytes
                guard output.count <= limit else { throw .undecodable(reason: "\(program) says too much about it") }
            case .closed: break talk
            case .deadline: throw .undecodable(reason: "\(program) takes too long for it")
            case .woken: continue
            }
        }
        guard process.end(grace: .seconds(5)) == .code(0) else {
            if process.speaksOfMemory { throw .outOfMemory }
            throw .undecodable(reason: Reason(libraryText: words).text)
        }
        return output
    }
}
