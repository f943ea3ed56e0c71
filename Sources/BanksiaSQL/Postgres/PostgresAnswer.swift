internal import CPostgres

/// The answer to one statement. It holds all rows.
@safe final class PostgresAnswer {
    private let result: OpaquePointer

    init(_ result: OpaquePointer) { unsafe self.result = unsafe result }

    deinit { unsafe PQclear(result) }

    var status: ExecStatusType { unsafe PQresultStatus(result) }

    var isGood: Bool { [PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_COPY_IN].contains(status) }

    var rowCount: Int32 { unsafe PQntuples(result) }

    func row(_ number: Int32) -> PostgresRow { unsafe PostgresRow(result: result, number: number) }

    /// What the statement did, such as `INSERT 0 3`.
    var command: String { unsafe String(cString: PQcmdStatus(result)) }

    /// How many rows it inserted, updated or deleted.
    var changes: Int {
        let parts = command.split(separator: " ")
        guard let verb = parts.first, ["INSERT", "UPDATE", "DELETE", "MERGE", "COPY"].contains(verb) else { return 0 }
        return parts.last.flatMap { Int($0) } ?? 0
    }

    /// The types of a prepared statement's parameters, when this is the description of one.
    var parameterTypes: [Oid] { (0..<(unsafe PQnparams(result))).map { unsafe PQparamtype(result, $0) } }

    /// The types of the columns.
    var columnTypes: [Oid] { (0..<(unsafe PQnfields(result))).map { unsafe PQftype(result, $0) } }

    func fault(isBroken: Bool) -> PostgresFault {
        func field(_ code: Character) -> String {
            unsafe PQresultErrorField(result, Int32(code.asciiValue ?? 0)).map { unsafe String(cString: $0) } ?? ""
        }
        // The letters are those of the protocol ("Error and Notice Message Fields").
        return PostgresFault(
            state: field("C"), message: status == PGRES_EMPTY_QUERY ? "the statement is empty" : field("M"), detail: field("D"),
            table: field("t"), column: field("c"), constraint: field("n"), isBroken: isBroken)
    }
}

/// An error as the server reports it. Its message and detail may hold values, so they are not passed on where values
/// do not belong.
struct PostgresFault: Error {
    /// SQLSTATE; empty when no server said anything.
    var state: String
    var message: String
    var detail = ""
    var table = ""
    var column = ""
    var constraint = ""
    /// The connection is of no more use.
    var isBroken: Bool
}

extension PostgresFault {
    /// The connection broke, and this is what libpq says of it.
    init(broken message: String) { self.init(state: "", message: message, isBroken: true) }
}
