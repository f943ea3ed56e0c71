"""XMP files beside photos and films: kept as they came, and read over the file and below people."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from kit import pictures
from kit.account import Account, file_part, upload_fields
from kit.contract import assert_complete, assert_problem
from kit.pictures import Picture
from kit.server import Server
from kit.things import xmp

DESCRIBED = xmp(xmp__Rating="4", exif__DateTimeOriginal="2011-12-13T14:15:16+01:00", exif__GPSLatitude="48,12.49N", exif__GPSLongitude="16,22.43E", description="by the sidecar")


def upload(account: Account, picture: Picture, sidecar: bytes, name: str = "photo.jpg.xmp"):
    files = {**file_part(picture), "sidecar_data": (name, sidecar, "application/rdf+xml")}
    return account.http.post("/api/assets", data=upload_fields(picture), files=files)


def put(account: Account, asset: str, sidecar: bytes, name: str = "photo.xmp"):
    return account.http.put(f"/api/assets/{asset}/sidecar", files={"file": (name, sidecar)})


def words(account: Account, asset: str) -> tuple:
    told = account.sdk.assets.retrieve(asset)
    assert told.metadata is not None
    return told.local_datetime.isoformat(), told.metadata.rating, told.metadata.description, told.metadata.latitude is not None


def test_a_sidecar_that_comes_along_counts_at_once_and_stays_through_a_rebuild(server: Server, fresh: Account) -> None:
    answer = upload(fresh, pictures.jpeg(1), DESCRIBED)
    assert answer.status_code == 201, answer.text
    asset = answer.json()["id"]
    assert answer.json()["local_datetime"] == "2011-12-13T14:15:16+01:00"
    assert answer.json()["metadata"]["latitude"] == pytest.approx(48.2082, abs=1e-3)
    said = ("2011-12-13T14:15:16+01:00", 4, "by the sidecar", True)
    assert words(fresh, asset) == said
    fresh.sdk.assets.update_asset(asset, description="by ana")
    fresh.all_settled([asset])
    server.command("rebuild", "video_metadata_extract", "--all", "--library", fresh.sdk.libraries.list()[0].id)
    fresh.all_settled([asset])
    assert words(fresh, asset) == (*said[:2], "by ana", True)
    fresh.http.patch(f"/api/assets/{asset}", json={"description": None}).raise_for_status()
    assert words(fresh, asset) == said
    assert fresh.http.get(f"/api/assets/{asset}").json()["metadata"]["country_code"] == "AT"


def test_a_sidecar_is_shown_replaced_and_deleted(fresh: Account) -> None:
    asset = fresh.upload(pictures.jpeg(2))["id"]
    fresh.all_settled([asset])
    before = words(fresh, asset)
    path = f"/api/assets/{asset}/sidecar"
    assert_problem(fresh.http.get(path), 404, "not_found")
    assert_problem(fresh.http.delete(path), 404, "not_found")
    events = len(fresh.http.get("/api/events", params={"limit": 200}).json()["data"])

    first = put(fresh, asset, DESCRIBED, "a folder/Größe.xmp")
    assert first.status_code == 201, first.text
    assert_complete(first.json(), "SidecarResponse")
    assert (first.json()["file_name"], first.json()["file_size_bytes"]) == ("Größe.xmp", len(DESCRIBED))
    assert fresh.http.get(path).json() == first.json()
    again = put(fresh, asset, DESCRIBED, "Größe.xmp")
    assert (again.status_code, again.json()) == (200, first.json())
    fresh.all_settled([asset])  # its place is being named
    told = [(event["event_type"], event["entity_id"]) for event in fresh.http.get("/api/events", params={"limit": 200}).json()["data"][events:]]
    assert told == [("metadata_updated", asset), ("asset_updated", asset), ("metadata_updated", asset)]

    file = fresh.http.get(f"{path}/file")
    assert (file.status_code, file.content, file.headers["content-type"]) == (200, DESCRIBED, "application/rdf+xml")
    assert "Gr%C3%B6%C3%9Fe.xmp" in file.headers["content-disposition"] and "sandbox" in file.headers["content-security-policy"]
    assert fresh.http.get(f"{path}/file", headers={"If-None-Match": file.headers["etag"]}).status_code == 304
    assert fresh.http.get(f"{path}/file", headers={"Range": "bytes=2-4"}).content == DESCRIBED[2:5]

    other = put(fresh, asset, xmp(xmp__Rating="1"))
    assert (other.status_code, words(fresh, asset)[1:]) == (200, (1, None, False))
    assert other.json()["created_at"] == first.json()["created_at"]
    assert fresh.http.delete(path).status_code == 204
    assert words(fresh, asset) == before
    fresh.all_settled([asset])


def test_a_film_keeps_what_its_sidecar_says_when_it_is_read(fresh: Account, tmp_path: Path) -> None:
    from test_films import WHOLE_WORLD, film

    asset = upload(fresh, film(tmp_path, "film.mp4", 1, *WHOLE_WORLD), DESCRIBED, "film.mp4.xmp").json()["id"]
    fresh.all_settled([asset])
    assert words(fresh, asset) == ("2011-12-13T14:15:16+01:00", 4, "by the sidecar", True)
    fresh.http.delete(f"/api/assets/{asset}/sidecar").raise_for_status()
    assert words(fresh, asset) == ("2021-07-04T15:30:00+00:00", None, None, False)


def test_a_repeated_upload_brings_a_sidecar_only_where_there_is_none(fresh: Account) -> None:
    picture = pictures.jpeg(3)
    asset = fresh.upload(picture)["id"]
    assert upload(fresh, picture, DESCRIBED).status_code == 200
    assert words(fresh, asset)[1] == 4
    assert upload(fresh, picture, xmp(xmp__Rating="1")).status_code == 200
    assert words(fresh, asset)[1] == 4
    assert upload(fresh, picture, b"").status_code == 200  # an input in which nothing was chosen


def test_what_is_no_sidecar_refuses_the_upload_and_leaves_nothing(fresh: Account) -> None:
    count = len(fresh.list())
    for content in (b"only words", b"<html><body>a page</body></html>", pictures.jpeg(4).content):
        problem = assert_problem(upload(fresh, pictures.jpeg(5), content), 422, "unsupported_file_type")
        assert "sidecar_data" in json.dumps(problem)
    assert_problem(upload(fresh, pictures.jpeg(5), xmp() + b" " * (8 << 20)), 413, "payload_too_large")
    picture = pictures.jpeg(5)
    answer = fresh.http.post("/api/assets", data=upload_fields(picture, sidecar_data="no file"), files=file_part(picture))
    assert_problem(answer, 422, "validation_error")
    assert len(fresh.list()) == count
    asset = fresh.upload(pictures.jpeg(6))["id"]
    assert_problem(put(fresh, asset, b"only words"), 422, "unsupported_file_type")
    assert_problem(put(fresh, asset, b""), 422, "unsupported_file_type")
    assert_problem(fresh.http.put(f"/api/assets/{asset}/sidecar", files={"other": ("a.xmp", DESCRIBED)}), 422, "validation_error")
    assert_problem(put(fresh, "asset_2222222222222222222222", DESCRIBED), 404, "not_found")


def test_sidecars_of_many_programs_are_read(fresh: Account, fixtures: Path) -> None:
    asset = fresh.upload(pictures.jpeg(7))["id"]
    fresh.all_settled([asset])
    before = words(fresh, asset)
    files = sorted((fixtures / "exif" / "xmp-iptc").glob("*.xmp"))
    assert files
    ratings = {"20240107_110258.jpg.xmp": 3, "20240128_105420.mp4.xmp": 3, "metadata_v2.xmp": 0}
    for file in files:
        answer = put(fresh, asset, file.read_bytes(), file.name)
        assert answer.status_code in (200, 201), (file.name, answer.text)
        assert words(fresh, asset)[1] == ratings.get(file.name), file.name
    fresh.http.delete(f"/api/assets/{asset}/sidecar").raise_for_status()
    fresh.all_settled([asset])
    assert words(fresh, asset) == before
