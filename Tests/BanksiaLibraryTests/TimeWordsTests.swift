import BanksiaCore
import Testing

@testable import BanksiaLibrary

@Suite("Times in words") struct TimeWordsTests {
    /// The newest of the days that each time means, on the 21st of January 2021.
    private func days(_ text: String, month: Int = 1, day: Int = 21) throws -> [String] {
        let today = try #require(CivilTime(year: 2021, month: month, day: day))
        return TimeWords(words: Word.all(in: text).map(\.text), today: today).readings.compactMap { reading in
            let newest = reading.walls.max { $0.lowerBound < $1.lowerBound } ?? 0..<1
            let ends = [newest.lowerBound, newest.upperBound - 1].map { CivilTime(microseconds: $0).text.prefix(10) }
            return reading.words.map { Word.all(in: text)[$0].text }.joined(separator: " ") + " = " + ends.joined(separator: "…")
        }
    }

    @Test(arguments: [
        ("june 2019", "june 2019 = 2019-06-01…2019-06-30"), ("beach June of 2019!", "june of 2019 = 2019-06-01…2019-06-30"),
        ("2019 june", "2019 june = 2019-06-01…2019-06-30"), ("sept 2018", "sept 2018 = 2018-09-01…2018-09-30"),
        ("2020-02-29", "2020 02 29 = 2020-02-29…2020-02-29"), ("2020-02", "2020 02 = 2020-02-01…2020-02-29"),
        ("14th of june 2019", "14th of june 2019 = 2019-06-14…2019-06-14"),
        ("June 14, 2019", "june 14 2019 = 2019-06-14…2019-06-14"),
        ("december", "december = 2021-12-01…2021-12-31"), ("in may", "may = 2021-05-01…2021-05-31"),
        ("dog 2020", "2020 = 2020-01-01…2020-12-31"), ("christmas 2020", "christmas 2020 = 2020-12-24…2020-12-26"),
        ("summer 2019", "summer 2019 = 2019-06-01…2019-08-31"), ("winter of 2019", "winter of 2019 = 2019-12-01…2020-02-29"),
        ("last summer", "last summer = 2020-06-01…2020-08-31"), ("this winter", "this winter = 2020-12-01…2021-02-28"),
        ("last winter", "last winter = 2019-12-01…2020-02-29"), ("last june", "last june = 2020-06-01…2020-06-30"),
        ("last year", "last year = 2020-01-01…2020-12-31"), ("last month", "last month = 2020-12-01…2020-12-31"),
        ("this week", "this week = 2021-01-18…2021-01-24"), ("last week", "last week = 2021-01-11…2021-01-17"),
        ("yesterday", "yesterday = 2021-01-20…2021-01-20"), ("today", "today = 2021-01-21…2021-01-21"),
        ("halloween", "halloween = 2021-10-31…2021-10-31"),
    ])
    func `what people say is read`(text: String, expected: String) throws { #expect(try days(text) == [expected]) }

    @Test(arguments: [
        "may I see", "march of the penguins", "a summer meadow", "IMG 1234", "9999", "last supper", "fall", "spring flowers",
        "dec", "",
    ])
    func `what is no time is left alone`(text: String) throws { #expect(try days(text) == []) }

    @Test func `of a day that is none the rest is read`() throws {
        #expect(try days("31 june 2019") == ["june 2019 = 2019-06-01…2019-06-30"])
        #expect(try days("2019-13-01") == ["2019 = 2019-01-01…2019-12-31"])
    }

    @Test func `two times are two`() throws {
        #expect(try days("june 2019 and christmas 2020").count == 2)
        #expect(try days("last summer", month: 9, day: 1) == ["last summer = 2021-06-01…2021-08-31"])
        #expect(try days("last summer", month: 8, day: 31) == ["last summer = 2020-06-01…2020-08-31"])
    }
}
