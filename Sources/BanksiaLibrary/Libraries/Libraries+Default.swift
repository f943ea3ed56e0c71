public import BanksiaCore
import BanksiaSQL

// Which library a request means (contract §6, default rule).
extension Libraries {
    /// The library a request names, or that is meant without a name.
    ///
    /// Without a name it is the only one the viewer owns; the only one they have joined, if they own none; else the one they
    /// prefer. Those that the credential does not cover do not count, so a key for one library means that one.
    ///
    /// - Parameter requested: the `library_id` of the request; `nil` or blank when there was none.
    /// - Throws: `LibraryProblem.notFound` for an unknown or foreign id, `.choiceRequired` when several could be meant.
    public func resolve(_ requested: String?, for purpose: Purpose = .reading, by viewer: Viewer) async throws -> LibraryID {
        if let requested = requested?.nonBlank {
            return try await database.read { tx in try Self.live(requested, by: viewer, tx).id }
        }
        if let only = viewer.onlyLibrary { return only }
        let (isAny, chosen) = try await database.read { tx in
            if let only = try LibraryStore.onlyLibrary(of: viewer, tx) { return (true, only as LibraryID?) }
            let isAny = try !LibraryStore.libraries(.live, by: viewer, tx).isEmpty
            return (isAny, isAny ? try Self.preferred(by: viewer, tx) : nil)
        }
        if let chosen { return chosen }
        guard !isAny, purpose == .uploading, viewer.mayReachNewLibraries else { throw LibraryProblem.choiceRequired }
        return try await create(Self.defaultName, description: nil, by: viewer).record.id
    }

    /// A live library that the viewer may write to, as their preferred one has to be.
    ///
    /// - Throws: `LibraryProblem.notFound`, also when they may only look.
    public func preferable(_ id: String, by viewer: Viewer) async throws -> LibraryID {
        try await database.read { tx in
            guard let id = LibraryID(id), try Self.isPreferable(id, by: viewer, tx) else { throw LibraryProblem.notFound }
            return id
        }
    }

    static func isPreferable(_ id: LibraryID, by viewer: Viewer, _ tx: borrowing Transaction) throws -> Bool {
        guard let library = try LibraryStore.library(id, by: viewer, tx) else { return false }
        return library.trashedAt == nil && library.role >= .collaborator
    }

    private static func preferred(by viewer: Viewer, _ tx: borrowing Transaction) throws -> LibraryID? {
        guard let preferred = try AccountStore.user(viewer.user, tx)?.immichLibraryID,
            try isPreferable(preferred, by: viewer, tx)
        else { return nil }
        return preferred
    }
}

extension Viewer {
    /// Whether a library that they make is one they see: a key for selected libraries does not.
    fileprivate var mayReachNewLibraries: Bool {
        if case .apiKey(_, selectedLibraries: true) = credential { false } else { true }
    }
}
