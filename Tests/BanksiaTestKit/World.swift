public import BanksiaCore
public import BanksiaFiles
import BanksiaIdentity
public import BanksiaJobs
public import BanksiaLibrary
import BanksiaMedia
public import BanksiaPlaces
import BanksiaProcesses
public import BanksiaSQL
import BanksiaVision
public import Foundation
import Logging
import Synchronization

/// A fresh library in a temporary folder: a real database, real files, real child processes of the built program.
public final class World: Sendable {
    public let folder: URL
    public var database: Database { scratch.database }
    public let files: any FileStore
    public let jobs: JobQueue
    public let library: PhotoLibrary
    public let clock = ManualClock()
    private let scratch: ScratchDatabase
    private let media: MediaWorkers
    private let seeds = Mutex<UInt64>(0)

    /// - Parameters:
    ///   - modelFolders: where model packs lie; none by default, so that most tests need no model.
    ///   - signIn: how people sign in; by default here, with passwords that cost next to nothing.
    ///   - geocoder: names positions; by default all over the world, out of what `scripts/setup` has built.
    public init(
        modelFolders: [String] = [], signIn: SignInSettings? = nil, geocoder: Geocoder = Geocoder(paths: [Program.places])
    ) async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "banksia-world-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        scratch = try await ScratchDatabase(in: folder.path)
        let database = scratch.database
        try await database.migrate(Schema.migrations)
        let pool = BlockingPool(width: 4)
        let logger = Logger(label: "world") { _ in SwiftLogNoOpLogHandler() }
        files = try ScratchStore.make(in: folder.appending(path: "files").path, pool: pool, logger: logger)
        media = MediaWorkers(
            command: ChildCommand(executable: Program.path, arguments: ["child", "media"]), width: 2,
            scratch: folder.appending(path: "scratch").path,
            limits: ChildLimits(addressSpaceBytes: 3 << 30, fileSizeBytes: 1 << 30),
            logger: logger)
        jobs = JobQueue(ids: .timeOrdered, clock: clock)
        let models = Models(database: database, jobs: jobs, packs: ModelPacks(folders: modelFolders)) { pack in
            Vision(
                runtimeLibrary: Program.runtimeLibrary, pack: pack,
                command: ChildCommand(executable: Program.path, arguments: ["child", "vision"]), width: 1, logger: logger)
        }
        library = PhotoLibrary(
            database: database, files: files, media: media, models: models, jobs: jobs,
            vectors: database.isShared
                ? PostgresVectors(database: database)
                : EmbeddedVectors(database: database, folder: folder.appending(path: "indexes").path, pool: pool),
            geocoder: geocoder, clock: clock, ids: .timeOrdered,
            // It costs more than everything else that is done for a photo; `test_reading.py` is about it.
            readsText: false,
            signIn: signIn ?? SignInSettings(passwordCost: PasswordHash.Cost(rounds: 16, blockSize: 1, parallelism: 1)))
    }

    deinit { try? FileManager.default.removeItem(at: folder) }  // a leftover in the temporary folder does no harm

    /// Ends the child processes. A test that decodes calls it last; otherwise they end when idle.
    public func close() async {
        await library.clearDarkroom()
        await library.models.close()
        await media.close()
    }

    /// An account with its default library, seen through a session.
    public func user(_ name: String) async throws -> Viewer {
        let user = try await library.accounts.add(User.Email("\(name)@example.com"))
        return Viewer(user: user.id, credential: .local)
    }

    /// The viewer's only library.
    public func libraryID(of viewer: Viewer) async throws -> LibraryID { try await library.libraries.resolve(nil, by: viewer) }

    /// Uploads a picture that no other call uploaded.
    public func photo(
        of viewer: Viewer, named name: String = "photo.png", taken: String = "2024-05-01T12:00:00", bytes: [UInt8]? = nil
    ) async throws -> Asset {
        let seed = seeds.withLock { seed in
            seed += 1
            return seed
        }
        let upload = try await upload(bytes ?? TestPicture.png(seed: seed), named: name, taken: taken)
        return try await library.assets.upload(upload, into: libraryID(of: viewer), by: viewer).record
    }

    /// A received file, as the server hands it to the library.
    public func upload(_ bytes: [UInt8], named name: String, taken: String = "2024-05-01T12:00:00") async throws -> NewAsset {
        let staging = try await files.beginStaging()
        try await staging.append([bytes])
        guard let time = CaptureTime(taken) else { throw CocoaError(.formatting) }
        return NewAsset(
            staged: try await staging.finish(), fileName: name, deviceAssetID: name, deviceID: "test", fileCreatedAt: time,
            fileModifiedAt: time)
    }

    /// Runs background work until nothing is left to do.
    public func finishJobs() async throws {
        let runner = JobRunner(
            database: database, queue: jobs, lanes: Pipeline.lanes(library, width: 2), clock: clock,
            logger: Logger(label: "world") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await runner.run() }
            try await runner.waitUntilIdle()
            group.cancelAll()
        }
    }
}
