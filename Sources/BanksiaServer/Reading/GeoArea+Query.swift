import BanksiaLibrary

extension GeoArea {
    /// Metres; a larger circle is asked for as a box.
    private static let largestRadius = 50_000.0

    /// The area that a list is limited to; nil when none is named.
    init?(_ query: Query) throws(RequestProblem) {
        let box = try GeoBox(query)
        let center = try GeoPoint(query)
        let radius = try query.number("radius", in: 0...Self.largestRadius)
        switch (box, center, radius) {
        case (nil, nil, nil): return nil
        case (let box?, nil, nil): self = .box(box)
        case (_?, _, _): throw .invalid(field: "bbox", issue: "Send either bbox or center with radius.")
        case (nil, let center?, let radius?):
            guard radius > 0 else { throw .invalid(field: "radius", issue: "radius must be more than 0 metres.") }
            self = .circle(GeoCircle(center: center, radius: radius))
        case (nil, nil, _?): throw .invalid(field: "center", issue: "radius needs center, which is longitude,latitude.")
        case (nil, _?, nil): throw .invalid(field: "radius", issue: "center needs radius, in metres.")
        }
    }
}

extension GeoBox {
    /// The query's `bbox`; nil when there is none.
    init?(_ query: Query) throws(RequestProblem) {
        guard let sides = try query.degrees("bbox") else { return nil }
        guard sides.count == 4, let box = GeoBox(west: sides[0], south: sides[1], east: sides[2], north: sides[3]) else {
            throw .invalid(
                field: "bbox",
                issue: "bbox must be min_longitude,min_latitude,max_longitude,max_latitude, within -180…180 and -90…90 degrees.")
        }
        self = box
    }
}

extension GeoPoint {
    /// The query's `center`; nil when there is none.
    fileprivate init?(_ query: Query) throws(RequestProblem) {
        guard let parts = try query.degrees("center") else { return nil }
        guard parts.count == 2, let point = GeoPoint(latitude: parts[1], longitude: parts[0]) else {
            throw .invalid(field: "center", issue: "center must be longitude,latitude, within -180…180 and -90…90 degrees.")
        }
        self = point
    }
}

extension Query {
    /// Numbers with commas between them; empty when one of them is none, which no parameter takes.
    fileprivate func degrees(_ name: String) throws(RequestProblem) -> [Double]? {
        guard let text = try text(name) else { return nil }
        let words = text.split(separator: ",", omittingEmptySubsequences: false).map { $0.filter { $0 != " " } }
        let numbers = words.compactMap { word in word.allSatisfy { "0123456789+-.eE".contains($0) } ? Double(word) : nil }
        return numbers.count == words.count ? numbers : []
    }
}
