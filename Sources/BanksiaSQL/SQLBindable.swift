public import BanksiaCore
public import Foundation

/// A value as it is handed to the engine, and as a row of any table can be read without knowing its types.
public enum SQLValue: Sendable, Hashable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case real(Double)
    case text(String)
    case bytes([UInt8])
    /// 16 bytes, in an `ID` column.
    case uuid(UUID)
    /// Numbers of single precision, in a `VECTOR` column.
    case vector([Float])
}

/// What may be interpolated into `SQL`.
///
/// An enum or struct with a bindable raw value joins by declaring the conformance: `extension Role: SQLBindable {}`.
public protocol SQLBindable {
    /// The stored form.
    var sqlValue: SQLValue { get }
}

extension SQLBindable where Self: RawRepresentable, RawValue: SQLBindable {
    public var sqlValue: SQLValue { rawValue.sqlValue }
}

extension SQLValue: SQLBindable {
    public var sqlValue: SQLValue { self }
}

extension Bool: SQLBindable {
    public var sqlValue: SQLValue { .boolean(self) }
}

extension Int: SQLBindable {
    public var sqlValue: SQLValue { .integer(Int64(self)) }
}

extension Int64: SQLBindable {
    public var sqlValue: SQLValue { .integer(self) }
}

extension Double: SQLBindable {
    public var sqlValue: SQLValue { .real(self) }
}

extension String: SQLBindable {
    public var sqlValue: SQLValue { .text(self) }
}

extension UUID: SQLBindable {
    public var sqlValue: SQLValue { .uuid(self) }
}

extension Identifier: SQLBindable {
    public var sqlValue: SQLValue { .uuid(uuid) }
}

extension Instant: SQLBindable {
    /// Microseconds since the Unix epoch.
    public var sqlValue: SQLValue { .integer(microseconds) }
}

extension Optional: SQLBindable where Wrapped: SQLBindable {
    public var sqlValue: SQLValue { self?.sqlValue ?? .null }
}

/// Of what a whole array is one value: `[UInt8]` is bytes, `[Float]` a vector. A type conforms to a protocol once, so the
/// two kinds of arrays share a conformance through this.
public protocol SQLArrayElement {
    /// The stored form of an array.
    static func sqlValue(of array: [Self]) -> SQLValue
    /// Reads an array out of a column.
    static func array(_ cell: SQLCell) throws -> [Self]
}

extension UInt8: SQLArrayElement {
    public static func sqlValue(of array: [UInt8]) -> SQLValue { .bytes(array) }
    public static func array(_ cell: SQLCell) throws -> [UInt8] { try unsafe cell.withBytes { unsafe Array($0) } }
}

extension Float: SQLArrayElement {
    public static func sqlValue(of array: [Float]) -> SQLValue { .vector(array) }
    public static func array(_ cell: SQLCell) throws -> [Float] { try cell.vector() }
}

extension Array: SQLBindable where Element: SQLArrayElement {
    public var sqlValue: SQLValue { Element.sqlValue(of: self) }
}
