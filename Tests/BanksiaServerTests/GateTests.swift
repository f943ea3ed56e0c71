import HTTPTypes
import Hummingbird
import Testing

@testable import BanksiaServer

@Suite("Gates") struct GateTests {
    @Test func `who comes when it is full is sent away, until somebody leaves`() throws {
        let gate = Gate(limit: 2)
        let first = try gate.enter()
        var second: Gate.Pass? = try gate.enter()
        #expect(throws: RequestProblem.self) { try gate.enter() }
        #expect(second != nil)
        second = nil
        _ = try gate.enter()
        withExtendedLifetime(first) {}
    }

    @Test func `one kind of request does not stop another`() throws {
        let gates = Gates(uploads: 1, media: 1, bodies: 1, ordinary: 1)
        let ids: Set = ["upload_asset", "get_asset_variant", "exchange_oauth_code", "list_libraries"]
        let operations = Operations.all.filter { ids.contains($0.id) }
        #expect(operations.count == ids.count)
        let passes = try operations.map { try gates.enter(for: $0) }
        for operation in operations {
            #expect(throws: RequestProblem.self, "\(operation.id)") { try gates.enter(for: operation) }
        }
        withExtendedLifetime(passes) {}
    }

    @Test func `whoever is sent away is told when to come back`() {
        let status = ProblemStatus(RequestProblem.busy)
        #expect(status.status == .serviceUnavailable)
        #expect(status.headers[.retryAfter].flatMap { Int($0) }.map { (1...60).contains($0) } == true)
        #expect(status.headers[.shouldRetry] == nil)
        #expect(RequestProblem.busy.code == "service_unavailable")
    }
}
