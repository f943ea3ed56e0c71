import BanksiaLibrary
import HTTPTypes
import Testing

@testable import BanksiaServer

@Suite("Route table") struct RouteTableTests {
    private let document: [String: ContractDocument.Operation]

    init() throws {
        document = Dictionary(uniqueKeysWithValues: try ContractDocument().operations.map { ("\($0.method) \($0.path)", $0) })
    }

    @Test func `every route stands in the contract under its name`() {
        for operation in Operations.all {
            let entry = document["\(operation.method.rawValue) \(operation.path)"]
            #expect(entry?.id == operation.id, "\(operation.method.rawValue) \(operation.path)")
        }
    }

    @Test func `every route asks for exactly what the contract says`() throws {
        for operation in Operations.all {
            let entry = try #require(document["\(operation.method.rawValue) \(operation.path)"])
            #expect(operation.access == (try access(of: entry)), "\(operation.id)")
        }
    }

    @Test func `the contract says of every operation what it asks for`() throws {
        for entry in document.values { _ = try access(of: entry) }
    }

    /// What an entry of the contract means. An operation without `x-required-action` says in another way who may call it.
    private func access(of entry: ContractDocument.Operation) throws -> Operation.Access {
        guard let word = entry.requiredAction else {
            try #require(entry.isOpen || entry.takesSignedURL, "\(entry.id) does not say who may call it")
            return entry.isOpen ? .open : .media
        }
        guard word != "credential" else { return .keyManagement }
        let action = try #require(Action(rawValue: word), "\(entry.id)")
        let role = Role(rawValue: try #require(entry.minimumRole, "\(entry.id)"))
        try #require(role != nil || entry.minimumRole == "none", "\(entry.id)")
        return entry.isFirstPartyOnly ? .firstParty(action, role) : .needs(action, role)
    }

    @Test func `every route reads the kind of body that the contract describes`() throws {
        for operation in Operations.all {
            let entry = try #require(document["\(operation.method.rawValue) \(operation.path)"])
            switch operation.body {
            case .none: #expect(entry.bodyTypes.isEmpty, "\(operation.id)")
            case .json: #expect(entry.bodyTypes == ["application/json"], "\(operation.id)")
            case .multipart: #expect(entry.bodyTypes == ["multipart/form-data"], "\(operation.id)")
            }
        }
    }

    @Test func `what is not built yet is known`() {
        let built = Set(Operations.all.map(\.id))
        let missing = document.values.map(\.id).filter { !built.contains($0) }.sorted()
        print("\(built.count) of \(document.count) operations are built; to come: \(missing.joined(separator: ", "))")
        #expect(built.count + missing.count == document.count)
    }
}
