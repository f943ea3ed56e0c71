import Testing

/// A request that lists something, as its tests see it.
struct Listing: Sendable, CustomTestStringConvertible {
    /// A path and query; names in braces stand for ids of `Crowd`.
    var path: String
    /// How its rows are found.
    var way = Way.walk

    enum Way {
        /// Along an index, in the order of the answer: a page takes no longer however much there is.
        case walk
        /// By something that few rows have, and sorted then.
        case lookUp
        /// All that meet the conditions, because the answer is about all of them.
        case all
    }

    var testDescription: String { path }

    /// Every operation that lists, with every family of filters.
    static let all: [Listing] =
        [
            "/api/assets?limit=200", "/api/assets?limit=200&include=", "/api/assets?limit=200&include=metadata",
            "/api/assets?limit=200&order=asc", "/api/assets?limit=200&state=trashed", "/api/assets?limit=200&state=all",
            "/api/assets?limit=200&starting_after_id={asset}", "/api/assets?limit=200&album_filter=in_album",
            "/api/assets?limit=200&album_filter=not_in_album", "/api/assets?limit=200&media_type=image",
            "/api/assets?limit=200&ratings=5",
            "/api/assets?limit=200&ratings=0",
            "/api/assets?limit=200&local_datetime_after=2000-01-01T00:00:00",
            "/api/assets?limit=200&local_datetime_before=2100-01-01T00:00:00Z",
            "/api/assets?limit=200&bbox=-180,-90,180,90", "/api/search?limit=200&media_type=image",
            "/api/albums?limit=200", "/api/albums?limit=200&starting_after_id={album}", "/api/albums?limit=200&name=album",
            "/api/album-assets?limit=200", "/api/album-assets?limit=200&album_id={album}",
            "/api/people?limit=200&name_filter=all", "/api/people?limit=200&name_filter=named",
            "/api/people?limit=200&name_filter=unnamed", "/api/people?limit=200&sort=name_desc&name_filter=all",
            "/api/people?limit=200&sort=asset_count_desc", "/api/people?limit=200&name=Person",
            "/api/faces?limit=200", "/api/faces?limit=200&asset_id={asset}", "/api/faces?limit=200&person_id={person}",
            "/api/stacks?limit=200", "/api/stacks?limit=200&include=asset_ids", "/api/stacks?limit=200&origin=user",
            "/api/assets/{asset}/versions",
            "/api/libraries/{library}/members", "/api/events?limit=200", "/api/events?limit=200&entity_types=asset",
            "/api/events?limit=200&created_at_gte=2000-01-01T00:00:00Z", "/api/tasks/asset/{asset}",
            "/api/tasks/", "/api/tasks/?library_id={library}", "/api/tasks/?task_type=thumbhash", "/api/tasks/?status=failure",
        ].map { Listing(path: $0) }
        + [
            "/api/assets?limit=200&ids={asset}", "/api/assets?limit=200&album_id={album}",
            "/api/assets?limit=200&person_id={person}", "/api/assets?limit=200&person_ids={person},{other_person}",
            "/api/assets?limit=200&stack_id={stack}", "/api/assets?limit=200&ratings=4,5",
            "/api/assets?limit=200&bbox=9,49,11,51", "/api/assets?limit=200&center=10,50&radius=1000",
            "/api/search?limit=200&album_id={album}", "/api/search?limit=200&query=photo",
            "/api/albums?limit=200&asset_id={asset}", "/api/albums?limit=200&ids={album}", "/api/albums/{album}/assets",
            "/api/album-assets?limit=200&asset_id={asset}", "/api/album-assets?limit=200&ids={album}",
            "/api/people?limit=200&asset_id={asset}", "/api/people?limit=200&album_id={album}",
            "/api/people?limit=200&ids={person}",
            "/api/faces?limit=200&ids={face}", "/api/stacks?limit=200&ids={stack}",
            "/api/stacks?limit=200&primary_asset_id={asset}",
            "/api/events?limit=200&entity_types=asset,album", "/api/libraries", "/api/libraries?state=all",
            "/api/libraries/invitations", "/api/api-keys/",
        ].map { Listing(path: $0, way: .lookUp) }
        + [
            "/api/assets/counts?group_by=day", "/api/assets/counts?group_by=month&album_id={album}",
            "/api/assets/geo-clusters?bbox=-180,-90,180,90&cell_size=1", "/api/assets/geo-clusters?bbox=9,49,11,51&cell_size=1",
        ].map { Listing(path: $0, way: .all) }
}
