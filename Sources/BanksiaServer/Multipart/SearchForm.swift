import BanksiaFiles
import Hummingbird

/// The criteria of a search as a form: fields that are read like a query's, and perhaps a picture.
struct SearchForm: Sendable {
    let fields: Query
    let picture: StagedFile?

    /// A picture to search with has this many bytes at most (contract §4).
    private static let largestPicture: Int64 = 20 << 20

    /// Receives a form as it arrives. The picture is written on the way and never wholly in memory.
    ///
    /// - Throws: `RequestProblem`, and what the store throws. Nothing is left behind then.
    static func receive(_ body: RequestBody, boundary: String, into files: any FileStore) async throws -> SearchForm {
        var receiver = UploadReceiver(
            boundary: boundary, fileField: "image", files: files, limit: largestPicture, takesLists: true)
        do {
            for try await chunk in body { try await receiver.take(chunk) }
            let (picture, fields) = try receiver.finishAnyhow()
            // An empty field counts as absent (contract §1).
            if fields.contains(where: { $0.name == "image" && !$0.value.isEmpty }) {
                throw RequestProblem.invalid(field: "image", issue: "image must be a file with a file name.")
            }
            guard let picture, picture.size == 0 else { return SearchForm(fields: Query(fields: fields), picture: picture) }
            // How a browser sends a file input in which nothing was chosen.
            await files.discard(picture)
            return SearchForm(fields: Query(fields: fields), picture: nil)
        } catch {
            await receiver.abandon()
            throw error
        }
    }
}
