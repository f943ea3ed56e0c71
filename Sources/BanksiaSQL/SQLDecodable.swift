public import BanksiaCore
public import Foundation

/// What can be read out of a column.
///
/// An enum or struct with a decodable raw value joins by declaring the conformance: `extension Role: SQLDecodable {}`.
public protocol SQLDecodable {
    /// - Throws: `SQLMistake` when the column holds something else: the statement or the schema is wrong.
    init(_ cell: SQLCell) throws
}

extension SQLDecodable where Self: RawRepresentable, RawValue: SQLDecodable {
    @inlinable public init(_ cell: SQLCell) throws {
        guard let value = Self(rawValue: try RawValue(cell)) else { throw cell.mismatch(Self.self) }
        self = value
    }
}

extension Int64: SQLDecodable {
    @inlinable public init(_ cell: SQLCell) throws { self = try cell.integer() }
}

extension Int: SQLDecodable {
    @inlinable public init(_ cell: SQLCell) throws { self = Int(try cell.integer()) }
}

extension Bool: SQLDecodable {
    @inlinable public init(_ cell: SQLCell) throws { self = try cell.integer() != 0 }
}

extension Double: SQLDecodable {
    @inlinable public init(_ cell: SQLCell) throws { self = try cell.real() }
}

extension String: SQLDecodable {
    @inlinable public init(_ cell: SQLCell) throws { self = try cell.text() }
}

extension Array: SQLDecodable where Element: SQLArrayElement {
    @inlinable public init(_ cell: SQLCell) throws { self = try Element.array(cell) }
}

extension UUID: SQLDecodable {
    @inlinable public init(_ cell: SQLCell) throws { self = try cell.uuid() }
}

extension Identifier: SQLDecodable {
    @inlinable public init(_ cell: SQLCell) throws { self.init(uuid: try cell.uuid()) }
}

extension Instant: SQLDecodable {
    @inlinable public init(_ cell: SQLCell) throws { self.init(microseconds: try cell.integer()) }
}

extension Optional: SQLDecodable where Wrapped: SQLDecodable {
    @inlinable public init(_ cell: SQLCell) throws { self = cell.isNull ? nil : try Wrapped(cell) }
}
