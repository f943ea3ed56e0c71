public import BanksiaCore
public import BanksiaDescriptions
public import BanksiaFiles
import BanksiaIdentity
public import BanksiaJobs
public import BanksiaMedia
public import BanksiaPlaces
public import BanksiaSQL

/// The photo library: every use case of every feature, as the server and the commands call them.
public struct PhotoLibrary: Sendable {
    public let accounts: Accounts
    public let keys: APIKeys
    public let signIn: SignIn
    public let oauth: OAuth
    /// This server as an identity provider; `nil` where it is none.
    public let provider: OwnProvider?
    public let libraries: Libraries
    public let members: Members
    public let invitations: Invitations
    public let assets: Assets
    public let sidecars: Sidecars
    public let versions: Versions
    public let renditions: Renditions
    public let albums: Albums
    public let people: People
    public let faces: Faces
    public let corrections: Corrections
    public let events: Events
    public let stacks: Stacks
    public let nearDuplicates: NearDuplicates
    public let feedback: FeedbackBox
    public let tasks: Tasks
    public let rebuild: Rebuild
    public let search: Search
    public let models: Models

    let geocoder: Geocoder
    /// Says what pictures show; `nil` where no vision model is set.
    let describer: Describer?
    let database: Database
    let files: any FileStore
    let originals: Originals
    let media: MediaWorkers
    let darkroom: Darkroom
    let jobs: JobQueue
    let clock: any WallClock
    let ids: IdentifierSource
    let faceSearch: FaceSearch
    /// Whether text in pictures is read.
    let readsText: Bool
    /// The stages of `Pipeline.optional` that are switched on.
    var optionalStages: [any AssetStage.Type] { Pipeline.optional.filter { !rebuild.off.contains($0.kind) } }
    /// Where faces are grouped: seconds of arithmetic in a large library.
    let groupingThread = BlockingPool(width: 1)
    /// How long things stay in the trash before they are deleted for good.
    let trashRetention: Duration
    /// How long corrections of people and faces can be undone.
    let undoRetention: Duration

    /// Puts the features together over their engines.
    ///
    /// - Parameters:
    ///   - vectors: finds neighbours among the vectors in the database.
    ///   - geocoder: names positions.
    ///   - describer: says what pictures show; `nil` for no descriptions.
    ///   - trashRetention: how long things stay in the trash before they are deleted for good.
    ///   - undoRetention: how long corrections of people and faces can be undone.
    ///   - faceSearch: how pictures are looked through for faces.
    ///   - readsText: whether text in pictures is read.
    ///   - settings: how people sign in.
    public init(
        database: Database, files: any FileStore, media: MediaWorkers, models: Models, jobs: JobQueue, vectors: any VectorSearch,
        geocoder: Geocoder, clock: any WallClock, ids: IdentifierSource, describer: Describer? = nil,
        trashRetention: Duration = .seconds(90 * 86_400),
        undoRetention: Duration = .seconds(30 * 86_400), faceSearch: FaceSearch = FaceSearch(), readsText: Bool = true,
        signIn settings: SignInSettings = SignInSettings()
    ) {
        accounts = Accounts(database: database, jobs: jobs, clock: clock, ids: ids)
        keys = APIKeys(database: database, clock: clock, ids: ids)
        signIn = SignIn(
            database: database, clock: clock, ids: ids, hasher: PasswordHasher(cost: settings.passwordCost))
        provider =
            settings.isBuiltIn
            ? OwnProvider(
                database: database, clock: clock, redirects: settings.redirects,
                keys: OwnProviderKeys(database: database, clock: clock)) : nil
        oauth = OAuth(
            database: database, accounts: accounts, clock: clock, ids: ids, provider: settings.provider ?? provider,
            redirects: settings.redirects, takesNewUsers: settings.takesNewUsers)
        libraries = Libraries(database: database, jobs: jobs, clock: clock, ids: ids)
        members = Members(database: database, clock: clock)
        invitations = Invitations(database: database, clock: clock, ids: ids)
        let originals = Originals(database: database, files: files, clock: clock)
        assets = Assets(
            database: database, files: files, originals: originals, media: media, jobs: jobs, clock: clock, ids: ids)
        sidecars = Sidecars(
            database: database, files: files, originals: originals, media: media, jobs: jobs, clock: clock)
        versions = Versions(
            database: database, files: files, originals: originals, media: media, jobs: jobs, clock: clock, ids: ids)
        renditions = Renditions(database: database, files: files, media: media, jobs: jobs, clock: clock)
        albums = Albums(database: database, clock: clock, ids: ids)
        let journal = CorrectionJournal(ids: ids, retention: undoRetention)
        people = People(database: database, clock: clock, ids: ids, journal: journal)
        faces = Faces(database: database, jobs: jobs, clock: clock, ids: ids, journal: journal)
        corrections = Corrections(database: database, clock: clock)
        events = Events(database: database)
        stacks = Stacks(database: database, clock: clock, ids: ids)
        nearDuplicates = NearDuplicates(database: database)
        feedback = FeedbackBox(database: database, clock: clock, ids: ids)
        tasks = Tasks(database: database, jobs: jobs)
        rebuild = Rebuild(
            database: database, jobs: jobs, clock: clock,
            off: Set((describer == nil ? [Pipeline.description] : []) + (readsText ? [] : [Pipeline.reading])))
        search = Search(database: database, media: media, models: models, vectors: vectors, clock: clock)
        self.geocoder = geocoder
        self.describer = describer
        self.models = models
        self.database = database
        self.files = files
        self.originals = originals
        self.jobs = jobs
        self.media = media
        darkroom = Darkroom(files: files, media: media)
        self.clock = clock
        self.ids = ids
        self.faceSearch = faceSearch
        self.readsText = readsText
        self.trashRetention = trashRetention
        self.undoRetention = undoRetention
    }

    /// Ends the connections to the vision model.
    public func closeDescriber() async { await describer?.close() }
}
