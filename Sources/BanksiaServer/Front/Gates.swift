/// How many requests of each kind may be under way at once.
struct Gates: Sendable {
    // An upload holds about 1 MiB while it is received, so this many cost at most some 64 MiB.
    private let uploads = Gate(limit: 64)
    // A transfer holds one piece of a file; clients of a gallery open six connections each.
    private let media = Gate(limit: 512)
    // A body in JSON is read whole, up to 1 MiB of it, and some of these calls ask for no credential.
    private let bodies = Gate(limit: 256)
    // Bursts of a hundred parallel reads are normal (contract §17).
    private let ordinary = Gate(limit: 1024)

    func enter(for operation: Operation) throws(RequestProblem) -> Gate.Pass {
        if operation.body == .multipart { return try uploads.enter() }
        if case .media = operation.access { return try media.enter() }
        if operation.body == .json { return try bodies.enter() }
        return try ordinary.enter()
    }
}
