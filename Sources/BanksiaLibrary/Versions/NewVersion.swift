import BanksiaCore
public import BanksiaFiles
import BanksiaMedia
import Crypto
import Foundation

/// A rendering that was received whole, and what its sender says about it.
public struct NewVersion: Sendable {
    public var staged: StagedFile
    public var kind: Kind
    /// The producer's recipe: a JSON object, always spelled the same way for the same values.
    public var params: String
    /// The content type that the sender gave, if any.
    public var declaredType: String?

    /// Largest file, as it is sent and as it is stored (contract §9).
    public static let maximumBytes: Int64 = 100 << 20
    /// Largest recipe in bytes.
    public static let maximumParamsBytes = 64 << 10

    public init(staged: StagedFile, kind: Kind, params: String, declaredType: String?) {
        self.staged = staged
        self.kind = kind
        self.params = params
        self.declaredType = declaredType
    }

    /// Who made a rendering: `edit`, or `external:` and the name of a service.
    public struct Kind: Sendable, Equatable {
        public let text: String

        /// - Throws: `VersionProblem.unknownKind`.
        public init(_ text: String) throws(VersionProblem) {
            let service = text.hasPrefix("external:") ? text.dropFirst("external:".count) : nil
            let isService = service.map { (1...200).contains($0.utf8.count) && $0.utf8.allSatisfy(Self.isPlain) }
            guard isService ?? (text == "edit") else { throw .unknownKind }
            self.text = text
        }

        private static func isPlain(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
    }

    /// Bytes, kind and recipe as they were sent: what makes a repeated upload the same one. The stored bytes do not tell,
    /// because metadata is copied into them.
    var digest: [UInt8] {
        var hash = SHA256()
        hash.update(data: staged.sha256.bytes)
        hash.update(data: Array(kind.text.utf8) + [0])
        hash.update(data: Array(params.utf8))
        return Array(hash.finalize())
    }

    /// Checks what can be told without decoding.
    ///
    /// - Throws: `VersionProblem`.
    func check() throws {
        guard staged.size > 0 else { throw VersionProblem.empty }
        guard staged.size <= Self.maximumBytes else { throw VersionProblem.tooLarge }
        guard let format = MediaFormat.sniff(try staged.head()), format == .jpeg || format == .png else {
            throw VersionProblem.unsupported
        }
        let declared = declaredType.map { $0.prefix { $0 != ";" }.lowercased().filter { $0 != " " } } ?? ""
        guard !declared.hasPrefix("image/") || declared == format.mimeType || declared == "image/jpg" && format == .jpeg else {
            throw VersionProblem.declaredType(declared, is: format.mimeType)
        }
    }
}
