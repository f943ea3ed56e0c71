/// A rectangle that text lies in, at any angle.
struct TextRegion: Equatable {
    struct Point: Equatable {
        var x: Double
        var y: Double
    }

    var middle: Point
    /// The direction in which it is read, of length 1.
    var along: Point
    /// Its length in the direction of reading.
    var length: Double
    /// Its height, square to that.
    var height: Double

    /// The same, read from the other end.
    var reversed: TextRegion {
        TextRegion(middle: middle, along: Point(x: -along.x, y: -along.y), length: length, height: height)
    }

    /// The text's top left corner, then clockwise, as the reader sees it.
    var corners: [Point] {
        let (dx, dy) = (along.x * length / 2, along.y * length / 2), (ux, uy) = (-along.y * height / 2, along.x * height / 2)
        return [
            Point(x: middle.x - dx - ux, y: middle.y - dy - uy), Point(x: middle.x + dx - ux, y: middle.y + dy - uy),
            Point(x: middle.x + dx + ux, y: middle.y + dy + uy), Point(x: middle.x - dx + ux, y: middle.y - dy + uy),
        ]
    }

    /// Larger by this much on every side.
    func grown(by margin: Double) -> TextRegion {
        TextRegion(middle: middle, along: along, length: length + 2 * margin, height: height + 2 * margin)
    }

    /// In the pixels of the picture of which `scale` was looked at.
    func divided(by scale: Double) -> TextRegion {
        // Pixels are squares: the place 0 is the middle of the first one in both pictures.
        func moved(_ value: Double) -> Double { (value + 0.5) / scale - 0.5 }
        return TextRegion(
            middle: Point(x: moved(middle.x), y: moved(middle.y)), along: along, length: length / scale, height: height / scale)
    }
}

extension TextRegion {
    /// The smallest rectangle around places: one of its sides lies along a side of their convex hull (Freeman and Shapira, 1975).
    ///
    /// It is read along its longer side, unless the sides are much alike: then along the one that is more nearly level. Level
    /// text is read to the right, upright text downwards.
    ///
    /// - Returns: `nil` for places on one line.
    init?(around places: [Point]) {
        let hull = Self.hull(of: places)
        guard hull.count >= 3 else { return nil }
        var smallest: (area: Double, region: TextRegion)?
        for (place, next) in zip(hull, hull.dropFirst() + [hull[0]]) {
            let (dx, dy) = (next.x - place.x, next.y - place.y), size = (dx * dx + dy * dy).squareRoot()
            let along = Point(x: dx / size, y: dy / size)
            let lengths = hull.map { $0.x * along.x + $0.y * along.y }, heights = hull.map { $0.y * along.x - $0.x * along.y }
            guard let left = lengths.min(), let right = lengths.max(), let top = heights.min(), let bottom = heights.max() else {
                return nil
            }
            let area = (right - left) * (bottom - top)
            if let smallest, smallest.area <= area { continue }
            let (u, v) = ((left + right) / 2, (top + bottom) / 2)
            smallest = (
                area,
                TextRegion(
                    middle: Point(x: u * along.x - v * along.y, y: u * along.y + v * along.x), along: along, length: right - left,
                    height: bottom - top)
            )
        }
        guard let region = smallest?.region else { return nil }
        self = region.asRead
    }

    private var asRead: TextRegion {
        let isLevel = abs(along.x) >= abs(along.y)
        let isTurned = max(length, height) > 1.5 * min(length, height) ? height > length : !isLevel
        var region = self
        if isTurned {
            region.along = Point(x: -along.y, y: along.x)
            (region.length, region.height) = (height, length)
        }
        let isUpright = abs(region.along.x) < 0.2
        return (isUpright ? region.along.y : region.along.x) < 0 ? region.reversed : region
    }

    /// The convex hull, without places on its sides (Andrew's monotone chain, 1979).
    static func hull(of places: [Point]) -> [Point] {
        let sorted = places.sorted { ($0.x, $0.y) < ($1.x, $1.y) }
        func chain(_ places: some Sequence<Point>) -> [Point] {
            var chain: [Point] = []
            for place in places {
                while chain.count >= 2, !Self.turns(chain[chain.count - 2], chain[chain.count - 1], place) { chain.removeLast() }
                chain.append(place)
            }
            return chain.dropLast()
        }
        return chain(sorted) + chain(sorted.reversed())
    }

    private static func turns(_ a: Point, _ b: Point, _ c: Point) -> Bool {
        (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x) > 0
    }
}
