import BanksiaCore
import BanksiaLibrary
import BanksiaTestKit

extension World {
    /// What a library's feed has told so far, oldest first, at most 200; of the viewer's only library where none is named.
    func events(of viewer: Viewer, in library: LibraryID? = nil) async throws -> [Event] {
        let library = if let library { library } else { try await libraryID(of: viewer) }
        return try await self.library.events.list(EventQuery(limit: 200), in: library, by: viewer).events.items
    }
}
