/// A piece of SQL text with the values that belong to it.
///
/// An interpolated value becomes a bound parameter, never text; an interpolated `SQL` is spliced in, with its own values
/// in the right places. The same text is sent to the engine for every set of values, so it is prepared once.
///
///     let mine: SQL = "owner_id = \(viewer.id)"
///     let statement: SQL = "SELECT id FROM album WHERE \(mine) AND name = \(name)"
public struct SQL: ExpressibleByStringInterpolation, Sendable, Hashable {
    /// The text with a `?` in the place of each value, in order.
    package private(set) var text: String
    package private(set) var values: [SQLValue]

    /// SQL as the program wrote it. A `?` stands for a value, so the text itself has none.
    public init(stringLiteral text: String) {
        self.text = text
        values = []
    }

    public init(stringInterpolation: Interpolation) { self = stringInterpolation.sql }

    /// Text that this program made, such as the name of a column out of a closed set. Never something that came from outside.
    public init(trusted text: String) {
        self.text = text
        values = []
    }

    /// One value as a bound parameter.
    public init(_ value: some SQLBindable) {
        text = "?"
        values = [value.sqlValue]
    }

    /// Nothing: splicing it in changes nothing.
    public static let empty = SQL(trusted: "")

    /// Whether there is no text.
    public var isEmpty: Bool { text.isEmpty }

    /// The pieces one after another with `separator` between them; empty for no pieces.
    public static func joined(_ pieces: some Sequence<SQL>, separator: String) -> SQL {
        var whole = SQL.empty
        for (index, piece) in pieces.enumerated() {
            if index > 0 { whole.text += separator }
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
        text += piece.text
        values += piece.values
    }

    /// Collects the text and values of one string literal.
    public struct Interpolation: StringInterpolationProtocol {
        fileprivate var sql = SQL.empty

        public init(literalCapacity: Int, interpolationCount: Int) {
            sql.text.reserveCapacity(literalCapacity + 2 * interpolationCount)
            sql.values.reserveCapacity(interpolationCount)
        }

        public mutating func appendLiteral(_ literal: String) { sql.text += literal }

        /// Binds a value.
        public mutating func appendInterpolation(_ value: some SQLBindable) {
            sql.text += "?"
            sql.values.append(value.sqlValue)
        }

        /// Binds a value or `NULL`. Said apart, because the compiler warns of optionals in interpolations that do not expect them.
        public mutating func appendInterpolation<Value: SQLBindable>(_ value: Value?) {
            if let value { appendInterpolation(value) } else { appendInterpolation(SQLValue.null) }
        }

        /// Splices another piece in.
        public mutating func appendInterpolation(_ piece: SQL) { sql.append(piece) }
    }
}
