import BanksiaMedia
import BanksiaVision

/// The text that stands in a picture, as it was read by a model.
public struct PictureText: Sendable, Equatable {
    /// In the order in which a person would read them.
    public let lines: [Line]

    /// A line of text.
    public struct Line: Sendable, Equatable, Codable {
        /// What stands there.
        public let text: String
        /// How sure the model is of it, 0 to 1.
        public let score: Double
        /// The corners of the line's rectangle as parts of the picture's width and height: where reading begins, where it
        /// ends, and the two below them.
        public let corners: [Corner]
    }

    /// A place in the picture, as it is shown: from 0, 0 (top left) to 1, 1.
    public struct Corner: Sendable, Equatable, Codable {
        public let x: Double
        public let y: Double
    }

    /// All of it, a line for each.
    public var text: String { lines.map(\.text).joined(separator: "\n") }

    init(lines: [Line]) { self.lines = lines }

    /// - Parameter size: of the picture that was looked at.
    init(_ found: [FoundLine], in size: PixelSize) {
        /// Four digits are a tenth of a pixel of what was looked at.
        func part(_ value: Float, of whole: Int) -> Double {
            (min(max(Double(value) / Double(whole), 0), 1) * 10_000).rounded() / 10_000
        }
        lines = found.map { line in
            Line(
                text: line.text, score: (Double(line.score) * 1000).rounded() / 1000,
                corners: line.corners.map { Corner(x: part($0.x, of: size.width), y: part($0.y, of: size.height)) })
        }
    }
}
