/// A piece of SQL text with the values that belong to it.
///
/// An interpolated value becomes a bound parameter, never text; an interpolated `SQL` is spliced in, with its own values
/// in the right places. The same text is sent to the engine for every set of values, so it is prepared once.
///
///     let mine: SQL = "owner_id = \(viewer.id)"
///     let statement: SQL = "SELECT id FROM album WHERE \(mine) AND name = \(name)"
public struct SQL: ExpressibleByStringInterpolation, Sendable, Hashable {
    enum Piece: Sendable, Hashable {
        case text(String)
        case value(SQLValue)
        /// What the engines say differently. Only dialect files make these.
        case spelled(sqlite: [Piece], postgres: [Piece])
    }

    /// Texts never stand next to each other, so equal SQL has equal pieces however it was put together.
    private(set) var pieces: [Piece]

    /// SQL as the program wrote it. A `?` stands for a value on one engine, so the text itself has none.
    public init(stringLiteral text: String) { self.init(trusted: text) }

    public init(stringInterpolation: Interpolation) { self = stringInterpolation.sql }

    /// Text that this program made, such as the name of a column out of a closed set. Never something that came from outside.
    public init(trusted text: String) { pieces = text.isEmpty ? [] : [.text(text)] }

    /// One value as a bound parameter.
    public init(_ value: some SQLBindable) { pieces = [.value(value.sqlValue)] }

    /// What the engines say differently.
    init(sqlite: SQL, postgres: SQL) { pieces = [.spelled(sqlite: sqlite.pieces, postgres: postgres.pieces)] }

    /// Nothing: splicing it in changes nothing.
    public static let empty = SQL(trusted: "")

    /// Whether there is no text.
    public var isEmpty: Bool { pieces.isEmpty }

    /// The pieces one after another with `separator` between them; empty for no pieces.
    public static func joined(_ pieces: some Sequence<SQL>, separator: String) -> SQL {
        var whole = SQL.empty
        for (index, piece) in pieces.enumerated() {
            if index > 0 { whole.append(separator) }
            whole.append(piece)
        }
        return whole
    }

    /// Two pieces one after another, with nothing between them.
    public static func + (left: SQL, right: SQL) -> SQL {
        var whole = left
        whole.append(right)
        return whole
    }

    private mutating func append(_ piece: SQL) {
        guard let first = piece.pieces.first else { return }
        if case .text(let text) = first {
            append(text)
            pieces += piece.pieces.dropFirst()
        } else {
            pieces += piece.pieces
        }
    }

    private mutating func append(_ text: String) {
        guard !text.isEmpty else { return }
        guard case .text(var last) = pieces.last else { return pieces.append(.text(text)) }
        // Taken out before it grows, so that it grows in its own place.
        pieces.removeLast()
        last += text
        pieces.append(.text(last))
    }

    private mutating func append(_ value: SQLValue) { pieces.append(.value(value)) }

    /// Collects the text and values of one string literal.
    public struct Interpolation: StringInterpolationProtocol {
        fileprivate var sql = SQL.empty

        public init(literalCapacity: Int, interpolationCount: Int) { sql.pieces.reserveCapacity(2 * interpolationCount + 1) }

        public mutating func appendLiteral(_ literal: String) { sql.append(literal) }

        /// Binds a value.
        public mutating func appendInterpolation(_ value: some SQLBindable) { sql.append(value.sqlValue) }

        /// Binds a value or `NULL`. Said apart, because the compiler warns of optionals in interpolations that do not expect them.
        public mutating func appendInterpolation<Value: SQLBindable>(_ value: Value?) { sql.append(value?.sqlValue ?? .null) }

        /// Splices another piece in.
        public mutating func appendInterpolation(_ piece: SQL) { sql.append(piece) }
    }
}
