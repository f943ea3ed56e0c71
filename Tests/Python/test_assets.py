"""Assets: upload, list with filters, read, delete, existence, counts."""

from __future__ import annotations

import hashlib
import random
import string
import zlib
from datetime import UTC, datetime

import gumnut
import pytest
from kit import pictures
from kit.account import Account, upload_fields, wait_until
from kit.contract import assert_complete, assert_problem

UNKNOWN = "asset_" + "2" * 22


def create(account: Account, picture: pictures.Picture, **changes: object):
    """An upload through the official client."""
    fields: dict[str, object] = {"device_asset_id": picture.name, "device_id": "sdk", "file_created_at": "2024-03-01T09:00:00Z", "file_modified_at": "2024-03-01T09:00:00Z"}
    return account.sdk.assets.create(asset_data=(picture.name, picture.content), **(fields | changes))


def taken(account: Account, *instants: str) -> list[str]:
    """Pictures taken at these times, in EXIF's form; their ids in this order."""
    return [account.upload(pictures.jpeg(100 + index, taken=instant))["id"] for index, instant in enumerate(instants)]


# -- upload


def test_an_uploaded_photo_tells_everything_about_itself_at_once(fresh: Account) -> None:
    picture = pictures.jpeg(1, 640, 480, name="Küste 1.jpg", taken="2024:05:17 12:30:15", offset="+02:00", camera=("Acme", "Box 3"))
    asset = create(fresh, picture)
    assert (asset.original_file_name, asset.mime_type, asset.kind) == ("Küste 1.jpg", "image/jpeg", "original")
    assert (asset.width, asset.height, asset.file_size_bytes) == (640, 480, len(picture.content))
    raw = fresh.http.get(f"/api/assets/{asset.id}").json()
    assert raw["local_datetime"].startswith("2024-05-17T12:30:15") and raw["local_datetime"].endswith("+02:00")
    assert (raw["checksum"], raw["checksum_sha1"]) == (picture.checksum, picture.checksum_sha1)
    assert raw["file_data"]["checksum"] == picture.checksum
    assert (raw["device_asset_id"], raw["device_id"]) == ("Küste 1.jpg", "sdk")
    assert (raw["metadata"]["make"], raw["metadata"]["model"], raw["metadata"]["iso"]) == ("Acme", "Box 3", 400)
    assert raw["metadata"]["exposure_time"] == pytest.approx(1 / 250)
    assert raw["metadata"]["f_number"] == pytest.approx(2.8)
    assert raw["metadata"]["focal_length"] == pytest.approx(35)
    assert raw["exif"]["make"] == raw["metadata"]["make"]
    assert (raw["faces"], raw["people"]) == ([], [])
    assert_complete(raw, "AssetResponse")


def test_new_is_201_and_the_same_bytes_again_are_200_with_the_first_asset(fresh: Account) -> None:
    picture = pictures.jpeg(2)
    first = fresh.post_upload(picture)
    again = fresh.post_upload(pictures.Picture("other-name.jpg", picture.content), device_asset_id="other")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["id"] == first.json()["id"]
    assert again.json()["original_file_name"] == picture.name
    assert len(fresh.list()) == 1


def test_the_same_bytes_in_two_libraries_are_two_assets(fresh: Account) -> None:
    first, second = fresh.sdk.libraries.list()[0].id, fresh.sdk.libraries.create(name="Second").id
    ids = {fresh.upload(pictures.jpeg(3), library_id=library)["id"] for library in (first, second)}
    assert len(ids) == 2


def test_parts_may_come_in_any_order_and_without_a_known_length(fresh: Account) -> None:
    picture = pictures.jpeg(4)
    parts = [("asset_data", (picture.name, picture.content)), *((name, (None, value)) for name, value in upload_fields(picture).items())]
    request = fresh.http.build_request("POST", "/api/assets", files=parts)
    body = request.read()

    def pieces():
        for start in range(0, len(body), 1000):
            yield body[start : start + 1000]

    response = fresh.http.post("/api/assets", content=pieces(), headers={"Content-Type": request.headers["Content-Type"]})
    assert response.status_code == 201
    assert response.json()["checksum"] == picture.checksum


@pytest.mark.parametrize("orientation", range(1, 9))
def test_dimensions_are_as_displayed(account: Account, orientation: int) -> None:
    asset = account.upload(pictures.jpeg(500 + orientation, 300, 200, orientation=orientation))
    assert (asset["width"], asset["height"]) == ((200, 300) if orientation >= 5 else (300, 200))
    assert (asset["metadata"]["raw_width"], asset["metadata"]["raw_height"]) == (300, 200)
    assert asset["metadata"]["orientation"] == orientation


@pytest.mark.parametrize(
    ("form", "name", "mime"),
    [
        ("JPEG", "a.jpg", "image/jpeg"), ("PNG", "a.png", "image/png"), ("WEBP", "a.webp", "image/webp"), ("GIF", "a.gif", "image/gif"),
        ("TIFF", "a.tiff", "image/tiff"), ("BMP", "a.bmp", "image/bmp"), ("AVIF", "a.avif", "image/avif"),
    ],
)  # fmt: skip
def test_each_still_format_is_read(account: Account, form: str, name: str, mime: str) -> None:
    asset = account.upload(pictures.encoded(600, 200, 150, form, name))
    assert (asset["mime_type"], asset["width"], asset["height"]) == (mime, 200, 150)
    account.all_settled([asset["id"]])


def test_without_a_known_extension_the_bytes_tell(account: Account) -> None:
    picture = pictures.jpeg(5)
    assert create(account, pictures.Picture("upload", picture.content)).mime_type == "image/jpeg"


@pytest.mark.parametrize(
    ("exif", "sent", "local"),
    [
        ({"taken": "2020:01:02 03:04:05"}, "2024-03-01T09:00:00Z", "2020-01-02T03:04:05"),
        ({}, "2024-03-01T09:00:00+05:30", "2024-03-01T09:00:00+05:30"),
    ],
)
def test_the_capture_time_is_the_cameras_or_else_the_files(fresh: Account, exif: dict[str, str], sent: str, local: str) -> None:
    asset = fresh.upload(pictures.jpeg(6, **exif), file_created_at=sent)
    shown = asset["local_datetime"]
    assert shown.replace(".000000", "") == local
    created = datetime.fromisoformat(asset["file_created_at"])
    assert created == datetime.fromisoformat(sent)


@pytest.mark.parametrize("written", ["2024-03-01 09:00:00", "2024-03-01", "2024-03-01T09:00:00.123456789Z", "2024-03-01T09:00:00-11:30"])
def test_every_written_form_of_a_time_is_taken(account: Account, written: str) -> None:
    assert account.post_upload(pictures.jpeg(zlib.crc32(written.encode())), file_created_at=written).status_code == 201


# -- read


def test_include_decides_how_much_is_told(account: Account) -> None:
    asset = account.upload(pictures.jpeg(7, camera=("Acme", "Box")))["id"]
    account.all_settled([asset])
    lean = account.http.get(f"/api/assets/{asset}", params={"include": ""}).json()
    assert [lean[key] for key in ("metadata", "exif", "faces", "people", "file_data", "metrics", "checksum", "download_url")] == [None] * 8
    assert list(lean["asset_urls"]) == ["thumbnail"]
    assert_complete(lean, "AssetResponse")
    some = account.http.get(f"/api/assets/{asset}", params={"include": "metadata,file_data"}).json()
    assert some["metadata"]["make"] == "Acme" and some["exif"] and some["file_data"] and some["checksum"]
    assert (some["faces"], some["people"]) == (None, None)
    repeated = account.http.get(f"/api/assets/{asset}?include=metadata&include=file_data").json()
    assert repeated == some
    full = account.http.get(f"/api/assets/{asset}").json()
    assert set(full["asset_urls"]) == {"thumbnail", "small", "preview", "fullsize", "original"}
    assert full["thumbnail_url"] and full["download_url"]
    assert_problem(account.http.get(f"/api/assets/{asset}", params={"include": "everything"}), 422, "validation_error", "include")


def test_the_client_reads_one_asset_in_both_shapes(account: Account) -> None:
    asset = create(account, pictures.jpeg(8))
    assert account.sdk.assets.retrieve(asset.id).file_data is not None
    lean = account.sdk.assets.retrieve(asset.id, include=["variants"])
    assert lean.file_data is None and set(lean.asset_urls or {}) == {"thumbnail", "small", "preview", "fullsize", "original"}
    with pytest.raises(gumnut.NotFoundError):
        account.sdk.assets.retrieve(UNKNOWN)


# -- list


def test_the_newest_picture_comes_first_and_order_turns_it_round(fresh: Account) -> None:
    old, new, middle = taken(fresh, "2019:01:01 10:00:00", "2021:01:01 10:00:00", "2020:01:01 10:00:00")
    assert [asset.id for asset in fresh.sdk.assets.list()] == [new, middle, old]
    assert [asset.id for asset in fresh.sdk.assets.list(order="asc")] == [old, middle, new]


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_pages_visit_every_asset_once(fresh: Account, order: str) -> None:
    same, other = "2020:06:01 12:00:00", "2020:06:02 12:00:00"
    ids = taken(fresh, same, other, same, same, other, same, other)
    paged = [asset.id for asset in fresh.sdk.assets.list(limit=2, order=order)]
    assert sorted(paged) == sorted(ids)
    assert paged == [asset["id"] for asset in fresh.list(order=order)]
    last = fresh.http.get("/api/assets", params={"limit": 7}).json()
    assert last["has_more"] is False
    assert fresh.http.get("/api/assets", params={"limit": 6}).json()["has_more"] is True


@pytest.mark.parametrize("limit", ["0", "201", "-1", "many", "1.5"])
def test_a_page_has_1_to_200_entries(account: Account, limit: str) -> None:
    assert_problem(account.http.get("/api/assets", params={"limit": limit}), 422, "validation_error", "limit")


@pytest.mark.parametrize("cursor", [UNKNOWN, "nonsense"])
def test_an_unknown_cursor_is_refused(account: Account, cursor: str) -> None:
    assert_problem(account.http.get("/api/assets", params={"starting_after_id": cursor}), 400, "invalid_cursor")


def test_bounds_on_the_capture_time_are_exclusive(fresh: Account) -> None:
    first, second, third = taken(fresh, "2020:01:01 00:00:00", "2020:01:02 00:00:00", "2020:01:03 00:00:00")

    def between(**bounds: str) -> list[str]:
        return [asset.id for asset in fresh.sdk.assets.list(order="asc", **bounds)]

    assert between(local_datetime_after="2020-01-01T00:00:00") == [second, third]
    assert between(local_datetime_before="2020-01-03T00:00:00") == [first, second]
    assert between(local_datetime_after="2019-12-31T23:59:59.999999", local_datetime_before="2020-01-02") == [first]
    assert between(local_datetime_after="2020-01-01 00:00:00.5", local_datetime_before="2020-01-03T00:00:00Z") == [second]
    assert_problem(fresh.http.get("/api/assets", params={"local_datetime_after": "yesterday"}), 422, "validation_error", "local_datetime_after")


def test_a_bound_with_offset_compares_instants_where_the_camera_knew_its_zone(fresh: Account) -> None:
    zoned = fresh.upload(pictures.jpeg(40, taken="2020:06:01 01:00:00", offset="+02:00"))["id"]  # 23:00 UTC the day before
    plain = fresh.upload(pictures.jpeg(41, taken="2020:06:01 01:00:00"))["id"]
    found = [asset.id for asset in fresh.sdk.assets.list(local_datetime_before="2020-06-01T00:00:00Z")]
    assert found == [zoned]
    found = [asset.id for asset in fresh.sdk.assets.list(local_datetime_after="2020-06-01T00:00:00Z")]
    assert found == [plain]


def test_ids_choose_and_unknown_ones_are_left_out(fresh: Account) -> None:
    first, second, _ = taken(fresh, "2020:01:01 00:00:00", "2020:01:02 00:00:00", "2020:01:03 00:00:00")
    assert [asset.id for asset in fresh.sdk.assets.list(ids=[first, UNKNOWN, "nonsense", second, first])] == [second, first]
    commas = fresh.http.get(f"/api/assets?ids={first},{second}&ids=,{first}").json()["data"]
    assert [asset["id"] for asset in commas] == [second, first]
    assert fresh.list(ids=[UNKNOWN]) == []
    many = [f"asset_{number:0>22}" for number in range(201)]
    assert_problem(fresh.http.get("/api/assets", params={"ids": many}), 422, "validation_error", "ids")


def test_filters_on_albums_media_ratings_and_stacks(fresh: Account) -> None:
    plain, rated = fresh.upload(pictures.jpeg(50))["id"], fresh.upload(pictures.jpeg(51, rating=4))["id"]
    album = fresh.sdk.albums.create(name="Some").id
    fresh.sdk.albums.assets_associations.add(album, asset_ids=[plain])

    def ids(**query: object) -> set[str]:
        return {asset.id for asset in fresh.sdk.assets.list(**query)}

    assert ids(album_id=album) == ids(album_filter="in_album") == {plain}
    assert ids(album_filter="not_in_album") == {rated}
    assert ids(album_id="album_" + "2" * 22) == set()
    assert ids(media_type="image") == {plain, rated}
    assert ids(media_type="video") == set()
    assert ids(ratings=[4, 5]) == {rated}
    assert ids(ratings=[0]) == {plain}
    assert ids(stack_id="asset_stack_" + "2" * 22) == ids(person_ids=["person_" + "2" * 22]) == set()
    assert_problem(fresh.http.get("/api/assets", params={"album_filter": "not_in_album", "album_id": album}), 422, "validation_error")
    assert_problem(fresh.http.get("/api/assets", params={"media_type": "sound"}), 422, "validation_error", "media_type")
    assert_problem(fresh.http.get("/api/assets", params={"ratings": "6"}), 422, "validation_error", "ratings")


def test_lists_have_the_full_shape_unless_asked_otherwise(fresh: Account) -> None:
    taken(fresh, "2020:01:01 00:00:00")
    page = fresh.http.get("/api/assets").json()
    assert_complete(page, "AssetPage")
    assert page["data"][0]["metadata"] and page["data"][0]["checksum"]
    lean = fresh.http.get("/api/assets", params={"include": ""}).json()["data"][0]
    assert lean["metadata"] is None and list(lean["asset_urls"]) == ["thumbnail"]


# -- texts without end


@pytest.mark.parametrize("field", ["device_id", "device_asset_id"])
def test_an_identifier_has_a_length(fresh: Account, field: str) -> None:
    assert fresh.post_upload(pictures.jpeg(70, 64, 48), **{field: "é" * 512}).status_code == 201
    refused = fresh.post_upload(pictures.jpeg(71, 64, 48), **{field: "é" * 512 + "x"})
    assert_problem(refused, 422, "validation_error")
    assert len(fresh.list()) == 1


def test_a_file_may_say_more_than_an_index_holds(fresh: Account) -> None:
    # Random: neither engine can make it short.
    chance = random.Random(1)
    make, model = ("".join(chance.choices(string.ascii_letters + " ", k=5000)) for _ in range(2))
    name = "".join(chance.choices(string.ascii_letters, k=1000)) + "0001.jpg"
    asset = fresh.upload(pictures.jpeg(72, 64, 48, name=name, camera=(make, model)))["id"]
    fresh.all_settled([asset])
    assert fresh.sdk.assets.retrieve(asset).original_file_name == name


# -- delete


def test_a_deleted_asset_is_gone_with_its_pictures(fresh: Account) -> None:
    photo = pictures.jpeg(60)
    asset = fresh.upload(photo)
    fresh.settled(asset["id"])
    is_stored = lambda: hashlib.sha256(photo.content).hexdigest() in fresh.server.originals()
    assert is_stored()
    fresh.sdk.assets.delete(asset["id"])
    assert_problem(fresh.http.get(f"/api/assets/{asset['id']}"), 404, "not_found")
    for variant in asset["asset_urls"].values():
        assert fresh.http.get(variant["url"]).status_code == 404
    assert fresh.list() == []
    assert fresh.sdk.libraries.list()[0].asset_count == 0
    wait_until(is_stored, lambda stored: not stored)
    again = fresh.post_upload(pictures.jpeg(60))
    assert again.status_code == 201 and again.json()["id"] != asset["id"]


def test_an_asset_can_be_deleted_once(fresh: Account) -> None:
    first, second = taken(fresh, "2020:01:01 00:00:00", "2020:01:02 00:00:00")
    fresh.sdk.assets.delete(first)
    assert [asset["id"] for asset in fresh.list()] == [second]
    assert_problem(fresh.http.delete(f"/api/assets/{first}"), 404, "not_found")
    assert_problem(fresh.http.delete("/api/assets/nonsense"), 404, "not_found")


# -- existence


def test_existence_is_asked_by_checksum_or_by_device(fresh: Account) -> None:
    picture = pictures.jpeg(70)
    asset = create(fresh, picture)
    ask = fresh.sdk.assets.check_existence
    other = pictures.jpeg(71)
    for found in (
        ask(checksums=[picture.checksum, other.checksum]),
        ask(checksums=[picture.checksum.rstrip("=")]),
        ask(checksum_sha1s=[picture.checksum_sha1, "not base64!"]),
        ask(device_id="sdk", device_asset_ids=[picture.name, "no-such"]),
    ):
        assert [hit.id for hit in found.assets] == [asset.id]
    assert ask(checksums=[other.checksum]).assets == []
    assert ask(device_id="elsewhere", device_asset_ids=[picture.name]).assets == []
    answer = fresh.http.post("/api/assets/exist", json={"checksums": [picture.checksum]})
    assert_complete(answer.json(), "AssetExistenceResponse")


@pytest.mark.parametrize(
    "body", [{}, {"checksums": ["a"], "checksum_sha1s": ["b"]}, {"deviceAssetIds": ["a"]}, {"checksums": ["a"] * 5001}], ids=["none", "two", "no device", "too many"]
)
def test_existence_takes_exactly_one_kind_of_question(account: Account, body: dict[str, object]) -> None:
    assert_problem(account.http.post("/api/assets/exist", json=body), 422, "validation_error")


# -- counts


def test_counts_group_by_the_calendar_of_the_wall_clock(fresh: Account) -> None:
    taken(fresh, "2023:12:31 23:59:59", "2024:01:01 00:00:00", "2024:01:07 12:00:00", "2024:02:29 08:00:00")

    def counts(group: str) -> list[tuple[str, int]]:
        return [(str(bucket["time_bucket"]), bucket["count"]) for bucket in fresh.http.get("/api/assets/counts", params={"group_by": group}).json()["data"]]

    assert counts("month") == [("2024-02-01T00:00:00", 1), ("2024-01-01T00:00:00", 2), ("2023-12-01T00:00:00", 1)]
    assert counts("year") == [("2024-01-01T00:00:00", 3), ("2023-01-01T00:00:00", 1)]
    assert counts("day")[-2:] == [("2024-01-01T00:00:00", 1), ("2023-12-31T00:00:00", 1)]
    assert counts("week") == [("2024-02-26T00:00:00", 1), ("2024-01-01T00:00:00", 2), ("2023-12-25T00:00:00", 1)]
    typed = fresh.sdk.assets.counts(group_by="month", order="asc")
    assert [bucket.count for bucket in typed.data] == [1, 2, 1]
    assert typed.data[0].time_bucket == datetime(2023, 12, 1)
    assert_complete(fresh.http.get("/api/assets/counts").json(), "AssetCountResponse")


def test_counts_page_in_both_styles(fresh: Account) -> None:
    taken(fresh, *(f"2024:{month:02}:15 12:00:00" for month in range(1, 8)))
    for style in ("starting_after_bucket", "local_datetime_before"):
        seen, query = list[str](), {"limit": 3}
        while True:
            page = fresh.http.get("/api/assets/counts", params=query).json()
            seen += [bucket["time_bucket"] for bucket in page["data"]]
            if not page["has_more"]:
                break
            query[style] = seen[-1]
        assert seen == [f"2024-{month:02}-01T00:00:00" for month in range(7, 0, -1)], style


def test_counts_take_the_filters_of_the_list(fresh: Account) -> None:
    taken(fresh, "2024:01:01 00:00:00", "2024:03:01 00:00:00")
    total = lambda **query: sum(bucket.count for bucket in fresh.sdk.assets.counts(**query).data)
    assert total() == 2
    assert total(local_datetime_after="2024-02-01T00:00:00") == 1
    assert total(local_datetime_after=datetime(2024, 2, 1, tzinfo=UTC)) == 1
    assert total(media_type="video") == total(state="trashed") == 0
    assert_problem(fresh.http.get("/api/assets/counts", params={"group_by": "decade"}), 422, "validation_error", "group_by")


def test_a_foreign_asset_looks_missing(fresh: Account, account: Account) -> None:
    asset = account.upload(pictures.jpeg(80))["id"]
    assert_problem(fresh.http.get(f"/api/assets/{asset}"), 404, "not_found")
    assert_problem(fresh.http.delete(f"/api/assets/{asset}"), 404, "not_found")
    assert fresh.list(ids=[asset]) == []


def test_a_file_part_may_carry_any_content_type(fresh: Account) -> None:
    picture = pictures.jpeg(81)
    part = {"asset_data": (picture.name, picture.content, "text/plain")}
    response = fresh.http.post("/api/assets", data=upload_fields(picture), files=part)
    assert (response.status_code, response.json()["mime_type"]) == (201, "image/jpeg")
