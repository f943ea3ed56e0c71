/// How many requests of each kind may be under way at once.
struct Gates: Sendable {
    // An upload holds about 1 MiB while it is received, so this many cost at most some 64 MiB.
    private let uploads: Gate
    // A transfer holds one piece of a file; clients of a gallery open six connections each.
    private let media: Gate
    // A body in JSON is read whole, up to 1 MiB of it, and some of these calls ask for no credential.
    private let bodies: Gate
    // Bursts of a hundred parallel reads are normal (contract §17).
    private let ordinary: Gate

    init(uploads: Int = 64, media: Int = 512, bodies: Int = 256, ordinary: Int = 1024) {
        self.uploads = Gate(limit: uploads)
        self.media = Gate(limit: media)
        self.bodies = Gate(limit: bodies)
        self.ordinary = Gate(limit: ordinary)
    }

    func enter(for operation: Operation) throws(RequestProblem) -> Gate.Pass {
        if operation.body == .multipart { return try uploads.enter() }
        if case .media = operation.access { return try media.enter() }
        if operation.body == .json { return try bodies.enter() }
        return try ordinary.enter()
    }
}
