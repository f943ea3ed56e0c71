"""Where photos were taken: boxes, circles, clusters of a map view."""

from __future__ import annotations

import gumnut
import pytest
from kit import pictures
from kit.account import Account
from kit.contract import assert_complete, assert_problem

VIENNA, GRAZ, FIJI_WEST, FIJI_EAST, QUITO = (48.2, 16.37), (47.07, 15.44), (-17.0, 179.5), (-17.0, -179.5), (-0.2, -78.5)
WORLD = "-180,-90,180,90"


@pytest.fixture(scope="module")
def places(account: Account) -> dict[tuple[float, float], str]:
    """A photo at each place, taken a day apart, and one that nobody knows the place of."""
    known = [VIENNA, GRAZ, FIJI_WEST, FIJI_EAST, QUITO]
    made = {place: account.upload(pictures.jpeg(900 + day, taken=f"2023:01:0{day + 1} 12:00:00", place=place))["id"] for day, place in enumerate(known)}
    account.upload(pictures.jpeg(950, taken="2023:02:01 12:00:00"))
    return made


def found(account: Account, **query: object) -> list[str]:
    return [asset.id for asset in account.sdk.assets.list(order="asc", **query)]


def test_the_place_is_read_from_the_file(account: Account, places: dict) -> None:
    metadata = account.sdk.assets.retrieve(places[QUITO], include=["metadata"]).metadata
    assert metadata and metadata.latitude == pytest.approx(-0.2) and metadata.longitude == pytest.approx(-78.5)


def test_a_box_selects_what_lies_in_it(account: Account, places: dict) -> None:
    assert found(account, bbox="15,46,17,49") == [places[VIENNA], places[GRAZ]]
    assert found(account, bbox="16.37,48.2,16.37,48.2") == [places[VIENNA]]
    assert found(account, bbox="0,0,1,1") == []
    assert found(account, bbox=WORLD) == list(places.values())


def test_a_box_whose_west_is_greater_than_its_east_crosses_the_180th_meridian(account: Account, places: dict) -> None:
    assert found(account, bbox="170,-30,-170,0") == [places[FIJI_WEST], places[FIJI_EAST]]
    assert found(account, bbox="-170,-90,170,90") == [places[VIENNA], places[GRAZ], places[QUITO]]


def test_a_circle_selects_what_lies_within_its_radius(account: Account, places: dict) -> None:
    assert found(account, center="16.4,48.2", radius=3000) == [places[VIENNA]]
    assert found(account, center="16.4,48.2", radius=2000) == []
    assert found(account, center="-179.9,-17", radius=50_000) == [places[FIJI_EAST]]


def test_places_go_together_with_other_filters_and_with_search(account: Account, places: dict) -> None:
    assert found(account, bbox=WORLD, local_datetime_after="2023-01-03T00:00:00", local_datetime_before="2023-01-05") == [places[FIJI_WEST], places[FIJI_EAST]]
    counts = account.sdk.assets.counts(bbox="15,46,17,49", group_by="day")
    assert [(str(count.time_bucket.date()), count.count) for count in counts.data] == [("2023-01-02", 1), ("2023-01-01", 1)]
    hits = account.http.get("/api/search", params={"media_type": "image", "bbox": "15,46,17,49"}).json()
    assert [hit["asset"]["id"] for hit in hits["data"]] == [places[GRAZ], places[VIENNA]]
    assert_problem(account.http.get("/api/search", params={"bbox": WORLD}), 400, "search_criterion_required")


@pytest.mark.parametrize("path", ["/api/assets", "/api/assets/counts"])
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"bbox": "1,2,3"}, "bbox"), ({"bbox": "1,2,3,4,5"}, "bbox"), ({"bbox": "a,b,c,d"}, "bbox"), ({"bbox": "1,2,,4"}, "bbox"),
        ({"bbox": "-181,0,0,1"}, "bbox"), ({"bbox": "0,-91,1,1"}, "bbox"), ({"bbox": "0,2,1,1"}, "bbox"), ({"bbox": "nan,0,1,1"}, "bbox"),
        ({"bbox": "0,0,1,inf"}, "bbox"), ({"bbox": "0,0,0x10,1"}, "bbox"), ({"bbox": WORLD, "center": "0,0", "radius": "5"}, "bbox"),
        ({"bbox": WORLD, "radius": "5"}, "bbox"), ({"center": "0,0"}, "radius"), ({"radius": "5"}, "center"),
        ({"center": "0", "radius": "5"}, "center"), ({"center": "181,0", "radius": "5"}, "center"), ({"center": "0,91", "radius": "5"}, "center"),
        ({"center": "0,0", "radius": "0"}, "radius"), ({"center": "0,0", "radius": "-1"}, "radius"), ({"center": "0,0", "radius": "50001"}, "radius"),
        ({"center": "0,0", "radius": "far"}, "radius"),
    ],
)  # fmt: skip
def test_a_place_that_is_none_is_refused(account: Account, path: str, query: dict[str, str], field: str) -> None:
    assert_problem(account.http.get(path, params=query), 422, "validation_error", field)


# -- clusters


def clusters(account: Account, bbox: str, cell_size: float, **query: object):
    return account.sdk.assets.cluster_by_geo(bbox=bbox, cell_size=cell_size, **query).data


def test_the_world_falls_into_cells(account: Account, places: dict) -> None:
    cells = clusters(account, WORLD, 10)
    assert sum(cell.count for cell in cells) == len(places)
    assert cells[0].count == 2 and cells[0].representative_asset_id == places[GRAZ]
    assert cells[0].latitude == pytest.approx((48.2 + 47.07) / 2) and cells[0].longitude == pytest.approx((16.37 + 15.44) / 2)
    assert len(clusters(account, WORLD, 1)) == len(places)
    assert clusters(account, "0,0,1,1", 1) == []
    raw = account.http.get("/api/assets/geo-clusters", params={"bbox": WORLD, "cell_size": 10})
    assert_complete(raw.json(), "GeoClusterResponse")
    assert set(raw.json()) == {"data"}


def test_a_cell_goes_on_beyond_the_180th_meridian(account: Account, places: dict) -> None:
    (cell,) = clusters(account, "170,-30,-170,0", 70)
    assert cell.count == 2 and abs(cell.longitude) == pytest.approx(180)
    assert cell.representative_asset_id == places[FIJI_EAST]


def test_clusters_take_the_filters_of_lists(account: Account, places: dict) -> None:
    album = account.sdk.albums.create(name="Austria").id
    account.sdk.albums.assets_associations.add(album, asset_ids=[places[VIENNA]])
    assert [cell.representative_asset_id for cell in clusters(account, WORLD, 10, album_id=album)] == [places[VIENNA]]
    assert sum(cell.count for cell in clusters(account, WORLD, 10, album_filter="not_in_album")) == 4
    assert clusters(account, WORLD, 10, state="trashed") == clusters(account, WORLD, 10, media_type="video") == []
    assert clusters(account, WORLD, 10, person_ids=["person_" + "2" * 22]) == clusters(account, WORLD, 10, ratings=[5]) == []
    assert len(clusters(account, WORLD, 10, local_datetime_after="2023-01-04T23:00:00")) == 1


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"cell_size": "1"}, "bbox"), ({"bbox": WORLD}, "cell_size"), ({"bbox": WORLD, "cell_size": "0.00009"}, "cell_size"),
        ({"bbox": WORLD, "cell_size": "0"}, "cell_size"), ({"bbox": WORLD, "cell_size": "big"}, "cell_size"), ({"bbox": "1,2", "cell_size": "1"}, "bbox"),
        ({"bbox": WORLD, "cell_size": "1", "state": "gone"}, "state"),
        ({"bbox": WORLD, "cell_size": "1", "album_id": "a", "album_filter": "not_in_album"}, "album_filter"),
    ],
)  # fmt: skip
def test_a_view_that_is_none_is_refused(account: Account, query: dict[str, str], field: str) -> None:
    assert_problem(account.http.get("/api/assets/geo-clusters", params=query), 422, "validation_error", field)


def test_clusters_of_a_foreign_library_are_not_found(account: Account, fresh: Account) -> None:
    library = fresh.sdk.libraries.list()[0].id
    with pytest.raises(gumnut.NotFoundError):
        clusters(account, WORLD, 10, library_id=library)
