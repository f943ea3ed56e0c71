"""Renderings on top of the upload."""

from __future__ import annotations

import base64
import hashlib
import io
import itertools
from typing import Any

import httpx
import pytest
from kit import pictures
from kit.account import Account, wait_until
from kit.contract import assert_complete, assert_problem
from kit.pictures import Picture
from PIL import Image

UNKNOWN = "asset_version_" + "2" * 22
_seeds = itertools.count(1000)


def photo(account: Account, **options: Any) -> dict[str, Any]:
    options = {"taken": "2020:05:01 10:00:00", "camera": ("Maker", "Model"), "caption": "seen", "orientation": 6, **options}
    return account.upload(pictures.jpeg(next(_seeds), **options))


def edited(width: int = 100, height: int = 60, form: str = "JPEG") -> Picture:
    return pictures.encoded(next(_seeds), width, height, form, f"edited.{form.lower()}")


def post(
    account: Account, asset: str, picture: Picture | bytes, *, replace: str | None = None, kind: str = "edit", params: str = "{}",
    declared: str = "application/octet-stream", **query: str,
) -> httpx.Response:  # fmt: skip
    path = f"/api/assets/{asset}/versions" + (f"/{replace}/replace" if replace else "")
    content = picture if isinstance(picture, bytes) else picture.content
    return account.http.post(path, data={"kind": kind, "params": params}, files={"file": ("edited", content, declared)}, params=query)


def feed(account: Account) -> list[tuple[str, str]]:
    events = account.http.get("/api/events", params={"limit": 200}).json()["data"]
    return [(event["event_type"], event["entity_id"]) for event in events]


def digest(content: bytes) -> str:
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_an_appended_version_is_what_the_asset_shows(fresh: Account, form: str) -> None:
    original = photo(fresh)
    fresh.all_settled([original["id"]])
    picture = edited(100, 60, form)
    made = fresh.sdk.assets.versions.append(
        original["id"], file=("edited", picture.content), kind="edit", params='{"crop": [0, 1], "b": null}', include=["variants"]
    )
    assert (made.kind, made.position, made.width, made.height) == ("edit", 1, 100, 60)
    assert made.params == {"crop": [0, 1], "b": None}
    asset = fresh.sdk.assets.retrieve(original["id"])
    assert (asset.current_version_id, asset.kind, asset.mime_type) == (made.id, "edit", f"image/{form.lower()}")
    assert (asset.width, asset.height, asset.file_size_bytes) == (100, 60, made.file_size_bytes)
    assert asset.updated_at > asset.created_at
    assert made.version_urls is not None
    stored = fresh.http.get(made.version_urls["original"].url)
    assert (len(stored.content), digest(stored.content)) == (made.file_size_bytes, made.checksum)
    assert stored.headers["content-type"] == f"image/{form.lower()}"
    with Image.open(io.BytesIO(stored.content)) as image:
        exif = image.getexif()
        assert image.size == (100, 60)
        assert (exif[0x010F], exif[0x010E], exif[0x0112]) == ("Maker", "seen", 1)
        assert exif.get_ifd(0x8769)[0x9003] == "2020:05:01 10:00:00"
    # the upload is still there, as version 0 and in what tells of the file
    assert asset.file_data is not None and asset.file_data.checksum == original["checksum"]
    versions = fresh.sdk.assets.versions.list(original["id"], include=["variants"])
    assert [(version.position, version.kind) for version in versions] == [(0, "original"), (1, "edit")]
    assert versions[0].params is None and versions[0].checksum == original["checksum"]
    assert versions[0].version_urls is not None
    assert digest(fresh.http.get(versions[0].version_urls["original"].url).content) == original["checksum"]
    fresh.all_settled([original["id"]])
    assert fresh.sdk.assets.retrieve(original["id"]).thumbhash is not None


def test_answers_carry_every_key(fresh: Account) -> None:
    asset = photo(fresh)["id"]
    made = post(fresh, asset, edited())
    assert made.status_code == 201
    assert_complete(made.json(), "AssetVersionResponse")
    assert set(made.json()["version_urls"]) == {"thumbnail"}
    assert set(post(fresh, asset, edited(), replace=made.json()["id"], include="variants").json()["version_urls"]) == {
        "thumbnail", "small", "preview", "fullsize", "original",
    }  # fmt: skip
    listed = fresh.http.get(f"/api/assets/{asset}/versions")
    assert_complete(listed.json(), {"type": "array", "items": {"$ref": "#/components/schemas/AssetVersionResponse"}})


def test_a_repeated_upload_is_the_same_version(fresh: Account) -> None:
    asset = photo(fresh)["id"]
    picture = edited()
    first = post(fresh, asset, picture, params='{"a": 1, "b": 2}')
    fresh.all_settled([asset])
    before = len(feed(fresh))
    again = post(fresh, asset, picture, params='{"b":2,"a":1}')
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert len(feed(fresh)) == before
    assert_problem(post(fresh, asset, picture, params='{"a": 3}'), 409, "version_conflict")
    assert_problem(post(fresh, asset, picture, kind="external:x"), 409, "version_conflict")
    other = edited()
    replaced = post(fresh, asset, other, replace=first.json()["id"])
    assert replaced.status_code == 201
    assert post(fresh, asset, other, replace=replaced.json()["id"]).status_code == 200
    assert post(fresh, asset, other, replace=first.json()["id"]).json() == replaced.json()


def test_a_replacement_takes_the_place_and_the_room(fresh: Account) -> None:
    asset = photo(fresh)
    first = post(fresh, asset["id"], edited(200, 100)).json()
    other = ("edited", edited(50, 40).content)
    made = fresh.sdk.assets.versions.replace(first["id"], asset_id=asset["id"], file=other, kind="external:some.service-1", params="{}")
    assert made.id != first["id"] and made.position == 1
    second = {"id": made.id, "file_size_bytes": fresh.sdk.assets.retrieve(asset["id"]).file_size_bytes}
    assert fresh.sdk.libraries.list()[0].storage_used_bytes == asset["file_size_bytes"] + second["file_size_bytes"]
    assert fresh.sdk.assets.retrieve(asset["id"]).kind == "external:some.service-1"
    assert [version.id for version in fresh.sdk.assets.versions.list(asset["id"])] == [asset["current_version_id"], second["id"]]
    address = f"/api/assets/{asset['id']}/versions/{first['id']}/variants/original"
    assert_problem(fresh.http.get(address), 404, "not_found")


def test_deleting_and_reverting_bring_the_upload_back(fresh: Account) -> None:
    asset = photo(fresh)
    for way in ("delete", "revert"):
        made = post(fresh, asset["id"], edited()).json()
        before = len(feed(fresh))
        if way == "delete":
            back = fresh.sdk.assets.versions.delete(made["id"], asset_id=asset["id"])
        else:
            back = fresh.sdk.assets.versions.revert(asset["current_version_id"], asset_id=asset["id"])
        assert (back.current_version_id, back.kind) == (asset["current_version_id"], "original")
        assert (back.width, back.height, back.file_size_bytes) == (asset["width"], asset["height"], asset["file_size_bytes"])
        assert back.file_data is not None and back.metadata is not None
        assert ("asset_updated", asset["id"]) in feed(fresh)[before:]
        assert fresh.sdk.libraries.list()[0].storage_used_bytes == asset["file_size_bytes"]


def test_reverting_to_the_current_version_is_nothing(fresh: Account) -> None:
    asset = photo(fresh)
    fresh.all_settled([asset["id"]])
    before = fresh.sdk.assets.retrieve(asset["id"])
    count = len(feed(fresh))
    assert fresh.sdk.assets.versions.revert(asset["current_version_id"], asset_id=asset["id"]) == before
    assert len(feed(fresh)) == count


def test_what_the_chain_forbids(fresh: Account) -> None:
    asset = photo(fresh)
    upload = asset["current_version_id"]
    path = f"/api/assets/{asset['id']}/versions"
    assert_problem(post(fresh, asset["id"], edited(), replace=upload), 422, "original_version")
    assert_problem(fresh.http.delete(f"{path}/{upload}"), 422, "original_version")
    made = post(fresh, asset["id"], edited()).json()
    assert_problem(post(fresh, asset["id"], edited()), 409, "version_conflict")
    assert_problem(fresh.http.delete(f"{path}/{upload}"), 422, "original_version")
    for version in (UNKNOWN, "nonsense"):
        assert_problem(fresh.http.delete(f"{path}/{version}"), 404, "not_found")
        assert_problem(fresh.http.post(f"{path}/{version}/revert"), 404, "not_found")
        assert_problem(post(fresh, asset["id"], edited(), replace=version), 404, "not_found")
    expected = {"expected_current_version_id": upload}
    assert_problem(fresh.http.delete(f"{path}/{made['id']}", params=expected), 409, "version_conflict")
    assert_problem(fresh.http.post(f"{path}/{upload}/revert", params=expected), 409, "version_conflict")
    assert fresh.http.delete(f"{path}/{made['id']}", params={"expected_current_version_id": made["id"]}).status_code == 200


def test_files_go_with_the_last_version_that_needs_them(fresh: Account) -> None:
    first, second = photo(fresh), photo(fresh)
    picture = pictures.encoded(next(_seeds), 64, 64, "PNG", "same.png")
    made = post(fresh, first["id"], picture, include="variants").json()
    fresh.sdk.assets.versions.delete(made["id"], asset_id=first["id"])
    tasks = wait_until(
        lambda: [task for task in fresh.http.get("/api/tasks/", params={"limit": 100}).json() if "version" in task["task_type"]],
        lambda tasks: tasks and all(task["status"] == "success" for task in tasks),
    )
    assert {task["task_type"] for task in tasks} == {"asset_version_storage_cleanup"}
    assert_problem(fresh.http.get(made["version_urls"]["original"]["url"]), 404, "not_found")
    assert fresh.http.get(second["asset_urls"]["original"]["url"]).status_code == 200
    again = post(fresh, first["id"], picture, include="variants")
    assert again.status_code == 201
    assert digest(fresh.http.get(again.json()["version_urls"]["original"]["url"]).content) == again.json()["checksum"]


@pytest.mark.parametrize(
    ("content", "declared", "code"),
    [
        (b"", "image/jpeg", "validation_error"),
        (b"plain text", "text/plain", "unsupported_file_type"),
        (pictures.encoded(1, 8, 8, "GIF", "a.gif").content, "image/gif", "unsupported_file_type"),
        (pictures.encoded(1, 8, 8, "PNG", "a.png").content, "image/jpeg", "validation_error"),
        (pictures.encoded(1, 64, 64, "PNG", "a.png").content[:-60], "image/png", "validation_error"),
        (pictures.encoded(1, 64, 64, "JPEG", "a.jpg").content[:200], "image/jpeg", "validation_error"),
        (b"\xff\xd8\xff\xe0" + bytes(200), "image/jpeg", "validation_error"),
    ],
)
def test_what_is_no_jpeg_or_png_is_refused(account: Account, content: bytes, declared: str, code: str) -> None:
    asset = photo(account)["id"]
    assert_problem(post(account, asset, content, declared=declared), 422, code, "file")
    assert [version.kind for version in account.sdk.assets.versions.list(asset)] == ["original"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("kind", value) for value in ("original", "Edit", "external:", "external:a b", "external:ä", "x")),
        *(("params", value) for value in ("[]", "1", "null", "{", '{"a":1,"a":2}', '{"a":"' + "x" * 65_536 + '"}')),
    ],
)
def test_a_bad_field_is_refused(account: Account, field: str, value: str) -> None:
    asset = photo(account)["id"]
    assert_problem(post(account, asset, edited(), **{field: value}), 422, "validation_error", field)


def test_bad_forms(account: Account) -> None:
    asset = photo(account)["id"]
    path = f"/api/assets/{asset}/versions"
    file = {"file": ("a.jpg", edited().content, "image/jpeg")}
    assert_problem(account.http.post(path, data={"kind": "edit"}, files=file), 422, "validation_error", "params")
    assert_problem(account.http.post(path, data={"params": "{}"}, files=file), 422, "validation_error", "kind")
    other = {"other": file["file"]}
    assert_problem(account.http.post(path, data={"kind": "edit", "params": "{}"}, files=other), 422, "validation_error", "file")
    assert_problem(account.http.post(path, json={}), 415, "unsupported_media_type")
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    assert_problem(account.http.post(path, content=b"--x\r\n", headers=headers), 400, "malformed_body")
    assert_problem(account.http.get(path, params={"include": "faces"}), 422, "validation_error", "include")
    for missing in ("asset_" + "2" * 22, "nonsense"):
        assert_problem(account.http.get(f"/api/assets/{missing}/versions"), 404, "not_found")
        assert_problem(post(account, missing, edited()), 404, "not_found")


def test_a_file_over_100_mib_is_413(account: Account) -> None:
    asset = photo(account)["id"]
    assert_problem(post(account, asset, edited().content + bytes(100 << 20)), 413, "payload_too_large")


def test_videos_have_none(account: Account) -> None:
    film = Picture("film.mp4", b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(64))
    asset = account.upload(film)["id"]
    assert_problem(post(account, asset, edited()), 422, "validation_error")
    versions = account.sdk.assets.versions.list(asset, include=["variants"])
    assert [version.position for version in versions] == [0]
