"""Search by words, by conditions, and both."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from kit import pictures
from kit.account import Account
from kit.contract import assert_complete, assert_problem
from kit.server import Server


@pytest.fixture(scope="module")
def library(account: Account) -> Iterator[Account]:
    """Eight searchable pictures of eight days."""
    assets = [account.upload(pictures.jpeg(day, taken=f"2024:01:{day:02} 12:00:00"))["id"] for day in range(1, 9)]
    account.all_settled(assets)
    yield account


def search(account: Account, **query: object) -> dict:
    response = account.http.get("/api/search", params=query)
    assert response.status_code == 200, response.text
    return response.json()


def test_hits_come_closest_first_within_the_threshold(library: Account) -> None:
    answer = search(library, query="coloured shapes", threshold=1, limit=200)
    distances = [hit["distance"] for hit in answer["data"]]
    assert len(distances) == 8
    assert distances == sorted(distances)
    assert all(0 <= distance <= 1 for distance in distances)
    assert_complete(answer, "SearchResponse")
    limit = distances[3]
    within = search(library, query="coloured shapes", threshold=limit)["data"]
    assert [hit["asset"]["id"] for hit in within] == [hit["asset"]["id"] for hit in answer["data"][: len(within)]]
    assert all(hit["distance"] <= limit for hit in within) and len(within) >= 4
    assert search(library, query="coloured shapes", threshold=0)["data"] == []


def test_the_default_threshold_is_08(library: Account) -> None:
    assert search(library, query="a ball") == search(library, query="a ball", threshold=0.8)


def test_the_same_words_give_the_same_answer(library: Account) -> None:
    assert search(library, query="circles", threshold=1) == search(library, query="circles", threshold=1)


def test_pages_do_not_overlap_and_leave_nothing_out(library: Account) -> None:
    whole = [hit["asset"]["id"] for hit in search(library, query="shapes", threshold=1, limit=200)["data"]]
    paged, page = list[str](), 1
    while True:
        answer = search(library, query="shapes", threshold=1, limit=3, page=page)
        paged += [hit["asset"]["id"] for hit in answer["data"]]
        if not answer["has_more"]:
            break
        page += 1
    assert paged == whole and page == 3
    assert search(library, query="shapes", threshold=1, limit=3, page=1_000_000_000) == {"data": [], "has_more": False}


@pytest.mark.parametrize("names", [("local_datetime_after", "local_datetime_before"), ("captured_after", "captured_before")])
def test_words_and_dates_both_hold(library: Account, names: tuple[str, str]) -> None:
    after, before = names
    answer = search(library, query="shapes", threshold=1, **{after: "2024-01-02T12:00:00", before: "2024-01-05T12:00:00"})
    assert sorted(hit["asset"]["local_datetime"][:10] for hit in answer["data"]) == ["2024-01-03", "2024-01-04"]
    assert all(hit["distance"] is not None for hit in answer["data"])


def test_conditions_alone_list_the_newest_first(library: Account) -> None:
    answer = search(library, local_datetime_after="2024-01-05T12:00:00", limit=2)
    assert [hit["asset"]["local_datetime"][:10] for hit in answer["data"]] == ["2024-01-08", "2024-01-07"]
    assert [hit["distance"] for hit in answer["data"]] == [None, None]
    assert answer["has_more"] is True
    assert len(search(library, media_type="image", limit=200)["data"]) == 8
    assert search(library, media_type="video")["data"] == []


def test_the_client_searches_and_gets_typed_answers(library: Account) -> None:
    answer = library.sdk.search.search(query="shapes", limit=3, local_datetime_after="2024-01-01T00:00:00")
    assert answer.has_more in (True, False)
    for hit in answer.data:
        assert hit.asset.id.startswith("asset_")
    full = library.sdk.search.search(media_type="image", include=["metadata", "file_data"], limit=1).data[0].asset
    assert full.metadata is not None and full.file_data is not None


@pytest.mark.parametrize("query", [{}, {"query": ""}, {"query": "   "}, {"threshold": "0.5"}])
def test_something_has_to_be_looked_for(account: Account, query: dict[str, str]) -> None:
    assert_problem(account.http.get("/api/search", params=query), 400, "search_criterion_required")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"query": "x" * 1001}, "query"), ({"query": "a", "threshold": "1.5"}, "threshold"), ({"query": "a", "threshold": "nan"}, "threshold"),
        ({"query": "a", "page": "0"}, "page"), ({"query": "a", "limit": "201"}, "limit"), ({"query": "a", "captured_after": "soon"}, "captured_after"),
    ],
)  # fmt: skip
def test_values_out_of_their_domain_are_refused(account: Account, query: dict[str, str], field: str) -> None:
    assert_problem(account.http.get("/api/search", params=query), 422, "validation_error", field)


@pytest.mark.parametrize("words", ["🦄", "שלום", "' OR 1=1 --", '"quoted" AND NOT (x*', "x" * 1000, "%", "a" * 500 + " b"])
def test_any_words_get_an_answer(library: Account, words: str) -> None:
    assert library.http.get("/api/search", params={"query": words}).status_code == 200


def test_deleted_and_foreign_pictures_are_not_found(fresh: Account, library: Account) -> None:
    keep, gone = (fresh.upload(pictures.jpeg(900 + number))["id"] for number in range(2))
    fresh.all_settled([keep, gone])
    fresh.sdk.assets.delete(gone)
    assert [hit["asset"]["id"] for hit in search(fresh, query="shapes", threshold=1, limit=200)["data"]] == [keep]
    assert keep not in [hit["asset"]["id"] for hit in search(library, query="shapes", threshold=1, limit=200)["data"]]
    assert search(fresh, query="shapes", threshold=1, album_id="album_" + "2" * 22)["data"] == []


def test_control_characters_are_words_or_none(library: Account) -> None:
    assert library.http.get("/api/search", params={"query": "\x00\x1f"}).status_code in (200, 400, 422)


@pytest.fixture(scope="module")
def named(server: Server) -> Iterator[Account]:
    """Pictures that are told apart by their names."""
    account = Account.make(server)
    yield account
    account.close()


def names(answer: dict) -> list[str]:
    return [hit["asset"]["original_file_name"] for hit in answer["data"]]


def test_a_file_is_found_by_its_name(named: Account) -> None:
    for number in (7301, 7302):
        named.upload(pictures.jpeg(number, name=f"IMG_{number}.JPG"))
    for query in ("IMG_7301.JPG", "img_7301", "7301", "IMG7301"):
        close = [hit for hit in search(named, query=query)["data"] if hit["distance"] <= 0.5]
        assert [hit["asset"]["original_file_name"] for hit in close] == ["IMG_7301.JPG"], query


def test_words_that_every_photo_has_find_none_by_name(named: Account) -> None:
    named.upload(pictures.jpeg(7310, name="photo-of-nothing.jpg"))
    answer = search(named, query="a photo of a zebra", threshold=0.5, limit=200)
    assert "photo-of-nothing.jpg" not in names(answer)
    assert names(search(named, query="photo.jpg", threshold=0.5, limit=200)) == ["photo-of-nothing.jpg"]
    assert "photo-of-nothing.jpg" in names(search(named, query="nothing", threshold=0.5))


def test_camera_caption_and_album_are_words_of_a_photo_and_any_word_does(named: Account) -> None:
    camera = named.upload(pictures.jpeg(7320, name="a.jpg", camera=("Pentax", "K-1 Mark II")))["id"]
    member = named.upload(pictures.jpeg(7321, name="b.jpg"))["id"]
    caption = named.upload(pictures.jpeg(7322, name="c.jpg", caption="Grandfather's harmonica"))["id"]
    album = named.sdk.albums.create(name="Zürich Aquarium").id
    assert search(named, query="zurich", threshold=0.5)["data"] == []
    named.http.post(f"/api/albums/{album}/assets", json={"asset_ids": [member]}).raise_for_status()

    def found(query: str) -> set[str]:
        return {hit["asset"]["id"] for hit in search(named, query=query, threshold=0.5)["data"]}

    assert found("pentax") == {camera}
    assert found("PENTAX K-1") == {camera}
    assert found("aquarium") == {member}
    assert found("harmonicas or a harmonica") == {caption}
    assert found("Pentax Zürich harmonica 木 nowhere") == {camera, caption, member}
    both = search(named, query="aquarium zurich pentax", threshold=0.5)["data"]
    assert [hit["asset"]["id"] for hit in both] == [member, camera]
    assert both[0]["distance"] < both[1]["distance"] <= 0.5


def test_a_video_is_found_by_its_name(named: Account) -> None:
    video = pictures.Picture("Grandma dances.mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0" * 64)
    asset = named.upload(video)["id"]
    assert [hit["asset"]["id"] for hit in search(named, query="grandma", threshold=0.5)["data"]] == [asset]
    assert search(named, query="grandma", threshold=0.5, media_type="image")["data"] == []


def test_what_is_gone_is_not_found_by_name(named: Account) -> None:
    asset = named.upload(pictures.jpeg(7330, name="vanishing.jpg"))["id"]
    assert len(search(named, query="vanishing", threshold=0.5)["data"]) == 1
    named.sdk.assets.delete(asset)
    assert search(named, query="vanishing", threshold=0.5)["data"] == []
