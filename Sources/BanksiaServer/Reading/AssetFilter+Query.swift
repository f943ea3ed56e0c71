import BanksiaCore
import BanksiaLibrary
import BanksiaMedia

extension AssetFilter {
    /// Membership in albums in general, as the query names it.
    private enum AlbumWord: String, CaseIterable {
        case all
        case inAlbum = "in_album"
        case notInAlbum = "not_in_album"
    }

    private enum MediaWord: String, CaseIterable { case image, video }

    /// The conditions of lists and counts (contract §7).
    ///
    /// A malformed id is like one that does not exist: it matches nothing.
    ///
    /// - Parameter isPlaced: whether the query may limit them to an area.
    init(_ query: Query, isPlaced: Bool = true) throws(RequestProblem) {
        try self.init(query, query.choice("album_filter") ?? .all)
        try readIDs(query)
        state = try query.choice("state") ?? .live
        try readStack(query)
        if isPlaced { area = try GeoArea(query) }
    }

    /// The conditions of searches (contract §12), which are fewer: only what is live is searched.
    init(ofSearch query: Query) throws(RequestProblem) {
        try self.init(query, .all)
        area = try GeoArea(query)
    }

    private init(_ query: Query, _ albumWord: AlbumWord) throws(RequestProblem) {
        self.init()
        try readAlbums(query, albumWord)
        try readRatings(query)
        mediaClass =
            switch try query.choice("media_type", of: MediaWord.self) {
            case .image: .image
            case .video: .video
            case nil: nil
            }
        for name in ["local_datetime_after", "captured_after"] { if let time = try query.time(name) { takenAfter.append(time) } }
        for name in ["local_datetime_before", "captured_before"] {
            if let time = try query.time(name) { takenBefore.append(time) }
        }
        try readPeople(query)
    }

    private mutating func readIDs(_ query: Query) throws(RequestProblem) {
        let texts = try query.list("ids")
        if !texts.isEmpty { ids = texts.compactMap { AssetID($0) } }
    }

    private mutating func readAlbums(_ query: Query, _ word: AlbumWord) throws(RequestProblem) {
        var texts = try query.list("album_ids")
        if let text = try query.text("album_id") { texts.append(text) }
        guard texts.isEmpty else {
            guard word != .notInAlbum else {
                throw .invalid(field: "album_filter", issue: "album_filter=not_in_album contradicts album_id.")
            }
            let albums = texts.compactMap { AlbumID($0) }
            matchesNothing = matchesNothing || albums.count < texts.count
            album = .inAll(albums)
            return
        }
        switch word {
        case .all: break
        case .inAlbum: album = .inAny
        case .notInAlbum: album = .inNone
        }
    }

    private mutating func readRatings(_ query: Query) throws(RequestProblem) {
        for text in try query.list("ratings") {
            guard let rating = Int(text), (0...5).contains(rating) else {
                throw .invalid(field: "ratings", issue: "ratings must be whole numbers from 0 to 5.")
            }
            ratings.append(rating)
        }
    }

    private mutating func readPeople(_ query: Query) throws(RequestProblem) {
        var texts = try query.list("person_ids")
        if let text = try query.text("person_id") {
            guard texts.isEmpty else { throw .invalid(field: "person_id", issue: "Send either person_id or person_ids.") }
            texts = [text]
        }
        people = texts.compactMap { PersonID($0) }
        matchesNothing = matchesNothing || people.count < texts.count
    }

    private mutating func readStack(_ query: Query) throws(RequestProblem) {
        guard let text = try query.text("stack_id") else { return }
        stack = StackID(text)
        matchesNothing = matchesNothing || stack == nil
    }
}
