import Foundation

/// Distances between points of the unit sphere, as squares of the straight line between them: cheap to compute, and in the same
/// order as those along the ground.
enum Chord {
    /// The mean radius of the earth (IUGG R1).
    private static let earthKilometres = 6371.0088

    static func square(ofKilometres distance: Double) -> Float {
        let chord = 2 * sin(distance / (2 * earthKilometres))
        return Float(chord * chord)
    }

    static func kilometres(ofSquare square: Float) -> Double {
        2 * earthKilometres * asin(min(1, Double(square).squareRoot() / 2))
    }
}

/// The places as a tree over points of the unit sphere, where neither the 180th meridian nor a pole is special.
///
/// A stretch of places is parted at its middle: those before it have a smaller coordinate, those behind it a larger one, by x, y and z
/// in turn. Short stretches are not parted; `LEAF` in `scripts/prepare_places.py` is the same number.
extension PlacesFile {
    static let leaf = 8

    struct Neighbour {
        var place: Int
        /// The square of the straight line to it.
        var square: Float
    }

    /// The place nearest to a point, if there is one within a distance.
    func nearest(to point: SIMD3<Float>, within square: Float) -> Neighbour? {
        var best: Neighbour?
        var radius = square
        walk(0..<count, axis: 0, around: point, &radius) { found, radius in
            best = found
            radius = found.square
        }
        return best
    }

    /// Calls a function with every place within a distance of a point, in no order.
    func forEach(around point: SIMD3<Float>, within square: Float, _ body: (Neighbour) -> Void) {
        var radius = square
        walk(0..<count, axis: 0, around: point, &radius) { found, _ in body(found) }
    }

    /// - Parameter found: may shrink the radius.
    private func walk(
        _ stretch: Range<Int>, axis: Int, around point: SIMD3<Float>, _ radius: inout Float,
        _ found: (Neighbour, inout Float) -> Void
    ) {
        if stretch.count <= Self.leaf {
            for place in stretch { look(at: place, from: point, &radius, found) }
            return
        }
        let middle = (stretch.lowerBound + stretch.upperBound) / 2
        let offset = point[axis] - self.point(middle)[axis]
        let next = axis == 2 ? 0 : axis + 1
        let (before, behind) = (stretch.lowerBound..<middle, (middle + 1)..<stretch.upperBound)
        walk(offset < 0 ? before : behind, axis: next, around: point, &radius, found)
        look(at: middle, from: point, &radius, found)
        // What lies across the parting plane is at least as far as the plane.
        if offset * offset <= radius { walk(offset < 0 ? behind : before, axis: next, around: point, &radius, found) }
    }

    private func look(
        at place: Int, from point: SIMD3<Float>, _ radius: inout Float, _ found: (Neighbour, inout Float) -> Void
    ) {
        let line = self.point(place) - point
        let square = (line * line).sum()
        if square <= radius { found(Neighbour(place: place, square: square), &radius) }
    }
}
