"""Albums and what lies in them."""

from __future__ import annotations

from datetime import datetime

import gumnut
import pytest
from kit import pictures
from kit.account import Account
from kit.contract import assert_complete, assert_problem


def test_an_album_without_a_name_gets_one_and_never_a_null_description(fresh: Account) -> None:
    for body in ({}, {"name": None}, {"name": "  "}):
        album = fresh.http.post("/api/albums", json=body)
        assert album.status_code == 201
        assert (album.json()["name"], album.json()["description"]) == ("New Album", "")
        assert_complete(album.json(), "AlbumResponse")


def test_equal_names_are_two_albums_except_for_the_newest_client(fresh: Account) -> None:
    first, second = (fresh.http.post("/api/albums", json={"name": "Coast"}).json()["id"] for _ in range(2))
    assert first != second
    made = fresh.sdk.albums.create(name="Hills", description="far")
    assert fresh.sdk.albums.create(name=" hills ", description="far").id == made.id
    headers = {"X-Client-Generation": "latest"}
    assert_problem(fresh.http.post("/api/albums", json={"name": "Hills", "description": "near"}, headers=headers), 409, "name_conflict")
    assert fresh.http.post("/api/albums", json={"name": "Hills"}, headers={"X-Client-Generation": "seed"}).status_code == 201


def test_every_requested_asset_is_in_exactly_one_list(fresh: Account) -> None:
    photos = [fresh.upload(pictures.jpeg(number))["id"] for number in range(3)]
    album = fresh.sdk.albums.create(name="Mixed").id
    add = fresh.sdk.albums.assets_associations.add
    assert add(album, asset_ids=photos[:2]).added_assets == photos[:2]
    missing = ["asset_" + "2" * 22, "nonsense"]
    outcome = add(album, asset_ids=[photos[2], photos[0], *missing])
    assert (outcome.added_assets, outcome.duplicate_assets, outcome.not_found_assets) == ([photos[2]], [photos[0]], missing)


def test_an_albums_dates_cover_and_count_follow_its_photos(fresh: Account) -> None:
    early = fresh.upload(pictures.jpeg(1, taken="2020:05:01 10:00:00"))["id"]
    late = fresh.upload(pictures.jpeg(2, taken="2021:05:01 10:00:00"))["id"]
    album = fresh.http.post("/api/albums", json={"name": "Years"}).json()["id"]
    fresh.sdk.albums.assets_associations.add(album, asset_ids=[late, early])
    assert {asset["id"] for asset in fresh.list(album_id=album)} == {early, late}
    fresh.sdk.assets.delete(early)
    assert [asset["id"] for asset in fresh.list(album_id=album)] == [late]


def test_assets_of_another_library_are_not_found(fresh: Account) -> None:
    first, second = fresh.sdk.libraries.list()[0].id, fresh.sdk.libraries.create(name="Other").id
    album = fresh.sdk.albums.create(name="Here", library_id=first).id
    photo = fresh.upload(pictures.jpeg(5), library_id=second)["id"]
    assert fresh.sdk.albums.assets_associations.add(album, asset_ids=[photo]).not_found_assets == [photo]


def shelf(account: Account, count: int = 3) -> tuple[str, list[str]]:
    """An album with photos of the first days of 2022."""
    photos = [account.upload(pictures.jpeg(60 + number, taken=f"2022:01:0{number + 1} 10:00:00"))["id"] for number in range(count)]
    album = account.sdk.albums.create(name="Shelf").id
    account.sdk.albums.assets_associations.add(album, asset_ids=photos)
    return album, photos


def test_an_album_tells_its_dates_its_cover_and_its_count(fresh: Account) -> None:
    album, (first, second, last) = shelf(fresh)
    told = fresh.sdk.albums.retrieve(album)
    assert (told.asset_count, told.album_cover_asset_id) == (3, first)
    assert (told.start_date, told.end_date) == (datetime(2022, 1, 1, 10), datetime(2022, 1, 3, 10))
    fresh.sdk.assets.trash(ids=[first])
    told = fresh.sdk.albums.retrieve(album)
    assert (told.asset_count, told.album_cover_asset_id, told.start_date) == (2, second, datetime(2022, 1, 2, 10))
    fresh.sdk.assets.restore(ids=[first])
    assert fresh.sdk.albums.retrieve(album).asset_count == 3
    fresh.sdk.albums.assets_associations.remove(album, asset_ids=[last, "asset_" + "2" * 22])
    assert fresh.sdk.albums.retrieve(album).end_date == datetime(2022, 1, 2, 10)
    fresh.sdk.albums.assets_associations.remove(album, asset_ids=[first, second])
    empty = fresh.sdk.albums.retrieve(album)
    assert (empty.asset_count, empty.album_cover_asset_id, empty.start_date, empty.end_date) == (0, None, None, None)


def test_a_change_leaves_what_it_does_not_name(fresh: Account) -> None:
    album = fresh.sdk.albums.create(name="Coast", description="By the sea").id
    assert fresh.sdk.albums.update(album, name=" Cliffs ").description == "By the sea"
    told = fresh.sdk.albums.update(album, description=None, name=None)
    assert (told.name, told.description) == ("Cliffs", "")
    before = fresh.sdk.albums.retrieve(album).updated_at
    assert fresh.sdk.albums.update(album, name="Cliffs").updated_at == before
    for body, field in (({"name": "  "}, "name"), ({"name": 5}, "name"), ({"description": ["x"]}, "description")):
        assert_problem(fresh.http.patch(f"/api/albums/{album}", json=body), 422, "validation_error", field)


def test_a_pinned_cover_stays_as_long_as_it_is_a_live_member(fresh: Account) -> None:
    album, (first, second, last) = shelf(fresh)
    stranger = fresh.upload(pictures.jpeg(70))["id"]
    assert fresh.sdk.albums.update(album, album_cover_asset_id=last).album_cover_asset_id == last
    for wrong in (stranger, "asset_" + "2" * 22, "nonsense"):
        response = fresh.http.patch(f"/api/albums/{album}", json={"album_cover_asset_id": wrong})
        assert_problem(response, 422, "validation_error", "album_cover_asset_id")
    fresh.sdk.assets.trash(ids=[last])
    assert fresh.sdk.albums.retrieve(album).album_cover_asset_id == first
    fresh.sdk.assets.restore(ids=[last])
    assert fresh.sdk.albums.retrieve(album).album_cover_asset_id == last
    fresh.sdk.albums.assets_associations.remove(album, asset_ids=[last])
    fresh.sdk.albums.assets_associations.add(album, asset_ids=[last])
    assert fresh.sdk.albums.retrieve(album).album_cover_asset_id == first
    fresh.sdk.albums.update(album, album_cover_asset_id=second)
    assert fresh.sdk.albums.update(album, album_cover_asset_id=None).album_cover_asset_id == first


def test_pinning_the_cover_that_is_shown_anyway_changes_nothing_that_anybody_sees(fresh: Account) -> None:
    album, (first, second, _) = shelf(fresh)
    before = fresh.sdk.albums.retrieve(album)
    place = list(fresh.sdk.events.get(entity_types="album").data)[-1].cursor
    assert fresh.sdk.albums.update(album, album_cover_asset_id=first) == before
    assert fresh.sdk.albums.retrieve(album) == before
    assert list(fresh.sdk.events.get(entity_types="album", after_cursor=place).data) == []
    # It is pinned nevertheless.
    fresh.sdk.assets.update_asset(first, original_datetime="2023-01-01T10:00:00")
    assert fresh.sdk.albums.retrieve(album).album_cover_asset_id == first
    assert fresh.sdk.albums.update(album, album_cover_asset_id=None).album_cover_asset_id == second


def test_albums_are_found_by_name_by_photo_and_by_id_newest_first(fresh: Account) -> None:
    names = ["100 % sun", "Sun and sea", "Snow", "100 more"]
    albums = {name: fresh.sdk.albums.create(name=name).id for name in names}
    photo = fresh.upload(pictures.jpeg(80))["id"]
    for name in ("Snow", "100 more"):
        fresh.sdk.albums.assets_associations.add(albums[name], asset_ids=[photo])
    listed = [album.name for album in fresh.sdk.albums.list(limit=1)]
    assert listed == names[::-1]
    assert [album.name for album in fresh.sdk.albums.list(name=" SUN ")] == ["Sun and sea", "100 % sun"]
    assert [album.name for album in fresh.sdk.albums.list(name="0 %")] == ["100 % sun"]
    assert [album.name for album in fresh.sdk.albums.list(name=" ")] == names[::-1]
    assert [album.name for album in fresh.sdk.albums.list(asset_id=photo)] == ["100 more", "Snow"]
    assert [album.name for album in fresh.sdk.albums.list(ids=[albums["Snow"], "album_" + "2" * 22])] == ["Snow"]
    fresh.sdk.assets.trash(ids=[photo])
    assert list(fresh.sdk.albums.list(asset_id=photo)) == []
    assert_problem(fresh.http.get("/api/albums", params={"starting_after_id": "nonsense"}), 400, "invalid_cursor")


def test_links_are_listed_newest_first_and_read_one_by_one(fresh: Account) -> None:
    album, photos = shelf(fresh)
    other = fresh.sdk.albums.create(name="Other").id
    fresh.sdk.albums.assets_associations.add(other, asset_ids=photos[:1])
    links = fresh.sdk.album_assets
    listed = list(links.list(limit=2))
    assert (len(listed), listed[0].album_id, listed[0].asset_id) == (4, other, photos[0])
    assert {link.asset_id for link in links.list(album_id=album)} == set(photos)
    assert {link.album_id for link in links.list(asset_id=photos[0])} == {album, other}
    one = links.get(listed[0].id)
    assert one == listed[0]
    assert [link.id for link in links.list(ids=[one.id])] == [one.id]
    fresh.sdk.assets.trash(ids=photos[:1])
    assert {link.asset_id for link in links.list()} == set(photos[1:])
    assert_problem(fresh.http.get("/api/album-assets/album_asset_" + "2" * 22), 404, "not_found")


def test_a_deleted_album_leaves_its_photos(fresh: Account) -> None:
    album, photos = shelf(fresh, 2)
    fresh.sdk.albums.delete(album)
    with pytest.raises(gumnut.NotFoundError):
        fresh.sdk.albums.retrieve(album)
    assert {asset["id"] for asset in fresh.list()} == set(photos)
    assert list(fresh.sdk.album_assets.list()) == []
    told = [event["event_type"] for event in fresh.http.get("/api/events", params={"entity_types": "album,album_asset"}).json()["data"]]
    assert told[-1] == "album_deleted" and "album_asset_removed" not in told
    assert_problem(fresh.http.delete(f"/api/albums/{album}"), 404, "not_found")


@pytest.mark.parametrize("album", ["album_" + "2" * 22, "nonsense"])
def test_a_missing_album_is_404(account: Account, album: str) -> None:
    assert_problem(account.http.post(f"/api/albums/{album}/assets", json={"asset_ids": ["asset_" + "2" * 22]}), 404, "not_found")


def test_limits(account: Account) -> None:
    album = account.http.post("/api/albums", json={"name": "Limits"}).json()["id"]
    many = {"asset_ids": [f"asset_{number:0>22}" for number in range(201)]}
    assert_problem(account.http.post(f"/api/albums/{album}/assets", json=many), 422, "validation_error", "asset_ids")
    assert_problem(account.http.post(f"/api/albums/{album}/assets", json={}), 422, "validation_error", "asset_ids")
    assert_problem(account.http.post("/api/albums", json={"name": "x" * 256}), 422, "validation_error", "name")
    assert_problem(account.http.post("/api/albums", json={"description": "x" * 10_001}), 422, "validation_error", "description")
    assert_problem(account.http.post("/api/albums", json={"name": 5}), 422, "validation_error", "name")
