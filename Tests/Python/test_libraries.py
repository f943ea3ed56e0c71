"""Libraries: list, create, get, update, and which one is meant when none is named."""

from __future__ import annotations

import gumnut
import pytest
from kit import pictures
from kit.account import Account, wait_until
from kit.contract import assert_complete, assert_problem


def test_a_new_user_has_one_library_and_owns_it(fresh: Account) -> None:
    (library,) = fresh.sdk.libraries.list()
    assert (library.name, library.role, library.asset_count, library.storage_used_bytes) == ("Default Library", "owner", 0, 0)
    assert library.owner.id == library.user_id == fresh.sdk.users.me().id
    assert library.id.startswith("lib_") and len(library.id) == len("lib_") + 22


def test_a_created_library_can_be_read_and_is_listed(fresh: Account) -> None:
    made = fresh.sdk.libraries.create(name="  Holidays  ", description="By the sea")
    assert (made.name, made.description) == ("Holidays", "By the sea")
    assert fresh.sdk.libraries.retrieve(made.id) == made
    assert {library.name for library in fresh.sdk.libraries.list()} == {"Default Library", "Holidays"}
    assert_complete(fresh.http.get(f"/api/libraries/{made.id}").json(), "LibraryResponse")


def test_creating_an_equal_library_again_returns_the_one_there_is(fresh: Account) -> None:
    first = fresh.http.post("/api/libraries", json={"name": "Twins", "description": "same"})
    again = fresh.http.post("/api/libraries", json={"name": "twins", "description": "same"})
    other = fresh.http.post("/api/libraries", json={"name": "Twins", "description": "different"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert_problem(other, 409, "name_conflict")


def test_an_update_changes_what_it_names_and_nothing_else(fresh: Account) -> None:
    made = fresh.sdk.libraries.create(name="Before", description="kept")
    renamed = fresh.sdk.libraries.update(made.id, name="After")
    assert (renamed.name, renamed.description) == ("After", "kept")
    assert renamed.updated_at > made.updated_at
    same = fresh.sdk.libraries.update(made.id, name="After")
    assert same == renamed
    unchanged = fresh.http.patch(f"/api/libraries/{made.id}", json={"description": None})
    assert unchanged.json()["description"] == "kept"
    cleared = fresh.http.patch(f"/api/libraries/{made.id}", json={"description": ""})
    assert cleared.json()["description"] is None


@pytest.mark.parametrize("body", [{"name": "  "}, {"name": "x" * 256}, {}])
def test_a_library_needs_a_name_of_sensible_length(fresh: Account, body: dict[str, str]) -> None:
    assert_problem(fresh.http.post("/api/libraries", json=body), 422, "validation_error", "name")


def test_a_taken_name_cannot_be_given_to_another(fresh: Account) -> None:
    made = fresh.sdk.libraries.create(name="Second")
    assert_problem(fresh.http.patch(f"/api/libraries/{made.id}", json={"name": "DEFAULT library"}), 409, "name_conflict")


def test_a_foreign_library_and_a_malformed_id_look_missing(fresh: Account, account: Account) -> None:
    theirs = account.sdk.libraries.list()[0].id
    for library in (theirs, "lib_" + "2" * 22, "nonsense", "lib_0"):
        assert_problem(fresh.http.get(f"/api/libraries/{library}"), 404, "not_found")
        assert_problem(fresh.http.patch(f"/api/libraries/{library}", json={"name": "Mine"}), 404, "not_found")
        assert_problem(fresh.http.get("/api/assets", params={"library_id": library}), 404, "not_found")


def test_with_several_libraries_one_has_to_be_named(fresh: Account) -> None:
    fresh.sdk.libraries.create(name="Another")
    assert_problem(fresh.http.get("/api/assets"), 400, "library_required")
    assert_problem(fresh.post_upload(pictures.jpeg(1)), 400, "library_required")
    for library in fresh.sdk.libraries.list():
        assert list(fresh.sdk.assets.list(library_id=library.id)) == []


def test_uploads_count_in_their_library_only(fresh: Account) -> None:
    first, second = fresh.sdk.libraries.list()[0].id, fresh.sdk.libraries.create(name="Other").id
    picture = pictures.jpeg(7)
    fresh.upload(picture, library_id=second)
    libraries = {library.id: library for library in fresh.sdk.libraries.list()}
    assert (libraries[first].asset_count, libraries[second].asset_count) == (0, 1)
    assert libraries[second].storage_used_bytes == len(picture.content)


def test_the_client_knows_what_missing_means(fresh: Account) -> None:
    with pytest.raises(gumnut.NotFoundError):
        fresh.sdk.libraries.retrieve("lib_" + "3" * 22)


def test_what_may_not_be_changed_comes_before_what_is_wrong(fresh: Account, account: Account) -> None:
    theirs = account.sdk.libraries.list()[0].id
    assert_problem(fresh.http.patch(f"/api/libraries/{theirs}", json={"name": " "}), 404, "not_found")
    assert_problem(fresh.http.patch(f"/api/libraries/{fresh.sdk.libraries.list()[0].id}", json={"name": " "}), 422, "validation_error", "name")


def test_a_library_goes_to_the_trash_and_comes_back(fresh: Account) -> None:
    library = fresh.sdk.libraries.create(name="Trips").id
    asset = fresh.upload(pictures.jpeg(11), library_id=library)["id"]
    before = fresh.sdk.libraries.retrieve(library)
    fresh.sdk.libraries.trash(library)
    fresh.sdk.libraries.trash(library)
    assert [one.id for one in fresh.sdk.libraries.list(state="trashed")] == [library]
    assert library not in [one.id for one in fresh.sdk.libraries.list()]
    assert {one.id for one in fresh.sdk.libraries.list(state="all")} > {library}
    trashed = fresh.sdk.libraries.retrieve(library)
    assert trashed.updated_at > before.updated_at
    for path in (f"/api/assets/{asset}", f"/api/assets?library_id={library}", f"/api/tasks/asset/{asset}"):
        assert_problem(fresh.http.get(path), 404, "not_found")
    assert_problem(fresh.post_upload(pictures.jpeg(12), library_id=library), 404, "not_found")
    assert_problem(fresh.http.post("/api/albums", json={"library_id": library}), 404, "not_found")
    assert all(task["asset_id"] != asset for task in fresh.http.get("/api/tasks/").json())
    # With one live library left, that one is meant.
    assert fresh.list() == []
    restored = fresh.sdk.libraries.restore(library)
    assert (restored.id, restored.asset_count, restored.created_at) == (library, 1, before.created_at)
    assert fresh.sdk.libraries.restore(library) == restored
    assert fresh.sdk.assets.retrieve(asset).id == asset
    events = fresh.http.get("/api/events", params={"library_id": library, "entity_types": "library"}).json()["data"]
    assert [event["event_type"] for event in events] == ["library_trashed", "library_restored"]
    assert {event["entity_id"] for event in events} == {library}


def test_acknowledgements_follow_the_accept_header(fresh: Account) -> None:
    library = fresh.sdk.libraries.create(name="Trips").id
    empty = fresh.http.post(f"/api/libraries/{library}/trash", headers={"Content-Type": "application/json"})
    assert (empty.status_code, empty.content) == (204, b"")
    named = fresh.http.delete(f"/api/libraries/{library}", headers={"Accept": "application/json"})
    assert (named.status_code, named.json()) == (200, {})


def test_the_last_live_library_stays(fresh: Account) -> None:
    first = fresh.sdk.libraries.list()[0].id
    assert_problem(fresh.http.post(f"/api/libraries/{first}/trash"), 409, "last_live_library")
    second = fresh.sdk.libraries.create(name="Second").id
    fresh.sdk.libraries.trash(first)
    assert_problem(fresh.http.post(f"/api/libraries/{second}/trash"), 409, "last_live_library")


def test_names_in_the_trash_stay_taken_until_they_are_changed(fresh: Account) -> None:
    library = fresh.sdk.libraries.create(name="Trips").id
    fresh.sdk.libraries.trash(library)
    assert_problem(fresh.http.post("/api/libraries", json={"name": "trips"}), 409, "name_conflict")
    first = fresh.sdk.libraries.list()[0].id
    assert_problem(fresh.http.patch(f"/api/libraries/{first}", json={"name": "TRIPS"}), 409, "name_conflict")
    fresh.sdk.libraries.update(library, name="Old trips")
    assert fresh.http.post("/api/libraries", json={"name": "trips"}).status_code == 201


def test_only_what_lies_in_the_trash_is_deleted_and_then_with_everything_in_it(fresh: Account) -> None:
    library = fresh.sdk.libraries.create(name="Trips").id
    used = fresh.sdk.users.me().storage_used_bytes
    asset = fresh.upload(pictures.jpeg(13), library_id=library)["id"]
    album = fresh.http.post("/api/albums", json={"library_id": library, "name": "A"}).json()["id"]
    fresh.http.post(f"/api/albums/{album}/assets", json={"asset_ids": [asset]})
    assert_problem(fresh.http.delete(f"/api/libraries/{library}"), 409, "library_not_trashed")
    fresh.sdk.libraries.trash(library)
    fresh.sdk.libraries.delete(library)
    wait_until(lambda: fresh.http.get(f"/api/libraries/{library}").status_code, lambda status: status == 404)
    for method, path in (("POST", "/restore"), ("POST", "/trash"), ("DELETE", "")):
        assert_problem(fresh.http.request(method, f"/api/libraries/{library}{path}"), 404, "not_found")
    assert_problem(fresh.http.get(f"/api/albums/{album}"), 404, "not_found")
    assert fresh.sdk.libraries.list(state="trashed") == []
    assert fresh.sdk.users.me().storage_used_bytes == used
    # The name is free as soon as the row is gone, which is the last thing to go.
    wait_until(lambda: fresh.http.post("/api/libraries", json={"name": "Trips"}).status_code, lambda status: status == 201)


def test_an_unknown_state_is_refused(fresh: Account) -> None:
    assert_problem(fresh.http.get("/api/libraries", params={"state": "gone"}), 422, "validation_error", "state")


def test_trashing_restoring_and_deleting_each_need_their_action(fresh: Account) -> None:
    library = fresh.sdk.libraries.create(name="Trips").id
    for action, method, path in (("delete", "POST", "/trash"), ("write", "POST", "/restore"), ("delete_permanently", "DELETE", "")):
        others = [one for one in ("read", "write", "delete", "delete_permanently") if one != action]
        key = fresh.server.command("key", "create", "--user", fresh.email, "--actions", ",".join(others))
        program = Account.with_key(fresh.server, fresh.email, key)
        assert_problem(program.http.request(method, f"/api/libraries/{library}{path}"), 403, "insufficient_scope")
        program.close()
