import BanksiaCore
import BanksiaSQL

/// What the finds of a search have in common: whom they show, where and with what they were taken, with how many each.
public struct SearchFacets: Sendable, Equatable {
    /// One value and how many have it.
    public struct Value: Sendable, Equatable {
        /// The id of a person or an album.
        public var id: String?
        public var name: String
        public var count: Int
    }

    public var people: [Value]
    public var albums: [Value]
    public var places: [Value]
    public var cameras: [Value]
    public var mediaTypes: [Value]
    public var years: [Value]

    /// More finds than these, the closest, are not looked at.
    static let mostAssets = 5000
    /// Of each kind, those that most have.
    private static let mostValues = 20

    /// Whose facets.
    enum Source {
        case assets([AssetID])
        case filter(AssetFilter)
    }

    static func of(_ source: Source, in library: LibraryID, by viewer: Viewer, _ tx: borrowing Transaction) throws -> SearchFacets
    {
        let condition: SQL =
            switch source {
            case .assets(let ids): "asset.id IN \(SQL.list(ids)) AND \(viewer.seesAsset)"
            case .filter(let filter): "\(filter.isIn(library)) AND \(viewer.seesAsset) AND \(filter.condition)"
            }
        func values(_ name: SQL, from tables: SQL, where more: SQL = "TRUE") throws -> [Value] {
            try tx.rows(
                """
                SELECT \(name) AS value_name, COUNT(*) AS finds FROM \(tables)
                WHERE \(condition) AND \(more) GROUP BY \(name) ORDER BY finds DESC, value_name LIMIT \(mostValues)
                """
            ) { Value(id: nil, name: try $0.value(0), count: try $0.value(1)) }
        }
        func linked<Subject>(_ id: SQL, _ name: SQL, from tables: SQL, where more: SQL, as: Identifier<Subject>.Type) throws
            -> [Value]
        {
            try tx.rows(
                """
                SELECT \(id) AS value_id, \(name) AS value_name, COUNT(DISTINCT asset.id) AS finds FROM \(tables)
                WHERE \(condition) AND \(more) GROUP BY \(id), \(name) ORDER BY finds DESC, value_name, value_id LIMIT \(mostValues)
                """
            ) {
                Value(id: "\(try $0.value(0, as: Identifier<Subject>.self))", name: try $0.value(1), count: try $0.value(2))
            }
        }
        let metadata: SQL = "asset JOIN asset_metadata ON asset_metadata.asset_id = asset.id"
        let year: SQL = SQL.start(of: .year, "asset.local_wall")
        let years: [Value] = try tx.rows(
            """
            SELECT \(year) AS value_name, COUNT(*) AS finds FROM asset WHERE \(condition)
            GROUP BY \(year) ORDER BY finds DESC, value_name DESC LIMIT \(mostValues)
            """
        ) {
            Value(
                id: nil, name: String(CivilTime(microseconds: try $0.value(0, as: Int64.self)).year),
                count: try $0.value(1))
        }
        return SearchFacets(
            people: try linked(
                "person.id", "person.name",
                from: "asset JOIN face ON face.asset_id = asset.id JOIN person ON person.id = face.person_id",
                where: "person.name IS NOT NULL AND NOT person.is_hidden", as: PersonID.self),
            albums: try linked(
                "album.id", "album.name",
                from: "asset JOIN album_asset ON album_asset.asset_id = asset.id JOIN album ON album.id = album_asset.album_id",
                where: "TRUE", as: AlbumID.self),
            places: try values("asset_metadata.city", from: metadata, where: "asset_metadata.city IS NOT NULL"),
            cameras: try values("asset_metadata.model", from: metadata, where: "asset_metadata.model IS NOT NULL"),
            mediaTypes: try values("asset.media_class", from: "asset"), years: years)
    }
}
