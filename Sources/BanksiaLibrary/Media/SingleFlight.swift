/// Lets several callers that want the same thing at once share one piece of work.
actor SingleFlight<Key: Hashable & Sendable> {
    private var running: [Key: Task<Void, any Error>] = [:]

    /// Runs `work`, or waits for the run that is under way for the same key. All callers get its outcome.
    func run(_ key: Key, _ work: @escaping @Sendable () async throws -> Void) async throws {
        if let task = running[key] { return try await task.value }
        // Not a child of the first caller, whose going away must not fail the others; it ends by itself.
        let task = Task { try await work() }
        running[key] = task
        defer { running[key] = nil }
        try await task.value
    }
}
