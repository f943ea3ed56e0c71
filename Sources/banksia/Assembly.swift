import ArgumentParser
import BanksiaCore
import BanksiaDescriptions
import BanksiaFiles
import BanksiaIdentity
import BanksiaJobs
import BanksiaLibrary
import BanksiaMedia
import BanksiaPlaces
import BanksiaProcesses
import BanksiaSQL
import BanksiaVision
import Foundation
import Logging

/// All parts put together over one data folder. The only place that knows which engine stands behind which face.
struct Assembly: Sendable {
    let settings: Settings
    let logger: Logger
    let database: Database
    let files: any FileStore
    let media: MediaWorkers
    let packs: ModelPacks
    let jobs: JobQueue
    let vectors: any VectorSearch
    let geocoder: Geocoder
    let library: PhotoLibrary

    /// Opens the data folder, making it on first use, and brings the schema up to date. Child processes start when work comes.
    static func open(_ settings: Settings) async throws -> Assembly {
        let logger = settings.logger("banksia")
        for folder in [settings.dataFolder, settings.indexFolder, settings.scratchFolder, settings.ownModelsFolder] {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
        let database = try await presenting { try await settings.openDatabase() }
        try await presenting { try await database.migrate(Schema.migrations) }
        let clock = SystemClock()
        let ids = IdentifierSource.timeOrdered
        // Hashing, copying and scanning: two threads per core keep the disk and the cores busy.
        let pool = BlockingPool(width: max(4, 2 * ProcessInfo.processInfo.activeProcessorCount))
        let files = try await presenting { try await settings.openStore(pool: pool, clock: clock, logger: logger) }
        let media = MediaWorkers(
            command: settings.child("media"), width: settings.workers, scratch: settings.scratchFolder,
            limits: settings.childLimits,
            idleTimeout: settings.childIdle, timeout: settings.decodeTimeout, maximumPixels: settings.maximumPixels,
            logger: logger)
        let jobs = JobQueue(ids: ids, clock: clock)
        let packs = ModelPacks(folders: settings.modelFolders)
        let models = Models(database: database, jobs: jobs, packs: packs) { pack in
            Vision(
                runtimeLibrary: settings.runtimeLibrary, pack: pack, command: settings.child("vision"),
                width: settings.workers,
                limits: settings.childLimits, idleTimeout: settings.childIdle, logger: logger)
        }
        let vectors: any VectorSearch =
            database.isShared
            ? PostgresVectors(database: database)
            : EmbeddedVectors(database: database, folder: settings.indexFolder, pool: pool)
        let geocoder = Geocoder(paths: settings.placesFiles)
        let library = PhotoLibrary(
            database: database, files: files, media: media, models: models, jobs: jobs, vectors: vectors,
            geocoder: geocoder, clock: clock, ids: ids, describer: try settings.describing(),
            trashRetention: settings.trashRetention,
            undoRetention: settings.undoRetention, faceSearch: settings.faceSearch,
            readsText: settings.readsText,
            signIn: try settings.signIn(clock: clock))
        return Assembly(
            settings: settings, logger: logger, database: database, files: files, media: media, packs: packs, jobs: jobs,
            vectors: vectors, geocoder: geocoder, library: library)
    }

    /// The background worker: leases jobs and runs them until the process is told to stop.
    func runner() -> JobRunner {
        JobRunner(
            database: database, queue: jobs, lanes: Pipeline.lanes(library, width: settings.workers), clock: SystemClock(),
            logger: logger)
    }

    /// Counts requests: where several servers share the database, in it.
    func requestCounts() -> any RequestCounts {
        database.isShared
            ? SharedRequestCounts(database: database, clock: SystemClock(), logger: logger)
            : LocalRequestCounts(clock: SystemClock())
    }

    /// Ends the child processes and the connections to a store.
    func close() async {
        await library.clearDarkroom()
        await library.models.close()
        await library.oauth.close()
        await library.closeDescriber()
        await media.close()
        await files.close()
    }
}

extension Settings {
    /// The database that the settings name.
    fileprivate func openDatabase() async throws -> Database {
        guard let databaseURL else { return try Database.open(sqlite: databasePath) }
        return try await Database.open(postgres: PostgresSettings(url: databaseURL, connections: databaseConnections))
    }

    /// The store that the settings name.
    fileprivate func openStore(pool: BlockingPool, clock: any WallClock, logger: Logger) async throws -> any FileStore {
        guard usesBucket else { return try FolderStore(root: filesFolder, pool: pool) }
        let store = try ObjectStore(
            bucket(), localFolder: filesFolder, cacheBytes: bucketCacheBytes, pool: pool, clock: clock, logger: logger)
        do { try await store.check() } catch let problem as FileProblem {
            throw ValidationError(problem.advice ?? problem.detail)
        }
        return store
    }

    /// How people sign in.
    fileprivate func signIn(clock: any WallClock) throws -> SignInSettings {
        if let registration, registration.clientID.isEmpty {
            throw ValidationError("oidc-client-id: it is needed where oidc-issuer is set")
        }
        return SignInSettings(
            provider: registration.map { OpenIDClient($0, clock: clock) }, isBuiltIn: hasSignIn, redirects: redirects,
            takesNewUsers: takesNewUsers)
    }

    /// Who says what pictures show; `nil` for nobody.
    fileprivate func describing() throws -> Describer? {
        guard let describer else { return nil }
        guard !describer.model.isEmpty else {
            throw ValidationError("describe-model: it is needed where describe-url is set")
        }
        return Describer(describer)
    }

    /// How a child process of this program is started.
    func child(_ kind: String) -> ChildCommand { ChildCommand(executable: Installation.executable, arguments: ["child", kind]) }

    var childLimits: ChildLimits { ChildLimits(addressSpaceBytes: childMemoryBytes, fileSizeBytes: 2 << 30) }
}
