"""What users say about people and faces can be undone: afterwards everything the API tells is as it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from kit import pictures
from kit.account import Account
from kit.contract import assert_complete, assert_problem
from kit.replica import Link, Replica, truth

BOX = {"x": 1, "y": 1, "w": 20, "h": 20}


class Family:
    """Anna in two photos and with Ben in a third, Ben hidden, and two faces of somebody without a name."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.library = account.sdk.libraries.list()[0].id
        self.assets = [account.upload(pictures.jpeg(8000 + number))["id"] for number in range(3)]
        account.all_settled(self.assets)
        people = account.sdk.people
        self.anna, self.ben, self.nobody = people.create(name="Anna").id, people.create(name="Ben", is_hidden=True).id, people.create().id
        self.faces = [self.draw(asset, self.anna) for asset in self.assets]
        self.bens = self.draw(self.assets[2], self.ben)
        self.strangers = [self.draw(asset, self.nobody) for asset in self.assets[:2]]
        self.loose = self.draw(self.assets[0], None)

    def draw(self, asset: str, person: str | None) -> str:
        return self.account.sdk.faces.create(asset_id=asset, bounding_box=BOX, person_id=person).id

    def send(self, method: str, path: str, body: Any = None) -> httpx.Response:
        return self.account.http.request(method, path, **({} if body is None else {"json": body}))

    def do(self, method: str, path: str, body: Any = None) -> Any:
        response = self.send(method, path, body)
        assert response.is_success, response.text
        return response.json() if response.content else None

    def dump(self) -> dict[str, Any]:
        """All that the API tells of assets, people and faces."""
        get = self.account.http.get
        lists = {
            "/api/people": {"name_filter": "all", "include_hidden": "true", "include": "cluster_metrics"},
            "/api/faces": {"include": "cluster_assignment"},
            "/api/assets": {"include": ["people", "faces", "metadata", "metrics"]},
        }
        told: dict[str, Any] = {path: get(path, params={"limit": 200, **query}).json()["data"] for path, query in lists.items()}
        for person in told["/api/people"]:
            told[person["id"]] = [get("/api/faces", params={"person_id": person["id"], "limit": 200}).json()["data"], get(f"/api/people/{person['id']}").json()]
        told["found"] = get("/api/search", params={"query": "Anna", "limit": 200}).json()["data"]
        return told

    def corrections(self, **query: Any) -> list[dict[str, Any]]:
        answer = self.account.http.get("/api/undo", params={"limit": 200, **query}).json()
        assert_complete(answer, "CorrectionPage")
        return answer["data"]

    def undo(self, correction: str) -> httpx.Response:
        return self.send("POST", f"/api/undo/{correction}")


@pytest.fixture(scope="module")
def family(server) -> Family:
    return Family(Account.make(server))


DEEDS: dict[str, Callable[[Family], Any]] = {
    "merge_people": lambda family: family.do("POST", f"/api/people/{family.anna}/merge", {"source_person_ids": [family.ben, family.nobody]}),
    "split_person": lambda family: family.do("POST", f"/api/people/{family.anna}/split", {"face_ids": family.faces[:1], "name": "Zoe"}),
    "delete_person": lambda family: family.do("DELETE", f"/api/people/{family.anna}"),
    "update_people": lambda family: family.do("PATCH", f"/api/people/{family.anna}", {"name": "Anne", "birth_date": "1990-01-02", "is_hidden": True}),
    "assign_face": lambda family: family.do("PATCH", f"/api/faces/{family.faces[0]}", {"person_id": family.ben}),
    "detach_face": lambda family: family.do("PATCH", f"/api/faces/{family.faces[0]}", {"person_id": None}),
    "ignore_face": lambda family: family.do("POST", f"/api/faces/{family.faces[0]}/ignore"),
    "delete_face": lambda family: family.do("DELETE", f"/api/faces/{family.faces[0]}"),
}


def test_every_correction_is_undone_exactly(family: Family) -> None:
    link = Link(family.account.server, family.account.key)
    replica = Replica(link, family.library)
    for kind, deed in DEEDS.items():
        before = family.dump()
        deed(family)
        assert family.dump() != before, kind
        replica.catch_up()
        (correction, *_) = family.corrections()
        assert (correction["kind"], correction["library_id"], correction["undone_at"]) == (kind, family.library, None)
        assert correction["user_id"] == family.account.sdk.users.me().id
        assert correction["face_count"] >= 1 or kind == "update_people"
        undone = family.undo(correction["id"])
        assert undone.status_code == 200, undone.text
        assert_complete(undone.json(), "CorrectionResponse")
        assert undone.json()["undone_at"] and undone.json()["id"] == correction["id"]
        assert family.dump() == before, kind
        assert_problem(family.undo(correction["id"]), 409, "conflict")
        # Who follows the feed has it, and so has who begins now.
        newcomer = Replica(link, family.library)
        for copy in (replica, newcomer):
            copy.catch_up()
            assert copy.shown() == truth(link.sdk, family.library), kind


def test_bulk_changes_are_undone_together(family: Family) -> None:
    before = family.dump()
    swap = [{"id": family.anna, "change": {"name": None}}, {"id": family.ben, "change": {"name": "Anna"}}, {"id": family.anna, "change": {"name": "Ben"}}]
    assert_problem(family.send("POST", "/api/people/bulk-update", {"updates": swap}), 422, "validation_error")
    updates = [{"id": family.ben, "change": {"name": None}}, {"id": family.anna, "change": {"name": "Ben"}}]
    family.do("POST", "/api/people/bulk-update", {"updates": updates})
    (correction, *_) = family.corrections()
    assert sorted(correction["person_ids"]) == sorted([family.anna, family.ben])
    family.do("POST", f"/api/undo/{correction['id']}")
    assert family.dump() == before


def test_the_last_comes_first(family: Family) -> None:
    before = family.dump()
    family.do("PATCH", f"/api/people/{family.anna}", {"name": "Anne"})
    (naming, *_) = family.corrections()
    family.do("POST", f"/api/people/{family.anna}/merge", {"source_person_ids": [family.ben]})
    (merging, *_) = family.corrections()
    between = family.dump()
    assert merging["id"] in assert_problem(family.undo(naming["id"]), 409, "conflict")["message"]
    assert family.dump() == between, "nothing has changed"
    for correction in (merging, naming):
        assert family.undo(correction["id"]).is_success
    assert family.dump() == before
    # What is about other people does not stand in the way.
    family.do("PATCH", f"/api/people/{family.nobody}", {"is_favorite": True})
    (other, *_) = family.corrections()
    family.do("PATCH", f"/api/people/{family.ben}", {"is_favorite": True})
    (later, *_) = family.corrections()
    assert family.undo(other["id"]).is_success and family.undo(later["id"]).is_success
    assert family.dump() == before


def test_the_list_is_paged_and_filtered(family: Family) -> None:
    everything = family.corrections()
    assert len(everything) > 3
    page = family.account.http.get("/api/undo", params={"limit": 2}).json()
    assert page["has_more"] and page["data"] == everything[:2]
    rest = family.account.http.get("/api/undo", params={"limit": 200, "starting_after_id": everything[1]["id"]}).json()
    assert rest == {"data": everything[2:], "has_more": False}
    assert family.corrections(person_id=family.ben) == [entry for entry in everything if family.ben in entry["person_ids"]]
    assert family.corrections(person_id="person_x") == []
    assert_problem(family.account.http.get("/api/undo", params={"starting_after_id": "correction_x"}), 400, "invalid_cursor", "starting_after_id")
    assert_problem(family.account.http.get("/api/undo", params={"limit": 0}), 422, "validation_error", "limit")


def test_what_makes_no_sense_changes_nothing(family: Family) -> None:
    before, count = family.dump(), len(family.corrections())
    split = f"/api/people/{family.anna}/split"
    assert_problem(family.send("POST", split, {"face_ids": []}), 422, "validation_error", "face_ids")
    assert_problem(family.send("POST", split, {"face_ids": family.faces}), 422, "validation_error", "face_ids")
    for face in (family.bens, family.loose, "face_x"):
        assert_problem(family.send("POST", split, {"face_ids": [family.faces[0], face]}), 404, "not_found", "face_ids")
    assert_problem(family.send("POST", split, {"face_ids": family.faces[:1], "name": "BEN"}), 409, "name_conflict", "name")
    assert_problem(family.send("POST", "/api/people/person_x/split", {"face_ids": family.faces[:1]}), 404, "not_found")
    assert_problem(family.send("POST", "/api/faces/face_x/ignore"), 404, "not_found")
    assert_problem(family.undo("correction_x"), 404, "not_found")
    merge = f"/api/people/{family.anna}/merge"
    assert_problem(family.send("POST", merge, {"source_person_ids": [family.ben, family.anna]}), 422, "validation_error")
    assert_problem(family.send("POST", merge, {"source_person_ids": [family.ben, "person_x"]}), 404, "not_found")
    assert family.dump() == before and len(family.corrections()) == count


def test_people_are_told_apart(family: Family) -> None:
    before, path = family.dump(), f"/api/people/{family.anna}/tell-apart"
    family.do("POST", path, {"person_id": family.nobody})
    assert family.dump() == before
    (said, *_) = corrections = family.corrections()
    assert (said["kind"], said["person_ids"]) == ("tell_people_apart", sorted([family.anna, family.nobody]))
    family.do("POST", f"/api/people/{family.nobody}/tell-apart", {"person_id": family.anna})
    assert family.corrections() == corrections
    assert family.undo(said["id"]).status_code == 200
    assert family.dump() == before
    assert_problem(family.send("POST", path, {"person_id": family.anna}), 422, "validation_error", "person_id")
    assert_problem(family.send("POST", path, {"person_id": family.account.key}), 404, "not_found")
    assert_problem(family.send("POST", path, {}), 422, "validation_error", "person_id")
    assert_problem(family.send("POST", path, {"person_id": 1}), 422, "validation_error", "person_id")
    assert family.corrections()[0]["id"] == said["id"]


def test_a_face_is_not_a_certain_persons(family: Family) -> None:
    before = family.dump()
    loose = family.do("POST", f"/api/faces/{family.loose}/deny", {"person_id": family.anna})
    assert_complete(loose, "FaceResponse")
    assert loose["person_id"] is None and family.dump() == before
    assert family.do("POST", f"/api/faces/{family.faces[0]}/deny", {"person_id": family.anna})["person_id"] is None
    for face in (family.faces[0], family.loose):
        (said, *_) = [correction for correction in family.corrections() if not correction["undone_at"]]
        assert (said["kind"], said["person_ids"], said["face_count"]) == ("detach_face", [family.anna], 1), face
        assert family.undo(said["id"]).status_code == 200
    assert family.dump() == before
    assert_problem(family.send("POST", f"/api/faces/{family.loose}/deny", {"person_id": "person_x"}), 404, "not_found")
    assert_problem(family.send("POST", f"/api/faces/{family.loose}/deny", {}), 422, "validation_error", "person_id")


def test_what_is_asked_has_its_form(family: Family) -> None:
    """Drawn faces look like nobody, so there is nothing to ask; what is asked is tested in the library and with real photos."""
    for path, schema in (("/api/people/suggestions", "PersonSuggestionPage"), ("/api/faces/suggestions", "FacePage")):
        answer = family.account.http.get(path)
        assert_complete(answer.json(), schema)
        assert answer.json() == {"data": [], "has_more": False}
        assert_problem(family.account.http.get(path, params={"limit": 201}), 422, "validation_error", "limit")


def test_strangers_neither_see_nor_undo(family: Family) -> None:
    (correction, *_) = family.corrections()
    stranger = Account.make(family.account.server)
    assert_problem(stranger.http.post(f"/api/undo/{correction['id']}"), 404, "not_found")
    assert_problem(stranger.http.get("/api/undo", params={"library_id": family.library}), 404, "not_found")
    assert stranger.http.get("/api/undo").json() == {"data": [], "has_more": False}


def test_a_library_forgets_all_faces(fresh: Account) -> None:
    family = Family(fresh)
    path = f"/api/libraries/{family.library}/faces"
    known = family.do("GET", path)
    assert_complete(known, "FaceDataResponse")
    assert known == {"library_id": family.library, "face_count": 7, "finds_faces": True, "person_count": 3}
    assert family.do("PATCH", path, {"finds_faces": None}) == known
    assert family.do("PATCH", path, {"finds_faces": False}) == known | {"finds_faces": False}
    assert_problem(family.send("PATCH", path, {"finds_faces": "no"}), 422, "validation_error", "finds_faces")
    assert "faces are not looked for" in fresh.server.command("library", "faces", family.library, "--find", "off")
    assert family.do("PATCH", path, {"finds_faces": True}) == known
    family.do("DELETE", f"/api/faces/{family.loose}")
    replica = Replica(Link(fresh.server, fresh.key), family.library)
    replica.catch_up()
    family.do("DELETE", path)
    assert family.do("GET", path) == {"library_id": family.library, "face_count": 0, "finds_faces": False, "person_count": 2}
    assert family.corrections() == [] and family.do("GET", "/api/faces")["data"] == []
    people = family.do("GET", "/api/people?name_filter=all&include_hidden=true")["data"]
    assert {(person["name"], person["asset_count"], person["thumbnail_face_id"]) for person in people} == {("Anna", 0, None), ("Ben", 0, None)}
    replica.catch_up()
    assert replica.shown() == truth(fresh.sdk, family.library)
    family.draw(family.assets[0], family.anna)
    assert "0 faces" in fresh.server.command("library", "faces", family.library, "--delete")
