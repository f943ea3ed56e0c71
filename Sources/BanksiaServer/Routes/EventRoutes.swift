import BanksiaAPI
import BanksiaCore
import BanksiaLibrary
import Hummingbird

/// The change feed.
enum EventRoutes {
    static let operations: [Operation] = [
        Operation(.get, "/api/events", "list_events", .needs(.read, .viewer), list)
    ]

    static func list(_ call: Call) async throws -> Response {
        let library = try await call.targetLibrary()
        let before = ClientGeneration(call.request.headers).stopsFeedAtUpperBound ? try call.query.time("created_at_lt") : nil
        let query = EventQuery(
            entities: try entities(call.query), after: try call.query.text("after_cursor"), asOf: try call.query.text("as_of"),
            createdFrom: try call.query.time("created_at_gte")?.asInstant, createdBefore: before?.asInstant,
            limit: try call.limit())
        return .json(EventsResponse(try await call.library.events.list(query, in: library, by: call.viewer)), capacity: 8192)
    }

    /// What was once told as `exif` is told as `metadata` today; the old name is known and matches nothing.
    private static func entities(_ query: Query) throws -> Set<EventEntity>? {
        let names = try query.list("entity_types")
        guard !names.isEmpty else { return nil }
        return Set(
            try names.filter { $0 != "exif" }.map { name in
                guard let entity = EventEntity(rawValue: name) else {
                    throw RequestProblem.unknownChoice(field: "entity_types", among: EventEntity.allCases.map(\.rawValue))
                }
                return entity
            })
    }
}

extension CaptureTime {
    /// Where no offset is given, UTC is meant.
    fileprivate var asInstant: Instant { instant ?? Instant(microseconds: wallMicroseconds) }
}

extension EventsResponse {
    init(_ page: EventPage) {
        self.init(
            asOf: page.asOf.description,
            data: page.events.items.map {
                EventResponse(
                    createdAt: $0.createdAt, cursor: $0.cursor.description, entityID: $0.entityID, entityType: $0.entity,
                    eventType: $0.type, payload: $0.payload)
            }, hasMore: page.events.hasMore, nextCursor: page.next?.description)
    }
}
