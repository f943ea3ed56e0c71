import BanksiaLibrary

extension Call {
    /// Finds out what comes before wrong values in the contract's order (§4): that there is nothing of that name for the caller, or
    /// that their role does not allow this. Asked only when values are wrong, so a request that is right costs nothing more.
    ///
    /// - Throws: the problem that comes first; nothing when there is none.
    func requireReach(for operation: Operation) async throws {
        guard let caller, let id = try await namedLibrary(for: caller) else { return }
        let found = try await library.libraries.get(id, by: caller)
        switch operation.access {
        case .needs(_, let role?), .firstParty(_, let role?):
            if found.role < role { throw AccountProblem.insufficientRole(role) }
        default: break
        }
    }

    /// The library of what the path names, or the one that the query names.
    private func namedLibrary(for caller: Viewer) async throws -> String? {
        for (name, id) in path.values {
            switch name {
            case "library_id": return id
            case "album_id": return "\(try await library.albums.get(id, by: caller).libraryID)"
            case "asset_id": return "\(try await library.assets.get(id, by: caller).libraryID)"
            case "person_id": return "\(try await library.people.get(id, by: caller).libraryID)"
            case "face_id": return "\(try await library.faces.get(id, by: caller).libraryID)"
            case "stack_id": return "\(try await library.stacks.get(id, by: caller).libraryID)"
            default: continue
            }
        }
        return try query.text("library_id") == nil ? nil : "\(try await targetLibrary())"
    }
}
