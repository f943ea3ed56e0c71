"""Libraries: list, create, get, update, and which one is meant when none is named."""

from __future__ import annotations

import gumnut
import pytest
from kit import pictures
from kit.account import Account
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


def test_trashing_is_seen_by_the_client_as_an_error_it_knows(fresh: Account) -> None:
    with pytest.raises(gumnut.NotFoundError):
        fresh.sdk.libraries.retrieve("lib_" + "3" * 22)
