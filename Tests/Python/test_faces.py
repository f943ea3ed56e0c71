"""Faces: drawn by hand, listed, given to people and deleted, as the official client sees it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from kit import pictures
from kit.account import Account
from kit.contract import assert_complete, assert_problem

BOX = {"x": 1, "y": 1, "w": 20, "h": 20}


def draw(account: Account, asset: str, box: Any = BOX, **body: Any) -> httpx.Response:
    return account.http.post("/api/faces", json={"asset_id": asset, "bounding_box": box, **body})


def listed(account: Account, **query: Any) -> list[str]:
    response = account.http.get("/api/faces", params={"limit": 200, **query})
    assert response.status_code == 200, response.text
    assert_complete(response.json(), "FacePage")
    return [entry["id"] for entry in response.json()["data"]]


def told(account: Account, *kinds: str) -> list[tuple[str, str, Any]]:
    """What the feed says of these kinds of things."""
    events = account.http.get("/api/events", params={"limit": 200, "entity_types": kinds}).json()["data"]
    return [(event["event_type"], event["entity_id"], event["payload"]) for event in events]


def test_a_face_is_drawn_fetched_and_complete(fresh: Account) -> None:
    photo = fresh.upload(pictures.jpeg(1))
    anna = fresh.sdk.people.create(name="Anna").id
    whole = {"x": 0, "y": 0, "w": photo["width"], "h": photo["height"]}
    made = draw(fresh, photo["id"], whole, person_id=anna)
    assert made.status_code == 201
    assert_complete(made.json(), "FaceResponse")
    face = fresh.sdk.faces.retrieve(made.json()["id"])
    assert (face.asset_id, face.person_id, face.source, face.confidence, face.timestamp_ms) == (photo["id"], anna, "manual", None, None)
    assert dict(face.bounding_box) == whole
    assert f"/api/faces/{face.id}/variants/thumbnail?v=" in made.json()["asset_urls"]["thumbnail"]["url"]
    path = f"/api/faces/{face.id}"
    assert fresh.http.get(path, params={"include": "cluster_assignment"}).json() == made.json()
    assert fresh.http.get(path).json()["asset_urls"] == made.json()["asset_urls"]
    assert told(fresh, "face") == [
        ("face_created", face.id, None),
        ("face_updated", face.id, {"person_id": anna, "previous_person_id": None}),
    ]


def test_a_box_lies_inside_the_picture(fresh: Account) -> None:
    photo = fresh.upload(pictures.jpeg(1))
    width, height = photo["width"], photo["height"]
    outside = [
        {"x": 0, "y": 0, "w": width + 1, "h": 1},
        {"x": width, "y": 0, "w": 1, "h": 1},
        {"x": 0, "y": height - 1, "w": 1, "h": 2},
        {"x": -1, "y": 0, "w": 2, "h": 2},
        {"x": 0, "y": 0, "w": 0, "h": 1},
        {"x": 2**62, "y": 0, "w": 2**62, "h": 1},
    ]
    for box in outside:
        assert_problem(draw(fresh, photo["id"], box), 422, "validation_error", "bounding_box")
    for box, field in [
        (None, "bounding_box"),
        ([1, 2, 3, 4], "bounding_box"),
        ({"x": 0, "y": 0, "w": 5}, "bounding_box.h"),
        ({**BOX, "x": 1.5}, "bounding_box.x"),
        ({**BOX, "y": "1"}, "bounding_box.y"),
        ({**BOX, "w": 1e40}, "bounding_box.w"),
    ]:
        assert_problem(draw(fresh, photo["id"], box), 422, "validation_error", field)
    assert listed(fresh) == []


def test_faces_are_drawn_on_assets_of_the_library_for_its_people(fresh: Account) -> None:
    photo = fresh.upload(pictures.jpeg(1))["id"]
    other = fresh.sdk.libraries.create(name="Other").id
    library = next(entry.id for entry in fresh.sdk.libraries.list() if entry.id != other)
    stranger = fresh.sdk.people.create(library_id=other).id
    for missing in ("nonsense", "asset_" + "2" * 22):
        assert_problem(draw(fresh, missing, library_id=library), 404, "not_found", "asset_id")
    assert_problem(draw(fresh, photo, library_id=other), 404, "not_found", "asset_id")
    assert_problem(draw(fresh, photo, library_id="nonsense"), 404, "not_found", "library_id")
    for missing in ("nonsense", "person_" + "2" * 22, stranger):
        assert_problem(draw(fresh, photo, library_id=library, person_id=missing), 404, "not_found", "person_id")
    assert_problem(fresh.http.post("/api/faces", json={"bounding_box": BOX, "library_id": library}), 422, "validation_error", "asset_id")
    assert draw(fresh, photo, library_id=library).status_code == 201


def test_a_face_changes_hands(fresh: Account) -> None:
    photo = fresh.upload(pictures.jpeg(1))["id"]
    anna, ben = (fresh.sdk.people.create(name=name).id for name in ("Anna", "Ben"))
    face = draw(fresh, photo, person_id=anna).json()
    path = f"/api/faces/{face['id']}"
    for same in ({}, {"person_id": anna}, {"confidence": 1}):
        answer = fresh.http.patch(path, json=same)
        assert (answer.status_code, answer.json()) == (200, face)
    assert fresh.sdk.faces.update(face["id"], person_id=ben).person_id == ben
    assert fresh.sdk.faces.update(face["id"], person_id=None).person_id is None
    assert [fresh.sdk.people.retrieve(id).asset_count for id in (anna, ben)] == [0, 0]
    assert told(fresh, "face")[2:] == [
        ("face_updated", face["id"], {"person_id": ben, "previous_person_id": anna}),
        ("face_updated", face["id"], {"person_id": None, "previous_person_id": ben}),
    ]
    for missing in ("nonsense", "person_" + "2" * 22):
        assert_problem(fresh.http.patch(path, json={"person_id": missing}), 404, "not_found", "person_id")
    assert_problem(fresh.http.patch(path, json={"person_id": 5}), 422, "validation_error", "person_id")
    assert fresh.http.get(path).json()["updated_at"] > face["updated_at"]


def test_a_deleted_face_is_gone_and_told(fresh: Account) -> None:
    photo = fresh.upload(pictures.jpeg(1))["id"]
    anna = fresh.sdk.people.create(name="Anna").id
    face = draw(fresh, photo, person_id=anna).json()["id"]
    fresh.sdk.faces.delete(face)
    assert_problem(fresh.http.get(f"/api/faces/{face}"), 404, "not_found")
    assert_problem(fresh.http.delete(f"/api/faces/{face}"), 404, "not_found")
    assert told(fresh, "face")[-1] == ("face_deleted", face, {"previous_person_id": anna})
    assert fresh.sdk.people.retrieve(anna).asset_count == 0


def test_a_merge_and_a_deletion_tell_of_every_face(fresh: Account) -> None:
    photo = fresh.upload(pictures.jpeg(1))["id"]
    anna, ben = (fresh.sdk.people.create(name=name).id for name in ("Anna", "Ben"))
    faces = [draw(fresh, photo, person_id=ben).json()["id"] for _ in range(2)]
    before = len(told(fresh, "face", "person"))
    fresh.sdk.people.merge(anna, source_person_ids=[ben])
    fresh.sdk.people.delete(anna)
    assert told(fresh, "face", "person")[before:] == [
        *[("face_updated", face, {"person_id": anna, "previous_person_id": ben}) for face in faces],
        ("person_deleted", ben, None),
        *[("face_updated", face, {"person_id": None, "previous_person_id": anna}) for face in faces],
        ("person_deleted", anna, None),
    ]


def test_lists_give_the_newest_first_page_by_page(fresh: Account) -> None:
    first, second = (fresh.upload(pictures.jpeg(number))["id"] for number in range(2))
    anna = fresh.sdk.people.create(name="Anna").id
    faces = [draw(fresh, asset, person_id=who).json()["id"] for asset in (first, second) for who in (anna, None, None)]
    newest = faces[::-1]
    assert listed(fresh) == newest
    assert [entry.id for entry in fresh.sdk.faces.list(limit=2)] == newest
    assert listed(fresh, asset_id=first) == newest[3:]
    assert listed(fresh, person_id=anna) == [faces[3], faces[0]]
    assert listed(fresh, asset_id=first, person_id=anna) == [faces[0]]
    assert listed(fresh, ids=[faces[0], "nonsense", faces[4]]) == [faces[4], faces[0]]
    for nothing in ({"asset_id": "nonsense"}, {"person_id": "person_" + "2" * 22}, {"ids": "nonsense"}):
        assert listed(fresh, **nothing) == []
    page = fresh.http.get("/api/faces", params={"limit": 6}).json()
    assert (len(page["data"]), page["has_more"]) == (6, False)


@pytest.mark.parametrize(
    ("query", "status", "code", "field"),
    [
        ({"limit": 201}, 422, "validation_error", "limit"),
        ({"limit": "many"}, 422, "validation_error", "limit"),
        ({"include": "person"}, 422, "validation_error", "include"),
        ({"ids": ",".join(str(number) for number in range(201))}, 422, "validation_error", "ids"),
        ({"starting_after_id": "nonsense"}, 400, "invalid_cursor", "starting_after_id"),
        ({"starting_after_id": "face_" + "2" * 22}, 400, "invalid_cursor", "starting_after_id"),
        ({"library_id": "nonsense"}, 404, "not_found", "library_id"),
    ],
)
def test_wrong_questions_are_refused(account: Account, query: dict[str, Any], status: int, code: str, field: str) -> None:
    assert_problem(account.http.get("/api/faces", params=query), status, code, field)


def test_a_library_guards_its_faces_and_others_see_none(account: Account, fresh: Account) -> None:
    photo = fresh.upload(pictures.jpeg(1))["id"]
    face = draw(fresh, photo).json()["id"]
    path = f"/api/faces/{face}"
    library = fresh.sdk.libraries.list()[0].id
    other = fresh.sdk.libraries.create(name="Other").id
    assert fresh.http.get(path).status_code == fresh.http.get(path, params={"library_id": library}).status_code == 200
    for client, params in [(fresh, {"library_id": other}), (fresh, {"library_id": "nonsense"}), (account, {})]:
        assert_problem(client.http.get(path, params=params), 404, "not_found")
        assert_problem(client.http.patch(path, json={"person_id": None}, params=params), 404, "not_found")
        assert_problem(client.http.delete(path, params=params), 404, "not_found")
    assert listed(account, ids=face) == []
    assert_problem(fresh.http.get("/api/faces/nonsense"), 404, "not_found")
