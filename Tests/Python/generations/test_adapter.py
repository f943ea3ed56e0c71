"""What the adapter for Immich's apps depends on (contract §13 and §19): it runs client 0.154.0 and never names a library."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import gumnut
import pytest
from kit import asking, pictures
from kit.account import Account, upload_fields, wait_until
from kit.things import BOX, Things

pytestmark = pytest.mark.since("0.154.0")

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
DECODED = ("album_", "asset_stack_", "asset_", "person_", "face_", "intuser_")
WALKS = ("asset", "album", "person", "face", "album_asset", "metadata", "stack")


def decoded(id: str) -> uuid.UUID:
    """The UUID in an id, as the adapter takes it out."""
    short = next(id.removeprefix(prefix) for prefix in DECODED if id.startswith(prefix))
    number = 0
    for character in short:
        number = number * len(ALPHABET) + ALPHABET.index(character)
    return uuid.UUID(int=number)


def encoded(value: uuid.UUID) -> str:
    number, characters = value.int, ""
    while number:
        number, rest = divmod(number, len(ALPHABET))
        characters = ALPHABET[rest] + characters
    return characters.rjust(22, ALPHABET[0])


def walk(sdk: gumnut.Gumnut, kind: str, cursor: str | None = None) -> Iterator[Any]:
    """Events of one kind, the adapter's way: it goes on from the cursor of the last event it has seen."""
    while page := sdk.events.get(entity_types=kind, limit=200, **({"after_cursor": cursor} if cursor else {})).data:
        yield from page
        cursor = page[-1].cursor


def test_ids_go_to_uuids_and_back(things: Things) -> None:
    for id in (things.asset, things.album, things.person, things.face, things.stack, things.owner.sdk.users.me().id):
        prefix = next(prefix for prefix in DECODED if id.startswith(prefix))
        assert prefix + encoded(decoded(id)) == id
    assert encoded(uuid.UUID("550e8400-e29b-41d4-a716-446655440000")) == "H9cNmGXLEc8NWcZzSThA9S"


def test_a_token_is_probed_with_the_profile(fresh: Account) -> None:
    me = fresh.sdk.users.me()
    assert me.email and not me.email.endswith((".local", ".test", ".invalid", "localhost"))
    assert me.updated_at.utcoffset() is not None
    with pytest.raises(gumnut.AuthenticationError):
        Account.with_key(fresh.server, "", "apikey_" + "2" * 22 + "_" + "A" * 43).sdk.users.me()


def test_a_file_of_unknown_size_is_streamed_and_sent_twice(fresh: Account) -> None:
    """The adapter passes large files on as they come, and tells new ones from known ones by the status."""
    picture = pictures.jpeg(4, name="straße.jpg")

    def body() -> Iterator[bytes]:
        for name, value in upload_fields(picture).items():
            yield f'--cut\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        yield f'--cut\r\nContent-Disposition: form-data; name="asset_data"; filename="{picture.name}"\r\n\r\n'.encode()
        for start in range(0, len(picture.content), 1000):
            yield picture.content[start : start + 1000]
        yield b"\r\n--cut--\r\n"

    answers = [fresh.http.post("/api/assets", content=body(), headers={"Content-Type": "multipart/form-data; boundary=cut"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert "Content-Length" not in answers[0].request.headers
    asset = fresh.sdk.assets.retrieve(answers[0].json()["id"])
    assert (asset.checksum_sha1, asset.original_file_name) == (picture.checksum_sha1, picture.name)
    raw = fresh.sdk.assets.with_raw_response.create(
        asset_data=(picture.name, picture.content), device_asset_id="a", device_id="b", file_created_at=datetime.now(), file_modified_at=datetime.now()
    )
    assert raw.status_code == 200


def test_every_upload_is_followed_by_its_metadata(fresh: Account) -> None:
    photos = [fresh.upload(pictures.jpeg(number))["id"] for number in range(3)]
    assert [event.entity_id for event in walk(fresh.sdk, "asset") if event.event_type == "asset_created"] == photos
    assert [event.entity_id for event in walk(fresh.sdk, "metadata")][:1] == photos[:1]
    assert {event.entity_id for event in walk(fresh.sdk, "metadata")} == set(photos)
    assert all(asset.metadata is not None for asset in fresh.sdk.assets.list(ids=photos, state="all", include=["metadata"], limit=3))


def test_walks_resume_behind_any_event_and_rows_come_by_id(things: Things) -> None:
    sdk = things.owner.sdk
    things.owner.all_settled([things.asset])
    _ = things.album_asset, things.face, things.stack
    for asset in things.stacked:
        things.owner.all_settled([asset])
    for kind in WALKS:
        events = list(walk(sdk, kind))
        assert events and {event.entity_type for event in events} == {kind}
        for place, event in enumerate(events):
            assert "|" not in event.cursor and event.created_at.utcoffset() is not None
            assert [later.cursor for later in walk(sdk, kind, event.cursor)] == [later.cursor for later in events[place + 1 :]]
    ids = [event.entity_id for event in walk(sdk, "asset")]
    ids = list(dict.fromkeys(ids))
    assert {asset.id for asset in sdk.assets.list(ids=ids, state="all", limit=len(ids)).data} == set(ids)
    assert [album.id for album in sdk.albums.list(ids=[things.album], limit=1).data] == [things.album]
    assert [face.id for face in sdk.faces.list(ids=[things.face], limit=1).data] == [things.face]
    assert [stack.id for stack in sdk.stacks.list_stacks(ids=[things.stack], limit=1).data] == [things.stack]
    assert sdk.assets.list(ids=["asset_" + "2" * 22, "nonsense"], state="all", limit=2).data == []


def test_payloads_hold_what_the_adapter_takes_from_them(things: Things) -> None:
    sdk = things.owner.sdk
    added = things.album_asset
    sdk.albums.assets_associations.remove(things.album, asset_ids=[things.asset])
    links = {event.event_type: (event.entity_id, event.payload) for event in walk(sdk, "album_asset")}
    ends = {"album_id": things.album, "asset_id": things.asset}
    assert links == {"album_asset_added": (added, ends), "album_asset_removed": (added, ends)}
    covers = [event.payload["album_cover_asset_id"] for event in walk(sdk, "album") if event.event_type == "album_updated"]
    assert covers == [things.asset, None]

    face = sdk.faces.create(asset_id=things.asset, bounding_box=BOX, person_id=things.person)
    sdk.faces.update(face.id, person_id=None)
    sdk.faces.delete(face.id)
    assert [(event.event_type, event.payload) for event in walk(sdk, "face")] == [
        ("face_created", None),
        ("face_updated", {"person_id": things.person, "previous_person_id": None}),
        ("face_updated", {"person_id": None, "previous_person_id": things.person}),
        ("face_deleted", {"previous_person_id": None}),
    ]

    stack = sdk.stacks.create_stack(asset_ids=things.stacked)
    sdk.stacks.delete(stack.id)
    told = [event.payload for event in walk(sdk, "asset") if event.payload and "stack_id" in event.payload]
    assert told == [{"stack_id": stack.id}] * 3 + [{"stack_id": None}] * 3
    assert [event.event_type for event in walk(sdk, "stack")] == ["stack_created", "stack_deleted"]


def test_media_addresses_are_absolute_and_need_no_credential(things: Things) -> None:
    (asset,) = things.owner.sdk.assets.list(ids=[things.asset], include=["variants", "file_data"], limit=1).data
    with asking.client() as anyone:
        for name, rung in asset.asset_urls.items():
            assert rung.url.startswith(things.owner.server.url)
            answer = wait_until(lambda url=rung.url: anyone.get(url), lambda answer: answer.status_code != 404)
            assert (answer.status_code, answer.headers["Content-Type"]) == (200, rung.mimetype), name
            part = anyone.get(rung.url, headers={"Range": "bytes=10-19"})
            assert (part.status_code, part.content) == (206, answer.content[10:20])
            assert part.headers["Content-Range"] == f"bytes 10-19/{len(answer.content)}"
            assert anyone.head(rung.url).headers["Content-Length"] == str(len(answer.content))
        assert pictures.Picture("", anyone.get(asset.asset_urls["original"].url).content).checksum == asset.checksum
    again = things.owner.sdk.assets.retrieve(things.asset)
    assert {name: rung.url for name, rung in again.asset_urls.items()} == {name: rung.url for name, rung in asset.asset_urls.items()}


def test_what_is_always_there(things: Things) -> None:
    sdk = things.owner.sdk
    assert sdk.albums.create(name="").description == ""
    assert [album.description for album in sdk.albums.list()] == [""]
    for include in ([], ["metadata"], ["faces", "people"], ["variants"]):
        raw = things.owner.http.get(f"/api/assets/{things.asset}", params={"include": include or ""}).json()
        assert raw["kind"] == "original" and raw["current_version_id"].startswith("asset_version_") and raw["stack_id"] is None
    hidden = sdk.people.create(name="Hidden", is_hidden=True)
    assert hidden.id in {person.id for person in sdk.people.list(name_filter="all")}
    (bucket,) = things.owner.http.get("/api/assets/counts", params={"group_by": "month"}).json()["data"]
    assert bucket["time_bucket"] == datetime.fromisoformat(bucket["time_bucket"]).replace(tzinfo=None).isoformat()


def test_errors_say_what_is_wrong_where_the_adapter_looks(fresh: Account) -> None:
    for call in (
        lambda: fresh.sdk.assets.retrieve("nonsense"),
        lambda: fresh.sdk.albums.update("album_" + "2" * 22, name="x"),
        lambda: fresh.sdk.assets.list(limit=500),
    ):
        with pytest.raises(gumnut.APIStatusError) as refused:
            call()
        assert refused.value.body["detail"] == refused.value.body["error"]["message"] != ""


def test_importing_needs_a_key_that_reads_and_writes(fresh: Account) -> None:
    made = fresh.sdk.api_keys.create(name="Import", actions=["read", "write"], library_scope_mode="all_libraries")
    importer = Account.with_key(fresh.server, fresh.email, made.api_key)
    photo = importer.upload(pictures.jpeg(1))["id"]
    album = importer.sdk.albums.create(name="Import")
    assert importer.sdk.albums.assets_associations.add(album.id, asset_ids=[photo]).added_assets == [photo]
    assert importer.sdk.assets.check_existence(checksum_sha1s=[pictures.jpeg(1).checksum_sha1]).assets[0].id == photo
