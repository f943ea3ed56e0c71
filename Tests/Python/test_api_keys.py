"""API keys: making, listing, renaming, deleting, and what a narrow key may not do."""

from __future__ import annotations

import re

import gumnut
import pytest
from kit import pictures
from kit.account import Account
from kit.contract import assert_complete, assert_problem

ALL = ["read", "write", "delete", "delete_permanently"]


def narrow(account: Account, actions: list[str], libraries: list[str] | None = None) -> Account:
    """The same user with a key that may do less."""
    made = account.sdk.api_keys.create(
        name="Narrow", actions=actions, library_scope_mode="selected_libraries" if libraries else "all_libraries",
        **({"library_ids": libraries} if libraries else {}),
    )  # fmt: skip
    return Account.with_key(account.server, account.email, made.api_key)


def test_the_secret_is_shown_once_and_works_at_once(fresh: Account) -> None:
    made = fresh.sdk.api_keys.create(name="Camera", actions=ALL, library_scope_mode="all_libraries")
    assert re.fullmatch(r"apikey_[2-9A-HJ-NP-Za-km-z]{22}_[A-Za-z0-9_-]{43}", made.api_key)
    assert made.api_key.startswith(made.id + "_")
    assert Account.with_key(fresh.server, fresh.email, made.api_key).sdk.users.me().email == fresh.email
    listed = {key.id: key for key in fresh.sdk.api_keys.list()}
    assert listed[made.id].name == "Camera"
    assert made.api_key not in fresh.http.get("/api/api-keys/").text


def test_answers_carry_every_key(fresh: Account) -> None:
    made = fresh.http.post("/api/api-keys/", json={"name": "All"})
    assert made.status_code == 201
    assert_complete(made.json(), "APIKeyCreateResponse")
    assert_complete(fresh.http.get("/api/api-keys/").json(), {"type": "array", "items": {"$ref": "#/components/schemas/APIKeyResponse"}})


def test_a_name_alone_makes_a_full_key(fresh: Account) -> None:
    made = fresh.http.post("/api/api-keys/", json={"name": "Old client"}).json()
    assert sorted(made["actions"]) == sorted(ALL)
    assert (made["library_scope_mode"], made["is_active"]) == ("all_libraries", True)


def test_a_key_can_be_renamed(fresh: Account) -> None:
    made = fresh.sdk.api_keys.create(name="Before", actions=["read"], library_scope_mode="all_libraries")
    assert fresh.sdk.api_keys.update(made.id, name="After").name == "After"
    assert {key.name for key in fresh.sdk.api_keys.list() if key.id == made.id} == {"After"}


def test_a_deleted_key_stops_working_at_once(fresh: Account) -> None:
    other = narrow(fresh, ALL)
    key = next(key for key in fresh.sdk.api_keys.list() if key.name == "Narrow")
    assert other.http.get("/api/libraries").status_code == 200
    fresh.sdk.api_keys.delete(key.id)
    response = other.http.get("/api/libraries")
    assert_problem(response, 401, response.json()["error"]["code"])
    with pytest.raises(gumnut.NotFoundError):
        fresh.sdk.api_keys.delete(key.id)


def test_a_reading_key_reads_and_no_more(fresh: Account) -> None:
    asset = fresh.upload(pictures.jpeg(1))
    reader = narrow(fresh, ["read"])
    assert reader.sdk.assets.retrieve(asset["id"]).id == asset["id"]
    assert_problem(reader.post_upload(pictures.jpeg(2)), 403, "insufficient_scope")
    assert_problem(reader.http.post("/api/albums", json={"name": "No"}), 403, "insufficient_scope")
    assert_problem(reader.http.delete(f"/api/assets/{asset['id']}"), 403, "insufficient_scope")


def test_reading_is_part_of_every_grant(fresh: Account) -> None:
    body = {"name": "Blind", "actions": ["write"], "library_scope_mode": "all_libraries"}
    assert_problem(fresh.http.post("/api/api-keys/", json=body), 422, "validation_error", "actions")


def test_libraries_outside_of_a_keys_selection_are_invisible(fresh: Account) -> None:
    inside, outside = fresh.sdk.libraries.list()[0].id, fresh.sdk.libraries.create(name="Outside").id
    asset = fresh.upload(pictures.jpeg(3), library_id=outside)
    limited = narrow(fresh, ALL, [inside])
    assert [library.id for library in limited.sdk.libraries.list()] == [inside]
    assert list(limited.sdk.assets.list()) == []
    assert_problem(limited.http.get(f"/api/libraries/{outside}"), 404, "not_found")
    assert_problem(limited.http.get(f"/api/assets/{asset['id']}"), 404, "not_found")
    assert_problem(limited.post_upload(pictures.jpeg(4), library_id=outside), 404, "not_found")


def test_only_a_full_key_or_a_session_manages_keys(fresh: Account) -> None:
    body = {"name": "More", "actions": ["read"], "library_scope_mode": "all_libraries"}
    for actions in (["read"], ["read", "write", "delete"]):
        assert_problem(narrow(fresh, actions).http.post("/api/api-keys/", json=body), 403, "first_party_session_required")
    session = Account.with_key(fresh.server, fresh.email, fresh.server.command("session", "create", "--user", fresh.email))
    assert session.http.post("/api/api-keys/", json=body).status_code == 201


def test_the_command_line_makes_narrow_keys_too(fresh: Account) -> None:
    library = fresh.sdk.libraries.list()[0].id
    secret = fresh.server.command("key", "create", "--user", fresh.email, "--name", "Shell", "--actions", "read,write", "--library", library)
    assert re.fullmatch(r"apikey_\S+", secret)
    key = next(key for key in fresh.sdk.api_keys.list() if key.name == "Shell")
    assert (sorted(key.actions or []), key.library_scope_mode, key.selected_library_count) == (["read", "write"], "selected_libraries", 1)


@pytest.mark.parametrize("key", ["apikey_" + "2" * 22, "nonsense"])
def test_a_missing_key_is_404(fresh: Account, key: str) -> None:
    assert_problem(fresh.http.patch(f"/api/api-keys/{key}", json={"name": "x"}), 404, "not_found")
    assert_problem(fresh.http.delete(f"/api/api-keys/{key}"), 404, "not_found")


def test_an_acknowledgement_is_an_object_or_nothing_by_accept(fresh: Account) -> None:
    for accept, expected in (("application/json", (200, "{}")), ("*/*", (204, ""))):
        made = fresh.http.post("/api/api-keys/", json={"name": "Gone"}).json()
        # The official client sends a content type with an empty body.
        headers = {"Accept": accept, "Content-Type": "application/json"}
        response = fresh.http.delete(f"/api/api-keys/{made['id']}", headers=headers)
        assert (response.status_code, response.text) == expected
