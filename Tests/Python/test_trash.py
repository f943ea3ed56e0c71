"""The trash, and deletion for good."""

from __future__ import annotations

import pytest
from kit import pictures
from kit.account import Account, wait_until
from kit.contract import assert_problem

UNKNOWN = "asset_" + "2" * 22


def feed(account: Account) -> list[dict]:
    return account.http.get("/api/events", params={"limit": 200}).json()["data"]


def kinds(account: Account, after: int) -> list[str]:
    return [event["event_type"] for event in feed(account)[after:]]


def test_trash_and_restore(fresh: Account) -> None:
    photos = [fresh.upload(pictures.jpeg(number))["id"] for number in range(3)]
    fresh.all_settled(photos)
    used = fresh.sdk.libraries.list()[0].storage_used_bytes
    before = len(feed(fresh))
    fresh.sdk.assets.trash(ids=[photos[1], photos[0], UNKNOWN, "nonsense"])
    fresh.sdk.assets.trash(ids=photos[:2])
    assert [asset["id"] for asset in fresh.list()] == [photos[2]]
    assert {asset["id"] for asset in fresh.list(state="trashed")} == set(photos[:2])
    trashed = fresh.sdk.assets.retrieve(photos[0])
    assert trashed.trashed_at is not None
    library = fresh.sdk.libraries.list()[0]
    assert (library.asset_count, library.storage_used_bytes) == (1, used)
    assert [(event["event_type"], event["entity_id"]) for event in feed(fresh)[before:]] == [
        ("asset_trashed", photos[1]),
        ("asset_trashed", photos[0]),
    ]
    fresh.sdk.assets.restore(ids=photos)
    assert {asset["id"] for asset in fresh.list()} == set(photos)
    assert kinds(fresh, before + 2) == ["asset_restored", "asset_restored"]
    assert fresh.sdk.libraries.list()[0].asset_count == 3


def test_links_outlive_the_trash(fresh: Account) -> None:
    photo = fresh.upload(pictures.jpeg(1))["id"]
    album = fresh.sdk.albums.create(name="Kept").id
    fresh.sdk.albums.assets_associations.add(album, asset_ids=[photo])
    fresh.sdk.assets.trash(ids=[photo])
    assert fresh.list(album_id=album) == []
    fresh.sdk.assets.restore(ids=[photo])
    assert [asset["id"] for asset in fresh.list(album_id=album)] == [photo]


def test_media_of_a_trashed_asset_is_still_served(fresh: Account) -> None:
    photo = fresh.upload(pictures.jpeg(2))
    fresh.sdk.assets.trash(ids=[photo["id"]])
    assert fresh.http.get(photo["asset_urls"]["original"]["url"]).status_code == 200


def test_emptying_touches_one_library_and_only_its_trash(fresh: Account) -> None:
    home, other = fresh.sdk.libraries.list()[0].id, fresh.sdk.libraries.create(name="Other").id
    live, gone = (fresh.upload(pictures.jpeg(number), library_id=home) for number in (1, 2))
    elsewhere = fresh.upload(pictures.jpeg(3), library_id=other)["id"]
    fresh.sdk.assets.trash(ids=[gone["id"]], library_id=home)
    fresh.sdk.assets.trash(ids=[elsewhere], library_id=other)
    fresh.sdk.assets.empty_trash(library_id=home)
    assert_problem(fresh.http.get(f"/api/assets/{gone['id']}"), 404, "not_found")
    assert_problem(fresh.http.get(gone["asset_urls"]["original"]["url"]), 404, "not_found")
    assert fresh.sdk.assets.retrieve(live["id"]).trashed_at is None
    assert fresh.sdk.assets.retrieve(elsewhere).trashed_at is not None
    library = next(library for library in fresh.sdk.libraries.list() if library.id == home)
    assert (library.asset_count, library.storage_used_bytes) == (1, len(pictures.jpeg(1).content))


def test_a_deletion_tells_of_links_before_the_asset(fresh: Account) -> None:
    first = fresh.upload(pictures.jpeg(1, taken="2020:01:01 00:00:00"))["id"]
    second = fresh.upload(pictures.jpeg(2, taken="2021:01:01 00:00:00"))["id"]
    album = fresh.sdk.albums.create(name="Told").id
    fresh.sdk.albums.assets_associations.add(album, asset_ids=[first, second])
    fresh.all_settled([first, second])
    before = len(feed(fresh))
    fresh.sdk.assets.delete_list(ids=[first, UNKNOWN])
    events = feed(fresh)[before:]
    assert [event["event_type"] for event in events] == ["album_asset_removed", "album_updated", "asset_deleted"]
    assert events[0]["payload"] == {"album_id": album, "asset_id": first}
    assert events[1]["payload"] == {"album_cover_asset_id": second}


def test_equal_bytes_live_on_in_another_library(fresh: Account) -> None:
    home, other = fresh.sdk.libraries.list()[0].id, fresh.sdk.libraries.create(name="Twin").id
    picture = pictures.jpeg(9)
    first, twin = (fresh.upload(picture, library_id=library) for library in (home, other))
    fresh.all_settled([first["id"], twin["id"]])
    fresh.sdk.assets.delete(first["id"])
    again = fresh.upload(pictures.jpeg(10), library_id=home)
    fresh.sdk.assets.delete(again["id"])
    address = again["asset_urls"]["original"]["url"]
    wait_until(lambda: fresh.http.get(address).status_code, lambda status: status == 404)
    assert fresh.http.get(twin["asset_urls"]["original"]["url"]).content == picture.content


def test_a_file_may_come_back_after_its_deletion(fresh: Account) -> None:
    picture = pictures.jpeg(11)
    first = fresh.upload(picture)["id"]
    fresh.sdk.assets.trash(ids=[first])
    assert fresh.post_upload(picture).status_code == 200
    assert fresh.sdk.assets.retrieve(first).trashed_at is not None
    fresh.sdk.assets.delete(first)
    again = fresh.post_upload(picture)
    assert again.status_code == 201 and again.json()["id"] != first


@pytest.mark.parametrize("path", ["trash", "restore"])
def test_ids_are_1_to_200(account: Account, path: str) -> None:
    for body in ({}, {"ids": []}, {"ids": [f"asset_{number:0>22}" for number in range(201)]}, {"ids": "one"}):
        assert_problem(account.http.post(f"/api/assets/{path}", json=body), 422, "validation_error", "ids")
    assert_problem(account.http.post(f"/api/assets/{path}", json={"ids": [1]}), 422, "validation_error", "ids[0]")
    unknown = {"library_id": "lib_" + "2" * 22}
    assert_problem(account.http.post(f"/api/assets/{path}", json={"ids": [UNKNOWN]}, params=unknown), 404, "not_found")


def test_a_missing_asset_is_404_alone_and_passed_over_among_others(account: Account) -> None:
    assert_problem(account.http.delete(f"/api/assets/{UNKNOWN}"), 404, "not_found")
    assert_problem(account.http.delete("/api/assets/nonsense"), 404, "not_found")
    answer = account.http.request("DELETE", "/api/assets", json={"ids": [UNKNOWN, "nonsense"]})
    assert answer.status_code == 204


def test_actions_are_needed(account: Account) -> None:
    photo = account.upload(pictures.jpeg(30))["id"]
    key = account.sdk.api_keys.create(name="some", actions=["read", "write"], library_scope_mode="all_libraries").api_key
    some = Account.with_key(account.server, account.email, key)
    try:
        for call in (
            lambda: some.http.post("/api/assets/trash", json={"ids": [photo]}),
            lambda: some.http.post("/api/assets/empty-trash"),
            lambda: some.http.delete(f"/api/assets/{photo}"),
            lambda: some.http.request("DELETE", "/api/assets", json={"ids": [photo]}),
        ):
            assert_problem(call(), 403, "insufficient_scope")
        assert some.http.post("/api/assets/restore", json={"ids": [photo]}).status_code == 204
    finally:
        some.close()
