"""What search does beyond the contract: words meant and not written, explanations, totals, likeness, suggestions, facets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from kit import pictures
from kit.account import Account
from kit.contract import assert_complete, assert_problem
from kit.server import Server

BOX = {"x": 1, "y": 1, "w": 20, "h": 20}


class Shelf:
    """A library in which things have names; nothing in it is changed but by the test that says so."""

    def __init__(self, account: Account) -> None:
        self.account = account
        photos = [
            pictures.jpeg(8100, name="harbour.jpg", taken="2019:06:10 12:00:00", camera=("Pentax", "K-1 Mark II")),
            pictures.jpeg(8101, name="lighthouses.jpg", taken="2020:12:25 12:00:00", camera=("Pentax", "K-70")),
            pictures.jpeg(8102, name="IMG_8102.jpg", taken="2021:03:01 12:00:00"),
        ]
        self.harbour, self.lighthouses, self.plain = self.assets = [account.upload(photo)["id"] for photo in photos]
        account.all_settled(self.assets)
        self.person = account.sdk.people.create(name="Frida Kahlo").id
        for asset in (self.harbour, self.plain):
            face = account.http.post("/api/faces", json={"asset_id": asset, "bounding_box": BOX, "person_id": self.person})
            face.raise_for_status()
        self.album = account.sdk.albums.create(name="Frozen Lakes").id
        account.http.post(f"/api/albums/{self.album}/assets", json={"asset_ids": [self.plain]}).raise_for_status()

    def search(self, **query: Any) -> dict[str, Any]:
        response = self.account.http.get("/api/search", params=query)
        assert response.status_code == 200, response.text
        return response.json()

    def found(self, query: str, **more: Any) -> list[str]:
        """What words lead to, whatever pictures look like."""
        data = self.search(query=query, explain="true", limit=200, **more)["data"]
        return [hit["asset"]["id"] for hit in data if any(reason["stage"] == "words" for reason in hit["explanation"])]

    def suggested(self, text: str, **query: Any) -> list[tuple[str, str, int]]:
        response = self.account.http.get("/api/search/suggestions", params={"query": text, **query})
        assert response.status_code == 200, response.text
        assert_complete(response.json(), "SearchSuggestions")
        return [(name["kind"], name["name"], name["count"]) for name in response.json()["data"]]


@pytest.fixture(scope="module")
def shelf(server: Server) -> Iterator[Shelf]:
    account = Account.make(server)
    yield Shelf(account)
    account.close()


def test_only_what_is_live_is_searched_whatever_is_asked(shelf: Shelf) -> None:
    thrown = shelf.account.upload(pictures.jpeg(8103, name="gondola.jpg"))["id"]
    shelf.account.all_settled([thrown])
    assert shelf.found("gondola") == [thrown]
    shelf.account.sdk.assets.trash(ids=[thrown])
    # Lists have these conditions; searches have not, and ignore them.
    for other in ({"state": "trashed"}, {"state": "all"}, {"state": "x"}, {"ids": [thrown], "state": "all"}):
        assert shelf.found("gondola", **other) == [], other
    assert set(shelf.found("harbour", stack_id="stack_" + "2" * 22)) == {shelf.harbour}
    alone = shelf.account.http.get("/api/search", params={"album_filter": "in_album"})
    assert_problem(alone, 400, "search_criterion_required")


@pytest.mark.parametrize("query", ["harb", "HARBOURS", "harbor", "harbuor", "hárboür", "harbour"])
def test_a_word_is_found_by_what_is_meant(shelf: Shelf, query: str) -> None:
    assert shelf.found(query) == [shelf.harbour]
    assert shelf.found(query, literal="true") == ([shelf.harbour] if query in ("harbour", "hárboür") else [])


def test_the_default_answer_is_the_contract_s(shelf: Shelf) -> None:
    answer = shelf.search(query="harbour")
    assert answer.keys() == {"data", "has_more"} and answer["data"][0].keys() == {"asset", "distance"}
    assert shelf.account.sdk.search.search(query="harbour").data[0].asset.id == shelf.harbour


def test_an_explanation_says_what_led_to_a_hit(shelf: Shelf) -> None:
    answer = shelf.search(query="harbour Frida Kahlo june 2019", explain="true", total="true", facets="true")
    assert_complete(answer, "ExplainedSearchResponse")
    hit = answer["data"][0]
    assert hit["asset"]["id"] == shelf.harbour
    assert hit["distance"] == pytest.approx(min(reason["distance"] for reason in hit["explanation"]), abs=0.2)
    words = next(reason for reason in hit["explanation"] if reason["stage"] == "words")
    assert (words["distance"], words["score"]) == (0.2, None)
    assert words["words"] == [{"word": word, "match": "time" if word in ("june", "2019") else "exact"} for word in ("harbour", "frida", "kahlo", "june", "2019")]
    assert [(reading["kind"], reading["value"], reading["effect"]) for reading in answer["understood"]] == [
        ("time", "2019-06-01/2019-06-30", "boost"), ("person", "Frida Kahlo", "boost"),
    ]  # fmt: skip
    assert answer["understood"][1]["id"] == shelf.person
    literally = shelf.search(query="harbour Frida Kahlo june 2019", explain="true", literal="true")
    assert literally["understood"] == [] and literally["data"][0]["explanation"][0]["distance"] > 0.2


def test_times_in_words_are_looked_for(shelf: Shelf) -> None:
    assert shelf.found("june 2019") == [shelf.harbour]
    assert shelf.found("Christmas 2020") == [shelf.lighthouses]
    assert shelf.found("winter of 2020") == [shelf.lighthouses]
    assert shelf.found("june 2018") == []
    assert shelf.found("2021-03-01") == [shelf.plain]


def test_videos_of_something_are_videos(shelf: Shelf) -> None:
    assert shelf.search(query="videos of harbours")["data"] == []
    answer = shelf.search(query="videos", explain="true")
    assert (answer["data"], answer["understood"]) == ([], [{"kind": "media_type", "text": "videos", "value": "video", "id": None, "effect": "filter"}])
    assert shelf.found("videos of harbours", media_type="image") == [shelf.harbour]


def test_renamed_people_and_albums_are_found_under_their_new_names(shelf: Shelf) -> None:
    account = shelf.account
    assert set(shelf.found("kahlo")) == {shelf.harbour, shelf.plain} and shelf.found("frozen lake") == [shelf.plain]
    account.sdk.people.update(shelf.person, name="Paula Modersohn")
    account.http.patch(f"/api/albums/{shelf.album}", json={"name": "Thawed Rivers"}).raise_for_status()
    assert shelf.found("kahlo") == [] and shelf.found("frozen") == []
    assert set(shelf.found("modersohn")) == {shelf.harbour, shelf.plain} and shelf.found("rivers") == [shelf.plain]
    account.sdk.people.update(shelf.person, name="Frida Kahlo")
    account.http.patch(f"/api/albums/{shelf.album}", json={"name": "Frozen Lakes"}).raise_for_status()


def test_the_whole_can_be_counted_and_paged_through(shelf: Shelf) -> None:
    whole = shelf.search(query="shapes", threshold=1, total="true", limit=200)
    assert whole["total"] == 3 and len(whole["data"]) == 3
    pages = [shelf.search(query="shapes", threshold=1, total="true", limit=2, page=page) for page in (1, 2)]
    assert [page["has_more"] for page in pages] == [True, False]
    assert [hit["asset"]["id"] for page in pages for hit in page["data"]] == [hit["asset"]["id"] for hit in whole["data"]]
    assert shelf.search(media_type="image", total="true", limit=1)["total"] == 3
    assert shelf.search(query="shapes", total="true", page=1_000_000_000)["data"] == []


def test_pictures_like_one_of_the_library(shelf: Shelf) -> None:
    answer = shelf.search(similar_to=shelf.harbour, threshold=1, explain="true")
    assert {hit["asset"]["id"] for hit in answer["data"]} == {shelf.lighthouses, shelf.plain}
    assert all([reason["stage"] for reason in hit["explanation"]] == ["picture"] for hit in answer["data"])
    form = [("similar_to", (None, shelf.harbour)), ("threshold", (None, "1")), ("captured_before", (None, "2021-01-01"))]
    found = shelf.account.http.post("/api/search", files=form).json()["data"]
    assert [hit["asset"]["id"] for hit in found] == [shelf.lighthouses]
    for unknown in ("asset_" + "2" * 22, "nothing"):
        assert_problem(shelf.account.http.get("/api/search", params={"similar_to": unknown}), 404, "not_found")


def test_a_picture_of_somebody_else_is_not_there_to_be_like(shelf: Shelf, account: Account) -> None:
    assert_problem(account.http.get("/api/search", params={"similar_to": shelf.harbour}), 404, "not_found")


def test_names_are_suggested_while_someone_types(shelf: Shelf) -> None:
    assert shelf.suggested("fr") == [("person", "Frida Kahlo", 2), ("album", "Frozen Lakes", 1)]
    assert shelf.suggested("frida ka") == [("person", "Frida Kahlo", 2)]
    assert shelf.suggested("PENT") == [("camera", "Pentax", 2)]
    assert shelf.suggested("k", limit=2) == [("person", "Frida Kahlo", 2), ("camera", "K-1 Mark II", 1)]
    for nothing in ("", "  ", "%", "_", "🦄", "' OR 1=1 --", "zzz", "x" * 1000):
        assert shelf.suggested(nothing) == [], nothing
    for limit in ("0", "51", "x"):
        assert_problem(shelf.account.http.get("/api/search/suggestions", params={"query": "f", "limit": limit}), 422, "validation_error", "limit")


def test_facets_count_what_finds_have_in_common(shelf: Shelf) -> None:
    facets = shelf.search(query="harbour lighthouse", threshold=0.5, facets="true")["facets"]
    assert_complete(facets, "SearchFacets")
    assert [(value["name"], value["count"]) for value in facets["years"]] == [("2020", 1), ("2019", 1)]
    assert [(value["name"], value["count"]) for value in facets["cameras"]] == [("K-1 Mark II", 1), ("K-70", 1)]
    assert facets["people"] == [{"name": "Frida Kahlo", "id": shelf.person, "count": 1}] and facets["albums"] == []
    everything = shelf.search(media_type="image", facets="true")["facets"]
    assert everything["media_types"] == [{"name": "image", "id": None, "count": 3}]
    assert everything["albums"] == [{"name": "Frozen Lakes", "id": shelf.album, "count": 1}]


@pytest.mark.parametrize("flag", ["explain", "total", "literal", "facets"])
def test_flags_are_true_or_false(shelf: Shelf, flag: str) -> None:
    assert_problem(shelf.account.http.get("/api/search", params={"query": "a", flag: "maybe"}), 422, "validation_error", flag)


HOSTILE = [
    "x" * 1000, "a b " * 250, "harbour " * 125, "the of and in", "a", "-", "🦄🦄🦄", "שלום עולם", "\u202eevil\u202c", "\u0001\u001f", "' OR 1=1 --", '"', '"a" OR "b"',
    "NEAR(a b, 5)", "a* AND NOT b", "col:umn ^x {}", "'a' & !'b' | c:*", "\\' \\", "%_%", "2019-99-99", "last last last", "videos of", "christmas " * 90,
    "1" * 1000, "\ud7a3\u0e01\u3042漢字", "ﬁ" * 300, "é" * 999, "june " * 200, "null", "{{7*7}}", "<script>alert(1)</script>", "../../etc/passwd",
]  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_is_asked_gets_an_answer(shelf: Shelf, words: str) -> None:
    for more in ({}, {"literal": "true"}, {"total": "true", "facets": "true", "explain": "true", "threshold": 1}):
        response = shelf.account.http.get("/api/search", params={"query": words, **more})
        # Of control characters alone nothing is left.
        expected = (400,) if not words.strip("\u0001\u001f") else (200,)
        assert response.status_code in expected, f"{words[:40]!r}: {response.text}"


@pytest.mark.parametrize("words", ["the of and in", "the the the", "xqzv wkjp", "zzzzzz", "grmpf", "asdfgh qwerty", "1q2w3e4r"])
def test_nonsense_finds_nothing(shelf: Shelf, words: str) -> None:
    assert shelf.search(query=words)["data"] == []
