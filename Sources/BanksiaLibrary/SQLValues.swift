import BanksiaFiles
import BanksiaMedia
import BanksiaSQL
import Foundation

extension MediaClass: SQLBindable, SQLDecodable {}

extension ContentDigest: SQLBindable, SQLDecodable {
    public var sqlValue: SQLValue { .bytes(bytes) }

    public init(sqlValue: SQLValue) throws {
        guard let digest = ContentDigest(bytes: try [UInt8](sqlValue: sqlValue)) else { throw SQLProblem.undecodable("a content digest") }
        self = digest
    }
}

extension Data: SQLBindable {
    public var sqlValue: SQLValue { .bytes(Array(self)) }
}
