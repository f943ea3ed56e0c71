import BanksiaCore
import BanksiaSQL

/// The API keys of a user.
public struct APIKeys: Sendable {
    let database: Database
    let clock: any WallClock
    let ids: IdentifierSource

    /// A new key together with its secret, which is never shown again.
    public struct Fresh: Sendable {
        public let key: APIKey
        public let secret: String
    }

    /// The viewer's keys, newest first.
    ///
    /// - Throws: `AccountProblem.firstPartyOnly` when this credential may not manage keys.
    public func list(by viewer: Viewer) async throws -> [APIKey] {
        try Self.requireManagement(viewer)
        return try await database.read { tx in try APIKeyStore.keys(of: viewer.user, tx) }
    }

    /// Makes a key.
    ///
    /// - Throws: `APIKeyProblem`; `AccountProblem.firstPartyOnly`.
    public func create(_ grant: APIKey.Grant, by viewer: Viewer) async throws -> Fresh {
        try Self.requireManagement(viewer)
        guard !grant.actions.isEmpty else { throw APIKeyProblem.noActions }
        guard grant.actions.contains(.read) else { throw APIKeyProblem.readIsMandatory }
        guard grant.actions.isSubset(of: viewer.actions) else { throw APIKeyProblem.exceedsOwnGrant }
        if let libraries = grant.libraries, libraries.isEmpty { throw APIKeyProblem.librariesMissing }
        return try await database.write { [now = clock.now, ids] tx in
            let secret = Secret<APIKey>(for: ids.make())
            let libraries = try grant.libraries?.map { text in
                guard let id = LibraryID(text), let library = try LibraryStore.library(id, by: viewer, tx),
                    library.trashedAt == nil
                else { throw APIKeyProblem.unknownLibrary }
                return id
            }
            try APIKeyStore.insert(
                secret, name: grant.name.text, of: viewer.user, actions: grant.actions, libraries: libraries, at: now, tx)
            guard let key = try APIKeyStore.key(secret.id, of: viewer.user, tx) else { throw APIKeyProblem.notFound }
            return Fresh(key: key, secret: secret.text)
        }
    }

    /// Gives a key another name.
    public func rename(_ id: String, to name: Name, by viewer: Viewer) async throws -> APIKey {
        try Self.requireManagement(viewer)
        guard let id = APIKeyID(id) else { throw APIKeyProblem.notFound }
        return try await database.write { tx in
            guard var key = try APIKeyStore.key(id, of: viewer.user, tx) else { throw APIKeyProblem.notFound }
            if key.name != name.text {
                try APIKeyStore.rename(id, to: name.text, tx)
                key.name = name.text
            }
            return key
        }
    }

    /// Revokes a key at once.
    public func delete(_ id: String, by viewer: Viewer) async throws {
        try Self.requireManagement(viewer)
        guard let id = APIKeyID(id), try await database.write({ tx in try APIKeyStore.delete(id, of: viewer.user, tx) }) else {
            throw APIKeyProblem.notFound
        }
    }

    private static func requireManagement(_ viewer: Viewer) throws {
        guard viewer.mayManageKeys else { throw AccountProblem.firstPartyOnly }
    }
}
