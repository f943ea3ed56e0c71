internal import CPostgres

/// The types that are read and written here, by their numbers in `pg_type.dat`, which never change. Text is one type under
/// several names.
enum PostgresType: CustomStringConvertible {
    case boolean, int2, int4, int8, oid, float4, float8, numeric, text, bytes, uuid
    /// Anything else. The only one of them that is read is pgvector's `vector`, whose number differs by database.
    case other

    init(_ oid: Oid) {
        self =
            switch oid {
            case 16: .boolean
            case 17: .bytes
            // "char", name, text, json, unknown, bpchar, varchar
            case 18, 19, 25, 114, 705, 1042, 1043: .text
            case 20: .int8
            case 21: .int2
            case 23: .int4
            case 26: .oid
            case 700: .float4
            case 701: .float8
            case 1700: .numeric
            case 2950: .uuid
            default: .other
            }
    }

    /// The type that a value is sent as; 0 leaves it to the server, as does nothing for `NULL` (libpq, `PQprepare`).
    static func number(of value: SQLValue, vector: Oid) -> Oid {
        switch value {
        case .null: 0
        case .boolean: 16
        case .integer: 20
        case .real: 701
        case .text: 25
        case .bytes: 17
        case .uuid: 2950
        case .vector: vector
        }
    }

    var description: String {
        switch self {
        case .boolean: "a truth value"
        case .int2, .int4, .int8, .oid: "an integer"
        case .float4, .float8: "a real"
        case .numeric: "a decimal number"
        case .text: "text"
        case .bytes: "bytes"
        case .uuid: "an id"
        case .other: "something else"
        }
    }
}
