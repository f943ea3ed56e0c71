public import BanksiaCore
public import BanksiaFiles
public import BanksiaSQL
import Crypto
import Foundation
import Synchronization

/// Copies a whole installation into another database and another store: from a folder to servers, or back.
///
/// Files first, rows second, like an upload: whatever a row of the copy names is there. Files that are there already are
/// passed over, so the copy can be begun while the installation is in use, broken off, and taken up again. Rows go in one
/// transaction out of one unchanging state, so a copy has all of them or none. Ids, keys and everything signed stay valid,
/// because what they are checked against is in the rows.
public struct InstallationCopy: Sendable {
    /// A database and the store that belongs to it.
    public struct Place: Sendable {
        public let database: Database
        public let files: any FileStore

        public init(database: Database, files: any FileStore) {
            self.database = database
            self.files = files
        }
    }

    /// What was done, for people to read.
    public struct Report: Sendable, Equatable {
        /// Files that were copied, and bytes in them.
        public var copied = 0
        public var copiedBytes: Int64 = 0
        /// Files that were there already.
        public var alreadyThere = 0
        /// Digests of originals that rows name and the source does not have, or not with these bytes.
        public var lost: [ContentDigest] = []
        /// Rows of each table, in the order of copying; empty before rows were copied.
        public var tables: [(name: String, rows: Int)] = []

        public static func == (left: Report, right: Report) -> Bool {
            left.copied == right.copied && left.copiedBytes == right.copiedBytes && left.alreadyThere == right.alreadyThere
                && left.lost == right.lost && left.tables.elementsEqual(right.tables) { $0 == $1 }
        }
    }

    let source: Place
    let target: Place
    /// Told after each file.
    let progress: @Sendable (Report) -> Void

    /// Files on their way at a time: enough to hide the answer times of a store elsewhere.
    private static let width = 4
    private static let batch = 500

    /// - Parameters:
    ///   - source: its schema is up to date.
    ///   - target: with the same schema, and empty but for what an earlier attempt left.
    public init(from source: Place, to target: Place, progress: @escaping @Sendable (Report) -> Void = { _ in }) {
        self.source = source
        self.target = target
        self.progress = progress
    }

    /// Copies the files that rows name and the target lacks.
    public func copyFiles() async throws -> Report {
        try await requireEmptyTarget()
        let tally = Mutex(Report())
        var last: ContentDigest?
        while true {
            let batch = try await source.database.read { [last] tx in
                try OriginalList.digests(after: last, limit: Self.batch, tx)
            }
            try await each(batch) { digest in
                let outcome = try await copyOriginal(digest)
                progress(tally.withLock { $0.add(outcome, digest) })
            }
            guard let end = batch.last, batch.count == Self.batch else { break }
            last = end
        }
        for list in [RenditionList.ladder, .portraits] {
            try await copyRenditions(list) { size in progress(tally.withLock { $0.addRendition(size) }) }
        }
        return tally.withLock { $0 }
    }

    /// Copies all rows and compares the two databases afterwards.
    ///
    /// - Returns: how many rows of each table.
    /// - Throws: `InstallationCopyProblem`.
    public func copyRows() async throws -> [(name: String, rows: Int)] {
        try await requireEmptyTarget()
        let tables = try await source.database.tables()
        let pipe = RowPipe()
        async let sent = source.database.read { tx in try pipe.fill { try Self.send(tables, into: pipe, tx) } }
        async let received = target.database.write(.committed) { tx in
            try pipe.drain { for table in tables { try tx.copy(into: table.name, columns: table.columns, rows: pipe.table()) } }
        }
        do {
            try await received
        } catch InstallationCopyProblem.interrupted {
            _ = try await sent  // which says why it broke off
            throw InstallationCopyProblem.interrupted
        }
        let sums = try await sent
        let arrived = try await target.database.read { tx in try tables.map { try Self.sum(of: $0, tx) } }
        for (table, (here, there)) in zip(tables, zip(sums, arrived)) where here != there {
            throw InstallationCopyProblem.differs(table: table.name, source: here.rows, target: there.rows)
        }
        return zip(tables, sums).map { ($0.name, $1.rows) }
    }

    private func requireEmptyTarget() async throws {
        let isUsed = try await target.database.read { tx in try AccountStore.hasUsers(tx) }
        if isUsed { throw InstallationCopyProblem.targetInUse }
    }

    // MARK: Files

    fileprivate enum Outcome { case copied(Int64), alreadyThere, lost }

    private func copyOriginal(_ digest: ContentDigest) async throws -> Outcome {
        guard let size = try await source.files.originalSize(digest) else { return .lost }
        if try await target.files.originalSize(digest) == size { return .alreadyThere }
        let upload = try await target.files.beginStaging()
        let staged: StagedFile
        do {
            for try await piece in try await source.files.read(.original(digest), 0..<size) { try await upload.append([piece]) }
            staged = try await upload.finish()
        } catch {
            await upload.abandon()
            throw error
        }
        do {
            // What does not have the digest of its name is damaged, and a copy would hide that.
            guard staged.sha256 == digest else {
                await target.files.discard(staged)
                return .lost
            }
            try await target.files.place(staged)
            await target.files.discard(staged)
            return .copied(size)
        } catch {
            await target.files.discard(staged)
            throw error
        }
    }

    /// Renditions could be made again, but that would cost days of computing for a large library.
    ///
    /// - Parameter copied: told the size of each that the target lacked.
    private func copyRenditions(_ list: RenditionList, copied: @escaping @Sendable (Int64) -> Void) async throws {
        var last: RenditionList.Entry?
        while true {
            let batch = try await source.database.read { [last] tx in
                try list.entries(after: last, limit: Self.batch, tx)
            }
            try await each(batch) { entry in
                if try await copyRendition(entry) { copied(entry.size) }
            }
            guard let end = batch.last, batch.count == Self.batch else { return }
            last = end
        }
    }

    /// - Returns: `false` when the target has it, or the source does not, which is no loss.
    private func copyRendition(_ entry: RenditionList.Entry) async throws -> Bool {
        guard try await source.files.renditionSize(entry.key) == entry.size else { return false }
        if try await target.files.renditionSize(entry.key) == entry.size { return false }
        let folder = try target.files.temporaryFolder()
        defer { folder.remove() }
        let path = "\(folder.path)/rendition"
        try Data().write(to: URL(filePath: path))
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        // A copy that was not written to its end shows when its size is compared.
        defer { try? file.close() }
        for try await piece in try await source.files.read(.rendition(entry.key), 0..<entry.size) {
            try file.write(contentsOf: piece)
        }
        _ = try await target.files.keepRendition(at: path, as: entry.key)
        return true
    }

    /// Works on a few at a time.
    private func each<Element: Sendable>(_ batch: [Element], _ body: @escaping @Sendable (Element) async throws -> Void)
        async throws
    {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, element) in batch.enumerated() {
                if index >= Self.width { try await group.next() }
                group.addTask { try await body(element) }
            }
            try await group.waitForAll()
        }
    }
}

/// Why an installation was not copied.
public enum InstallationCopyProblem: Problem, Equatable {
    case targetInUse
    /// A table of the copy is not what was read.
    case differs(table: String, source: Int, target: Int)
    /// One side had to begin anew, which the other cannot.
    case interrupted

    public var code: String { "conflict" }
    public var kind: ProblemKind { .conflict }
    public var detail: String {
        switch self {
        case .targetInUse: "The target holds an installation already. Name an empty database."
        case .differs(let table, let source, let target):
            "The copy of the table \(table) differs: \(source) rows were read, \(target) arrived. Empty the target and try again."
        case .interrupted: "The copy was interrupted. Nothing of its rows remains in the target; run it again."
        }
    }
}

extension InstallationCopy.Report {
    fileprivate mutating func add(_ outcome: InstallationCopy.Outcome, _ digest: ContentDigest) -> Self {
        switch outcome {
        case .copied(let size):
            copied += 1
            copiedBytes += size
        case .alreadyThere: alreadyThere += 1
        case .lost: lost.append(digest)
        }
        return self
    }

    fileprivate mutating func addRendition(_ size: Int64) -> Self {
        copied += 1
        copiedBytes += size
        return self
    }
}

/// The originals that rows name.
private enum OriginalList {
    static func digests(after last: ContentDigest?, limit: Int, _ tx: borrowing Transaction) throws -> [ContentDigest] {
        let start: SQL = last.map { "checksum > \($0)" } ?? "TRUE"
        return try tx.rows(
            """
            SELECT checksum FROM asset_version WHERE \(start) UNION SELECT checksum FROM asset_sidecar WHERE \(start)
            ORDER BY checksum LIMIT \(limit)
            """
        ) { try $0.value(0) }
    }
}

/// The renditions that rows name.
private enum RenditionList {
    /// The pictures of each version in their sizes.
    case ladder
    /// The pictures of faces. Those of an older recipe are made again when they are asked for, here and there.
    case portraits

    struct Entry: Sendable {
        let key: RenditionKey
        let size: Int64
        /// Its place in the list.
        let subject: UUID
        let variant: String
    }

    func entries(after last: Entry?, limit: Int, _ tx: borrowing Transaction) throws -> [Entry] {
        switch self {
        case .ladder: try Self.ladder(after: last, limit: limit, tx)
        case .portraits: try Self.portraits(after: last, limit: limit, tx)
        }
    }

    private static func ladder(after last: Entry?, limit: Int, _ tx: borrowing Transaction) throws -> [Entry] {
        let start: SQL = last.map { "(version_id, variant) > (\($0.subject), \($0.variant))" } ?? "TRUE"
        return try tx.rows(
            """
            SELECT version_id, variant, recipe, size_bytes FROM asset_rendition WHERE \(start)
            ORDER BY version_id, variant LIMIT \(limit)
            """
        ) {
            let version: UUID = try $0.value(0), variant: String = try $0.value(1), recipe: Int = try $0.value(2)
            return Entry(
                key: RenditionKey(version: version, name: "\(variant)-\(recipe)"), size: try $0.value(3), subject: version,
                variant: variant)
        }
    }

    private static func portraits(after last: Entry?, limit: Int, _ tx: borrowing Transaction) throws -> [Entry] {
        let start: SQL = last.map { "face_rendition.face_id > \($0.subject)" } ?? "TRUE"
        return try tx.rows(
            """
            SELECT face.id, asset_version.id, face_rendition.size_bytes
            FROM face_rendition JOIN face ON face.id = face_rendition.face_id
                JOIN asset_version ON asset_version.asset_id = face.asset_id AND asset_version.position = 0
            WHERE face_rendition.recipe = \(FaceCrop.recipeVersion) AND \(start) ORDER BY face_rendition.face_id LIMIT \(limit)
            """
        ) {
            let face: FaceID = try $0.value(0)
            return Entry(key: FaceCrop.key(of: face, in: try $0.value(1)), size: try $0.value(2), subject: face.uuid, variant: "")
        }
    }
}
