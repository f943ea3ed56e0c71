import BanksiaCore

/// A file on its way into a bucket: sent in parts while it arrives, once it is larger than one.
actor ObjectUpload: StagedUpload {
    /// Two on their way while the next one arrives keep the line busy.
    private static let partsInFlight = 2
    /// Amazon S3 user guide, "Multipart upload limits".
    private static let partLimit = 10_000

    private let file: IncomingFile
    private let store: ObjectStore
    private var window: SpoolWindow
    private var upload: S3Upload?
    /// All parts so far, in order. Each ends by itself; `abandon` and the end of this cancel them.
    private var parts: [Task<S3Part, any Error>] = []
    private var finishedParts: [S3Part] = []
    private var size: Int64 = 0
    private var isOpen = true

    init(_ file: IncomingFile, into store: ObjectStore) {
        self.file = file
        self.store = store
        window = SpoolWindow(keptEnd: store.limits.keptEnd)
    }

    deinit {
        for part in parts { part.cancel() }
        // As in `abandon`, where there is someone to wait for it.
        if isOpen, let upload { Task { [client = store.client] in try? await client.abort(upload) } }
    }

    func append(_ batch: [some ByteChunk]) async throws {
        guard isOpen else { throw FileProblem.missing }
        size = try await file.append(batch)
        guard size > store.limits.part else { return }
        while size - begun >= store.limits.part { try await beginPart(of: store.limits.part) }
        if let range = window.hole(size: size, sent: Int64(finishedParts.count) * store.limits.part) {
            try await file.forget(range)
        }
    }

    /// How many bytes belong to parts that were begun.
    private var begun: Int64 { Int64(parts.count) * store.limits.part }

    private func beginPart(of bytes: Int64) async throws {
        guard parts.count < Self.partLimit else { throw FileProblem.tooLarge }
        while parts.count - finishedParts.count >= Self.partsInFlight { try await waitForOldest() }
        let upload = try await theUpload()
        let range = begun..<(begun + bytes)
        parts.append(
            Task { [client = store.client, pool = store.pool, path = file.path, number = parts.count + 1] in
                try await client.send(S3Request.FilePart(path, range, pool: pool), as: number, of: upload)
            })
    }

    private func waitForOldest() async throws { finishedParts.append(try await parts[finishedParts.count].value) }

    private func theUpload() async throws -> S3Upload {
        if let upload { return upload }
        let upload = try await store.client.begin(store.newStagingKey())
        self.upload = upload
        return upload
    }

    func finish() async throws -> StagedFile {
        guard isOpen else { throw FileProblem.missing }
        if let upload {
            if size > begun { try await beginPart(of: size - begun) }
            while finishedParts.count < parts.count { try await waitForOldest() }
            try await store.client.complete(upload, finishedParts, size: size)
        }
        let whole = try await file.finish(durably: false)
        isOpen = false
        return StagedFile(path: file.path, whole, stagingKey: upload?.key)
    }

    func abandon() async {
        guard isOpen else { return }
        isOpen = false
        file.drop()
        for part in parts { part.cancel() }
        guard let upload else { return }
        await unstoppable { [client = store.client, parts] in
            // A part that arrives after the abort would stay there.
            for part in parts { _ = await part.result }
            try await client.abort(upload)
        }
    }
}

/// Which part of a large file this machine can do without: all that was sent, except the two ends.
///
/// Programs that look what a file is read its first and its last bytes: formats keep their tables there (ISO 14496-12 lets
/// `moov` stand at either end). The middle becomes a hole, so the file keeps its length; where the file system has no
/// holes, all of it stays.
struct SpoolWindow {
    /// How much of each end stays, in bytes.
    let keptEnd: Int64
    /// Whole blocks only: of a block in part the kernel zeroes bytes and gives nothing back.
    private static let block: Int64 = 1 << 20
    private var punched: Int64 = 0

    init(keptEnd: Int64) { self.keptEnd = keptEnd }

    /// The next part to forget; `nil` when there is none.
    mutating func hole(size: Int64, sent: Int64) -> Range<Int64>? {
        let start = max(punched, keptEnd)
        let end = min(sent, size - keptEnd) / Self.block * Self.block
        guard end > start else { return nil }
        punched = end
        return start..<end
    }
}
