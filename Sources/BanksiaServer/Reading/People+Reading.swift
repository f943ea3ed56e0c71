import BanksiaCore
import BanksiaLibrary
import Hummingbird

extension Query {
    /// - Throws: 422 for a word in a list that is none of those there are.
    func requireTokens(_ name: String, amongst known: [String]) throws(RequestProblem) {
        for token in try list(name) where !known.contains(token) {
            throw .invalid(field: name, issue: "'\(token)' is none of \(known.joined(separator: ", ")).")
        }
    }
}

extension PersonQuery {
    /// The conditions of a list of people (contract §11). A malformed id is like one that does not exist: it matches nobody.
    init(_ call: Call) throws(RequestProblem) {
        let query = call.query
        self.init(startingAfter: try query.text("starting_after_id"), limit: try call.limit())
        let names = try query.list("ids")
        let album = try query.text("album_id"), asset = try query.text("asset_id")
        ids = names.isEmpty ? nil : names.compactMap { PersonID($0) }
        self.album = album.flatMap { AlbumID($0) }
        self.asset = asset.flatMap { AssetID($0) }
        matchesNobody = (album != nil && self.album == nil) || (asset != nil && self.asset == nil)
        namePart = try query.text("name")
        let hasName = try query.flag("has_name").map { $0 ? Names.named : .unnamed }
        self.names = try query.choice("name_filter") ?? hasName ?? (ids == nil ? .named : .all)
        includesHidden =
            try query.flag("include_hidden") ?? (ids != nil || ClientGeneration(call.request.headers).listsHiddenPeople)
        sort = try query.choice("sort") ?? .newest
    }
}

extension FaceQuery {
    /// The conditions of a list of faces. A malformed id is like one that does not exist: it matches nothing.
    init(_ call: Call) throws(RequestProblem) {
        let query = call.query
        self.init(startingAfter: try query.text("starting_after_id"), limit: try call.limit())
        let names = try query.list("ids")
        let asset = try query.text("asset_id"), person = try query.text("person_id")
        ids = names.isEmpty ? nil : names.compactMap { FaceID($0) }
        self.asset = asset.flatMap { AssetID($0) }
        self.person = person.flatMap { PersonID($0) }
        matchesNothing = (asset != nil && self.asset == nil) || (person != nil && self.person == nil)
    }
}

extension NewPerson {
    init(_ body: JSONBody) throws(RequestProblem) {
        self.init(
            name: try body.text("name").orNil, birthDate: try body.birthDate("birth_date").orNil,
            isFavorite: try body.flag("is_favorite").orNil, isHidden: try body.flag("is_hidden").orNil,
            thumbnailFace: try body.text("thumbnail_face_id").orNil)
    }
}

extension PersonChange {
    /// The two flags cannot be cleared: older clients send null and mean "not changed".
    init(_ body: JSONBody) throws(RequestProblem) {
        self.init(
            name: FieldChange(try body.text("name")), birthDate: FieldChange(try body.birthDate("birth_date")),
            isFavorite: try body.flag("is_favorite").orNil, isHidden: try body.flag("is_hidden").orNil,
            thumbnailFace: FieldChange(try body.text("thumbnail_face_id")))
    }

    /// Changes of one request are at most these many (contract §17).
    private static let limit = 200

    /// The changes of several people, in order.
    static func several(_ body: JSONBody) throws(RequestProblem) -> [(id: String, change: PersonChange)] {
        guard let updates = try body.objects("updates").orNil, !updates.isEmpty else {
            throw .invalid(field: "updates", issue: "updates must hold at least one change.")
        }
        guard updates.count <= limit else { throw .invalid(field: "updates", issue: "updates holds at most \(limit) changes.") }
        var changes: [(id: String, change: PersonChange)] = []
        for update in updates {
            guard let change = try update.object("change").orNil else {
                throw .invalid(field: "change", issue: "Each of updates must hold a change.")
            }
            changes.append((try update.requiredText("id"), try PersonChange(change)))
        }
        return changes
    }
}

extension FieldChange {
    init(_ given: Given<Value>) {
        switch given {
        case .absent: self = .keep
        case .null: self = .clear
        case .value(let value): self = .set(value)
        }
    }
}

extension JSONBody {
    fileprivate func birthDate(_ name: String) throws(RequestProblem) -> Given<BirthDate> {
        switch try text(name) {
        case .absent: return .absent
        case .null: return .null
        case .value(let text):
            guard let date = BirthDate(text) else {
                throw .invalid(field: name, issue: "\(name) must be a date such as 1990-12-31.")
            }
            return .value(date)
        }
    }
}

extension FaceBox {
    /// - Throws: 422 unless all four numbers are there and whole.
    init(_ body: JSONBody) throws(RequestProblem) {
        guard let box = try body.object("bounding_box").orNil else {
            throw .invalid(field: "bounding_box", issue: "bounding_box is missing.")
        }
        func side(_ name: String) throws(RequestProblem) -> Int {
            // Missing or no whole number: what to do is the same, and the field is to be named with where it lies.
            guard case .value(let number)? = try? box.integer(name) else {
                throw .invalid(field: "bounding_box.\(name)", issue: "bounding_box.\(name) must be a whole number.")
            }
            return number
        }
        self.init(x: try side("x"), y: try side("y"), width: try side("w"), height: try side("h"))
    }
}
