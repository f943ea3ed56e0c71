internal import CPostgres

/// The statements that a connection has prepared.
///
/// A statement is prepared once for its text and the types of its values. A NULL has no type, so the server derives one
/// from its place and tells it; from then on it stands for values of that type as well. Otherwise an insert with twenty
/// columns that may be NULL would be prepared anew for every mixture of them.
struct PostgresStatements {
    struct Prepared {
        let name: String
        /// 0 where even the server's answer is not known yet.
        var types: [Oid]

        func takes(_ wanted: [Oid]) -> Bool { zip(types, wanted).allSatisfy { $0 == $1 || $1 == 0 } }
    }

    /// A few hundred kilobytes in the server for each connection (measured: 5 to 20 KB a statement).
    static let limit = 512

    private var byText: [String: [Prepared]] = [:]
    private var count = 0
    private var made = 0

    var isFull: Bool { count >= Self.limit }

    func prepared(_ text: String, _ types: [Oid]) -> Prepared? { byText[text]?.first { $0.takes(types) } }

    /// A name that was not used before on the connection.
    mutating func newName() -> String {
        made += 1
        return "s\(made)"
    }

    mutating func keep(_ statement: Prepared, for text: String) {
        byText[text, default: []].append(statement)
        count += 1
    }

    mutating func forgetAll() {
        byText = [:]
        count = 0
    }
}
