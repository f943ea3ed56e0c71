"""The bytes: signed URLs, sizes of the ladder, ranges, caching."""

from __future__ import annotations

import base64
import io
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from kit import asking, pictures
from kit.account import Account
from kit.contract import assert_problem
from PIL import Image

LADDER = {"thumbnail": 360, "small": 720, "preview": 1440}


@pytest.fixture(scope="module")
def asset(account: Account) -> dict:
    """A large photo whose renditions are made."""
    made = account.upload(pictures.jpeg(1, 2000, 1500, name='Mee"r & Küste.jpg', taken="2024:01:01 00:00:00"))
    account.all_settled([made["id"]])
    return account.http.get(f"/api/assets/{made['id']}").json()


@pytest.fixture
def anyone(server) -> httpx.Client:
    with asking.client() as client:
        yield client


def url(asset: dict, variant: str = "original") -> str:
    return asset["asset_urls"][variant]["url"]


def test_urls_are_absolute_stable_and_need_no_credential(account: Account, anyone: httpx.Client, asset: dict) -> None:
    again = account.http.get(f"/api/assets/{asset['id']}").json()
    assert again["asset_urls"] == asset["asset_urls"]
    for name, variant in asset["asset_urls"].items():
        assert variant["url"].startswith(account.server.url + f"/api/assets/{asset['id']}/variants/{name}?")
        response = anyone.get(variant["url"])
        assert response.status_code == 200, name
        assert response.headers["Content-Type"] == variant["mimetype"], name
        assert response.headers["Cache-Control"] == "private, max-age=31536000, immutable"
        assert response.headers["Accept-Ranges"] == "bytes"
        assert "Content-Encoding" not in response.headers
        assert response.headers["Last-Modified"].endswith("GMT")


@pytest.mark.parametrize(("variant", "longest"), LADDER.items())
def test_each_rung_has_its_size(anyone: httpx.Client, asset: dict, variant: str, longest: int) -> None:
    content = anyone.get(url(asset, variant)).content
    assert pictures.size_of(content) == (longest, longest * 3 // 4)
    assert asset["asset_urls"][variant].get("width") in (longest, None)


def test_the_full_size_is_a_picture_of_full_size(anyone: httpx.Client, asset: dict) -> None:
    assert pictures.size_of(anyone.get(url(asset, "fullsize")).content) == (2000, 1500)


def test_the_original_is_what_was_uploaded_under_its_name(anyone: httpx.Client, asset: dict) -> None:
    response = anyone.get(url(asset))
    assert response.content == pictures.jpeg(1, 2000, 1500, taken="2024:01:01 00:00:00").content
    disposition = response.headers["Content-Disposition"]
    assert disposition.startswith("attachment;")
    assert "filename*=UTF-8''Mee%22r%20%26%20K%C3%BCste.jpg" in disposition
    assert anyone.get(asset["download_url"]).content == response.content


def test_small_pictures_are_not_enlarged_and_stand_upright(account: Account) -> None:
    made = account.upload(pictures.jpeg(2, 300, 200, orientation=6))
    account.all_settled([made["id"]])
    for variant in (*LADDER, "fullsize"):
        content = account.http.get(url(made, variant)).content
        assert pictures.size_of(content) == (200, 300), variant
        assert Image.open(io.BytesIO(content)).getexif().get(0x0112, 1) == 1


def test_renditions_carry_no_camera_data(account: Account) -> None:
    made = account.upload(pictures.jpeg(3, 800, 600, camera=("Acme", "Box 3")))
    account.all_settled([made["id"]])
    for variant in LADDER:
        assert b"Acme" not in account.http.get(url(made, variant)).content


def test_a_thumbnail_may_be_asked_for_before_it_is_made(account: Account) -> None:
    made = account.upload(pictures.jpeg(4, 1500, 1000))
    response = account.http.get(url(made, "thumbnail"))
    if response.status_code == 404:
        assert response.headers["Cache-Control"] == "no-store"
        account.all_settled([made["id"]])
        response = account.http.get(url(made, "thumbnail"))
    assert response.status_code == 200


def test_head_tells_what_get_would(anyone: httpx.Client, asset: dict) -> None:
    for variant in asset["asset_urls"]:
        head, get = anyone.head(url(asset, variant)), anyone.get(url(asset, variant))
        assert (head.status_code, head.content) == (200, b"")
        for header in ("Content-Length", "Content-Type", "ETag", "Accept-Ranges"):
            assert head.headers[header] == get.headers[header], header
        assert int(head.headers["Content-Length"]) == len(get.content)


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [("bytes=0-9", 0, 10), ("bytes=100-", 100, None), ("bytes=-7", -7, None), ("bytes=5-5", 5, 6), ("bytes=0-999999999", 0, None)],
)
def test_a_range_gets_its_bytes(anyone: httpx.Client, asset: dict, asked: str, start: int, stop: int | None) -> None:
    whole = anyone.get(url(asset)).content
    response = anyone.get(url(asset), headers={"Range": asked})
    assert response.status_code == 206
    assert response.content == whole[start:stop]
    first = start if start >= 0 else len(whole) + start
    assert response.headers["Content-Range"] == f"bytes {first}-{first + len(response.content) - 1}/{len(whole)}"
    assert int(response.headers["Content-Length"]) == len(response.content)


@pytest.mark.parametrize("asked", ["bytes=999999999-", "bytes=-0"])
def test_a_range_outside_is_416(anyone: httpx.Client, asset: dict, asked: str) -> None:
    response = anyone.get(url(asset), headers={"Range": asked})
    assert_problem(response, 416, "range_not_satisfiable")
    assert response.headers["Content-Range"] == f"bytes */{asset['file_size_bytes']}"


@pytest.mark.parametrize("asked", ["bytes=9-3", "bytes=a-b", "pages=1-2"])
def test_a_range_that_is_none_is_passed_over(anyone: httpx.Client, asset: dict, asked: str) -> None:
    assert anyone.get(url(asset), headers={"Range": asked}).status_code == 200


def test_what_is_known_is_not_sent_again(anyone: httpx.Client, asset: dict) -> None:
    tag = anyone.head(url(asset)).headers["ETag"]
    assert tag.startswith('"')
    for known in (tag, f'"other", {tag}', "*", f"W/{tag}"):
        response = anyone.get(url(asset), headers={"If-None-Match": known})
        assert (response.status_code, response.content) == (304, b""), known
        assert response.headers["ETag"] == tag
    assert anyone.get(url(asset), headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_range_of_a_changed_file_is_the_whole_file(anyone: httpx.Client, asset: dict) -> None:
    tag = anyone.head(url(asset)).headers["ETag"]
    assert anyone.get(url(asset), headers={"Range": "bytes=0-9", "If-Range": tag}).status_code == 206
    assert anyone.get(url(asset), headers={"Range": "bytes=0-9", "If-Range": '"other"'}).status_code == 200


def test_access_needs_the_signature_or_a_credential(account: Account, fresh: Account, anyone: httpx.Client, asset: dict) -> None:
    good = url(asset, "thumbnail")
    bare = good.split("?")[0]
    signature = parse_qs(urlsplit(good).query)["sig"][0]
    assert len(signature) == 22
    wrong = good.replace(signature, signature[::-1])
    assert_problem(anyone.get(wrong), 403, "invalid_signature")
    assert_problem(anyone.get(good.replace("/thumbnail?", "/original?")), 403, "invalid_signature")
    response = anyone.get(bare)
    assert_problem(response, 401, "unauthorized")
    assert account.http.get(bare).status_code == 200
    assert_problem(fresh.http.get(bare), 404, "not_found")
    assert anyone.get(good, headers={"Authorization": "Bearer nonsense"}).status_code == 200


def test_the_original_name_is_part_of_the_signature(anyone: httpx.Client, asset: dict) -> None:
    good = url(asset)
    assert "dl=" in good
    name = parse_qs(urlsplit(good).query, keep_blank_values=True)["dl"][0]
    assert name == asset["original_file_name"]
    changed = good.replace("dl=", "dl=x", 1)
    assert_problem(anyone.get(changed), 403, "invalid_signature")


def test_unknown_variants_and_assets_are_404(account: Account, asset: dict) -> None:
    assert_problem(account.http.get(f"/api/assets/{asset['id']}/variants/poster"), 404, "not_found")
    assert_problem(account.http.get(f"/api/assets/asset_{'2' * 22}/variants/thumbnail"), 404, "not_found")


def test_the_upload_is_the_original_of_its_version(account: Account, asset: dict) -> None:
    path = f"/api/assets/{asset['id']}/versions/{asset['current_version_id']}/variants/original"
    response = account.http.get(path)
    assert response.status_code == 200 and len(response.content) == asset["file_size_bytes"]


def test_behind_a_proxy_urls_are_the_proxys(account: Account, asset: dict) -> None:
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "photos.example"}
    seen = account.http.get(f"/api/assets/{asset['id']}", headers=forwarded).json()
    assert url(seen).startswith("https://photos.example/api/assets/")


def test_the_thumbhash_appears(account: Account, asset: dict) -> None:


    assert asset["thumbhash"]
    assert 5 <= len(base64.b64decode(asset["thumbhash"])) <= 40
