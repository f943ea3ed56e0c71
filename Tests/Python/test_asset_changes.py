"""What users say about assets: one by one and in bulk, over what files say."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from kit import pictures
from kit.account import Account
from kit.contract import assert_complete, assert_problem

UNKNOWN = "asset_" + "2" * 22


def told(account: Account, **query: Any) -> list[tuple[str, str]]:
    events = account.http.get("/api/events", params={"limit": 200, **query}).json()["data"]
    return [(event["event_type"], event["entity_id"]) for event in events]


def test_a_users_word_counts_until_it_is_taken_back(fresh: Account) -> None:
    photo = fresh.upload(pictures.jpeg(1, taken="2020:05:01 10:00:00", offset="+02:00", rating=4, caption="from the camera"))["id"]
    changed = fresh.sdk.assets.update_asset(
        photo, description="by hand", rating=0, latitude=-33.5, longitude=151.25, original_datetime="1999-12-31T23:59:59"
    )
    assert changed.metadata is not None
    assert (changed.metadata.description, changed.metadata.rating) == ("by hand", 0)
    assert (changed.metadata.latitude, changed.metadata.longitude) == (-33.5, 151.25)
    assert changed.local_datetime == datetime.datetime(1999, 12, 31, 23, 59, 59)

    back = fresh.http.patch(
        f"/api/assets/{photo}",
        json={"description": "", "rating": None, "latitude": None, "longitude": None, "original_datetime": None},
    )
    assert back.status_code == 200
    assert_complete(back.json(), "AssetResponse")
    metadata = back.json()["metadata"]
    assert (metadata["description"], metadata["rating"], metadata["latitude"]) == ("from the camera", 4, None)
    assert back.json()["local_datetime"] == metadata["original_datetime"] == "2020-05-01T10:00:00+02:00"


def test_a_users_time_keeps_the_offset_it_has_and_gets_none(fresh: Account) -> None:
    photo = fresh.upload(pictures.jpeg(2), file_created_at="2024-03-01T09:00:00+05:30")["id"]
    for text in ("2001-02-03T04:05:06-03:00", "2001-02-03T04:05:06"):
        answer = fresh.http.patch(f"/api/assets/{photo}", json={"original_datetime": text}).json()
        assert answer["local_datetime"] == answer["metadata"]["original_datetime"] == text
    answer = fresh.http.patch(f"/api/assets/{photo}", json={"original_datetime": None}).json()
    assert (answer["local_datetime"], answer["metadata"]["original_datetime"]) == ("2024-03-01T09:00:00+05:30", None)


def test_a_new_time_and_rating_are_what_lists_go_by(fresh: Account) -> None:
    first, second = (fresh.upload(pictures.jpeg(number, taken=f"202{number}:01:01 00:00:00"))["id"] for number in (1, 2))
    assert [asset["id"] for asset in fresh.list()] == [second, first]
    fresh.sdk.assets.update_asset(first, original_datetime="2030-01-01", rating=5)
    assert [asset["id"] for asset in fresh.list()] == [first, second]
    assert [asset["id"] for asset in fresh.list(ratings=5)] == [first]


def test_the_feed_hears_of_changes_and_of_nothing_else(fresh: Account) -> None:
    uploaded = fresh.upload(pictures.jpeg(3))["id"]
    fresh.all_settled([uploaded])
    photo = fresh.http.get(f"/api/assets/{uploaded}").json()
    before = len(told(fresh))
    for change in ({}, {"rating": None}, {"unheard_of": 1}):
        answer = fresh.http.patch(f"/api/assets/{photo['id']}", json=change)
        assert answer.status_code == 200 and answer.json()["updated_at"] == photo["updated_at"]
    assert len(told(fresh)) == before
    fresh.sdk.assets.update_asset(photo["id"], description="new")
    fresh.sdk.assets.update_asset(photo["id"], original_datetime="2011-11-11T11:11:11")
    kinds = [kind for kind, _ in told(fresh)[before:]]
    assert kinds == ["metadata_updated", "metadata_updated", "asset_updated"]


def test_bulk_changes_reach_every_asset(fresh: Account) -> None:
    photos = [fresh.upload(pictures.jpeg(number))["id"] for number in range(3)]
    fresh.sdk.assets.bulk_update_assets(
        updates=[{"id": photo, "change": {"description": f"number {number}"}} for number, photo in enumerate(photos)]
    )
    for number, photo in enumerate(photos):
        metadata = fresh.sdk.assets.retrieve(photo).metadata
        assert metadata is not None and metadata.description == f"number {number}"


@pytest.mark.parametrize(
    ("second", "status", "code", "field"),
    [
        ({"id": UNKNOWN, "change": {"rating": 1}}, 404, "not_found", None),
        ({"id": "nonsense", "change": {}}, 404, "not_found", None),
        ({"id": "SAME", "change": {"rating": 2}}, 422, "validation_error", "updates[1].id"),
        ({"id": "OTHER", "change": {"rating": 6}}, 422, "validation_error", "updates[1].change.rating"),
        ({"id": "OTHER", "change": {"latitude": 1}}, 422, "validation_error", "updates[1].change.longitude"),
        ({"id": "OTHER"}, 422, "validation_error", "updates[1].change"),
        ({"change": {}}, 422, "validation_error", "updates[1].id"),
        ("text", 422, "validation_error", "updates[1]"),
    ],
)
def test_a_bad_item_of_a_bulk_change_changes_nothing(account: Account, second: Any, status: int, code: str, field: str | None) -> None:
    photos = [account.upload(pictures.jpeg(number + 10))["id"] for number in range(2)]
    account.all_settled(photos)
    if isinstance(second, dict) and second.get("id") in ("SAME", "OTHER"):
        second = {**second, "id": photos[second["id"] == "OTHER"]}
    before = account.sdk.assets.retrieve(photos[0])
    body = {"updates": [{"id": photos[0], "change": {"description": "never"}}, second]}
    assert_problem(account.http.post("/api/assets/bulk-update", json=body), status, code, field)
    assert account.sdk.assets.retrieve(photos[0]) == before


@pytest.mark.parametrize("updates", [None, [], {}, [{"id": UNKNOWN, "change": {}}] * 201])
def test_a_bulk_change_takes_1_to_200(account: Account, updates: Any) -> None:
    body = {} if updates is None else {"updates": updates}
    assert_problem(account.http.post("/api/assets/bulk-update", json=body), 422, "validation_error", "updates")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"rating": 6}, "rating"),
        ({"rating": -1}, "rating"),
        ({"rating": 2.5}, "rating"),
        ({"rating": True}, "rating"),
        ({"rating": "3"}, "rating"),
        ({"latitude": 91, "longitude": 0}, "latitude"),
        ({"latitude": 0, "longitude": -180.5}, "longitude"),
        ({"latitude": 1}, "longitude"),
        ({"longitude": 1}, "latitude"),
        ({"latitude": None, "longitude": 1}, "latitude"),
        ({"latitude": 1, "longitude": None}, "longitude"),
        ({"original_datetime": "yesterday"}, "original_datetime"),
        ({"original_datetime": 1}, "original_datetime"),
        ({"description": "x" * 10_001}, "description"),
        ({"description": 5}, "description"),
    ],
)
def test_a_value_out_of_its_domain_is_refused(account: Account, change: dict[str, Any], field: str) -> None:
    photo = account.upload(pictures.jpeg(20))["id"]
    assert_problem(account.http.patch(f"/api/assets/{photo}", json=change), 422, "validation_error", field)


@pytest.mark.parametrize("asset", [UNKNOWN, "nonsense", "album_" + "3" * 22])
def test_a_missing_asset_is_404(account: Account, asset: str) -> None:
    assert_problem(account.http.patch(f"/api/assets/{asset}", json={"rating": 1}), 404, "not_found")


def test_a_body_that_is_no_json_is_refused(account: Account) -> None:
    photo = account.upload(pictures.jpeg(21))["id"]
    headers = {"Content-Type": "application/json"}
    for content in (b"{", b'{"rating": 1, "rating": 2}', b'{"description": "\xff"}', b'{"description": "\\u0000"}', b"[]"):
        assert_problem(account.http.patch(f"/api/assets/{photo}", content=content, headers=headers), 400, "malformed_body")
    answer = account.http.patch(f"/api/assets/{photo}", content=b"rating=1", headers={"Content-Type": "text/plain"})
    assert_problem(answer, 415, "unsupported_media_type")
