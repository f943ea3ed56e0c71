import ArgumentParser
import BanksiaLibrary
import Foundation

/// Grouping of made-up faces: many from nothing, and one that comes to many more.
struct BenchGrouping: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "grouping", abstract: "Group made-up faces.")

    @Option(help: "How many from nothing.") var whole = 50_000
    @Option(help: "To how many one is added.") var one = 200_000

    private struct Answer: Codable {
        struct Whole: Codable {
            var faces: Int
            var seconds: Double
            var people: Int
        }
        struct One: Codable {
            var faces: Int
            var scanSeconds: Double
            var seconds: Double
        }
        var whole: Whole
        var one: One
    }

    func run() throws {
        let clock = ContinuousClock()
        let trial = GroupingTrial(faces: whole, knotSize: 1)
        var people = 0
        let wholeTime = clock.measure { people = trial.group() }
        var large = GroupingTrial(faces: one, knotSize: 10)
        let without = clock.measure { _ = large.tie() }
        large.addFace()
        let with = clock.measure { _ = large.tie() }
        let all = clock.measure { _ = large.group() }
        let answer = Answer(
            whole: .init(faces: whole, seconds: wholeTime.seconds, people: people),
            one: .init(faces: one, scanSeconds: max(0, (with - without).seconds), seconds: all.seconds))
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        print(String(decoding: try encoder.encode(answer), as: UTF8.self))
    }
}
