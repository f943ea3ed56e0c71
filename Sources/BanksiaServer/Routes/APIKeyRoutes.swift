import BanksiaAPI
import BanksiaCore
import BanksiaLibrary
import Hummingbird

/// API keys, under their path and under the one that older clients call.
enum APIKeyRoutes {
    static let operations = operations(under: "/api/api-keys", idPrefix: "") + operations(under: "/api-keys", idPrefix: "legacy_")

    private static func operations(under path: String, idPrefix: String) -> [Operation] {
        [
            Operation(.post, path + "/", idPrefix + "create_api_key", .keyManagement, body: .json, create),
            Operation(.get, path + "/", idPrefix + "list_api_keys", .keyManagement, list),
            Operation(.patch, path + "/{key_id}", idPrefix + "update_api_key", .keyManagement, body: .json, rename),
            Operation(.delete, path + "/{key_id}", idPrefix + "delete_api_key", .keyManagement, delete),
        ]
    }

    static func list(_ call: Call) async throws -> Response {
        let keys = try await call.library.keys.list(by: call.viewer)
        return .json(keys.map(APIKeyResponse.init))
    }

    static func create(_ call: Call) async throws -> Response {
        let fresh = try await call.library.keys.create(APIKey.Grant(call.body), by: call.viewer)
        return .json(APIKeyCreateResponse(key: APIKeyResponse(fresh.key), secret: fresh.secret), status: .created)
    }

    static func rename(_ call: Call) async throws -> Response {
        let name = try Name(call.body.requiredText("name"))
        return .json(APIKeyResponse(try await call.library.keys.rename(call.path["key_id"], to: name, by: call.viewer)))
    }

    static func delete(_ call: Call) async throws -> Response {
        try await call.library.keys.delete(call.path["key_id"], by: call.viewer)
        return Acknowledgement.of(call.request)
    }
}

/// Which libraries a key reaches, as the API names it.
private enum LibraryScope: String, CaseIterable {
    case all = "all_libraries"
    case selected = "selected_libraries"
}

extension APIKey.Grant {
    /// A name alone, as the first clients send it, grants everything.
    init(_ body: JSONBody) throws {
        let name = try Name(body.requiredText("name"))
        let actions = try body.texts("actions").orNil.map { texts in
            try Set(
                texts.map { text in
                    guard let action = Action(rawValue: text) else {
                        throw RequestProblem.invalid(field: "actions", issue: "'\(text)' is no action.")
                    }
                    return action
                })
        }
        let scope = try body.choice("library_scope_mode", of: LibraryScope.self).orNil ?? .all
        let libraries = try body.texts("library_ids").orNil
        if scope == .all, libraries != nil { throw APIKeyProblem.librariesNotWanted }
        self.init(name: name, actions: actions ?? Set(Action.allCases), libraries: scope == .selected ? libraries ?? [] : nil)
    }
}

extension APIKeyResponse {
    init(_ key: APIKey) {
        self.init(
            id: key.id.description, createdAt: key.createdAt, isActive: key.isActive,
            actions: Action.allCases.filter(key.actions.contains).map(\.rawValue), lastUsedAt: key.lastUsedAt,
            libraryScopeMode: (key.selectedLibraryCount == nil ? LibraryScope.all : .selected).rawValue, name: key.name,
            selectedLibraryCount: key.selectedLibraryCount)
    }
}
