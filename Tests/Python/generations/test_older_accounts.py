"""Older clients: who is asking, libraries, API keys, tasks."""

from __future__ import annotations

import gumnut
import pytest
from kit.account import Account
from kit.things import Things


def test_ping_and_the_signed_in_user(account: Account) -> None:
    assert account.sdk.ping.get() == "pong"
    assert account.sdk.users.me().email == account.email


def test_libraries_are_made_read_and_renamed(fresh: Account) -> None:
    made = fresh.sdk.libraries.create(name="Holidays", description="By the sea")
    assert (made.name, made.description) == ("Holidays", "By the sea")
    assert fresh.sdk.libraries.retrieve(made.id).name == "Holidays"
    renamed = fresh.sdk.libraries.update(made.id, name="Work")
    assert (renamed.name, renamed.description) == ("Work", "By the sea")
    assert {library.name for library in fresh.sdk.libraries.list()} == {"Default Library", "Work"}


def test_only_a_trashed_library_is_deleted(fresh: Account) -> None:
    made = fresh.sdk.libraries.create(name="Gone")
    with pytest.raises(gumnut.ConflictError) as refused:
        fresh.sdk.libraries.delete(made.id)
    assert refused.value.body["error"]["code"] == "library_not_trashed"
    assert fresh.http.post(f"/api/libraries/{made.id}/trash").is_success
    fresh.sdk.libraries.delete(made.id)
    assert [library.name for library in fresh.sdk.libraries.list()] == ["Default Library"]


@pytest.mark.since("0.154.0")
def test_a_library_is_trashed_and_restored(fresh: Account) -> None:
    made = fresh.sdk.libraries.create(name="Attic")
    fresh.sdk.libraries.trash(made.id)
    assert [library.id for library in fresh.sdk.libraries.list(state="trashed")] == [made.id]
    assert made.id not in {library.id for library in fresh.sdk.libraries.list()}
    assert fresh.sdk.libraries.restore(made.id).id == made.id
    assert made.id in {library.id for library in fresh.sdk.libraries.list()}


@pytest.mark.before("0.82.1")
def test_api_keys_live_under_the_path_without_api(fresh: Account) -> None:
    keys_do_their_life(fresh, fresh.sdk.api_keys.create(name="Phone"))


@pytest.mark.since("0.154.0")
def test_api_keys_have_actions_and_libraries(fresh: Account) -> None:
    keys_do_their_life(fresh, fresh.sdk.api_keys.create(name="Phone", actions=["read", "write"], library_scope_mode="all_libraries"))
    narrow = fresh.sdk.api_keys.create(
        name="Frame", actions=["read"], library_scope_mode="selected_libraries", library_ids=[fresh.sdk.libraries.list()[0].id]
    )
    assert (narrow.actions, narrow.library_scope_mode) == (["read"], "selected_libraries")


def keys_do_their_life(fresh: Account, made) -> None:
    """A new key works, is listed and renamed, and once deleted works no more."""
    holder = Account.with_key(fresh.server, fresh.email, made.api_key)
    assert holder.sdk.users.me().email == fresh.email
    assert fresh.sdk.api_keys.update(made.id, name="Tablet").name == "Tablet"
    assert "Tablet" in {key.name for key in fresh.sdk.api_keys.list()}
    fresh.sdk.api_keys.delete(made.id)
    assert made.id not in {key.id for key in fresh.sdk.api_keys.list()}
    with pytest.raises(gumnut.AuthenticationError):
        holder.sdk.users.me()


@pytest.mark.since("0.154.0")
def test_tasks_of_a_photo_are_told(things: Things) -> None:
    sdk, photo = things.owner.sdk, things.asset
    tasks = sdk.tasks.list_for_asset(photo)
    assert {task.asset_id for task in tasks} == {photo}
    assert sdk.tasks.get(tasks[0].id).id == tasks[0].id
    assert {task.id for task in tasks} <= {task.id for task in sdk.tasks.list(library_id=things.library, limit=200)}


def test_a_failure_has_the_envelope_that_clients_read(fresh: Account) -> None:
    with pytest.raises(gumnut.NotFoundError) as missing:
        fresh.sdk.albums.retrieve("album_" + "2" * 22)
    assert missing.value.body["error"]["code"] == "not_found"
    assert missing.value.body["detail"] == missing.value.body["error"]["message"]
