import BanksiaCore

/// A file on its way into the staging folder.
final class FolderUpload: StagedUpload {
    private let file: IncomingFile

    init(path: String, pool: BlockingPool) throws(FileProblem) { file = try IncomingFile(path: path, pool: pool) }

    func append(_ batch: [some ByteChunk]) async throws { try await file.append(batch) }

    func finish() async throws -> StagedFile { StagedFile(path: file.path, try await file.finish(durably: true)) }

    func abandon() async { file.drop() }
}
