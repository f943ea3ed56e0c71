import BanksiaCore
import BanksiaSQL

extension Search {
    /// How many rows get their words in one transaction: some 20 ms of work, so that uploads come in between.
    private static let batch = 500

    /// Makes the words of all assets, albums and people that have none, or old ones. Done twice or by two processes at once it does
    /// no harm; interrupted, it goes on where it was.
    func keepMissingWords() async throws {
        try await inBatches { last, tx in
            let assets = try SearchWordsStore.assetsToDo(after: last, limit: Self.batch, tx)
            try SearchWordsStore.keep(of: assets, tx)
            return assets.last
        }
        try await inBatches { last, tx in
            let albums = try SearchWordsStore.albumsToDo(after: last, limit: Self.batch, tx)
            try SearchWordsStore.keep(of: albums, tx)
            return albums.last
        }
        try await inBatches { last, tx in
            let people = try SearchWordsStore.peopleToDo(after: last, limit: Self.batch, tx)
            try SearchWordsStore.keep(of: people, tx)
            return people.last
        }
    }

    private func inBatches<ID: Sendable>(_ body: @Sendable (ID?, borrowing Transaction) throws -> ID?) async throws {
        var last: ID?
        repeat {
            last = try await database.write { [last] tx in try body(last, tx) }
        } while last != nil
    }
}
