import BanksiaCore
import BanksiaMedia
import BanksiaProcesses
import Foundation
import Logging

/// The executable that tests start as a child, since a test bundle has no `banksia child …` of its own.
@main struct ChildFixture {
    static func main() async throws {
        switch CommandLine.arguments.dropFirst().first {
        case "talk": Talk.serve()
        case "talk-aside":
            DispatchQueue.global().async { Talk.serve() }
            try await Task.sleep(for: .seconds(3600))
        case "parent": try await Parent.run()
        case "media": MediaChild.serve(Array(CommandLine.arguments.dropFirst(2)))
        default: exit(64)  // EX_USAGE
        }
    }
}

/// `talk`, or on a thread of Dispatch `talk-aside`: a child on `ChildLoop` that does as it is told.
enum Talk {
    struct Stranger: Error {}
    struct Told: Problem {
        let code = "told_so"
        let kind = ProblemKind.invalid
        let detail = "The child was told to refuse."
    }

    static func serve() -> Never {
        ChildLoop.serve { request in
            switch String(decoding: request, as: UTF8.self) {
            case "refuse": throw Told()
            case "stumble": throw Stranger()
            case "print":
                print("a library's greeting")
                fflush(nil)
                return Array("quiet".utf8)
            case "niceness": return Array("\(getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0))".utf8)
            case "trap":
                let none: [Int] = []
                return [UInt8(none.count + none[request.count])]
            case "hog":
                var all: [[UInt8]] = []
                while true { all.append([UInt8](repeating: UInt8(all.count & 255), count: 16 << 20)) }
            default: return request
            }
        }
    }
}

/// `parent`: a process with a pool of its own, whose child's number it prints; then it waits to be killed.
enum Parent {
    static func run() async throws {
        let talk = ChildCommand(executable: CommandLine.arguments[0], arguments: ["talk"])
        let pool = ChildPool(name: "talk", command: talk, width: 1, limits: ChildLimits(), logger: Logger(label: "parent"))
        _ = try await pool.call(Array("hello".utf8), timeout: .seconds(30))
        print(pool.childProcessIDs[0])
        fflush(nil)
        try await Task.sleep(for: .seconds(3600))
        await pool.close()
    }
}
