"""The signed-in account: preferences, which library is meant, limits, and the operator's commands."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from kit import pictures
from kit.account import Account
from kit.contract import assert_complete, assert_problem
from kit.server import Server
from kit.sharing import library_of, share, signed_in

ME = "/api/users/me"


@pytest.fixture
def ana(server: Server) -> Iterator[Account]:
    account = signed_in(Account.make(server))
    yield account
    account.close()


def test_a_new_account_has_the_contract_s_defaults(ana: Account) -> None:
    user = ana.sdk.users.me()
    assert (user.demo_mode_enabled, user.favorite_display_mode) == (False, "favorite")
    assert (user.face_detection_available, user.face_detection_preference) == (True, True)
    assert (user.is_active, user.is_superuser, user.email) == (True, False, ana.email)
    assert (user.home_country, user.home_subdivision, user.immich_library_id, user.timezone) == (None, None, None, None)
    assert 0 < user.storage_limit_bytes <= 2**53 - 1
    assert_complete(ana.http.get(ME).json(), "UserResponse")
    assert_complete(ana.http.patch(ME, json={}).json(), "UserResponse")


def test_a_change_moves_updated_at_and_a_repetition_does_not(ana: Account) -> None:
    before = ana.sdk.users.me()
    assert ana.sdk.users.update(demo_mode_enabled=False) == before
    assert ana.http.patch(ME).json()["updated_at"] == ana.http.get(ME).json()["updated_at"]
    changed = ana.sdk.users.update(demo_mode_enabled=True, favorite_display_mode="rating")
    assert (changed.demo_mode_enabled, changed.favorite_display_mode) == (True, "rating")
    assert changed.updated_at > before.updated_at
    assert ana.sdk.users.update(demo_mode_enabled=True, favorite_display_mode="rating") == changed == ana.sdk.users.me()
    assert ana.sdk.users.update(favorite_display_mode=None).favorite_display_mode == "favorite"
    ana.upload(pictures.jpeg(1))
    assert ana.sdk.users.me().updated_at == ana.sdk.users.update(demo_mode_enabled=True).updated_at


def test_home_is_a_country_and_where_it_is_needed_a_state(ana: Account) -> None:
    assert ana.sdk.users.update(home_country="DE", home_subdivision="BE").home_subdivision == "BE"
    assert ana.sdk.users.update(home_country="DE").home_subdivision == "BE"
    assert ana.sdk.users.update(home_country="FR").home_subdivision is None
    assert_problem(ana.http.patch(ME, json={"home_country": "US"}), 422, "validation_error", "home_subdivision")
    assert ana.sdk.users.me().home_country == "FR"
    assert ana.sdk.users.update(home_country="US", home_subdivision="CA").home_subdivision == "CA"
    assert_problem(ana.http.patch(ME, json={"home_subdivision": None}), 422, "validation_error", "home_subdivision")
    assert ana.sdk.users.update(home_country="CA").home_subdivision is None
    assert ana.sdk.users.update(home_subdivision="QC").home_subdivision == "QC"
    assert ana.sdk.users.update(home_subdivision=None).home_subdivision is None


def test_faces_are_looked_for_or_not(ana: Account) -> None:
    assert ana.sdk.users.update(face_detection_preference=False).face_detection_preference is False
    assert ana.sdk.users.update(face_detection_preference=True).face_detection_preference is True


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"demo_mode_enabled": None}, "demo_mode_enabled"),
        ({"demo_mode_enabled": "yes"}, "demo_mode_enabled"),
        ({"demo_mode_enabled": 1}, "demo_mode_enabled"),
        ({"face_detection_preference": None}, "face_detection_preference"),
        ({"favorite_display_mode": "stars"}, "favorite_display_mode"),
        ({"favorite_display_mode": 3}, "favorite_display_mode"),
        ({"home_country": None}, "home_country"),
        ({"home_country": "de"}, "home_country"),
        ({"home_country": "DEU"}, "home_country"),
        ({"home_country": ""}, "home_country"),
        ({"home_country": "DE", "home_subdivision": "berlin"}, "home_subdivision"),
        ({"home_country": "DE", "home_subdivision": ""}, "home_subdivision"),
        ({"home_subdivision": "BE"}, "home_subdivision"),
        ({"immich_library_id": 4}, "immich_library_id"),
    ],
)
def test_values_out_of_their_domain_change_nothing(ana: Account, body: dict[str, object], field: str) -> None:
    before = ana.http.get(ME).json()
    assert_problem(ana.http.patch(ME, json={"demo_mode_enabled": True} | body), 422, "validation_error", field)
    assert ana.http.get(ME).json() == before


def test_the_preferred_library_is_live_and_one_may_write_to_it(ana: Account, server: Server) -> None:
    own, ben = library_of(ana), signed_in(Account.make(server))
    theirs = library_of(ben)
    for library in (theirs, "lib_" + "2" * 22, "nonsense", ""):
        answer = ana.http.patch(ME, json={"immich_library_id": library, "demo_mode_enabled": True})
        assert_problem(answer, 404, "not_found")
    assert ana.sdk.users.me().demo_mode_enabled is False
    share(ben, ana, theirs, "viewer")
    assert_problem(ana.http.patch(ME, json={"immich_library_id": theirs}), 404, "not_found")
    ben.sdk.libraries.members.update(ana.sdk.users.me().id, library_id=theirs, role="collaborator")
    assert ana.sdk.users.update(immich_library_id=theirs).immich_library_id == theirs
    # It is reported as stored, also when it cannot be used any more.
    ana.sdk.libraries.members.leave(theirs)
    assert ana.sdk.users.me().immich_library_id == theirs
    assert ana.sdk.users.update(immich_library_id=own).immich_library_id == own
    assert ana.sdk.users.update(immich_library_id=None).immich_library_id is None
    ben.close()


def test_a_library_that_the_key_does_not_cover_cannot_be_preferred(ana: Account) -> None:
    own, other = library_of(ana), ana.sdk.libraries.create(name="Other").id
    key = ana.sdk.api_keys.create(name="k", actions=["read", "write"], library_scope_mode="selected_libraries", library_ids=[own])
    program = Account.with_key(ana.server, ana.email, key.api_key)
    assert_problem(program.http.patch(ME, json={"immich_library_id": other}), 404, "not_found")
    assert program.sdk.users.update(immich_library_id=own).immich_library_id == own
    program.close()


@pytest.mark.parametrize("field", ["home_country", "home_subdivision", "face_detection_preference"])
def test_what_only_the_person_decides_is_refused_to_keys_whatever_the_value(fresh: Account, field: str) -> None:
    for value in (None, "DE", True, []):
        assert_problem(fresh.http.patch(ME, json={field: value}), 403, "first_party_session_required")
    assert fresh.sdk.users.update(demo_mode_enabled=True).demo_mode_enabled is True


def test_reading_is_not_enough_to_change(fresh: Account) -> None:
    key = fresh.server.command("key", "create", "--user", fresh.email, "--actions", "read")
    reader = Account.with_key(fresh.server, fresh.email, key)
    assert reader.sdk.users.me().email == fresh.email
    assert_problem(reader.http.patch(ME, json={"demo_mode_enabled": True}), 403, "insufficient_scope")
    reader.close()


def test_bodies_that_are_no_objects(ana: Account) -> None:
    assert_problem(ana.http.patch(ME, content=b"[]", headers={"Content-Type": "application/json"}), 400, "malformed_body")
    assert_problem(ana.http.patch(ME, content=b"{", headers={"Content-Type": "application/json"}), 400, "malformed_body")
    assert_problem(ana.http.patch(ME, content=b"x=1", headers={"Content-Type": "text/plain"}), 415, "unsupported_media_type")


def test_the_operator_limits_what_an_account_may_store(fresh: Account) -> None:
    picture = pictures.jpeg(5)
    before = fresh.sdk.users.me()
    fresh.server.command("user", "set", fresh.email, "--storage-limit", str(len(picture.content)))
    user = fresh.sdk.users.me()
    assert user.storage_limit_bytes == len(picture.content) and user.updated_at > before.updated_at
    fresh.upload(picture)
    assert fresh.sdk.users.me().storage_used_bytes == len(picture.content)
    full = fresh.post_upload(pictures.jpeg(6))
    assert_problem(full, 507, "quota_exceeded")
    assert full.headers["X-Should-Retry"] == "false"
    # Also for a file that is there already (contract §7).
    assert_problem(fresh.post_upload(picture), 507, "quota_exceeded")
    fresh.server.command("user", "set", fresh.email, "--storage-limit", "none")
    assert fresh.post_upload(pictures.jpeg(6)).status_code == 201


def test_the_operator_limits_what_a_library_may_store(fresh: Account) -> None:
    library = library_of(fresh)
    fresh.server.command("library", "set", library, "--storage-limit", "10B")
    assert fresh.sdk.libraries.retrieve(library).storage_limit_bytes == 10
    assert_problem(fresh.post_upload(pictures.jpeg(7)), 507, "quota_exceeded")
    fresh.server.command("library", "set", library, "--storage-limit", "1GB")
    assert fresh.post_upload(pictures.jpeg(7)).status_code == 201
    (shown,) = json.loads(fresh.server.command("library", "list", "--user", fresh.email, "--json"))
    assert (shown["id"], shown["asset_count"], shown["storage_limit_bytes"]) == (library, 1, 10**9)


def test_a_locked_account_is_refused_at_once_and_comes_back(fresh: Account) -> None:
    session = signed_in(fresh)
    fresh.server.command("user", "deactivate", fresh.email)
    for account in (fresh, session):
        assert_problem(account.http.get(ME), 401, "account_inactive")
    fresh.server.command("user", "activate", fresh.email)
    for account in (fresh, session):
        assert account.sdk.users.me().is_active
    session.close()


def test_the_operator_describes_accounts(fresh: Account) -> None:
    server = fresh.server
    shown = json.loads(
        server.command("user", "set", fresh.email, "--first-name", "Ada", "--last-name", "King", "--timezone", "Europe/London", "--json")
    )
    assert (shown["first_name"], shown["last_name"], shown["timezone"]) == ("Ada", "King", "Europe/London")
    assert fresh.sdk.libraries.list()[0].owner.display_name == "Ada King"
    assert "Ada King" in server.command("user", "show", fresh.email)
    server.command("user", "set", fresh.email, "--last-name", "")
    assert fresh.sdk.users.me().last_name is None
    listed = {user["email"]: user for user in json.loads(server.command("user", "list", "--json"))}
    assert listed[fresh.email]["id"] == fresh.sdk.users.me().id
    assert fresh.email in server.command("user", "list")
    for words in (
        ("show", "nobody@example.com"), ("set", fresh.email, "--timezone", "Moon/Base"), ("set", fresh.email, "--storage-limit", "much"),
        ("set", fresh.email, "--storage-limit", "0"), ("set", fresh.email, "--new-email", "x@localhost"),
    ):  # fmt: skip
        result = server.run("user", *words)
        assert result.returncode != 0 and result.stderr


def test_the_operator_invites(fresh: Account, server: Server) -> None:
    library, guest = library_of(fresh), signed_in(Account.make(server))
    url = server.command("invite", "create", "--library", library, "--role", "collaborator", "--places", "2")
    invitation, secret = url.rsplit("/", 1)[1].split("#")
    assert guest.sdk.libraries.invitations.join(invitation, secret=secret).library.role == "collaborator"
    assert server.command("invite", "link", invitation) == url
    (listed,) = json.loads(server.command("invite", "list", "--user", fresh.email, "--json"))
    assert (listed["id"], listed["joiner_count"], listed["state"]) == (invitation, 1, "active")
    assert json.loads(server.command("invite", "disable", invitation, "--json"))["state"] == "disabled"
    assert server.run("invite", "link", invitation).returncode != 0
    assert server.run("invite", "create", "--library", "lib_nothing").returncode != 0
    guest.close()
