import BanksiaLibrary
import HTTPTypes
import Hummingbird

/// Finds out who is asking, by the operation's entry in the route table.
enum Authentication {
    /// - Returns: nil for operations that ask for no credential, and for media with a good signature.
    /// - Throws: `AccountProblem`, `RequestProblem.badSignature`.
    static func caller(of request: Request, _ target: RequestTarget, for operation: Operation, _ parts: Parts) async throws
        -> Viewer?
    {
        switch operation.access {
        case .open, .page: return nil
        case .media:
            // A good signature is enough; a credential sent along with it does not matter (contract §8).
            switch parts.signer.verify(path: target.path, query: target.query) {
            case true?: return nil
            case false? where request.headers[.authorization] == nil: throw RequestProblem.badSignature
            default: return try await bearer(request, parts)
            }
        case .needs, .firstParty, .keyManagement: return try await bearer(request, parts)
        }
    }

    /// Whose credential the header holds; where there is none, who is signed in on a page of ours.
    private static func bearer(_ request: Request, _ parts: Parts) async throws -> Viewer {
        let origin = PublicOrigin.of(request, setting: parts.configuration.publicURL)
        if request.headers[.authorization] == nil, let session = Cookies.ownSession(in: request, origin: origin) {
            return try await parts.library.accounts.viewer(bearer: session)
        }
        return try await parts.library.accounts.viewer(bearer: bearerText(request))
    }

    /// What follows `Bearer`.
    static func bearerText(_ request: Request) throws(AccountProblem) -> String {
        guard let header = request.headers[.authorization] else { throw .noCredential }
        let words = header.split(separator: " ", maxSplits: 1)
        guard words.count == 2, words[0].lowercased() == "bearer" else { throw .noCredential }
        return words[1].trimmingBlanks
    }
}

extension Substring {
    /// Without the spaces at its ends.
    fileprivate var trimmingBlanks: String {
        let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") }
        let kept = utf8.drop(while: isBlank)
        guard let last = kept.lastIndex(where: { !isBlank($0) }) else { return "" }
        return String(decoding: kept[...last], as: UTF8.self)
    }
}
