import BanksiaCore

/// Times as people say them in English: "june 2019", "14th of june", "last summer", "christmas 2020", "yesterday".
///
/// They are read as the days they mean on the wall, because that is what cameras know. Seasons are those of the northern half
/// of the earth, by whole months. A day, month or feast without a year is that of each year.
struct TimeWords {
    struct Reading: Equatable {
        /// Which words say it.
        var words: Range<Int>
        var walls: [Range<Int64>]
        /// Whether its words also say what such a picture shows: a tree at Christmas.
        var isVisible = false
    }

    /// Folded, in order.
    let words: [String]
    /// The day on which "last" and "this" are said.
    let today: CivilTime

    /// Nobody asks for a day of all years and means more of them than these.
    private static let years = 40
    private static let firstYear = 1826

    /// All times in the words, none within another.
    var readings: [Reading] {
        var found: [Reading] = []
        var place = 0
        while place < words.count {
            guard let reading = reading(at: place) else {
                place += 1
                continue
            }
            found.append(reading)
            place = reading.words.upperBound
        }
        return found
    }

    private func reading(at place: Int) -> Reading? {
        date(at: place) ?? day(at: place) ?? month(at: place) ?? season(at: place) ?? feast(at: place) ?? relative(at: place)
            ?? year(at: place).map { Reading(words: place..<place + 1, walls: Self.year($0)) }
    }

    private func word(_ place: Int) -> String? { words.indices.contains(place) ? words[place] : nil }

    // MARK: Numbers

    private func year(at place: Int) -> Int? {
        guard let word = word(place), word.utf8.count == 4, let year = Int(word), (Self.firstYear...today.year + 1).contains(year)
        else { return nil }
        return year
    }

    /// A year behind a month or a season, perhaps with "of" between.
    private func year(behind place: Int) -> (year: Int, end: Int)? {
        if let year = year(at: place) { return (year, place + 1) }
        return word(place) == "of" ? year(at: place + 1).map { ($0, place + 2) } : nil
    }

    private func number(at place: Int, digits: Int, in range: ClosedRange<Int>) -> Int? {
        guard let word = word(place), word.utf8.count == digits, let number = Int(word), range.contains(number) else {
            return nil
        }
        return number
    }

    /// 14, 14th.
    private func dayNumber(at place: Int) -> Int? {
        guard let word = word(place) else { return nil }
        let digits = ["st", "nd", "rd", "th"].contains(where: word.hasSuffix) ? String(word.dropLast(2)) : word
        guard digits.utf8.count <= 2, let day = Int(digits), (1...31).contains(day) else { return nil }
        return day
    }

    private static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
    ]

    private func monthNumber(at place: Int) -> Int? {
        guard let word = word(place), word.count >= 3 else { return nil }
        if let index = Self.months.firstIndex(of: word) { return index + 1 }
        let short = word == "sept" ? "sep" : word
        return short.count == 3 ? Self.months.firstIndex { $0.hasPrefix(short) }.map { $0 + 1 } : nil
    }

    // MARK: What is said

    /// 2019-06-14, 2019-06.
    private func date(at place: Int) -> Reading? {
        guard let year = year(at: place), let month = number(at: place + 1, digits: 2, in: 1...12) else { return nil }
        if let day = number(at: place + 2, digits: 2, in: 1...31), let walls = Self.days(year, month, day) {
            return Reading(words: place..<place + 3, walls: [walls])
        }
        return Reading(words: place..<place + 2, walls: Self.months(1, from: month, of: year))
    }

    /// 14 june 2019, 14th of june, june 14 2019.
    private func day(at place: Int) -> Reading? {
        var end = place
        let (day, month): (Int, Int)
        if let number = dayNumber(at: place) {
            end += word(place + 1) == "of" ? 2 : 1
            guard let found = monthNumber(at: end) else { return nil }
            (day, month) = (number, found)
            end += 1
        } else if let found = monthNumber(at: place), let number = dayNumber(at: place + 1) {
            (day, month) = (number, found)
            end += 2
        } else {
            return nil
        }
        if let (year, end) = year(behind: end) {
            return Self.days(year, month, day).map { Reading(words: place..<end, walls: [$0]) }
        }
        let walls = recentYears.compactMap { Self.days($0, month, day) }
        return walls.isEmpty ? nil : Reading(words: place..<end, walls: walls)
    }

    /// june 2019, 2019 june, june; "may" and "march" and what is short only where something before or behind says that it is a month.
    private func month(at place: Int) -> Reading? {
        if let year = year(at: place), let month = monthNumber(at: place + 1) {
            return Reading(words: place..<place + 2, walls: Self.months(1, from: month, of: year))
        }
        guard let month = monthNumber(at: place), let name = word(place) else { return nil }
        if let (year, end) = year(behind: place + 1) {
            return Reading(words: place..<end, walls: Self.months(1, from: month, of: year))
        }
        guard word(place - 1) == "in" || name.count > 3 && name != "march" else { return nil }
        return Reading(words: place..<place + 1, walls: recentYears.flatMap { Self.months(1, from: month, of: $0) })
    }

    private static let seasons = ["spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12]

    /// summer 2019. Without a year a season is more of a look than of a time.
    private func season(at place: Int) -> Reading? {
        guard let first = word(place).flatMap({ Self.seasons[$0] }), let (year, end) = year(behind: place + 1) else { return nil }
        return Reading(words: place..<end, walls: Self.months(3, from: first, of: year))
    }

    private static let feasts: [([String], month: Int, day: Int, days: Int)] = [
        (["christmas"], 12, 24, 3), (["xmas"], 12, 24, 3), (["halloween"], 10, 31, 1), (["valentines", "day"], 2, 14, 1),
        (["valentine", "s", "day"], 2, 14, 1),
        (["new", "years", "eve"], 12, 31, 1), (["new", "year", "s", "eve"], 12, 31, 1), (["new", "years", "day"], 1, 1, 1),
    ]

    /// christmas 2020, christmas.
    private func feast(at place: Int) -> Reading? {
        guard let feast = Self.feasts.first(where: { words[place...].starts(with: $0.0) }) else { return nil }
        let end = place + feast.0.count
        func walls(_ year: Int) -> Range<Int64>? { Self.days(year, feast.month, feast.day, count: feast.days) }
        if let (year, end) = year(behind: end), let walls = walls(year) {
            return Reading(words: place..<end, walls: [walls], isVisible: true)
        }
        return Reading(words: place..<end, walls: recentYears.compactMap(walls), isVisible: true)
    }

    /// today, yesterday; last and this week, month, year, season or month by its name.
    private func relative(at place: Int) -> Reading? {
        let midnight = today.microseconds - today.microsecondOfDay
        switch word(place) {
        case "today": return Reading(words: place..<place + 1, walls: [midnight..<midnight + Self.day])
        case "yesterday": return Reading(words: place..<place + 1, walls: [midnight - Self.day..<midnight])
        case "last": return relative(place + 1, back: 1).map { Reading(words: place..<place + 2, walls: $0) }
        case "this": return relative(place + 1, back: 0).map { Reading(words: place..<place + 2, walls: $0) }
        default: return nil
        }
    }

    private func relative(_ place: Int, back: Int) -> [Range<Int64>]? {
        let midnight = today.microseconds - today.microsecondOfDay
        switch word(place) {
        case "week":
            // 1970-01-01 was a Thursday; weeks start on Monday.
            let days = midnight / Self.day
            let monday = midnight - ((days + 3) % 7 + 7) % 7 * Self.day - Int64(back) * 7 * Self.day
            return [monday..<monday + 7 * Self.day]
        case "month": return Self.months(1, from: today.month - back, of: today.year)
        case "year": return Self.year(today.year - back)
        default: break
        }
        guard let named = word(place) else { return nil }
        let (first, count) = Self.seasons[named].map { ($0, 3) } ?? (monthNumber(at: place).map { ($0, 1) } ?? (0, 0))
        guard first > 0 else { return nil }
        // The last one is over; this one is that of the year, which a winter begins in December.
        let year = today.year - (first == 12 && count == 3 && today.month < 3 ? 1 : 0)
        let walls = Self.months(count, from: first, of: year)
        guard back > 0 else { return walls }
        return walls.allSatisfy { $0.upperBound <= midnight } ? walls : Self.months(count, from: first, of: year - 1)
    }

    // MARK: Days

    private static let day: Int64 = 86_400_000_000

    private var recentYears: [Int] { (0..<Self.years).map { today.year - $0 } }

    private static func days(_ year: Int, _ month: Int, _ day: Int, count: Int = 1) -> Range<Int64>? {
        CivilTime(year: year, month: month, day: day).map { $0.microseconds..<$0.microseconds + Int64(count) * Self.day }
    }

    private static func year(_ year: Int) -> [Range<Int64>] { months(12, from: 1, of: year) }

    /// - Parameter month: may lie before January or behind December.
    private static func months(_ count: Int, from month: Int, of year: Int) -> [Range<Int64>] {
        func start(_ month: Int) -> Int64? {
            let index = year * 12 + month - 1
            return CivilTime(year: index / 12, month: index % 12 + 1, day: 1)?.microseconds
        }
        guard let first = start(month), let end = start(month + count) else { return [] }
        return [first..<end]
    }
}
