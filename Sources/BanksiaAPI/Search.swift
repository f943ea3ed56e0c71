/// One found asset; `distance` is nil when nothing asked for content.
package struct SearchResultResponse: JSONWritable, Sendable {
    package let asset: AssetResponse
    package let distance: Double?
    /// What led to it; only told when that was asked for.
    package let explanation: [SearchReasonResponse]?

    package init(asset: AssetResponse, distance: Double?, explanation: [SearchReasonResponse]? = nil) {
        self.asset = asset
        self.distance = distance
        self.explanation = explanation
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("asset", asset)
            $0.field("distance", distance)
            if let explanation { $0.field("explanation", explanation) }
        }
    }
}

/// One way of searching that led to an asset.
package struct SearchReasonResponse: JSONWritable, Sendable {
    package let stage: String
    package let distance: Double
    package let score: Double?
    package let words: [Word]
    /// The lines in the picture that hold one of them.
    package let lines: [TextLineResponse]

    /// A word of the query that stands with the asset.
    package struct Word: JSONWritable, Sendable {
        package let word: String
        package let match: String

        package init(word: String, match: String) {
            self.word = word
            self.match = match
        }

        package func write(to writer: inout JSONWriter) {
            writer.object {
                $0.field("word", word)
                $0.field("match", match)
            }
        }
    }

    package init(stage: String, distance: Double, score: Double?, words: [Word], lines: [TextLineResponse]) {
        self.stage = stage
        self.distance = distance
        self.score = score
        self.words = words
        self.lines = lines
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("stage", stage)
            $0.field("distance", distance)
            $0.field("score", score)
            $0.field("words", words)
            $0.field("lines", lines)
        }
    }
}

/// What was understood of a query.
package struct SearchReadingResponse: JSONWritable, Sendable {
    package let kind: String
    package let text: String
    package let value: String
    package let id: String?
    package let effect: String

    package init(kind: String, text: String, value: String, id: String?, effect: String) {
        self.kind = kind
        self.text = text
        self.value = value
        self.id = id
        self.effect = effect
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("kind", kind)
            $0.field("text", text)
            $0.field("value", value)
            $0.field("id", id)
            $0.field("effect", effect)
        }
    }
}

/// A name, of what kind, and how many assets it leads to.
package struct SearchNameResponse: JSONWritable, Sendable {
    package let kind: String?
    package let name: String
    package let id: String?
    package let count: Int

    package init(kind: String? = nil, name: String, id: String?, count: Int) {
        self.kind = kind
        self.name = name
        self.id = id
        self.count = count
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            if let kind { $0.field("kind", kind) }
            $0.field("name", name)
            $0.field("id", id)
            $0.field("count", count)
        }
    }
}

/// Names and how many of the finds have each, by kind.
package struct SearchFacetsResponse: JSONWritable, Sendable {
    package let people: [SearchNameResponse]
    package let albums: [SearchNameResponse]
    package let places: [SearchNameResponse]
    package let cameras: [SearchNameResponse]
    package let mediaTypes: [SearchNameResponse]
    package let years: [SearchNameResponse]

    package init(
        people: [SearchNameResponse], albums: [SearchNameResponse], places: [SearchNameResponse], cameras: [SearchNameResponse],
        mediaTypes: [SearchNameResponse], years: [SearchNameResponse]
    ) {
        self.people = people
        self.albums = albums
        self.places = places
        self.cameras = cameras
        self.mediaTypes = mediaTypes
        self.years = years
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("people", people)
            $0.field("albums", albums)
            $0.field("places", places)
            $0.field("cameras", cameras)
            $0.field("media_types", mediaTypes)
            $0.field("years", years)
        }
    }
}

/// A page of what was found. What the contract does not know stands there only when it was asked for.
package struct SearchResponse: JSONWritable, Sendable {
    package let data: [SearchResultResponse]
    package let hasMore: Bool
    package let total: Int?
    package let understood: [SearchReadingResponse]?
    package let facets: SearchFacetsResponse?

    package init(
        data: [SearchResultResponse], hasMore: Bool, total: Int?, understood: [SearchReadingResponse]?,
        facets: SearchFacetsResponse?
    ) {
        self.data = data
        self.hasMore = hasMore
        self.total = total
        self.understood = understood
        self.facets = facets
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("data", data)
            $0.field("has_more", hasMore)
            if let total { $0.field("total", total) }
            if let understood { $0.field("understood", understood) }
            if let facets { $0.field("facets", facets) }
        }
    }
}
