import BanksiaCore
import BanksiaJobs
import Foundation
import Testing

@testable import BanksiaLibrary

@Suite("The pace of uploads") struct UploadPaceTests {
    private let pace = UploadPace()
    private let library = LibraryID(uuid: UUID())
    private let start = Instant(microseconds: 0)

    private func priorities(_ count: Int, from device: String, second: Int) -> [JobPriority] {
        (0..<count).map { _ in pace.priority(of: library, from: device, at: start.adding(.seconds(second))) }
    }

    @Test func `one of many is less urgent than a single one beside them`() {
        let many = priorities(100, from: "laptop", second: 0)
        #expect(many.prefix(20).allSatisfy { $0 == .fresh } && many.dropFirst(20).allSatisfy { $0 == .bulk })
        #expect(priorities(1, from: "phone", second: 1) == [.fresh])
    }

    @Test func `an import that goes on is one from minute to minute, and one that has ended is forgotten`() {
        _ = priorities(30, from: "laptop", second: 0)
        #expect(priorities(2, from: "laptop", second: 61) == [.bulk, .bulk])
        #expect(priorities(1, from: "laptop", second: 300) == [.fresh])
    }
}
