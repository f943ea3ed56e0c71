// The calendar, which both engines know under names of their own.

extension SQL {
    /// A period of the calendar; weeks start on Monday.
    public enum Period: Sendable { case day, week, month, year }

    /// The first microsecond of the period that a wall clock lies in.
    ///
    /// - Parameter wall: microseconds since 1970-01-01T00:00:00, of the years 0 to 9999.
    /// - Returns: the same, a whole number.
    public static func start(of period: Period, _ wall: SQL) -> SQL {
        // Counted from the year 0, so that nothing is negative and whole division rounds down in both engines.
        let seconds: SQL = "((\(wall) + 62167219200000000) / 1000000 - 62167219200)"
        return SQL(
            sqlite: "(CAST(strftime('%s', \(seconds), 'unixepoch', \(modifiers(period))) AS INTEGER) * 1000000)",
            postgres: """
                (CAST(EXTRACT(EPOCH FROM date_trunc('\(name(period))', to_timestamp(\(seconds)) AT TIME ZONE 'UTC')) AS BIGINT) * 1000000)
                """)
    }

    private static func name(_ period: Period) -> SQL {
        switch period {
        case .day: "day"
        case .week: "week"
        case .month: "month"
        case .year: "year"
        }
    }

    /// The next Sunday, today included, ends the week (sqlite.org/lang_datefunc.html#modifiers).
    private static func modifiers(_ period: Period) -> SQL {
        switch period {
        case .day: "'start of day'"
        case .week: "'weekday 0', '-6 days', 'start of day'"
        case .month: "'start of month'"
        case .year: "'start of year'"
        }
    }
}
