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

    @Test func `every route asks for what the contract says`() throws {
        for operation in Operations.all {
            let entry = try #require(document["\(operation.method.rawValue) \(operation.path)"])
            switch operation.access {
            case .open: #expect(entry.isOpen, "\(operation.id)")
            case .media: #expect(entry.takesSignedURL, "\(operation.id)")
            case .keyManagement: #expect(entry.requiredAction == "credential", "\(operation.id)")
            case .needs(let action, let role):
                #expect(entry.requiredAction == action.rawValue, "\(operation.id)")
                #expect(entry.minimumRole == role.rawValue, "\(operation.id)")
            }
        }
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
