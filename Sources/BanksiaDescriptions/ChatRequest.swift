import Foundation

/// One question about one picture, as chat completions have it.
struct ChatRequest: Encodable {
    private let model: String
    private let messages: [Message]
    /// A few sentences; a model that goes on for ever is cut off.
    private let maxTokens = 400
    /// The same picture is to be described much the same way again.
    private let temperature = 0.2
    private let stream = false

    private enum CodingKeys: String, CodingKey {
        case model, messages, temperature, stream
        case maxTokens = "max_tokens"
    }

    private struct Message: Encodable {
        let role = "user"
        let content: [Part]
    }

    private enum Part: Encodable {
        case text(String)
        case picture(Data)

        private enum CodingKeys: String, CodingKey {
            case type, text, url
            case imageURL = "image_url"
        }

        func encode(to encoder: any Encoder) throws {
            var part = encoder.container(keyedBy: CodingKeys.self)
            switch self {
            case .text(let text):
                try part.encode("text", forKey: .type)
                try part.encode(text, forKey: .text)
            case .picture(let jpeg):
                try part.encode("image_url", forKey: .type)
                var address = part.nestedContainer(keyedBy: CodingKeys.self, forKey: .imageURL)
                try address.encode("data:image/jpeg;base64,\(jpeg.base64EncodedString())", forKey: .url)
            }
        }
    }

    init(_ settings: DescriberSettings, jpeg: Data) {
        model = settings.model
        messages = [Message(content: [.text(settings.instruction), .picture(jpeg)])]
    }

    func encoded() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return try encoder.encode(self)
    }
}

/// What comes back.
struct ChatAnswer: Decodable {
    private let choices: [Choice]

    private struct Choice: Decodable {
        let message: Message
    }

    private struct Message: Decodable {
        let content: String?
    }

    /// The first choice's words; empty when the model declined, `nil` when this is no answer.
    static func words(in body: Data) -> String? {
        // Not JSON, or not of that form, is the one thing that can be wrong here.
        guard let answer = try? JSONDecoder().decode(ChatAnswer.self, from: body), let first = answer.choices.first else {
            return nil
        }
        return first.message.content ?? ""
    }
}

/// What a model says, as it is kept.
enum Words {
    /// Longest description in characters. What was asked for has a tenth of it.
    static let longest = 2000

    /// One paragraph without the signs that nobody sees, cut between words.
    static func tidied(_ text: String) -> String {
        let plain = text.unicodeScalars.map { scalar -> Character in
            scalar.properties.generalCategory == .control || scalar.properties.isWhitespace ? " " : Character(scalar)
        }
        let words = String(plain).split(separator: " ")
        var result = ""
        for word in words {
            guard result.count + word.count < longest else { break }
            result += result.isEmpty ? word : " " + word
        }
        return result
    }
}
