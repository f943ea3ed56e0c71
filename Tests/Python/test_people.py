"""People: made, named, listed, changed, merged and deleted, as the official client sees it."""

from __future__ import annotations

import datetime
from typing import Any

import httpx
import pytest
from kit import pictures
from kit.account import Account
from kit.contract import assert_complete, assert_problem

NOBODY = "person_" + "2" * 22
BOX = {"x": 1, "y": 1, "w": 20, "h": 20}


def person(account: Account, name: str | None = None, **fields: Any) -> str:
    return account.sdk.people.create(name=name, **fields).id


def face(account: Account, asset: str, person: str | None = None, box: dict[str, int] = BOX) -> str:
    return account.sdk.faces.create(asset_id=asset, bounding_box=box, person_id=person).id


def listed(account: Account, headers: dict[str, str] | None = None, **query: Any) -> list[str]:
    response = account.http.get("/api/people", params={"limit": 200, **query}, headers=headers)
    assert response.status_code == 200, response.text
    assert_complete(response.json(), "PersonPage")
    return [entry["id"] for entry in response.json()["data"]]


def create(account: Account, headers: dict[str, str] | None = None, **body: Any) -> httpx.Response:
    return account.http.post("/api/people", json=body, headers=headers)


def test_a_person_is_made_fetched_and_complete(fresh: Account) -> None:
    made = create(fresh, name="  Anna ", birth_date="1990-12-31", is_favorite=True)
    assert made.status_code == 201
    assert_complete(made.json(), "PersonResponse")
    anna = fresh.sdk.people.retrieve(made.json()["id"])
    assert (anna.name, anna.birth_date, anna.is_favorite, anna.is_hidden) == ("Anna", datetime.date(1990, 12, 31), True, False)
    assert (anna.asset_count, anna.thumbnail_face_id, anna.asset_urls, anna.cluster_metrics) == (0, None, None, None)
    assert made.json()["created_at"].endswith("Z")
    assert fresh.http.get(f"/api/people/{anna.id}/", params={"include": "cluster_metrics"}).json() == made.json()


def test_names_belong_to_one_person_of_a_library(fresh: Account) -> None:
    first = create(fresh, name="Anna", is_hidden=True)
    again = create(fresh, name=" aNNA ", birth_date=None)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert_problem(create(fresh, name="anna", is_hidden=False), 409, "name_conflict", "name")
    unnamed = [create(fresh, **body) for body in ({}, {"name": None}, {"name": "  "})]
    assert [answer.status_code for answer in unnamed] == [201] * 3
    assert {answer.json()["name"] for answer in unnamed} == {None}
    assert len({answer.json()["id"] for answer in unnamed}) == 3
    assert_problem(fresh.http.patch(f"/api/people/{unnamed[0].json()['id']}", json={"name": "ANNA"}), 409, "name_conflict", "name")
    other = fresh.sdk.libraries.create(name="Other").id
    assert create(fresh, name="Anna", library_id=other).status_code == 201


def test_a_change_tells_fields_from_their_absence(fresh: Account) -> None:
    made = create(fresh, name="Anna", birth_date="1990-12-31", is_favorite=True).json()
    path = f"/api/people/{made['id']}"
    for same in ({}, {"name": "Anna"}, {"is_favorite": None, "is_hidden": None}, {"thumbnail_face_id": None}, {"other": 1}):
        answer = fresh.http.patch(path, json=same)
        assert (answer.status_code, answer.json()) == (200, made)
    changed = fresh.sdk.people.update(made["id"], name="anna", is_hidden=True)
    assert (changed.name, changed.is_hidden, changed.is_favorite) == ("anna", True, True)
    assert changed.updated_at > changed.created_at
    cleared = fresh.sdk.people.update(made["id"], name=None, birth_date=None)
    assert (cleared.name, cleared.birth_date) == (None, None)
    assert fresh.http.patch(path, json={"name": "  "}).json()["name"] is None


def test_several_are_changed_in_order_or_not_at_all(fresh: Account) -> None:
    anna, ben = person(fresh, "Anna"), person(fresh, "Ben")

    def names() -> list[str | None]:
        return [fresh.sdk.people.retrieve(id).name for id in (anna, ben)]

    def update(*changes: tuple[str, dict[str, Any]]) -> httpx.Response:
        body = {"updates": [{"id": id, "change": change} for id, change in changes]}
        return fresh.http.post("/api/people/bulk-update", json=body)

    assert_problem(update((anna, {"name": "Ben"}), (ben, {"name": "Anna"})), 409, "name_conflict")
    assert_problem(update((anna, {"name": "Cleo"}), (ben, {"name": "cleo"})), 409, "name_conflict")
    assert_problem(update((anna, {"name": "Cleo"}), (anna, {})), 422, "validation_error", "updates")
    for missing in (NOBODY, "nonsense"):
        assert_problem(update((anna, {"name": "Cleo"}), (missing, {})), 404, "not_found", "updates")
    assert_problem(update((anna, {"name": "Cleo"}), (ben, {"thumbnail_face_id": "face_x"})), 404, "not_found", "thumbnail_face_id")
    assert_problem(update(), 422, "validation_error", "updates")
    assert_problem(update(*[(f"person_{n:0>22}", {}) for n in range(201)]), 422, "validation_error", "updates")
    assert names() == ["Anna", "Ben"]
    assert update((anna, {"name": "Cleo"}), (ben, {"name": "Anna", "is_favorite": True})).status_code == 204
    assert names() == ["Cleo", "Anna"]
    fresh.sdk.people.bulk_update_people(updates=[{"id": anna, "change": {"birth_date": "2001-02-03"}}])
    assert fresh.sdk.people.retrieve(anna).birth_date == datetime.date(2001, 2, 3)


def test_lists_leave_out_the_unnamed_and_the_hidden_unless_asked(fresh: Account) -> None:
    anna, nobody, hidden = person(fresh, "Anna"), person(fresh), person(fresh, "Hidden", is_hidden=True)
    assert [entry.id for entry in fresh.sdk.people.list()] == [anna]
    assert listed(fresh) == [anna]
    for old in ({"X-Client-Generation": "seed"}, {"X-Stainless-Lang": "python", "X-Stainless-Package-Version": "0.171.0"}):
        assert listed(fresh, old) == [hidden, anna]
    assert listed(fresh, {"X-Client-Generation": "latest"}) == [anna]
    assert listed(fresh, {"X-Client-Generation": "seed"}, include_hidden="false") == [anna]
    assert listed(fresh, include_hidden="1") == [hidden, anna]
    assert listed(fresh, name_filter="all") == [nobody, anna]
    assert listed(fresh, name_filter="unnamed") == listed(fresh, has_name="false") == [nobody]
    assert listed(fresh, has_name="false", name_filter="named") == [anna]
    assert listed(fresh, ids=f"{anna},{nobody}, {hidden},nonsense") == [hidden, nobody, anna]
    assert listed(fresh, ids="nonsense") == []
    assert listed(fresh, name="NN") == [anna]
    assert fresh.sdk.people.retrieve(hidden).is_hidden


def test_lists_are_sorted_and_paged(fresh: Account) -> None:
    photos = [fresh.upload(pictures.jpeg(number))["id"] for number in range(3)]
    made = {name: person(fresh, name) for name in ("émile", "Zoe", "Eve", "anna", "Émilie")}
    nobody = person(fresh)
    for name, count in {"Zoe": 3, "anna": 2, "Eve": 1}.items():
        for photo in photos[:count]:
            face(fresh, photo, made[name])
    by_name = [made[name] for name in ("anna", "émile", "Émilie", "Eve", "Zoe")]

    def paged(**query: Any) -> list[str]:
        return [entry.id for entry in fresh.sdk.people.list(limit=2, name_filter="all", **query)]

    assert paged(sort="name_asc") == [*by_name, nobody]
    assert paged(sort="name_desc") == [*reversed(by_name), nobody]
    assert paged(sort="created_at_asc") == [*made.values(), nobody]
    assert paged() == paged(sort="created_at_desc") == [nobody, *reversed(made.values())]
    assert paged(sort="asset_count_desc")[:3] == [made[name] for name in ("Zoe", "anna", "Eve")]
    assert paged(sort="asset_count_asc") == paged(sort="asset_count_desc")[::-1]
    page = fresh.http.get("/api/people", params={"limit": 5}).json()
    assert (len(page["data"]), page["has_more"]) == (5, False)


def test_who_is_seen_is_found_by_asset_and_album(fresh: Account) -> None:
    first, second = (fresh.upload(pictures.jpeg(number))["id"] for number in range(2))
    anna, ben, nobody = person(fresh, "Anna"), person(fresh, "Ben"), person(fresh)
    face(fresh, first, anna)
    face(fresh, first, nobody)
    face(fresh, second, ben)
    face(fresh, second)
    album = fresh.sdk.albums.create(name="Coast").id
    fresh.sdk.albums.assets_associations.add(album, asset_ids=[second])
    assert listed(fresh, asset_id=first) == [anna]
    assert listed(fresh, asset_id=first, name_filter="all") == [nobody, anna]
    assert listed(fresh, album_id=album) == [ben]
    for nothing in ({"asset_id": "nonsense"}, {"album_id": "album_" + "2" * 22}, {"asset_id": first, "album_id": album}):
        assert listed(fresh, **nothing) == []


def test_the_portrait_is_the_chosen_face_or_the_best(fresh: Account) -> None:
    photo = fresh.upload(pictures.jpeg(1))["id"]
    anna = person(fresh, "Anna")
    small, large = face(fresh, photo, anna, {"x": 0, "y": 0, "w": 5, "h": 5}), face(fresh, photo, anna)
    stranger = face(fresh, photo)
    seen = fresh.sdk.people.retrieve(anna)
    assert (seen.asset_count, seen.thumbnail_face_id) == (1, large)
    assert list(seen.asset_urls or {}) == ["thumbnail"]
    url = fresh.http.get(f"/api/people/{anna}").json()["asset_urls"]["thumbnail"]["url"]
    assert f"/api/faces/{large}/variants/thumbnail?v=" in url
    for chosen in (small, stranger):
        assert fresh.sdk.people.update(anna, thumbnail_face_id=chosen).thumbnail_face_id == chosen
    fresh.sdk.faces.delete(stranger)
    assert fresh.sdk.people.retrieve(anna).thumbnail_face_id == large
    other = fresh.sdk.libraries.create(name="Other").id
    for missing in ("nonsense", "face_" + "2" * 22):
        assert_problem(fresh.http.patch(f"/api/people/{anna}", json={"thumbnail_face_id": missing}), 404, "not_found", "thumbnail_face_id")
    assert_problem(create(fresh, thumbnail_face_id=large, library_id=other), 404, "not_found", "thumbnail_face_id")


def test_a_merge_moves_faces_and_removes_the_sources(fresh: Account) -> None:
    photo = fresh.upload(pictures.jpeg(1))["id"]
    anna, ben, nobody = person(fresh, "Anna"), person(fresh, "Ben", birth_date="1990-01-01"), person(fresh)
    faces = [face(fresh, photo, who) for who in (anna, ben, nobody)]
    for wrong, code in (([anna], 422), ([], 422), ([NOBODY], 404), (["nonsense", ben], 404)):
        problem = "validation_error" if code == 422 else "not_found"
        answer = fresh.http.post(f"/api/people/{anna}/merge", json={"source_person_ids": wrong})
        assert_problem(answer, code, problem, "source_person_ids")
    assert_problem(fresh.http.post(f"/api/people/{NOBODY}/merge", json={"source_person_ids": [ben]}), 404, "not_found")
    merged = fresh.sdk.people.merge(anna, source_person_ids=[ben, nobody])
    assert (merged.id, merged.name, merged.birth_date, merged.asset_count) == (anna, "Anna", None, 1)
    assert {entry.id for entry in fresh.sdk.faces.list(person_id=anna)} == set(faces)
    assert listed(fresh, name_filter="all") == [anna]
    for gone in (ben, nobody):
        assert_problem(fresh.http.get(f"/api/people/{gone}"), 404, "not_found")


def test_a_merge_of_nobodies_leaves_nobody(fresh: Account) -> None:
    first, second = person(fresh), person(fresh)
    headers = {"Accept": "application/json"}
    answer = fresh.http.post(f"/api/people/{first}/merge", json={"source_person_ids": [second]}, headers=headers)
    assert (answer.status_code, answer.content) == (204, b"")
    assert listed(fresh, name_filter="all") == []


def test_a_deleted_person_leaves_their_faces(fresh: Account) -> None:
    photo = fresh.upload(pictures.jpeg(1))["id"]
    anna = person(fresh, "Anna")
    hers = face(fresh, photo, anna)
    fresh.sdk.people.delete(anna)
    assert fresh.sdk.faces.retrieve(hers).person_id is None
    assert_problem(fresh.http.delete(f"/api/people/{anna}"), 404, "not_found")
    assert create(fresh, name="Anna").status_code == 201


def test_a_name_finds_the_photos(fresh: Account) -> None:
    photo = fresh.upload(pictures.jpeg(1))["id"]
    face(fresh, photo, person(fresh, "Wilhelmine"))
    assert [hit.asset.id for hit in fresh.sdk.search.search(query="wilhelmine").data] == [photo]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "x" * 256}, "name"),
        ({"name": 5}, "name"),
        ({"birth_date": "1990-02-30"}, "birth_date"),
        ({"birth_date": "yesterday"}, "birth_date"),
        ({"birth_date": 1990}, "birth_date"),
        ({"is_favorite": "yes"}, "is_favorite"),
        ({"is_hidden": 1}, "is_hidden"),
        ({"thumbnail_face_id": []}, "thumbnail_face_id"),
    ],
)
def test_wrong_fields_are_refused_everywhere(account: Account, body: dict[str, Any], field: str) -> None:
    anna = person(account)
    assert_problem(create(account, **body), 422, "validation_error", field)
    assert_problem(account.http.patch(f"/api/people/{anna}", json=body), 422, "validation_error", field)
    bulk = {"updates": [{"id": anna, "change": body}]}
    assert_problem(account.http.post("/api/people/bulk-update", json=bulk), 422, "validation_error", field)


@pytest.mark.parametrize(
    ("query", "status", "code", "field"),
    [
        ({"limit": 0}, 422, "validation_error", "limit"),
        ({"limit": 201}, 422, "validation_error", "limit"),
        ({"sort": "age"}, 422, "validation_error", "sort"),
        ({"sort": "name_asc", "name_filter": "unnamed"}, 422, "validation_error", "sort"),
        ({"name_filter": "some"}, 422, "validation_error", "name_filter"),
        ({"include_hidden": "maybe"}, 422, "validation_error", "include_hidden"),
        ({"include": "cluster_metrics,faces"}, 422, "validation_error", "include"),
        ({"ids": ",".join(str(number) for number in range(201))}, 422, "validation_error", "ids"),
        ({"starting_after_id": "nonsense"}, 400, "invalid_cursor", "starting_after_id"),
        ({"starting_after_id": NOBODY}, 400, "invalid_cursor", "starting_after_id"),
        ({"library_id": "nonsense"}, 404, "not_found", "library_id"),
    ],
)
def test_wrong_questions_are_refused(account: Account, query: dict[str, Any], status: int, code: str, field: str) -> None:
    assert_problem(account.http.get("/api/people", params=query), status, code, field)


@pytest.mark.parametrize("body", [{}, {"updates": None}, {"updates": {}}, {"updates": ["x"]}, {"updates": [{"change": {}}]}, {"updates": [{"id": NOBODY}]}])
def test_a_bulk_update_needs_its_parts(account: Account, body: dict[str, Any]) -> None:
    assert_problem(account.http.post("/api/people/bulk-update", json=body), 422, "validation_error")


def test_what_others_have_is_not_there(account: Account, fresh: Account) -> None:
    anna = person(account, f"Anna of {account.email}")
    assert listed(fresh, ids=anna) == []
    for request in (
        lambda: fresh.http.get(f"/api/people/{anna}"),
        lambda: fresh.http.patch(f"/api/people/{anna}", json={"name": "Mine"}),
        lambda: fresh.http.delete(f"/api/people/{anna}"),
        lambda: fresh.http.post(f"/api/people/{anna}/merge", json={"source_person_ids": [NOBODY]}),
        lambda: fresh.http.post("/api/people/bulk-update", json={"updates": [{"id": anna, "change": {}}]}),
    ):
        assert_problem(request(), 404, "not_found")
    assert_problem(fresh.http.get("/api/people", params={"starting_after_id": anna}), 400, "invalid_cursor")
