import BanksiaSQL

/// Where a face is, and in a film also when.
struct FaceSpot: Sendable, Comparable {
    /// In display pixels of the upload.
    var box: FaceBox
    /// Milliseconds into a film; `nil` in a picture, and in a film's still.
    var timestampMs: Int?

    /// What two boxes share, of what they cover together, 0 to 1; 0 at another time.
    func likeness(to other: FaceSpot) -> Double { timestampMs == other.timestampMs ? box.likeness(to: other.box) : 0 }

    /// From here on two are of the same face: a detector that is run twice, or another one, agrees that far.
    private static let sameFace = 0.4

    func isSameFace(as other: FaceSpot) -> Bool { likeness(to: other) >= Self.sameFace }

    static func < (one: FaceSpot, other: FaceSpot) -> Bool {
        (one.timestampMs ?? -1, one.box.x, one.box.y) < (other.timestampMs ?? -1, other.box.x, other.box.y)
    }

    /// Which of some spots are of the same faces as these: pairs of places in both lists, the likest first, each place once.
    static func pairs(_ spots: [FaceSpot], _ others: [FaceSpot]) -> [(Int, Int)] {
        var likenesses: [(value: Double, place: Int, other: Int)] = []
        for (place, spot) in spots.enumerated() {
            for (otherPlace, other) in others.enumerated() where spot.isSameFace(as: other) {
                likenesses.append((spot.likeness(to: other), place, otherPlace))
            }
        }
        likenesses.sort { ($1.value, $0.place, $0.other) < ($0.value, $1.place, $1.other) }
        var (taken, takenOthers): (Set<Int>, Set<Int>) = ([], [])
        return likenesses.compactMap { _, place, other in
            guard !taken.contains(place), !takenOthers.contains(other) else { return nil }
            taken.insert(place)
            takenOthers.insert(other)
            return (place, other)
        }
    }

    static let columns: SQL = "face.x, face.y, face.width, face.height, face.timestamp_ms"

    /// - Parameter first: the place of the first of `columns`.
    init(_ row: Row, at first: Int) throws {
        box = FaceBox(
            x: try row.value(first), y: try row.value(first + 1), width: try row.value(first + 2),
            height: try row.value(first + 3))
        timestampMs = try row.value(first + 4)
    }

    init(box: FaceBox, timestampMs: Int? = nil) {
        self.box = box
        self.timestampMs = timestampMs
    }
}

extension FaceBox {
    /// What two boxes share, of what they cover together; 0 to 1.
    fileprivate func likeness(to other: FaceBox) -> Double {
        let across = min(x + width, other.x + other.width) - max(x, other.x)
        let down = min(y + height, other.y + other.height) - max(y, other.y)
        guard across > 0, down > 0 else { return 0 }
        let shared = Double(across) * Double(down)
        return shared / (Double(width) * Double(height) + Double(other.width) * Double(other.height) - shared)
    }
}
