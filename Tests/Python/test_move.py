"""Moving assets from library to library."""

from __future__ import annotations

import pytest
from kit import pictures
from kit.account import Account
from kit.contract import assert_complete, assert_problem

UNKNOWN = "asset_" + "2" * 22


def feed(account: Account, library: str) -> list[dict]:
    return account.http.get("/api/events", params={"limit": 200, "library_id": library}).json()["data"]


def words(account: Account, library: str, query: str) -> list[str]:
    """What is found by a word that stands in a caption."""
    answer = account.http.get("/api/search", params={"query": query, "library_id": library, "threshold": 0.5})
    return [hit["asset"]["id"] for hit in answer.json()["data"]]


def two_libraries(account: Account) -> tuple[str, str]:
    return account.sdk.libraries.list()[0].id, account.sdk.libraries.create(name="Other").id


def move(account: Account, source: str, destination: str, ids: list[str]) -> dict[str, tuple[str, str | None]]:
    results = account.sdk.assets.move(asset_ids=ids, source_library_id=source, destination_library_id=destination).data
    assert [result.asset_id for result in results] == ids
    return {result.asset_id: (result.outcome, result.failure) for result in results}


def test_a_moved_asset_keeps_itself_and_loses_its_company(fresh: Account) -> None:
    source, destination = two_libraries(fresh)
    picture = pictures.jpeg(1, taken="2020:05:01 10:00:00", caption="a lonely heron")
    photo = fresh.upload(picture, library_id=source)
    fresh.all_settled([photo["id"]])
    album = fresh.sdk.albums.create(name="Left", library_id=source).id
    fresh.sdk.albums.assets_associations.add(album, asset_ids=[photo["id"]])
    before = len(feed(fresh, source)), len(feed(fresh, destination))

    assert move(fresh, source, destination, [photo["id"]]) == {photo["id"]: ("moved", None)}

    moved = fresh.sdk.assets.retrieve(photo["id"])
    assert moved.current_version_id == photo["current_version_id"]
    assert fresh.list(library_id=source) == []
    assert [asset["id"] for asset in fresh.list(library_id=destination)] == [photo["id"]]
    assert fresh.http.get(photo["asset_urls"]["original"]["url"]).content == picture.content
    usage = {library.id: (library.asset_count, library.storage_used_bytes) for library in fresh.sdk.libraries.list()}
    assert usage == {source: (0, 0), destination: (1, len(picture.content))}
    assert [event["event_type"] for event in feed(fresh, source)[before[0] :]] == ["asset_moved_out"]
    assert [event["event_type"] for event in feed(fresh, destination)[before[1] :]] == ["asset_moved_in"]
    found = {library: words(fresh, library, "heron") for library in (source, destination)}
    assert found == {source: [], destination: [photo["id"]]}


def test_each_asset_gets_its_own_outcome(fresh: Account) -> None:
    source, destination = two_libraries(fresh)
    third = fresh.sdk.libraries.create(name="Third").id
    twin = pictures.jpeg(2)
    fresh.upload(twin, library_id=destination)
    ids = {
        "moved": fresh.upload(pictures.jpeg(1), library_id=source)["id"],
        "duplicate": fresh.upload(twin, library_id=source)["id"],
        "there": fresh.upload(pictures.jpeg(3), library_id=destination)["id"],
        "elsewhere": fresh.upload(pictures.jpeg(4), library_id=third)["id"],
        "trashed": fresh.upload(pictures.jpeg(5), library_id=source)["id"],
    }
    fresh.sdk.assets.trash(ids=[ids["trashed"]], library_id=source)
    assert move(fresh, source, destination, [*ids.values(), UNKNOWN]) == {
        ids["moved"]: ("moved", None),
        ids["duplicate"]: ("failed", "duplicate"),
        ids["there"]: ("already_in_destination", None),
        ids["elsewhere"]: ("failed", "changed_source"),
        ids["trashed"]: ("failed", "unavailable"),
        UNKNOWN: ("failed", "unavailable"),
    }
    again = fresh.http.post(
        "/api/assets/move",
        json={"asset_ids": [ids["moved"], ids["moved"]], "source_library_id": source, "destination_library_id": destination},
    )
    assert again.json() == {"data": [{"asset_id": ids["moved"], "outcome": "already_in_destination", "failure": None}]}
    assert_complete(again.json(), "AssetMoveResponse")


def test_there_and_back_again(fresh: Account) -> None:
    source, destination = two_libraries(fresh)
    photo = fresh.upload(pictures.jpeg(1), library_id=source)["id"]
    for here, there in ((source, destination), (destination, source), (source, destination)):
        assert move(fresh, here, there, [photo]) == {photo: ("moved", None)}
        assert [asset["id"] for asset in fresh.list(library_id=there)] == [photo]
        assert fresh.list(library_id=here) == []


def test_a_stack_that_is_left_behind_dissolves(fresh: Account) -> None:
    source, destination = two_libraries(fresh)
    photos = [fresh.upload(pictures.jpeg(number), library_id=source)["id"] for number in range(2)]
    made = fresh.http.post("/api/stacks", json={"asset_ids": photos, "library_id": source}, params={"library_id": source})
    assert made.status_code == 201, made.text
    move(fresh, source, destination, photos[:1])
    assert [fresh.sdk.assets.retrieve(photo).stack_id for photo in photos] == [None, None]


@pytest.mark.parametrize("place", ["source_library_id", "destination_library_id"])
def test_libraries_must_be_there(fresh: Account, place: str) -> None:
    source, destination = two_libraries(fresh)
    body = {"asset_ids": [UNKNOWN], "source_library_id": source, "destination_library_id": destination}
    for missing in ("lib_" + "2" * 22, "nonsense"):
        assert_problem(fresh.http.post("/api/assets/move", json={**body, place: missing}), 404, "not_found", place)
    del body[place]
    assert_problem(fresh.http.post("/api/assets/move", json=body), 422, "validation_error", place)


def test_foreign_libraries_are_not_found(fresh: Account, account: Account) -> None:
    mine, foreign = fresh.sdk.libraries.list()[0].id, account.sdk.libraries.list()[0].id
    for source, destination in ((mine, foreign), (foreign, mine)):
        body = {"asset_ids": [UNKNOWN], "source_library_id": source, "destination_library_id": destination}
        assert_problem(fresh.http.post("/api/assets/move", json=body), 404, "not_found")


def test_bad_requests(fresh: Account) -> None:
    source, destination = two_libraries(fresh)
    body = {"asset_ids": [UNKNOWN], "source_library_id": source, "destination_library_id": source}
    assert_problem(fresh.http.post("/api/assets/move", json=body), 422, "validation_error", "destination_library_id")
    body["destination_library_id"] = destination
    for ids in ([], "text", [f"asset_{number:0>22}" for number in range(201)]):
        assert_problem(fresh.http.post("/api/assets/move", json={**body, "asset_ids": ids}), 422, "validation_error", "asset_ids")


def test_write_is_needed_beside_deletion(fresh: Account) -> None:
    source, destination = two_libraries(fresh)
    key = fresh.sdk.api_keys.create(
        name="no writing", actions=["read", "delete", "delete_permanently"], library_scope_mode="all_libraries"
    ).api_key
    some = Account.with_key(fresh.server, fresh.email, key)
    try:
        body = {"asset_ids": [UNKNOWN], "source_library_id": source, "destination_library_id": destination}
        assert_problem(some.http.post("/api/assets/move", json=body), 403, "insufficient_scope")
    finally:
        some.close()
