public import BanksiaFiles
public import BanksiaMedia
public import BanksiaSQL

extension MediaClass: SQLBindable, SQLDecodable {}
extension Role: SQLBindable, SQLDecodable {}
extension Stack.Origin: SQLBindable, SQLDecodable {}
extension Feedback.Kind: SQLBindable, SQLDecodable {}
extension Face.Source: SQLBindable, SQLDecodable {}
extension Correction.Kind: SQLBindable, SQLDecodable {}
extension Membership.State: SQLBindable, SQLDecodable {}

extension ContentDigest: SQLBindable, SQLDecodable {
    public var sqlValue: SQLValue { .bytes(bytes) }

    public init(_ cell: SQLCell) throws {
        guard let digest = ContentDigest(bytes: try [UInt8](cell)) else { throw StoredValueProblem.notADigest }
        self = digest
    }
}

/// A row that holds something else than what was written to it: damage, not a mistake of the caller.
enum StoredValueProblem: Error { case notADigest }
