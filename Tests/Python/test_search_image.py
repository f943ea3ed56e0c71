"""Search with a form: by a picture, by fields, by both."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from kit import pictures
from kit.account import Account
from kit.contract import assert_complete, assert_problem
from kit.server import Server


@pytest.fixture(scope="module")
def library(server: Server) -> Iterator[Account]:
    """Six searchable pictures of six days."""
    account = Account.make(server)
    account.all_settled([account.upload(pictures.jpeg(100 + day, taken=f"2024:01:{day:02} 12:00:00"))["id"] for day in range(1, 7)])
    yield account
    account.close()


def post(account: Account, picture: pictures.Picture | None = None, **fields: object) -> httpx.Response:
    """A form, also when there is no picture in it."""
    parts = [(name, (None, text)) for name, texts in fields.items() for text in (texts if isinstance(texts, list) else [texts])]
    files = [("image", (picture.name, picture.content, "image/jpeg"))] if picture else []
    return account.http.post("/api/search", files=parts + files or [("nothing", (None, ""))])


def hits(response: httpx.Response) -> list[tuple[str, float | None]]:
    assert response.status_code == 200, response.text
    assert_complete(response.json(), "SearchResponse")
    return [(hit["asset"]["local_datetime"][:10], hit["distance"]) for hit in response.json()["data"]]


def test_a_picture_finds_itself_first(library: Account) -> None:
    found = hits(post(library, pictures.jpeg(103), threshold="1"))
    assert len(found) == 6
    assert found[0][0] == "2024-01-03" and found[0][1] < 0.2
    assert [distance for _, distance in found] == sorted(distance for _, distance in found)
    near = hits(post(library, pictures.jpeg(103), threshold="0.2"))
    assert near[0] == found[0] and len(near) < 6


def test_a_picture_and_conditions_both_hold(library: Account) -> None:
    found = hits(post(library, pictures.jpeg(103), threshold="1", local_datetime_after="2024-01-03T12:00:00", captured_before="2024-01-06"))
    assert sorted(day for day, _ in found) == ["2024-01-04", "2024-01-05"]


def test_a_picture_and_words_find_what_either_finds(library: Account) -> None:
    named = library.upload(pictures.jpeg(180, name="zanzibar.jpg", taken="2024:02:01 12:00:00"))["id"]
    library.all_settled([named])
    picture = {day: distance for day, distance in hits(post(library, pictures.jpeg(103), threshold="1"))}
    words = {day: distance for day, distance in hits(post(library, query="zanzibar", threshold="1"))}
    both = {day: distance for day, distance in hits(post(library, pictures.jpeg(103), query="zanzibar", threshold="1"))}
    assert both == {day: min(picture[day], words[day]) for day in both} and len(both) == 7
    # A name alone is worth 0.2; what it looks like may bring it nearer.
    assert 0.1 < both["2024-02-01"] <= 0.2
    library.sdk.assets.delete(named)


def test_the_form_answers_like_the_query(library: Account) -> None:
    for fields in ({"query": "shapes", "threshold": "1"}, {"media_type": "image", "limit": "2", "page": "2"}, {"ratings": "0", "limit": "3"}):
        assert post(library, **fields).json() == library.http.get("/api/search", params=fields).json()
    lists = post(library, **{"ratings[]": ["0", "5"]}).json()
    assert len(lists["data"]) == 6 and lists == post(library, ratings="0,5").json()
    assert post(library, query="  ", media_type="video").json() == {"data": [], "has_more": False}


def test_what_to_show_stays_in_the_query(library: Account) -> None:
    files = [("media_type", (None, "image")), ("include", (None, "faces"))]
    full = library.http.post("/api/search", files=files).json()["data"][0]["asset"]
    lean = library.http.post("/api/search?include=", files=files).json()["data"][0]["asset"]
    assert full["metadata"] is not None and lean["metadata"] is None and lean["faces"] is None


def test_the_client_searches_by_picture(library: Account) -> None:
    picture = pictures.jpeg(105)
    answer = library.sdk.search.search_assets(image=(picture.name, picture.content), limit=2, ratings=[0], include=["metadata"])
    assert str(answer.data[0].asset.local_datetime)[:10] == "2024-01-05"
    assert len(answer.data) <= 2


def test_pages_of_a_picture_search_do_not_overlap(library: Account) -> None:
    whole = hits(post(library, pictures.jpeg(103), threshold="1"))
    paged = [hits(post(library, pictures.jpeg(103), threshold="1", limit="4", page=str(page))) for page in (1, 2, 3)]
    assert paged[0] + paged[1] == whole and paged[2] == []
    assert post(library, pictures.jpeg(103), threshold="1", limit="4").json()["has_more"] is True
    assert post(library, pictures.jpeg(103), threshold="1", limit="6").json()["has_more"] is False


def test_what_is_no_picture_is_refused(library: Account) -> None:
    cut = pictures.jpeg(1, 800, 600).content[:900]
    assert_problem(post(library, pictures.Picture("cut.jpg", cut)), 422, "validation_error", "image")
    response = post(library, pictures.Picture("note.jpg", b"just words, no picture"))
    assert response.status_code == 422 and response.json()["error"]["details"]["field"] == "image"
    film = pictures.Picture("film.jpg", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(64))
    assert_problem(post(library, film), 422, "unsupported_file_type", "image")
    assert_problem(library.http.post("/api/search", files=[("image", (None, "bare text"))]), 422, "validation_error", "image")


def test_limits_and_choices(library: Account) -> None:
    assert_problem(post(library), 400, "search_criterion_required")
    assert_problem(post(library, query=" "), 400, "search_criterion_required")
    assert_problem(post(library, pictures.Picture("", b"")), 400, "search_criterion_required")
    assert_problem(post(library, query="x" * 1001), 422, "validation_error", "query")
    for field, value in (("threshold", "2"), ("page", "0"), ("limit", "201"), ("ratings", "6"), ("media_type", "audio"), ("captured_after", "soon")):
        assert_problem(post(library, query="a", **{field: value}), 422, "validation_error", field)
    assert_problem(post(library, query="a", library_id="lib_x"), 404, "not_found")


def test_a_picture_beyond_20_mib_is_too_large(library: Account) -> None:
    largest = 20 << 20
    assert_problem(post(library, pictures.Picture("large.jpg", b"\xff" * (largest + 1))), 413, "payload_too_large")
    assert post(library, pictures.Picture("large.jpg", b"\xff" * largest)).status_code == 422


def test_the_body_has_to_be_a_form(library: Account) -> None:
    assert_problem(library.http.post("/api/search", json={"query": "x"}), 415, "unsupported_media_type")
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    assert_problem(library.http.post("/api/search", content=b"--x\r\nbroken", headers=headers), 400, "malformed_body")
    assert_problem(library.http.post("/api/search", content=b"", headers={"Content-Type": "multipart/form-data"}), 400, "malformed_body")


def test_copies_of_a_real_picture_come_before_all_others(fresh: Account, fixtures: Path) -> None:
    sets = json.loads((fixtures / "duplicates" / "ground-truth.json").read_text())["sets"]
    members = dict[str, set[str]]()
    for group in sets:
        files = [fixtures / member["file"] for member in group["members"]]
        # Equal files are one asset.
        members[group["set"]] = {fresh.upload(pictures.Picture(file.name, file.read_bytes()))["id"] for file in files}
    fresh.all_settled(set().union(*members.values()))
    for name, copies in members.items():
        original = pictures.Picture("original.jpg", (fixtures / "duplicates" / name / "original.jpg").read_bytes())
        found = post(fresh, original, threshold="1", include="").json()["data"]
        assert {hit["asset"]["id"] for hit in found[: len(copies)]} == copies, name
