import ArgumentParser
import BanksiaCore
import BanksiaLibrary
import Foundation

/// What users say about the product.
struct FeedbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "feedback", abstract: "Read what users say.", subcommands: [List.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List feedback, newest first.", discussion: "It stays on this server; nobody else is told of it.")

        @Option(help: "How many at most.") var limit = 50
        @Flag(help: "Print a JSON array.") var json = false
        @OptionGroup var data: DataOptions

        func validate() throws {
            guard (1...10_000).contains(limit) else { throw ValidationError("--limit takes a number from 1 to 10000.") }
        }

        func run() async throws {
            let assembly = try await Assembly.open(try data.load())
            let feedback = try await presenting { try await assembly.library.feedback.newest(limit) }
            guard !json else {
                let encoder = JSONEncoder()
                encoder.keyEncodingStrategy = .convertToSnakeCase
                encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
                print(String(decoding: try encoder.encode(feedback.map(Line.init)), as: UTF8.self))
                return
            }
            for entry in feedback { print(text(of: entry)) }
            if feedback.isEmpty { print("There is none.") }
        }

        /// One entry for people. Control characters, with which a message could paint on a terminal, are left out.
        private func text(of entry: Feedback) -> String {
            let done =
                switch entry.note.taskCompleted {
                case true?: ", got done what they wanted"
                case false?: ", did not get done what they wanted"
                case nil: ""
                }
            let tools = entry.note.toolNames.isEmpty ? "" : "\n  with \(entry.note.toolNames.joined(separator: ", "))"
            let whole = """
                \(entry.createdAt)  \(entry.note.kind.rawValue)  \(entry.email)\(done)\(tools)
                  \(entry.note.message.replacing("\n", with: "\n  "))

                """
            return String(
                whole.unicodeScalars.filter { $0 == "\n" || $0 == "\t" || $0.properties.generalCategory != .control }.map(
                    Character.init))
        }
    }

    /// One entry for programs.
    private struct Line: Encodable {
        let id, createdAt, user, email, feedbackType, message: String
        let taskCompleted: Bool?
        let toolNames: [String]

        init(_ entry: Feedback) {
            id = entry.id.description
            createdAt = entry.createdAt.description
            user = entry.user.description
            email = entry.email
            feedbackType = entry.note.kind.rawValue
            message = entry.note.message
            taskCompleted = entry.note.taskCompleted
            toolNames = entry.note.toolNames
        }
    }
}
