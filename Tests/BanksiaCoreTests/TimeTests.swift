import BanksiaCore
import Testing

@Suite("Times") struct TimeTests {
    @Test(arguments: [
        ("2024-05-01T12:30:00", "2024-05-01T12:30:00"),
        ("2024-05-01 12:30:00.5", "2024-05-01T12:30:00.500000"),
        ("2024-05-01T12:30:00.123456789Z", "2024-05-01T12:30:00.123456Z"),
        ("2024-02-29T23:59:59+0530", "2024-02-29T23:59:59+05:30"),
        ("1969-12-31T23:59:59.999999-03:30", "1969-12-31T23:59:59.999999-03:30"),
        ("2024-05-01", "2024-05-01T00:00:00"),
        ("0001-01-01T00:00:00", "0001-01-01T00:00:00"),
    ])
    func `a capture time keeps what was said`(text: String, written: String) {
        #expect(CaptureTime(text)?.description == written)
    }

    @Test(arguments: [
        "", "2024", "2024-13-01", "2023-02-29", "2024-05-01T", "2024-05-01T24:00:00", "2024-05-01T12:30:00x",
        "2024-05-01T12:30:00.", "noon",
    ])
    func `anything else is no time`(text: String) {
        #expect(CaptureTime(text) == nil)
    }

    @Test func `an instant is the wall clock less the offset`() {
        #expect(CaptureTime("2024-05-01T12:30:00+02:00")?.instant?.description == "2024-05-01T10:30:00Z")
        #expect(CaptureTime("2024-05-01T12:30:00")?.instant == nil)
    }

    @Test(arguments: Array(stride(from: Int64(-100_000), through: 100_000, by: 997)))
    func `every day survives a round trip`(day: Int64) throws {
        let time = CivilTime(microseconds: day * 86_400_000_000)
        #expect(CivilTime(year: time.year, month: time.month, day: time.day)?.microseconds == day * 86_400_000_000)
    }
}
