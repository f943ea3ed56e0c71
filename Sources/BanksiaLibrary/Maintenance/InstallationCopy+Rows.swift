import BanksiaSQL
import Crypto
import Foundation

extension InstallationCopy {
    /// A table as `Database.tables` names it.
    typealias Table = SQLTable

    /// What a table holds, whatever the order of its rows: their number, and the sum of their digests.
    ///
    /// A sum, because no order of rows is the same in two engines for every type. Two tables of equal sums that differ would
    /// need 128 bits of SHA-256 to cancel out by chance.
    struct Sum: Equatable, Sendable {
        var rows = 0
        var digest: UInt128 = 0

        mutating func add(_ row: [SQLValue]) {
            var hash = SHA256()
            for value in row { hash.update(data: value.canonicalBytes) }
            let bytes = Array(hash.finalize())
            rows += 1
            digest &+= bytes.prefix(16).reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        }
    }

    /// Rows that are read at a time: a few megabytes of the widest table, which holds vectors.
    private static let portion = 1000

    /// Sends all tables through the pipe, one after the other.
    static func send(_ tables: [Table], into pipe: RowPipe, _ tx: borrowing Transaction) throws -> [Sum] {
        var sums: [Sum] = []
        for table in tables {
            var sum = Sum()
            try forEachPortion(of: table, tx) { rows in
                for row in rows { sum.add(row) }
                try pipe.send(rows)
            }
            try pipe.endTable()
            sums.append(sum)
        }
        return sums
    }

    /// What a table holds now.
    static func sum(of table: Table, _ tx: borrowing Transaction) throws -> Sum {
        var sum = Sum()
        try forEachPortion(of: table, tx) { for row in $0 { sum.add(row) } }
        return sum
    }

    /// Goes through a table in the order of its primary key. An engine may hold a whole answer in memory, so each is bounded.
    private static func forEachPortion(of table: Table, _ tx: borrowing Transaction, _ body: ([[SQLValue]]) throws -> Void) throws
    {
        let key = SQL.joined(table.key.map(Self.quoted), separator: ", ")
        let columns = SQL.joined(table.columns.map(Self.quoted), separator: ", ")
        let places = table.key.compactMap { table.columns.firstIndex(of: $0) }
        var last: [SQLValue]?
        while true {
            let start: SQL = last.map { "(\(key)) > (\(SQL.joined($0.map { "\($0)" }, separator: ", ")))" } ?? "TRUE"
            let rows = try tx.rows(
                "SELECT \(columns) FROM \(quoted(table.name)) WHERE \(start) ORDER BY \(key) LIMIT \(portion)"
            ) { try $0.values }
            if !rows.isEmpty { try body(rows) }
            guard let end = rows.last, rows.count == portion else { return }
            last = places.map { end[$0] }
        }
    }

    /// A name of the schema; some, such as `user`, are words of SQL.
    private static func quoted(_ name: String) -> SQL { SQL(trusted: "\"\(name)\"") }
}

extension SQLValue {
    /// Bytes that are equal for equal values only: the kind of the value, its length, its bytes.
    fileprivate var canonicalBytes: Data {
        func tagged(_ kind: UInt8, _ bytes: some Collection<UInt8>) -> Data {
            Data([kind]) + withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { Data($0) } + Data(bytes)
        }
        func number(_ bits: UInt64) -> Data { withUnsafeBytes(of: bits.littleEndian) { Data($0) } }
        switch self {
        case .null: return Data([0])
        case .boolean(let value): return Data([1, value ? 1 : 0])
        case .integer(let value): return tagged(2, number(UInt64(bitPattern: value)))
        case .real(let value): return tagged(3, number(value.bitPattern))
        case .text(let value): return tagged(4, Array(value.utf8))
        case .bytes(let value): return tagged(5, value)
        case .uuid(let value): return tagged(6, withUnsafeBytes(of: value.uuid) { Array($0) })
        case .vector(let value): return tagged(7, value.littleEndianBytes)
        }
    }
}
