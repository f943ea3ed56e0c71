"""The official client of the seed's generation, with strict validation: every operation of it that is built.

Runs in an environment of its own (`.venv-seed`), because both generations are called `gumnut`.
"""

from __future__ import annotations

from datetime import datetime
from importlib.metadata import version

import gumnut
import pytest
from kit import pictures
from kit.account import Account

pytestmark = pytest.mark.skipif(version("gumnut-sdk") != "0.80.0", reason="needs gumnut-sdk 0.80.0")


def create(account: Account, picture: pictures.Picture):
    return account.sdk.assets.create(
        asset_data=(picture.name, picture.content), device_asset_id=picture.name, device_id="seed",
        file_created_at=datetime(2024, 3, 1, 9), file_modified_at="2024-03-01T09:00:00+01:00",
    )  # fmt: skip


def test_ping_and_the_signed_in_user(account: Account) -> None:
    assert account.sdk.ping.get() == "pong"
    assert account.sdk.users.me().email == account.email


def test_libraries(fresh: Account) -> None:
    made = fresh.sdk.libraries.create(name="Holidays", description="By the sea")
    assert fresh.sdk.libraries.retrieve(made.id).name == "Holidays"
    assert fresh.sdk.libraries.update(made.id, name="Work").name == "Work"
    assert {library.name for library in fresh.sdk.libraries.list()} == {"Default Library", "Work"}


def test_api_keys_under_the_path_without_api(fresh: Account) -> None:
    made = fresh.sdk.api_keys.create(name="Phone")
    assert Account.with_key(fresh.server, fresh.email, made.api_key).sdk.users.me().email == fresh.email
    assert fresh.sdk.api_keys.update(made.id, name="Tablet").name == "Tablet"
    assert "Tablet" in {key.name for key in fresh.sdk.api_keys.list()}
    assert fresh.sdk.api_keys.delete(made.id) is None
    assert made.id not in {key.id for key in fresh.sdk.api_keys.list()}


def test_assets_come_in_the_full_shape(fresh: Account) -> None:
    picture = pictures.jpeg(1, 640, 480, taken="2024:05:17 12:30:15", offset="+02:00", camera=("Acme", "Box 3"))
    asset = create(fresh, picture)
    assert (asset.checksum, asset.checksum_sha1) == (picture.checksum, picture.checksum_sha1)
    assert (asset.exif.make, asset.metadata.make, asset.exif.iso) == ("Acme", "Acme", 400)
    assert (asset.faces, asset.people) == ([], [])
    assert set(asset.asset_urls) == {"thumbnail", "small", "preview", "fullsize", "original"}
    assert fresh.sdk.assets.retrieve(asset.id).checksum == asset.checksum
    (listed,) = fresh.sdk.assets.list()
    assert listed.exif.make == "Acme"


def test_lists_page_and_filter(fresh: Account) -> None:
    ids = [create(fresh, pictures.jpeg(day, taken=f"2024:01:{day:02} 10:00:00")).id for day in range(1, 6)]
    assert [asset.id for asset in fresh.sdk.assets.list(limit=2)] == ids[::-1]
    assert [asset.id for asset in fresh.sdk.assets.list(ids=ids[:2])] == ids[1::-1]
    between = fresh.sdk.assets.list(local_datetime_after=datetime(2024, 1, 1, 10), local_datetime_before=datetime(2024, 1, 4))
    assert [asset.id for asset in between] == [ids[2], ids[1]]
    assert list(fresh.sdk.assets.list(state="trashed")) == []
    assert list(fresh.sdk.assets.list(person_id="person_" + "2" * 22)) == []


def test_existence_and_counts(fresh: Account) -> None:
    picture = pictures.jpeg(9, taken="2024:01:09 10:00:00")
    asset = create(fresh, picture)
    assert [hit.id for hit in fresh.sdk.assets.check_existence(checksums=[picture.checksum]).assets] == [asset.id]
    assert [hit.id for hit in fresh.sdk.assets.check_existence(device_id="seed", device_asset_ids=[picture.name]).assets] == [asset.id]
    (bucket,) = fresh.sdk.assets.counts(group_by="month").data
    assert (bucket.count, bucket.time_bucket) == (1, datetime(2024, 1, 1))


def test_deletion_answers_without_a_body(fresh: Account) -> None:
    asset = create(fresh, pictures.jpeg(1))
    assert fresh.sdk.assets.delete(asset.id) is None
    with pytest.raises(gumnut.NotFoundError):
        fresh.sdk.assets.retrieve(asset.id)


def test_search_with_the_older_names(fresh: Account) -> None:
    ids = [create(fresh, pictures.jpeg(day, taken=f"2024:01:{day:02} 10:00:00")).id for day in range(1, 4)]
    fresh.all_settled(ids)
    hits = fresh.sdk.search.search(query="shapes", threshold=1, captured_after=datetime(2024, 1, 1, 12)).data
    assert {hit.asset.id for hit in hits} == set(ids[1:])
    assert [hit.distance for hit in hits] == sorted(hit.distance for hit in hits)
    assert fresh.sdk.search.search(query="shapes", threshold=0).data == []
    assert hits[0].asset.exif is not None


def test_every_created_album_is_new(fresh: Account) -> None:
    first, second = fresh.sdk.albums.create(name="Coast"), fresh.sdk.albums.create(name="Coast")
    assert first.id != second.id
    photo = create(fresh, pictures.jpeg(1)).id
    outcome = fresh.sdk.albums.assets_associations.add(first.id, asset_ids=[photo, "asset_" + "2" * 22])
    assert (outcome.added_assets, outcome.duplicate_assets, outcome.not_found_assets) == ([photo], [], ["asset_" + "2" * 22])
