"""Older clients: photos, from upload to deletion, their media, counts and search."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import gumnut
import pytest
from kit import pictures
from kit.account import Account, wait_until
from kit.things import Things, rendering
from PIL import Image

from .conftest import GENERATION

EVERY_RUNG = {"thumbnail", "small", "preview", "fullsize", "original"}


def create(account: Account, picture: pictures.Picture) -> Any:
    return account.sdk.assets.create(
        asset_data=(picture.name, picture.content), device_asset_id=picture.name, device_id="older",
        file_created_at=datetime(2024, 3, 1, 9), file_modified_at="2024-03-01T09:00:00+01:00",
    )  # fmt: skip


def week(account: Account) -> list[str]:
    """Five photos, a day apart."""
    return [create(account, pictures.jpeg(day, taken=f"2024:01:{day:02} 10:00:00")).id for day in range(1, 6)]


def test_assets_come_in_the_full_shape(fresh: Account) -> None:
    picture = pictures.jpeg(1, 640, 480, taken="2024:05:17 12:30:15", offset="+02:00", camera=("Acme", "Box 3"))
    asset = create(fresh, picture)
    assert (asset.checksum, asset.checksum_sha1, asset.width, asset.height) == (picture.checksum, picture.checksum_sha1, 640, 480)
    assert asset.local_datetime == datetime.fromisoformat("2024-05-17T12:30:15+02:00")
    assert fresh.sdk.assets.retrieve(asset.id).checksum == asset.checksum
    (listed,) = fresh.sdk.assets.list()
    for shown in (asset, listed):
        raw = shown.to_dict(mode="json")
        assert raw["metadata"]["make"] == raw["exif"]["make"] == "Acme"
        assert (raw["faces"], raw["people"]) == ([], [])
        assert set(raw["asset_urls"]) == EVERY_RUNG
        assert raw["thumbnail_url"] and raw["download_url"]


@pytest.mark.before("0.103.0")
def test_the_seeds_own_names_for_metadata(fresh: Account) -> None:
    asset = create(fresh, pictures.jpeg(1, camera=("Acme", "Box 3")))
    assert (asset.exif.make, asset.exif.iso) == ("Acme", 400)


@pytest.mark.since("0.154.0")
def test_include_asks_for_less(fresh: Account) -> None:
    made = create(fresh, pictures.jpeg(1, camera=("Acme", "Box 3")))
    lean = fresh.sdk.assets.retrieve(made.id, include=[])
    # An empty list is not sent at all, so this is the full shape; a token makes it lean.
    assert lean.metadata is not None
    lean = fresh.sdk.assets.retrieve(made.id, include=["faces"])
    assert (lean.metadata, lean.faces, lean.people) == (None, [], None)
    assert len(lean.asset_urls) == 1
    (listed,) = fresh.sdk.assets.list(include=["metadata", "variants"])
    assert listed.metadata.make == "Acme"
    assert set(listed.asset_urls) == EVERY_RUNG


def test_the_same_file_is_one_photo(fresh: Account) -> None:
    assert create(fresh, pictures.jpeg(1)).id == create(fresh, pictures.jpeg(1)).id
    assert len(list(fresh.sdk.assets.list())) == 1


def test_lists_page_and_filter(fresh: Account) -> None:
    ids = week(fresh)
    assert [asset.id for asset in fresh.sdk.assets.list(limit=2)] == ids[::-1]
    assert [asset.id for asset in fresh.sdk.assets.list(ids=ids[:2])] == ids[1::-1]
    assert [asset.id for asset in fresh.sdk.assets.list(starting_after_id=ids[2])] == ids[1::-1]
    between = fresh.sdk.assets.list(local_datetime_after=datetime(2024, 1, 1, 10), local_datetime_before=datetime(2024, 1, 4))
    assert [asset.id for asset in between] == [ids[2], ids[1]]


@pytest.mark.before("0.103.0")
def test_one_person_filters_a_list(things: Things) -> None:
    things.photo()
    _ = things.face
    assert [asset.id for asset in things.owner.sdk.assets.list(person_id=things.person)] == [things.asset]
    assert list(things.owner.sdk.assets.list(person_id="person_" + "2" * 22)) == []


@pytest.mark.since("0.154.0")
def test_newer_filters(things: Things) -> None:
    sdk, other = things.owner.sdk, things.photo()
    _ = things.face, things.album
    assert [asset.id for asset in sdk.assets.list(person_ids=[things.person])] == [things.asset]
    assert [asset.id for asset in sdk.assets.list(album_filter="not_in_album")] == [other]
    assert [asset.id for asset in sdk.assets.list(order="asc")] == [asset.id for asset in sdk.assets.list(order="desc")][::-1]
    assert {asset.id for asset in sdk.assets.list(stack_id=things.stack)} == set(things.stacked)


def test_existence_and_counts(fresh: Account) -> None:
    ids = week(fresh)
    picture = pictures.jpeg(5, taken="2024:01:05 10:00:00")
    exist = fresh.sdk.assets.check_existence
    assert [hit.id for hit in exist(checksums=[picture.checksum]).assets] == [ids[4]]
    assert [hit.id for hit in exist(checksum_sha1s=[picture.checksum_sha1]).assets] == [ids[4]]
    assert [hit.id for hit in exist(device_id="older", device_asset_ids=[picture.name]).assets] == [ids[4]]
    (month,) = fresh.sdk.assets.counts(group_by="month").data
    assert (month.count, month.time_bucket) == (5, datetime(2024, 1, 1))
    days = fresh.sdk.assets.counts(group_by="day", limit=2)
    assert ([day.time_bucket.day for day in days.data], days.has_more) == ([5, 4], True)
    rest = fresh.sdk.assets.counts(group_by="day", local_datetime_before=days.data[-1].time_bucket)
    assert [day.time_bucket.day for day in rest.data] == [3, 2, 1]


def test_deletion(fresh: Account) -> None:
    asset = create(fresh, pictures.jpeg(1))
    fresh.sdk.assets.delete(asset.id)
    with pytest.raises(gumnut.NotFoundError):
        fresh.sdk.assets.retrieve(asset.id)


@pytest.mark.before("0.85.0")
def test_deletion_answers_without_a_body(fresh: Account) -> None:
    assert fresh.sdk.assets.delete(create(fresh, pictures.jpeg(1)).id) is None


@pytest.mark.since("0.80.0")
def test_states_of_trash(fresh: Account) -> None:
    kept, trashed = (create(fresh, pictures.jpeg(number)).id for number in (1, 2))
    assert fresh.http.post("/api/assets/trash", json={"ids": [trashed]}).is_success
    assert [asset.id for asset in fresh.sdk.assets.list()] == [kept]
    assert [asset.id for asset in fresh.sdk.assets.list(state="trashed")] == [trashed]
    assert {asset.id for asset in fresh.sdk.assets.list(state="all")} == {kept, trashed}
    assert fresh.sdk.assets.retrieve(trashed).trashed_at is not None
    assert sum(bucket.count for bucket in fresh.sdk.assets.counts(state="trashed").data) == 1


@pytest.mark.since("0.154.0")
def test_trash_restore_and_empty(fresh: Account) -> None:
    first, second, third = (create(fresh, pictures.jpeg(number)).id for number in range(3))
    fresh.sdk.assets.trash(ids=[first, second])
    fresh.sdk.assets.restore(ids=[first])
    assert {asset.id for asset in fresh.sdk.assets.list()} == {first, third}
    fresh.sdk.assets.empty_trash()
    assert list(fresh.sdk.assets.list(state="trashed")) == []
    fresh.sdk.assets.delete_list(ids=[third])
    assert [asset.id for asset in fresh.sdk.assets.list(state="all")] == [first]


@pytest.mark.since("0.154.0")
def test_a_person_corrects_what_the_camera_said(fresh: Account) -> None:
    photos = [create(fresh, pictures.jpeg(number, taken="2024:01:01 10:00:00")).id for number in range(2)]
    changed = fresh.sdk.assets.update_asset(
        photos[0], description="On the beach", latitude=54.5, longitude=13.25, original_datetime=datetime(2023, 7, 1, 12)
    )
    assert (changed.metadata.description, changed.local_datetime) == ("On the beach", datetime(2023, 7, 1, 12))
    assert (changed.metadata.latitude, changed.metadata.longitude) == (54.5, 13.25)
    fresh.sdk.assets.bulk_update_assets(updates=[{"id": photo, "change": {"description": "Both"}} for photo in photos])
    assert {asset.metadata.description for asset in fresh.sdk.assets.list()} == {"Both"}
    (cluster,) = fresh.sdk.assets.cluster_by_geo(bbox="-180,-90,180,90", cell_size=10).data
    assert cluster.count == 1
    assert [asset.id for asset in fresh.sdk.assets.list(bbox="13,54,14,55")] == [photos[0]]
    assert [asset.id for asset in fresh.sdk.assets.list(center="13.25,54.5", radius=5)] == [photos[0]]


@pytest.mark.since("0.154.0")
def test_versions_are_listed_dropped_and_reverted(things: Things) -> None:
    sdk, versions = things.owner.sdk, things.owner.sdk.assets.versions
    _ = things.version
    original, edit = versions.list(things.edited, include=["variants"])
    assert (original.kind, original.position, edit.kind, edit.id) == ("original", 0, "edit", things.version)
    assert sdk.assets.retrieve(things.edited).current_version_id == edit.id
    assert versions.delete(edit.id, asset_id=things.edited).kind == "original"
    again = things.request("POST", f"/api/assets/{things.edited}/versions", **rendering(77))["id"]
    assert sdk.assets.retrieve(things.edited).current_version_id == again
    assert versions.revert(original.id, asset_id=things.edited).current_version_id == original.id
    assert [version.position for version in versions.list(things.edited)] == [0]


@pytest.mark.before("0.67.0")
def test_downloads_of_the_first_generation(things: Things) -> None:
    sdk = things.owner.sdk
    content = sdk.assets.download(things.asset).read()
    assert pictures.Picture("", content).checksum == things.checksum
    _ = things.face
    for ask in (lambda: sdk.assets.download_thumbnail(things.asset), lambda: sdk.faces.download_thumbnail(things.face)):
        assert max(Image.open(io.BytesIO(wait_until(lambda ask=ask: made(ask), bool))).size) <= 360


def made(ask) -> bytes:
    """The bytes of a rendition, or nothing while it is on its way."""
    try:
        return ask().read()
    except gumnut.NotFoundError:
        return b""


def test_search_finds_by_words_image_and_time(fresh: Account) -> None:
    ids = week(fresh)
    fresh.all_settled(ids)
    older = GENERATION < (0, 103)
    after = {"captured_after" if older else "local_datetime_after": datetime(2024, 1, 3, 12)}
    wide = {"threshold": 1} if older else {}
    found = fresh.sdk.search.search(query="photo-4.jpg", limit=5, **wide).data
    assert found[0].asset.id == ids[3]
    assert [hit.distance for hit in found] == sorted(hit.distance for hit in found)
    picture = pictures.jpeg(5, taken="2024:01:05 10:00:00")
    similar = fresh.sdk.search.search_assets(image=(picture.name, picture.content), limit=3, **wide).data
    assert similar[0].asset.id == ids[4]
    assert {hit.asset.id for hit in fresh.sdk.search.search_assets(query="photo", **after, **wide).data} <= set(ids[3:])
    if older:
        assert fresh.sdk.search.search(query="nothing of the kind", threshold=0).data == []
    else:
        assert [hit.asset.id for hit in fresh.sdk.search.search(**after).data] == [ids[4], ids[3]]
