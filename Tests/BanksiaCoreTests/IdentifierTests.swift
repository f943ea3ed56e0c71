import BanksiaCore
import Foundation
import Testing

private enum Thing: IdentifierSubject { static let idPrefix = "thing_" }

@Suite("Identifiers") struct IdentifierTests {
    @Test(arguments: [
        ("00000000-0000-0000-0000-000000000000", "2222222222222222222222"),
        ("00000000-0000-0000-0000-000000000001", "2222222222222222222223"),
        ("550e8400-e29b-41d4-a716-446655440000", "H9cNmGXLEc8NWcZzSThA9S"),
        ("123e4567-e89b-42d3-a456-426614174000", "5G2oMtuqbFCkXr8Qec6Wwf"),
        ("ffffffff-ffff-ffff-ffff-ffffffffffff", "oZEq7ovRbLq6UnGMPwc8B5"),
    ])
    func `the short form is the contract's`(uuid: String, short: String) throws {
        let uuid = try #require(UUID(uuidString: uuid))
        #expect(ShortUUID.encode(uuid) == short)
        #expect(ShortUUID.decode(short) == uuid)
        #expect(Identifier<Thing>("thing_" + short)?.uuid == uuid)
    }

    @Test(arguments: [
        "", "thing_", "other_5G2oMtuqbFCkXr8Qec6Wwf", "thing_0000000000000000000000", "thing_zzzzzzzzzzzzzzzzzzzzzz",
        "thing_5G2oMtuqbFCkXr8Qec6Ww",
    ])
    func `anything else is no id`(text: String) {
        #expect(Identifier<Thing>(text) == nil)
    }

    @Test func `new ids are ordered in time`() {
        let first: Identifier<Thing> = IdentifierSource.timeOrdered.make()
        #expect(first.uuid.high >> 16 > 1_700_000_000_000)
        #expect((first.uuid.high >> 12) & 0xF == 7)
        #expect(first.uuid.low >> 62 == 0b10)
    }
}
