package import BanksiaCore

/// One entry of a library's change feed.
package struct EventResponse: JSONWritable, Sendable {
    package let createdAt: Instant
    package let cursor: String
    package let entityID: String
    package let entityType: String
    package let eventType: String
    package let payload: [String: String?]?

    package init(
        createdAt: Instant, cursor: String, entityID: String, entityType: String, eventType: String, payload: [String: String?]?
    ) {
        self.createdAt = createdAt
        self.cursor = cursor
        self.entityID = entityID
        self.entityType = entityType
        self.eventType = eventType
        self.payload = payload
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("created_at", createdAt)
            $0.field("cursor", cursor)
            $0.field("entity_id", entityID)
            $0.field("entity_type", entityType)
            $0.field("event_type", eventType)
            $0.key("payload")
            guard let payload else { return $0.null() }
            $0.object { writer in
                for (key, value) in payload.sorted(by: { $0.key < $1.key }) {
                    writer.key(dynamic: key)
                    value.write(to: &writer)
                }
            }
        }
    }
}

/// A page of a library's change feed.
package struct EventsResponse: JSONWritable, Sendable {
    package let asOf: String
    package let data: [EventResponse]
    package let hasMore: Bool
    package let nextCursor: String?

    package init(asOf: String, data: [EventResponse], hasMore: Bool, nextCursor: String?) {
        self.asOf = asOf
        self.data = data
        self.hasMore = hasMore
        self.nextCursor = nextCursor
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("as_of", asOf)
            $0.field("data", data)
            $0.field("has_more", hasMore)
            $0.field("next_cursor", nextCursor)
        }
    }
}
