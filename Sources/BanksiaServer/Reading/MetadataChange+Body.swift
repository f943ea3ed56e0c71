import BanksiaCore
import BanksiaLibrary

extension MetadataChange {
    /// Reads the contract's `AssetChange`; what is not there stays as it is.
    init(_ body: JSONBody) throws(RequestProblem) {
        self.init(
            originalDateTime: try Self.time(body), position: try Self.position(body),
            rating: Edit(try body.integer("rating", in: 0...5)), description: try Self.description(body))
    }

    private static func time(_ body: JSONBody) throws(RequestProblem) -> Edit<CaptureTime> {
        switch try body.text("original_datetime") {
        case .absent: return .keep
        case .null: return .clear
        case .value(let text):
            guard let time = CaptureTime(text) else {
                throw .invalid(field: "original_datetime", issue: "original_datetime must be an ISO 8601 date and time.")
            }
            return .set(time)
        }
    }

    /// Both numbers or neither (contract §7).
    private static func position(_ body: JSONBody) throws(RequestProblem) -> Edit<GeoPosition> {
        let latitude = try body.number("latitude", in: -90...90)
        let longitude = try body.number("longitude", in: -180...180)
        switch (latitude, longitude) {
        case (.absent, .absent): return .keep
        case (.null, .null): return .clear
        case (.value(let latitude), .value(let longitude)): return .set(GeoPosition(latitude: latitude, longitude: longitude))
        case (.absent, _), (.null, .value):
            throw .invalid(field: "latitude", issue: "latitude and longitude are set, or removed, together.")
        case (_, .absent), (.value, .null):
            throw .invalid(field: "longitude", issue: "latitude and longitude are set, or removed, together.")
        }
    }

    /// An empty text says nothing, so it takes the user's word back.
    private static func description(_ body: JSONBody) throws(RequestProblem) -> Edit<String> {
        switch try body.text("description") {
        case .absent: return .keep
        case .null: return .clear
        case .value(let text):
            guard text.unicodeScalars.count <= longestDescription else {
                throw .invalid(field: "description", issue: "description has at most \(longestDescription) characters.")
            }
            return text.allSatisfy(\.isWhitespace) ? .clear : .set(text)
        }
    }
}

extension Edit {
    /// `null` takes a user's word back.
    init(_ given: Given<Value>) {
        self =
            switch given {
            case .absent: .keep
            case .null: .clear
            case .value(let value): .set(value)
            }
    }
}
