import BanksiaSQL
import Foundation

extension GeoArea {
    /// From this share of the globe on, an area is taken to hold most of what has a position.
    private static let large = 0.25

    /// Whether it is taken to hold most of what has a position.
    var isLarge: Bool { if case .box(let box) = self { box.share >= Self.large } else { false } }

    /// The condition on a row of `asset`.
    ///
    /// A small area is looked up in the index of positions. For one that holds most of them, looking at each asset of a list
    /// in turn comes to the end of a page sooner.
    var condition: SQL {
        switch self {
        case .box where isLarge:
            """
            EXISTS (SELECT 1 FROM asset_metadata AS spot WHERE spot.asset_id = asset.id AND \(holds("spot")))
            """
        default: "asset.id IN (SELECT spot.asset_id FROM asset_metadata AS spot WHERE \(holds("spot")))"
        }
    }

    /// The condition on the position in a row of `asset_metadata`, under whatever name.
    func holds(_ row: SQL) -> SQL {
        switch self {
        case .box(let box): box.holds(row)
        case .circle(let circle): "\(GeoBox(around: circle).holds(row)) AND \(circle.holds(row))"
        }
    }
}

extension GeoBox {
    /// 180° east and 180° west are the same meridian, so a box that ends there holds both.
    fileprivate func holds(_ row: SQL) -> SQL {
        let latitude: SQL = "\(row).latitude BETWEEN \(south) AND \(north)"
        let (least, greatest): (SQL, SQL) = ("\(row).longitude >= \(west)", "\(row).longitude <= \(east)")
        if isFullCircle { return "\(latitude) AND \(row).longitude IS NOT NULL" }
        if west > east { return "\(latitude) AND (\(least) OR \(greatest))" }
        if east == 180 { return "\(latitude) AND (\(least) OR \(row).longitude = -180)" }
        if west == -180 { return "\(latitude) AND (\(greatest) OR \(row).longitude = 180)" }
        return "\(latitude) AND \(least) AND \(greatest)"
    }

    /// A longitude as one meets it on the way from the box's west to its east, so that it rises all the way: beyond the 180th
    /// meridian it goes on above 180.
    func unrolled(_ longitude: SQL) -> SQL {
        if west == -180 { return "CASE WHEN \(longitude) >= 180 THEN \(longitude) - 360 ELSE \(longitude) END" }
        return "CASE WHEN \(longitude) < \(west) THEN \(longitude) + 360 ELSE \(longitude) END"
    }
}

extension GeoCircle {
    /// The haversine of the distance against that of the radius, which keeps its precision for short distances (Sinnott,
    /// "Virtues of the Haversine", 1984).
    fileprivate func holds(_ row: SQL) -> SQL {
        let bound = pow(sin(radius / Self.earthRadius / 2), 2)
        let parallel = cos(center.latitude * .pi / 180)
        return """
            power(sin(radians(\(row).latitude - \(center.latitude)) / 2), 2) + \(parallel) * cos(radians(\(row).latitude))
                * power(sin(radians(\(row).longitude - \(center.longitude)) / 2), 2) <= \(bound)
            """
    }
}
