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

    /// The conditions that lists, counts and searches share (contract §7).
    ///
    /// A malformed id is like one that does not exist: it matches nothing.
    init(_ query: Query) throws(RequestProblem) {
        self.init()
        try readIDs(query)
        try readAlbums(query)
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
        state = try query.choice("state") ?? .live
        try readWhatNothingHasYet(query)
    }

    private mutating func readIDs(_ query: Query) throws(RequestProblem) {
        let texts = try query.list("ids")
        if !texts.isEmpty { ids = texts.compactMap { AssetID($0) } }
    }

    private mutating func readAlbums(_ query: Query) throws(RequestProblem) {
        let word = try query.choice("album_filter", of: AlbumWord.self) ?? .all
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

    /// People and stacks cannot be made yet, so no asset meets a condition on them.
    private mutating func readWhatNothingHasYet(_ query: Query) throws(RequestProblem) {
        let person = try query.text("person_id")
        let people = try query.list("person_ids")
        let stack = try query.text("stack_id")
        guard person == nil || people.isEmpty else {
            throw .invalid(field: "person_id", issue: "Send either person_id or person_ids.")
        }
        if person != nil || !people.isEmpty || stack != nil { matchesNothing = true }
    }
}

extension Query {
    /// Positions are read from files but cannot be asked for yet; saying so is better than answering with too much.
    func refuseLocation() throws(RequestProblem) {
        for name in ["bbox", "center", "radius"] where try text(name) != nil { throw .notOffered(field: name) }
    }
}
