public import BanksiaCore

/// What a user said about people or faces, kept so that it can be undone.
public struct Correction: Sendable, Equatable {
    public var id: CorrectionID
    public var libraryID: LibraryID
    public var kind: Kind
    /// `nil` when their account is gone.
    public var userID: UserID?
    /// Whom it was about, those it made among them, in the order of ids.
    public var people: [PersonID]
    /// How many faces it was about.
    public var faceCount: Int
    public var createdAt: Instant
    public var undoneAt: Instant?

    /// What was done.
    public enum Kind: String, Sendable, CaseIterable {
        case updatePeople = "update_people"
        case mergePeople = "merge_people"
        case splitPerson = "split_person"
        case tellPeopleApart = "tell_people_apart"
        case deletePerson = "delete_person"
        case assignFace = "assign_face"
        case detachFace = "detach_face"
        case ignoreFace = "ignore_face"
        case deleteFace = "delete_face"

        /// Whether it is undone only if there is still a face to undo it for.
        var isAboutFaces: Bool {
            switch self {
            case .splitPerson, .assignFace, .detachFace, .ignoreFace, .deleteFace: true
            case .updatePeople, .mergePeople, .tellPeopleApart, .deletePerson: false
            }
        }
    }
}

/// Which corrections of a library, newest first.
public struct CorrectionQuery: Sendable {
    /// Only those about this person; `nil` for all.
    public var person: PersonID?
    /// A condition that nothing can meet: the id in the request cannot exist.
    public var matchesNothing: Bool
    /// The id of the last one of the page before, as the client sent it.
    public var startingAfter: String?
    /// 1…200.
    public var limit: Int

    public init(person: PersonID? = nil, matchesNothing: Bool = false, startingAfter: String? = nil, limit: Int = 20) {
        self.person = person
        self.matchesNothing = matchesNothing
        self.startingAfter = startingAfter
        self.limit = limit
    }
}
