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
    var spot: FaceSpot
    var found: FoundFace

    /// - Parameters:
    ///   - shown: the size of the picture that was looked at.
    ///   - size: that of the upload, in display pixels.
    ///   - milliseconds: where in a film.
    /// - Returns: `nil` when nothing of the face is inside, or its place is no number.
    init?(_ found: FoundFace, in shown: PixelSize, of size: PixelSize, at milliseconds: Int? = nil) {
        guard [found.box.x, found.box.y, found.box.width, found.box.height].allSatisfy(\.isFinite) else { return nil }
        let across = Double(size.width) / Double(shown.width), down = Double(size.height) / Double(shown.height)
        func pixel(_ value: Float, _ scale: Double, upTo limit: Int) -> Int {
            Int(min(max((Double(value) * scale).rounded(), 0), Double(limit)))
        }
        let left = pixel(found.box.x, across, upTo: size.width)
        let top = pixel(found.box.y, down, upTo: size.height)
        let right = pixel(found.box.x + found.box.width, across, upTo: size.width)
        let bottom = pixel(found.box.y + found.box.height, down, upTo: size.height)
        let box = FaceBox(x: left, y: top, width: right - left, height: bottom - top)
        guard box.fits(in: size) else { return nil }
        spot = FaceSpot(box: box, timestampMs: milliseconds)
        self.found = found
    }

    /// What the pictures of a film show of each person: their looks, best first.
    ///
    /// Faces that tell nothing are left out: a moving head has one in each picture. Faces in the same picture are two people's.
    static func looks(_ faces: [PlacedFace], _ rules: GroupingRules) -> [[PlacedFace]] {
        let clear = faces.filter { $0.found.strength >= rules.recognisable }
            .sorted { $0.found.quality == $1.found.quality ? $0.spot < $1.spot : $0.found.quality > $1.found.quality }
        var people: [[PlacedFace]] = []
        for face in clear {
            let same = people.firstIndex { looks in
                looks.contains { $0.found.likeness(to: face.found) >= rules.certain }
                    && !looks.contains { $0.spot.timestampMs == face.spot.timestampMs }
            }
            if let same { people[same].append(face) } else if people.count < FaceLimits.mostFaces { people.append([face]) }
        }
        return people
    }
}

extension FoundFace {
    /// The cosine of two faces.
    fileprivate func likeness(to other: FoundFace) -> Float { zip(vector, other.vector).reduce(0) { $0 + $1.0 * $1.1 } }
}
