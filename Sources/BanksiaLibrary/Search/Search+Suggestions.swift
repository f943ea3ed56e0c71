public import BanksiaCore
import BanksiaSQL

/// A name of the library that someone who types may mean.
public struct SearchSuggestion: Sendable, Equatable {
    /// What has the name.
    public enum Kind: String, Sendable, CaseIterable { case person, album, place, camera }

    public var kind: Kind
    public var name: String
    /// The id of a person or an album.
    public var id: String?
    /// How many live assets it leads to, counted up to `Search.mostCounted`.
    public var count: Int
}

extension Search {
    /// From here on it is enough to know that there are many.
    public static let mostCounted = 1000
    /// More names that begin alike are not looked at.
    private static let mostNames = 50
    /// A longer text is no name any more.
    static let longestPrefix = 100

    /// The names of people, albums, places and cameras in which all words of a text stand, the last perhaps unfinished: those
    /// that lead to most assets first. Names that lead to none are left out.
    ///
    /// - Throws: `LibraryProblem.notFound`.
    public func suggestions(for text: String, limit: Int, in library: LibraryID, by viewer: Viewer) async throws
        -> [SearchSuggestion]
    {
        let typed = Word.all(in: String(text.prefix(Self.longestPrefix))).map(\.text)
        guard let last = typed.last else { return [] }
        return try await database.read { tx in
            let people = try SearchWordsStore.people(beginning: last, in: library, by: viewer, tx)
                .filter { Self.holds($0.name, typed) }.prefix(Self.mostNames)
                .map { person in
                    SearchSuggestion(
                        kind: .person, name: person.name, id: "\(person.id)",
                        count: try Self.count(AssetFilter(people: [person.id]), in: library, by: viewer, tx))
                }
            let albums = try SearchWordsStore.albums(beginning: last, in: library, by: viewer, tx)
                .filter { Self.holds($0.name, typed) }.prefix(Self.mostNames)
                .map { album in
                    SearchSuggestion(
                        kind: .album, name: album.name, id: "\(album.id)",
                        count: try Self.count(AssetFilter(album: .inAll([album.id])), in: library, by: viewer, tx))
                }
            let names = try VocabularyStore.names(beginning: last, limit: Self.mostNames, in: library, tx)
                .filter { Self.holds($0.name, typed) }
                .map { entry in
                    SearchSuggestion(
                        kind: entry.kind == .camera ? .camera : .place, name: entry.name, id: nil,
                        count: try SearchWordsStore.count(of: entry, upTo: Self.mostCounted, in: library, by: viewer, tx))
                }
            let all = (people + albums + names).filter { $0.count > 0 }
            return Array(
                all.sorted { ($1.count, $0.name, $0.kind.rawValue) < ($0.count, $1.name, $1.kind.rawValue) }.prefix(limit))
        }
    }

    private static func count(_ filter: AssetFilter, in library: LibraryID, by viewer: Viewer, _ tx: borrowing Transaction) throws
        -> Int
    {
        try AssetStore.count(matching: filter, upTo: mostCounted, in: library, by: viewer, tx)
    }

    /// Whether each typed word begins a word of the name.
    private static func holds(_ name: String, _ typed: [String]) -> Bool {
        let words = Word.all(in: name).map(\.text)
        return typed.allSatisfy { part in words.contains { $0.hasPrefix(part) } }
    }
}
