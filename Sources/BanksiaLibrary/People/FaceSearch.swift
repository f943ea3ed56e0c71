import BanksiaCore
import BanksiaMedia
public import BanksiaVision

/// How pictures are looked through for faces.
public struct FaceSearch: Sendable {
    /// The longest edge at which a picture is looked at, in pixels. More finds smaller faces and takes longer.
    public var detail: Int
    /// Which faces count.
    public var limits: FaceLimits

    public init(detail: Int = 1600, limits: FaceLimits = FaceLimits()) {
        self.detail = detail
        self.limits = limits
    }
}

/// A found face, laid upon the upload.
struct PlacedFace: Sendable {
    var box: FaceBox
    var found: FoundFace

    /// - Parameters:
    ///   - shown: the size of the picture that was looked at.
    ///   - size: that of the upload, in display pixels.
    /// - Returns: `nil` when nothing of the face is inside.
    init?(_ found: FoundFace, in shown: PixelSize, of size: PixelSize) {
        let across = Double(size.width) / Double(shown.width), down = Double(size.height) / Double(shown.height)
        func pixel(_ value: Float, _ scale: Double, upTo limit: Int) -> Int {
            Int(min(max((Double(value) * scale).rounded(), 0), Double(limit)))
        }
        let left = pixel(found.box.x, across, upTo: size.width)
        let top = pixel(found.box.y, down, upTo: size.height)
        let right = pixel(found.box.x + found.box.width, across, upTo: size.width)
        let bottom = pixel(found.box.y + found.box.height, down, upTo: size.height)
        box = FaceBox(x: left, y: top, width: right - left, height: bottom - top)
        guard box.fits(in: size) else { return nil }
        self.found = found
    }
}

extension FaceBox {
    /// What two boxes share, of what they cover together; 0 to 1.
    func likeness(to other: FaceBox) -> Double {
        let across = min(x + width, other.x + other.width) - max(x, other.x)
        let down = min(y + height, other.y + other.height) - max(y, other.y)
        guard across > 0, down > 0 else { return 0 }
        let shared = Double(across) * Double(down)
        return shared / (Double(width) * Double(height) + Double(other.width) * Double(other.height) - shared)
    }

    /// From here on two boxes are of the same face: a detector that is run twice, or another one, agrees that far.
    static let sameFace = 0.4

    /// Which of some boxes are of the same faces as these: pairs of places in both lists, the likest first, each place once.
    static func pairs(_ boxes: [FaceBox], _ others: [FaceBox]) -> [(Int, Int)] {
        var likenesses: [(value: Double, place: Int, other: Int)] = []
        for (place, box) in boxes.enumerated() {
            for (otherPlace, other) in others.enumerated() {
                let value = box.likeness(to: other)
                if value >= sameFace { likenesses.append((value, place, otherPlace)) }
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
}
