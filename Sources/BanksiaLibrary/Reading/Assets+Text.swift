import BanksiaCore
import BanksiaSQL

extension Assets {
    /// What stands in a picture, of any library that the viewer sees; nothing before it was read, and for films.
    ///
    /// - Throws: `AssetProblem.notFound`.
    public func text(_ id: String, by viewer: Viewer) async throws -> PictureText {
        guard let id = AssetID(id),
            let text = try await database.read({ tx in try PictureTextStore.text(of: id, by: viewer, tx) })
        else {
            throw AssetProblem.notFound
        }
        return text
    }
}
