public import BanksiaCore

/// Which model describes pictures, and how it is asked.
public struct DescriberSettings: Sendable {
    /// The address of chat completions.
    let endpoint: String
    /// Empty where the server wants none.
    let key: String
    public let model: String
    /// What the model is told to do, without the picture.
    let instruction: String
    /// Requests in a minute at most, of this process.
    let perMinute: Int
    /// How many pictures are on their way at once.
    public let width: Int
    let timeout: Duration

    /// What is asked for where the operator says nothing else.
    public static let standardPrompt =
        "Describe this photo in one to three plain sentences for somebody who searches for it later: what it shows, the setting, "
        + "what happens, and text that can be read in it. Do not guess names of people. Answer with the description only."

    /// - Parameters:
    ///   - url: what comes before `/chat/completions`, such as `http://localhost:11434/v1`.
    ///   - prompt: empty for `standardPrompt`.
    ///   - language: in which the model is to answer, in English words; empty leaves it to the model.
    public init(
        url: String, key: String, model: String, prompt: String, language: String, perMinute: Int, width: Int, timeout: Duration
    ) {
        endpoint = (url.hasSuffix("/") ? String(url.dropLast()) : url) + "/chat/completions"
        self.key = key
        self.model = model
        let asked = prompt.isEmpty ? Self.standardPrompt : prompt
        instruction = language.isEmpty ? asked : "\(asked) Answer in \(language)."
        self.perMinute = perMinute
        self.width = width
        self.timeout = timeout
    }
}

/// Why a picture was not described.
public enum DescriberProblem: Problem, Equatable {
    /// The server will not have this picture.
    case refused(status: Int)
    /// The server wants a pause.
    case busy
    case unreachable
    case misbehaved(String)

    public var code: String { "description_failed" }
    public var kind: ProblemKind { if case .refused = self { .invalid } else { .unavailable } }
    public var detail: String {
        switch self {
        case .refused(let status): "The vision model refuses this picture (status \(status))."
        case .busy: "The vision model has no time; it is asked again later."
        case .unreachable: "The vision model cannot be reached, or takes too long. Look at `describe-url`."
        case .misbehaved(let what): "The vision model cannot be used: \(what)."
        }
    }
    public var field: String? { nil }
}
