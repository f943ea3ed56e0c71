import BanksiaCore
import BanksiaSQL

extension AssetFilter {
    /// The condition on a row of `asset`.
    var condition: SQL {
        let all = stateConditions + idConditions + groupConditions + fileConditions + timeConditions
        return all.isEmpty ? "TRUE" : SQL.joined(all, separator: " AND ")
    }

    /// Whether each asset is judged by what stands in its row or right beside it, so that walking along the timeline finds what
    /// is wanted without looking something up first.
    var isJudgedOneByOne: Bool {
        if case .inAll = album { return false }
        return ids == nil && people.isEmpty && stack == nil && area?.isLarge ?? true && !matchesNothing
    }

    /// The condition on a row of `asset` that it lies in a library. Whoever is not judged one by one is looked up by what is
    /// asked of them, and checked.
    func isIn(_ library: LibraryID) -> SQL {
        let column: SQL = "asset.library_id"
        return "\(isJudgedOneByOne ? column : SQL.notByIndex(column)) = \(library)"
    }

    /// The same filter for some assets alone.
    func narrowed(to some: [AssetID]) -> AssetFilter {
        var narrowed = self
        narrowed.ids = ids.map { Set($0).intersection(some).sorted() } ?? some
        return narrowed
    }

    /// The same filter for each of its ratings alone; itself when it names none.
    var eachRating: [AssetFilter] {
        guard !ratings.isEmpty else { return [self] }
        return Set(ratings).sorted().map { rating in
            var one = self
            one.ratings = [rating]
            return one
        }
    }

    private var stateConditions: [SQL] {
        switch state {
        case .live: ["asset.trashed_at IS NULL"]
        case .trashed: ["asset.trashed_at IS NOT NULL"]
        case .all: []
        }
    }

    private var idConditions: [SQL] {
        var conditions: [SQL] = []
        if matchesNothing { conditions.append("FALSE") }
        if let ids { conditions.append("asset.id IN \(SQL.list(ids))") }
        return conditions
    }

    private var groupConditions: [SQL] {
        // Whoever is named by id is looked up by that, one by one: a list of all that a person has would be made first.
        var conditions = ids == nil ? links.map { "asset.id IN (\($0))" as SQL } : linkTables.map(\.holdsAsset)
        switch album {
        case .none, .inAll: break
        case .inAny: conditions.append("asset.is_in_album = TRUE")
        case .inNone: conditions.append("asset.is_in_album = FALSE")
        }
        if let stack { conditions.append("asset.stack_id = \(stack)") }
        if let area { conditions.append(area.condition) }
        return conditions
    }

    /// Queries for the ids of assets that the filter's albums and its people have. Whatever meets the filter is in all of them.
    var links: [SQL] { linkTables.map(\.assets) }

    private var linkTables: [Links] {
        var tables: [Links] = []
        if case .inAll(let albums) = album { tables.append(Links(albums, "album_id", in: "album_asset")) }
        if !people.isEmpty { tables.append(Links(people, "person_id", in: "face")) }
        return tables
    }

    /// The rows of a table that link an asset with each of some things. One query whatever their number: two hundred of them would
    /// take an engine longer to plan than to run.
    private struct Links {
        private let table: SQL
        private let column: SQL
        private let things: SQL
        private let count: Int

        init<Subject>(_ things: [Identifier<Subject>], _ column: SQL, in table: SQL) {
            let things = Set(things).sorted()
            (self.table, self.column, count) = (table, column, things.count)
            self.things =
                switch things.count {
                case 0: "FALSE"
                case 1: "link.\(column) = \(things[0])"
                default: "link.\(column) IN \(SQL.list(things))"
                }
        }

        /// The ids of the assets that have all of them.
        var assets: SQL {
            let all: SQL = "SELECT link.asset_id FROM \(table) AS link WHERE \(things)"
            return count <= 1 ? all : "\(all) GROUP BY link.asset_id HAVING COUNT(DISTINCT link.\(column)) = \(count)"
        }

        /// The condition that an asset has all of them.
        var holdsAsset: SQL {
            let own: SQL = "FROM \(table) AS link WHERE link.asset_id = asset.id AND \(things)"
            return count <= 1 ? "EXISTS (SELECT 1 \(own))" : "(SELECT COUNT(DISTINCT link.\(column)) \(own)) = \(count)"
        }
    }

    private var fileConditions: [SQL] {
        var conditions: [SQL] = []
        if !ratings.isEmpty {
            // The index of the rated ones leaves out the others, and has to be told.
            if !ratings.contains(0) { conditions.append("asset.stars <> 0") }
            conditions.append(ratings.count == 1 ? "asset.stars = \(ratings[0])" : "asset.stars IN \(SQL.list(ratings))")
        }
        if let mediaClass { conditions.append("asset.media_class = \(mediaClass)") }
        return conditions
    }

    private var timeConditions: [SQL] {
        takenAfter.map { Self.taken(">", $0) } + takenBefore.map { Self.taken("<", $0) }
    }

    /// Wall clock against wall clock, or instant against instant where both are known (contract §3).
    private static func taken(_ comparison: SQL, _ bound: CaptureTime) -> SQL {
        guard let instant = bound.instant else { return "asset.local_wall \(comparison) \(bound.wallMicroseconds)" }
        return """
            CASE WHEN asset.local_offset IS NULL THEN asset.local_wall \(comparison) \(bound.wallMicroseconds)
                 ELSE asset.local_wall - asset.local_offset * 1000000 \(comparison) \(instant) END
            """
    }
}
