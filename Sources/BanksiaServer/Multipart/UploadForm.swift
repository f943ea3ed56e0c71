import BanksiaCore
import BanksiaFiles
import Hummingbird
import NIOCore

/// A file that came in a form: it lies in the store's staging area.
struct ReceivedFile: Sendable {
    let staged: StagedFile
    let name: String
    /// The content type that the sender gave it, if any.
    let type: String?
}

/// A form with a file, received whole: files lie in the store's staging area, the other fields in memory.
struct UploadForm: Sendable {
    let file: StagedFile
    let fileName: String
    /// The content type that the sender gave the file, if any.
    let fileType: String?
    /// What came in the companion's field; empty files are none, which is how a browser sends an input without a choice.
    let companion: ReceivedFile?
    let fields: [String: String]

    /// A field for a second file.
    struct Companion: Sendable {
        let field: String
        /// The largest file that is taken, in bytes.
        let limit: Int64
    }

    /// Receives a form as it arrives, parts in any order. Files are hashed and written on the way and never in memory.
    ///
    /// - Parameters:
    ///   - fileField: the field that holds the file; other files are skipped.
    ///   - limit: the largest file that is taken, in bytes; 0 for any.
    ///   - companion: a field that may hold another file.
    /// - Throws: `RequestProblem`, and what the store throws. Nothing is left behind then.
    static func receive(
        _ body: RequestBody, boundary: String, fileField: String, into files: any FileStore, atMost limit: Int64,
        with companion: Companion? = nil
    ) async throws -> UploadForm {
        var receiver = UploadReceiver(
            boundary: boundary, fileField: fileField, files: files, limit: limit, companion: companion)
        do {
            for try await chunk in body { try await receiver.take(chunk) }
            return try await receiver.finish()
        } catch {
            await receiver.abandon()
            throw error
        }
    }

    /// Runs `body`; when it fails, the staged files go.
    func keepingNothingOnFailure<Result>(in files: any FileStore, _ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch {
            await files.discard(file)
            if let companion { await files.discard(companion.staged) }
            throw error
        }
    }

    /// A field that must not be blank.
    func required(_ name: String) throws(RequestProblem) -> String {
        guard let value = fields[name], !value.isEmpty else { throw .invalid(field: name, issue: "\(name) is missing.") }
        return value
    }

    /// A field that names something to a program: required, and short enough to be looked up by.
    func identifier(_ name: String) throws(RequestProblem) -> String {
        let value = try required(name)
        guard value.utf8.count <= Self.longestIdentifier else {
            throw .invalid(field: name, issue: "\(name) is longer than \(Self.longestIdentifier) bytes.")
        }
        return value
    }

    /// Two of them stand in one row of an index, which has 2,704 bytes at most on PostgreSQL.
    private static let longestIdentifier = 1024

    /// A field that must be an ISO 8601 time.
    func time(_ name: String) throws(RequestProblem) -> CaptureTime {
        guard let time = CaptureTime(try required(name)) else {
            throw .invalid(field: name, issue: "\(name) must be an ISO 8601 date and time.")
        }
        return time
    }
}

/// Turns the parser's events into staged files and a handful of fields.
struct UploadReceiver {
    /// Pieces of a file are handed over in batches: one hop to the store's threads for about this many bytes.
    private static let batchBytes = 512 << 10
    /// All fields that are not files, together, in bytes.
    private static let fieldBytesLimit = 256 << 10

    private enum Part { case none, field(String), file(String, limit: Int64), skipped }

    private let fileField: String
    private let files: any FileStore
    /// The largest file by field; 0 for any.
    private let limits: [String: Int64]
    private let companionField: String?
    private let takesLists: Bool
    private var parser: MultipartParser
    private var part = Part.none
    private var fields: [(name: String, value: String)] = []
    private var value: [UInt8] = []
    private var fieldBytes = 0
    private var fileName = ""
    private var fileType: String?
    private var upload: (any StagedUpload)?
    private var received: [String: ReceivedFile] = [:]
    private var batch: [FilePiece] = []
    private var batchBytes = 0
    private var fileBytes: Int64 = 0

    /// - Parameter takesLists: whether a field may stand there several times, and the file's may be none.
    init(
        boundary: String, fileField: String, files: any FileStore, limit: Int64, companion: UploadForm.Companion? = nil,
        takesLists: Bool = false
    ) {
        parser = MultipartParser(boundary: boundary)
        self.fileField = fileField
        self.files = files
        var limits = [fileField: limit]
        if let companion { limits[companion.field] = companion.limit }
        self.limits = limits
        companionField = companion?.field
        self.takesLists = takesLists
    }

    mutating func take(_ chunk: ByteBuffer) async throws {
        parser.feed(chunk)
        while let event = try parser.next() {
            switch event {
            case .headers(let headers): try await begin(headers)
            case .body(let bytes): try await take(body: bytes)
            case .endPart: try await endPart()
            case .end: break
            }
        }
    }

    mutating func finish() async throws -> UploadForm {
        let fields = try finishAnyhow().fields
        guard let file = received[fileField] else {
            throw RequestProblem.invalid(
                field: fileField, issue: "\(fileField) is missing: send the file in it, with a file name.")
        }
        var companion = companionField.flatMap { received[$0] }
        if let empty = companion, empty.staged.size == 0 {
            await files.discard(empty.staged)
            companion = nil
        }
        return UploadForm(
            file: file.staged, fileName: file.name, fileType: file.type, companion: companion,
            fields: Dictionary(fields.map { ($0.name, $0.value) }) { first, _ in first })
    }

    /// The same for a form that may come without a file.
    mutating func finishAnyhow() throws -> (file: StagedFile?, fields: [(name: String, value: String)]) {
        guard parser.isComplete else { throw RequestProblem.malformedBody("it ends before its closing boundary") }
        return (received[fileField]?.staged, fields)
    }

    mutating func abandon() async {
        batch = []
        await upload?.abandon()
        for file in received.values { await files.discard(file.staged) }
        received = [:]
    }

    private mutating func begin(_ headers: PartHeaders) async throws {
        let name = headers.name ?? ""
        guard let fileName = headers.fileName else {
            guard name != fileField || takesLists else {
                throw RequestProblem.invalid(field: name, issue: "\(name) must be a file with a file name.")
            }
            guard takesLists || !fields.contains(where: { $0.name == name }) else {
                throw RequestProblem.invalid(field: name, issue: "\(name) stands twice in the form.")
            }
            part = .field(name)
            return
        }
        guard let limit = limits[name] else {
            part = .skipped
            return
        }
        guard received[name] == nil else {
            throw RequestProblem.invalid(field: name, issue: "\(name) stands twice in the form.")
        }
        upload = try await files.beginStaging()
        self.fileName = fileName
        fileType = headers.contentType
        fileBytes = 0
        part = .file(name, limit: limit)
    }

    private mutating func take(body bytes: ByteBuffer) async throws {
        switch part {
        case .none, .skipped: break
        case .field(let name):
            fieldBytes += bytes.readableBytes
            guard fieldBytes <= Self.fieldBytesLimit else {
                throw RequestProblem.invalid(field: name, issue: "The form's fields are too large.")
            }
            value.append(contentsOf: bytes.readableBytesView)
        case .file(_, let limit):
            fileBytes += Int64(bytes.readableBytes)
            guard limit == 0 || fileBytes <= limit else { throw RequestProblem.bodyTooLarge(limit: "\(limit) bytes") }
            batch.append(FilePiece(buffer: bytes))
            batchBytes += bytes.readableBytes
            if batchBytes >= Self.batchBytes { try await flush() }
        }
    }

    private mutating func endPart() async throws {
        defer { part = .none }
        switch part {
        case .none, .skipped: break
        case .file(let name, _): try await endFile(name)
        case .field(let name): try endField(name)
        }
    }

    private mutating func endFile(_ name: String) async throws {
        guard let upload else { return }
        try await flush()
        received[name] = ReceivedFile(staged: try await upload.finish(), name: fileName, type: fileType)
        self.upload = nil
    }

    private mutating func endField(_ name: String) throws {
        defer { value = [] }
        guard let text = String(validating: value, as: UTF8.self), !value.contains(0) else {
            throw RequestProblem.invalid(field: name, issue: "\(name) must be UTF-8 text without NUL characters.")
        }
        // An empty field counts as absent (contract §1).
        guard name != companionField || text.isEmpty else {
            throw RequestProblem.invalid(field: name, issue: "\(name) must be a file with a file name.")
        }
        fields.append((name, text))
    }

    private mutating func flush() async throws {
        guard batchBytes > 0, let upload else { return }
        let full = batch
        batch = []
        batchBytes = 0
        try await upload.append(full)
    }
}

/// A piece of a file as it came from the network; it is looked at where it lies.
private struct FilePiece: ByteChunk {
    let buffer: ByteBuffer

    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try buffer.withUnsafeReadableBytes(body)
    }
}
