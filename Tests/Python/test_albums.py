"""Albums as far as the quick start goes: create, and add assets."""

from __future__ import annotations

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
