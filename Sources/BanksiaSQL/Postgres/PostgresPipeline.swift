internal import CPostgres
internal import Foundation

/// What became of one command of an exchange.
enum PostgresOutcome {
    case answer(PostgresAnswer)
    case fault(PostgresFault)
    /// Not run, because one before it failed.
    case skipped
}

/// A connection in libpq's pipeline mode (libpq, "Pipeline Mode"): commands are queued, sent together, and their answers
/// come back together. Used by one thread at a time.
@safe final class PostgresPipeline {
    private let link: PostgresLink
    /// How long an answer is waited for; `nil` for as long as it takes.
    var patience: Duration?
    /// How many exchanges were sent whose answers nobody has read yet.
    private var unread = 0
    /// Something was queued that could not be sent, so answers would no longer match commands.
    private var isOutOfStep = false

    private var handle: OpaquePointer { unsafe link.handle }

    init(_ link: PostgresLink, patience: Duration) throws(PostgresFault) {
        self.link = link
        self.patience = patience
        try enter()
    }

    /// Whether the connection may serve another transaction.
    var isUsable: Bool { !isOutOfStep && !link.isBroken }
    var isBroken: Bool { link.isBroken }

    /// Has the connection used for nothing more.
    func discard() { isOutOfStep = true }

    // MARK: Queueing

    /// A command as text, without values.
    func queue(_ text: String) throws(PostgresFault) {
        try queued(unsafe PQsendQueryParams(handle, text, 0, nil, nil, nil, nil, 1))
    }

    func queue(_ control: PostgresControl) throws(PostgresFault) { try queue(control.name, PostgresParameters()) }

    /// A statement that was prepared.
    func queue(_ name: String, _ parameters: PostgresParameters) throws(PostgresFault) {
        try queued(
            unsafe parameters.withArrays {
                unsafe PQsendQueryPrepared(handle, name, parameters.count, $0, $1, $2, 1)
            })
    }

    func queuePrepare(_ name: String, _ text: String, _ types: [Oid]) throws(PostgresFault) {
        try queued(unsafe PQsendPrepare(handle, name, text, Int32(truncatingIfNeeded: types.count), types))
    }

    func queueDescribe(_ name: String) throws(PostgresFault) { try queued(unsafe PQsendDescribePrepared(handle, name)) }

    private func queued(_ result: Int32) throws(PostgresFault) {
        guard result == 1 else { throw outOfStep() }
    }

    // MARK: Exchanging

    /// Sends what was queued and waits for all its answers.
    func exchange() throws(PostgresFault) -> [PostgresOutcome] {
        try queued(unsafe PQpipelineSync(handle))
        try settle()
        return try collect()
    }

    /// Sends what was queued. Its answers are read, and overlooked, before those of the next exchange.
    func send() throws(PostgresFault) {
        try queued(unsafe PQpipelineSync(handle))
        unread += 1
    }

    /// Reads what nobody waited for.
    private func settle() throws(PostgresFault) {
        while unread > 0 {
            _ = try collect()
            unread -= 1
        }
    }

    /// The answers up to the end of an exchange.
    private func collect() throws(PostgresFault) -> [PostgresOutcome] {
        let deadline = patience.map { ContinuousClock.now + $0 }
        var outcomes: [PostgresOutcome] = []
        // Between the answers of two commands there is one `nil`; several in a row mean that no more will come.
        var silence = 0
        while silence < 3 {
            guard let answer = try nextAnswer(before: deadline) else {
                silence += 1
                continue
            }
            silence = 0
            switch answer.status {
            case PGRES_PIPELINE_SYNC: return outcomes
            case PGRES_PIPELINE_ABORTED: outcomes.append(.skipped)
            default: outcomes.append(answer.isGood ? .answer(answer) : .fault(answer.fault(isBroken: false)))
            }
            if link.isBroken { break }
        }
        isOutOfStep = true
        // A server that ends the connection says why before it does.
        var fault = outcomes.firstFault ?? PostgresFault(broken: link.message)
        fault.isBroken = true
        throw fault
    }

    private func nextAnswer(before deadline: ContinuousClock.Instant?) throws(PostgresFault) -> PostgresAnswer? {
        while unsafe PQisBusy(handle) == 1 {
            try waitForInput(before: deadline)
            // What is wrong with the connection is told by the next result.
            if unsafe PQconsumeInput(handle) == 0 { break }
        }
        return unsafe PQgetResult(handle).map { unsafe PostgresAnswer($0) }
    }

    private func waitForInput(before deadline: ContinuousClock.Instant?) throws(PostgresFault) {
        while true {
            let left = deadline.map { ($0 - .now).milliseconds } ?? -1
            var poll = pollfd(fd: link.socket, events: Int16(POLLIN), revents: 0)
            let ready = unsafe Foundation.poll(&poll, 1, Int32(clamping: left))
            if ready > 0 || ready < 0 && errno != EINTR { return }
            if let deadline, ContinuousClock.now >= deadline {
                isOutOfStep = true
                throw PostgresFault(broken: "the server did not answer in time")
            }
        }
    }

    // MARK: Without the pipeline

    /// Has `body` use the connection in libpq's ordinary mode, for what the pipeline does not take.
    func aside<Result>(_ body: (PostgresLink) throws -> Result) throws -> Result {
        try settle()
        guard unsafe PQexitPipelineMode(handle) == 1 else { throw outOfStep() }
        let result: Result
        do {
            result = try body(link)
        } catch {
            // The first error counts; a connection that cannot go back is out of step and so thrown away.
            try? enter()
            throw error
        }
        try enter()
        return result
    }

    private func enter() throws(PostgresFault) {
        guard unsafe PQenterPipelineMode(handle) == 1 else { throw outOfStep() }
    }

    private func outOfStep() -> PostgresFault {
        isOutOfStep = true
        return PostgresFault(state: "", message: link.message, isBroken: true)
    }
}

extension [PostgresOutcome] {
    var firstFault: PostgresFault? {
        for case .fault(let fault) in self { return fault }
        return nil
    }

    /// The answer to the last command, when none failed.
    func good() throws(PostgresFault) -> PostgresAnswer {
        if let fault = firstFault { throw fault }
        guard case .answer(let answer) = last else { throw PostgresFault(broken: "an answer is missing") }
        return answer
    }
}
