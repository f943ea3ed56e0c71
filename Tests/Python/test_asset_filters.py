"""Lists and counts of assets: cursors under change, times, counts per period, people, the array of an album."""

from __future__ import annotations

import pytest
from kit import asking, pictures
from kit.account import Account
from kit.contract import assert_complete, assert_problem

UNKNOWN = "asset_" + "2" * 22


def taken(account: Account, *times: str, start: int = 700) -> list[str]:
    return [account.upload(pictures.jpeg(start + index, taken=time))["id"] for index, time in enumerate(times)]


# -- cursors


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_pages_stay_right_while_assets_come_and_go(fresh: Account, order: str) -> None:
    ids = taken(fresh, *[f"2020:01:0{day} 00:00:00" for day in range(1, 8)])
    ids = ids if order == "asc" else ids[::-1]
    first = fresh.http.get("/api/assets", params={"limit": 3, "order": order}).json()
    assert [asset["id"] for asset in first["data"]] == ids[:3] and first["has_more"]
    before = taken(fresh, "2019:01:01 00:00:00" if order == "asc" else "2021:01:01 00:00:00", start=720)[0]
    between = taken(fresh, "2020:01:04 12:00:00", start=730)[0]
    fresh.sdk.assets.delete(ids[0])
    fresh.sdk.assets.delete(ids[4])
    rest, cursor = [], ids[2]
    while True:
        page = fresh.http.get("/api/assets", params={"limit": 1, "order": order, "starting_after_id": cursor}).json()
        rest += [asset["id"] for asset in page["data"]]
        if not page["has_more"]:
            break
        cursor = rest[-1]
    assert before not in rest and between in rest
    assert [id for id in rest if id != between] == [id for id in ids[3:] if id != ids[4]]


def test_a_cursor_holds_though_its_asset_meets_the_filter_no_more(fresh: Account) -> None:
    first, second, third = taken(fresh, "2020:01:01 00:00:00", "2020:01:02 00:00:00", "2020:01:03 00:00:00")
    album = fresh.sdk.albums.create(name="Some").id
    fresh.sdk.albums.assets_associations.add(album, asset_ids=[first, third])
    assert [asset["id"] for asset in fresh.list(album_id=album, starting_after_id=second)] == [first]
    fresh.sdk.assets.delete(second)
    assert_problem(fresh.http.get("/api/assets", params={"starting_after_id": second}), 400, "invalid_cursor", "starting_after_id")


def test_a_cursor_of_another_library_is_none(fresh: Account) -> None:
    asset = taken(fresh, "2020:01:01 00:00:00")[0]
    other = fresh.sdk.libraries.create(name="Other").id
    assert_problem(fresh.http.get("/api/assets", params={"library_id": other, "starting_after_id": asset}), 400, "invalid_cursor")


def test_both_names_of_a_bound_apply_together(fresh: Account) -> None:
    first, second, third = taken(fresh, "2020:01:01 00:00:00", "2020:01:02 00:00:00", "2020:01:03 00:00:00")
    assert [asset["id"] for asset in fresh.list(local_datetime_after="2020-01-01", captured_after="2020-01-02")] == [third]
    assert [asset["id"] for asset in fresh.list(captured_before="2020-01-03", local_datetime_before="2020-01-02T00:00:00.0001")] == [second, first]


def test_zero_stars_is_every_form_of_unrated(fresh: Account) -> None:
    unrated = fresh.upload(pictures.jpeg(760))["id"]
    zero = fresh.upload(pictures.jpeg(761, rating=0))["id"]
    five = fresh.upload(pictures.jpeg(762, rating=5))["id"]
    assert {asset["id"] for asset in fresh.list(ratings=0)} == {unrated, zero}
    assert {asset["id"] for asset in fresh.list(ratings="0,5")} == {unrated, zero, five}
    assert {asset["id"] for asset in fresh.list(ratings=[4, 5])} == {five}


# -- counts


def counts(account: Account, **query: object) -> list[tuple[str, int]]:
    response = account.http.get("/api/assets/counts", params=query)
    assert response.status_code == 200, response.text
    return [(count["time_bucket"], count["count"]) for count in response.json()["data"]]


@pytest.fixture(scope="module")
def years(account: Account) -> list[str]:
    """Photos over three years, several in some months."""
    return taken(
        account, "2021:12:31 23:59:59", "2022:01:01 00:00:00", "2022:01:31 10:00:00", "2022:03:01 00:00:00", "2022:03:31 23:00:00",
        "2022:03:07 00:00:00", "2024:02:29 12:00:00", start=800,
    )  # fmt: skip


MONTHS = [("2024-02-01T00:00:00", 1), ("2022-03-01T00:00:00", 3), ("2022-01-01T00:00:00", 2), ("2021-12-01T00:00:00", 1)]


def test_counts_are_by_the_month_newest_first_and_naive(account: Account, years: list[str]) -> None:
    assert counts(account) == MONTHS
    assert counts(account, order="asc") == MONTHS[::-1]
    assert_complete(account.http.get("/api/assets/counts").json(), "AssetCountResponse")


def test_periods_may_be_days_weeks_and_years(account: Account, years: list[str]) -> None:
    assert counts(account, group_by="year") == [("2024-01-01T00:00:00", 1), ("2022-01-01T00:00:00", 5), ("2021-01-01T00:00:00", 1)]
    # Mondays: the last day of 2021 and the first of 2022 share a week.
    assert counts(account, group_by="week")[-1] == ("2021-12-27T00:00:00", 2)
    assert ("2022-03-07T00:00:00", 1) in counts(account, group_by="week")
    assert counts(account, group_by="day", limit=1, order="asc") == [("2021-12-31T00:00:00", 1)]


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("album", [False, True])
@pytest.mark.parametrize("unit", ["day", "week", "month", "year"])
def test_pages_of_counts_are_complete(account: Account, years: list[str], order: str, album: bool, unit: str) -> None:
    query: dict[str, object] = {"order": order, "group_by": unit}
    if album:
        query["album_id"] = account.sdk.albums.create(name="All").id
        account.sdk.albums.assets_associations.add(query["album_id"], asset_ids=years)
    whole = account.http.get("/api/assets/counts", params={**query, "limit": 200}).json()
    assert sum(count["count"] for count in whole["data"]) == len(years) and whole["has_more"] is False
    seen = list[dict]()
    while True:
        after = {"starting_after_bucket": seen[-1]["time_bucket"]} if seen else {}
        page = account.http.get("/api/assets/counts", params={**query, **after, "limit": 1}).json()
        seen += page["data"]
        if not page["has_more"]:
            break
    assert seen == whole["data"]


def test_older_clients_page_by_the_upper_bound(account: Account, years: list[str]) -> None:
    seen, bound = [], {}
    while page := counts(account, limit=1, **bound):
        seen += page
        bound = {"local_datetime_before": page[-1][0]}
    assert seen == MONTHS


def test_counts_take_bounds_with_offsets_too(account: Account, years: list[str]) -> None:
    assert counts(account, local_datetime_after="2022-03-31T22:00:00+00:00") == [("2024-02-01T00:00:00", 1), ("2022-03-01T00:00:00", 1)]
    assert sum(count for _, count in counts(account, local_datetime_before="2022-01-01T00:00:00Z")) == 1


def test_counts_follow_filters(account: Account, years: list[str]) -> None:
    assert counts(account, media_type="video") == counts(account, ratings=3) == counts(account, state="trashed") == []
    assert counts(account, person_ids="person_" + "2" * 22) == counts(account, album_id="album_x") == []
    assert counts(account, ratings=0, state="all") == MONTHS


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"group_by": "hour"}, "group_by"), ({"order": "up"}, "order"), ({"limit": "0"}, "limit"), ({"limit": "201"}, "limit"),
        ({"starting_after_bucket": "May"}, "starting_after_bucket"), ({"state": "lost"}, "state"), ({"ratings": "-1"}, "ratings"),
        ({"media_type": "text"}, "media_type"), ({"person_id": "a", "person_ids": "b"}, "person_id"),
        ({"album_id": "a", "album_filter": "not_in_album"}, "album_filter"), ({"local_datetime_before": "soon"}, "local_datetime_before"),
        ({"person_ids": ",".join(f"person_{number}" for number in range(201))}, "person_ids"),
    ],
)  # fmt: skip
def test_counts_refuse_what_makes_no_sense(account: Account, query: dict[str, str], field: str) -> None:
    assert_problem(account.http.get("/api/assets/counts", params=query), 422, "validation_error", field)


def test_a_foreign_library_is_not_found_before_values_are_looked_at(account: Account, fresh: Account) -> None:
    library = fresh.sdk.libraries.list()[0].id
    for path in ("/api/assets", "/api/assets/counts", "/api/assets/geo-clusters"):
        assert_problem(account.http.get(path, params={"library_id": library, "limit": "0", "bbox": "x"}), 404, "not_found")


# -- people


def test_people_filter_assets_and_stand_with_them(fresh: Account) -> None:
    both, one, none = (fresh.upload(pictures.jpeg(770 + index, 400, 300))["id"] for index in range(3))
    ann, ben = (fresh.sdk.people.create(name=name).id for name in ("Ann", "Ben"))

    def face(asset: str, person: str | None, x: int) -> str:
        body = {"asset_id": asset, "bounding_box": {"x": x, "y": 10, "w": 80, "h": 90}} | ({"person_id": person} if person else {})
        response = fresh.http.post("/api/faces", json=body)
        assert response.status_code in (200, 201), response.text
        return response.json()["id"]

    faces = [face(both, ann, 10), face(both, ben, 200), face(both, ann, 300), face(one, ann, 50)]

    def ids(**query: object) -> set[str]:
        return {asset.id for asset in fresh.sdk.assets.list(**query)}

    assert ids(person_ids=[ann]) == {both, one}
    assert ids(person_ids=[ann, ben]) == {both}
    assert ids(person_ids=[ann, "person_" + "2" * 22]) == ids(person_ids=[ann, "nonsense"]) == set()
    assert {asset["id"] for asset in fresh.list(person_id=ben)} == {both}
    assert sum(count for _, count in counts(fresh, person_ids=[ann])) == 2
    hits = fresh.sdk.search.search(person_ids=[ben])
    assert [hit.asset.id for hit in hits.data] == [both]

    shown = fresh.sdk.assets.retrieve(both, include=["faces", "people"])
    assert [item.id for item in shown.faces or []] == faces[:3]
    assert sorted(person.name or "" for person in shown.people or []) == ["Ann", "Ben"]
    assert all(item.cluster_assignment is None for item in shown.faces or [])
    page = {asset["id"]: asset for asset in fresh.list()}
    assert [len(page[id]["faces"]) for id in (both, one, none)] == [3, 1, 0]
    assert [len(page[id]["people"]) for id in (both, one, none)] == [2, 1, 0]
    assert page[both]["faces"][0]["bounding_box"] == {"x": 10, "y": 10, "w": 80, "h": 90}
    assert_complete(page[both], "AssetResponse")
    some = fresh.list(include="people")[0]
    assert some["faces"] is None and some["people"] is not None


def test_malformed_ids_of_people_and_stacks_match_nothing(fresh: Account) -> None:
    taken(fresh, "2020:01:01 00:00:00")
    for query in ({"person_id": "x"}, {"person_ids": UNKNOWN}, {"stack_id": "x"}, {"stack_id": "person_" + "2" * 22}, {"album_id": UNKNOWN}):
        assert fresh.list(**query) == []


# -- the array of an album


def test_an_albums_assets_are_an_array_newest_first(fresh: Account) -> None:
    old, new, _ = taken(fresh, "2019:01:01 00:00:00", "2021:01:01 00:00:00", "2020:01:01 00:00:00")
    fresh.all_settled([old, new])
    album = fresh.sdk.albums.create(name="Some").id
    assert fresh.http.get(f"/api/albums/{album}/assets").json() == []
    fresh.sdk.albums.assets_associations.add(album, asset_ids=[old, new])
    response = fresh.http.get(f"/api/albums/{album}/assets")
    assert response.headers["Content-Type"] == "application/json"
    assert [asset["id"] for asset in response.json()] == [new, old]
    assert response.json()[0] == fresh.http.get(f"/api/assets/{new}").json()


def test_an_album_of_many_pages_comes_whole(fresh: Account) -> None:
    ids = [fresh.upload(pictures.jpeg(3000 + index, 8, 8))["id"] for index in range(41)]
    album = fresh.sdk.albums.create(name="Many").id
    fresh.sdk.albums.assets_associations.add(album, asset_ids=ids)
    assert sorted(asset["id"] for asset in fresh.http.get(f"/api/albums/{album}/assets").json()) == sorted(ids)


def test_a_foreign_albums_assets_are_not_found(account: Account, fresh: Account) -> None:
    album = fresh.sdk.albums.create(name="Mine").id
    for id in (album, "album_" + "2" * 22, "nonsense"):
        assert_problem(account.http.get(f"/api/albums/{id}/assets"), 404, "not_found")
    assert_problem(asking.get(f"{fresh.server.url}/api/albums/{album}/assets"), 401, "unauthorized")
