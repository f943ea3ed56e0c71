public import BanksiaCore
import BanksiaSQL

/// Counts of assets per period of the wall clock.
public struct AssetCountQuery: Sendable {
    /// A period; weeks start on Monday.
    public enum Bucket: String, Sendable, CaseIterable { case day, week, month, year }

    public var filter: AssetFilter
    public var bucket: Bucket
    public var order: ListOrder
    /// The start of the last bucket of the page before.
    public var startingAfterBucket: CaptureTime?
    public var limit: Int

    public init(
        filter: AssetFilter = .init(), bucket: Bucket = .month, order: ListOrder = .descending,
        startingAfterBucket: CaptureTime? = nil, limit: Int = 20
    ) {
        self.filter = filter
        self.bucket = bucket
        self.order = order
        self.startingAfterBucket = startingAfterBucket
        self.limit = limit
    }
}

/// How many assets one period holds.
public struct AssetCount: Sendable, Equatable {
    /// The wall-clock start of the period.
    public var start: CivilTime
    public var count: Int
}

extension Assets {
    /// How many assets each period holds; periods without assets are left out.
    public func counts(_ query: AssetCountQuery, in library: LibraryID, by viewer: Viewer) async throws -> Page<AssetCount> {
        let found = try await database.read { tx in try AssetCountStore.counts(query, in: library, by: viewer, tx) }
        return Page(fetched: found, limit: query.limit)
    }
}

extension AssetCountQuery.Bucket {
    /// The first midnight of the period that a wall clock lies in.
    func start(of wall: Int64) -> Int64 {
        let time = CivilTime(microseconds: wall)
        let midnight = wall - time.microsecondOfDay
        switch self {
        case .day: return midnight
        case .week:
            // 1970-01-01 was a Thursday, three days after a Monday.
            let days = midnight / Self.dayLength + 3
            let sinceMonday = (days % 7 + 7) % 7
            return midnight - sinceMonday * Self.dayLength
        case .month: return CivilTime(year: time.year, month: time.month, day: 1)?.microseconds ?? midnight
        case .year: return CivilTime(year: time.year, month: 1, day: 1)?.microseconds ?? midnight
        }
    }

    /// The first midnight of the period that follows the one of a wall clock.
    func end(of wall: Int64) -> Int64 { start(of: start(of: wall) + longest) }

    /// Microseconds of the longest such period: from the start of one, that leads into the next and not beyond it.
    var longest: Int64 {
        switch self {
        case .day: Self.dayLength
        case .week: 7 * Self.dayLength
        case .month: 31 * Self.dayLength
        case .year: 366 * Self.dayLength
        }
    }

    private static let dayLength: Int64 = 86_400_000_000

    var period: SQL.Period {
        switch self {
        case .day: .day
        case .week: .week
        case .month: .month
        case .year: .year
        }
    }
}
