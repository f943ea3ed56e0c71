"""Members: what each role may do, and how one becomes, stays and stops being a member."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from kit import asking, pictures
from kit.account import Account, file_part, upload_fields
from kit.contract import assert_complete, assert_problem
from kit.server import Server
from kit.sharing import library_of, share, signed_in


@pytest.fixture
def ana(server: Server) -> Iterator[Account]:
    account = signed_in(Account.make(server))
    yield account
    account.close()


@pytest.fixture
def ben(server: Server) -> Iterator[Account]:
    account = signed_in(Account.make(server))
    yield account
    account.close()


def me(account: Account) -> str:
    return account.sdk.users.me().id


def test_a_member_record_says_who_since_when_and_as_what(ana: Account, ben: Account) -> None:
    library = library_of(ana)
    share(ana, ben, library, "collaborator")
    page = ana.sdk.libraries.members.list(library)
    (member,) = page.data
    assert not page.has_more
    assert (member.user.id, member.library_id, member.role, member.state) == (me(ben), library, "collaborator", "active")
    assert (member.ended_at, member.last_removed_at) == (None, None)
    assert member.created_at == member.joined_at == member.updated_at
    assert member.id.startswith("libmember_") and len(member.id) == len("libmember_") + 22
    assert_complete(ana.http.get(f"/api/libraries/{library}/members").json(), "MembershipPage")


def test_each_sees_the_library_with_their_own_role(ana: Account, ben: Account) -> None:
    library = library_of(ana)
    share(ana, ben, library, "viewer")
    assert [(one.id, one.role) for one in ben.sdk.libraries.list()] == [(library_of(ben), "owner"), (library, "viewer")]
    seen = ben.sdk.libraries.retrieve(library)
    assert (seen.role, seen.user_id, seen.owner.id) == ("viewer", me(ana), me(ana))
    assert ana.sdk.libraries.retrieve(library).role == "owner"


def test_who_may_not_is_told_so_before_what_is_wrong(server: Server, ana: Account, ben: Account) -> None:
    library = library_of(ana)
    share(ana, ben, library, "viewer")
    stranger = Account.make(server)
    album = ana.sdk.albums.create(name="Sea").id
    person = ana.sdk.people.create(name="Ida").id
    asset = ana.upload(pictures.jpeg(1, 64, 48))["id"]
    wrong = [
        ("PATCH", f"/api/albums/{album}", {"name": " "}),
        ("POST", f"/api/albums/{album}/assets", {"asset_ids": []}),
        ("PATCH", f"/api/people/{person}", {"birth_date": "someday"}),
        ("PATCH", f"/api/assets/{asset}", {"rating": 9}),
        ("PATCH", f"/api/libraries/{library}", {"name": " "}),
        ("POST", f"/api/assets/trash?library_id={library}", {"ids": []}),
    ]
    for method, path, body in wrong:
        for who, status, code in [(stranger, 404, "not_found"), (ben, 403, "insufficient_role"), (ana, 422, "validation_error")]:
            assert_problem(who.http.request(method, path, json=body), status, code)
    # Of what is not there nobody hears more than that.
    unknown = ana.http.patch("/api/albums/album_" + "2" * 22, json={"name": " "})
    assert_problem(unknown, 404, "not_found")
    stranger.close()


Request = dict[str, object]


def changes(library: str, asset: str) -> list[tuple[str, str, Request, str]]:
    """Calls that change a library, with the least role that may do each; what cannot be undone comes last."""
    picture = pictures.jpeg(2)
    upload = {"data": upload_fields(picture, library_id=library), "files": file_part(picture)}
    rendering = {"data": {"kind": "edit", "params": "{}"}, "files": {"file": ("edit.jpg", pictures.jpeg(3).content, "image/jpeg")}}
    here, ids = {"params": {"library_id": library}}, {"json": {"ids": [asset]}}
    moved = {"asset_ids": [asset], "source_library_id": library, "destination_library_id": library}
    box = {"x": 1, "y": 1, "w": 20, "h": 20}
    return [
        ("POST", "/api/assets", upload, "collaborator"),
        ("PATCH", f"/api/assets/{asset}", {"json": {"rating": 3}}, "collaborator"),
        ("POST", "/api/assets/bulk-update", {"json": {"updates": [{"id": asset, "change": {"rating": 4}}]}}, "collaborator"),
        ("POST", "/api/assets/trash", here | ids, "collaborator"),
        ("POST", "/api/assets/restore", here | ids, "collaborator"),
        ("POST", "/api/faces", {"json": {"library_id": library, "asset_id": asset, "bounding_box": box}}, "collaborator"),
        ("POST", f"/api/assets/{asset}/versions", rendering, "collaborator"),
        ("POST", "/api/people", {"json": {"library_id": library, "name": "New"}}, "collaborator"),
        ("POST", "/api/albums", {"json": {"library_id": library, "name": "New"}}, "collaborator"),
        ("POST", "/api/stacks", {"json": {"library_id": library, "asset_ids": [asset]}}, "collaborator"),
        ("POST", "/api/assets/move", {"json": moved}, "owner"),
        ("POST", "/api/assets/empty-trash", here, "owner"),
        ("DELETE", "/api/assets", here | ids, "owner"),
        ("DELETE", f"/api/assets/{asset}", {}, "owner"),
        ("PATCH", f"/api/libraries/{library}", {"json": {"name": "Mine"}}, "owner"),
        ("POST", f"/api/libraries/{library}/trash", {}, "owner"),
        ("POST", f"/api/libraries/{library}/restore", {}, "owner"),
        ("DELETE", f"/api/libraries/{library}", {}, "owner"),
        ("GET", f"/api/libraries/{library}/members", {}, "owner"),
        ("GET", f"/api/libraries/invitations?library_id={library}", {}, "owner"),
    ]


ALLOWED = {"POST /api/stacks": 422}
"""What those get who may: success, except for a stack of one."""


def send(account: Account, method: str, path: str, body: dict[str, object] | None) -> httpx.Response:
    return account.http.request(method, path, json=body) if body is not None else account.http.request(method, path)


@pytest.mark.parametrize("role", ["viewer", "collaborator"])
def test_a_role_that_is_too_low_is_said_and_changes_nothing(ana: Account, ben: Account, role: str) -> None:
    library, asset = library_of(ana), ana.upload(pictures.jpeg(1))["id"]
    ana.all_settled([asset])
    share(ana, ben, library, role)
    assert ben.sdk.assets.retrieve(asset).id == asset
    assert [one["id"] for one in ben.list(library_id=library)] == [asset]
    ranks = ["viewer", "collaborator", "owner"]
    before = ana.http.get(f"/api/assets/{asset}").json()
    for method, path, options, least in changes(library, asset):
        response = ben.http.request(method, path, **options)
        if ranks.index(role) < ranks.index(least):
            assert_problem(response, 403, "insufficient_role")
        else:
            assert response.is_success or response.status_code == ALLOWED.get(f"{method} {path}"), f"{method} {path}: {response.text}"
    after = ana.http.get(f"/api/assets/{asset}").json()
    if role == "viewer":
        assert after == before
    else:
        assert (after["kind"], after["trashed_at"], after["metadata"]["rating"]) == ("edit", None, 4)
    assert ana.sdk.libraries.retrieve(library).name == "Default Library"


def test_to_strangers_the_library_does_not_exist(ana: Account, ben: Account) -> None:
    library, asset = library_of(ana), ana.upload(pictures.jpeg(1))["id"]
    for method, path, options, _ in changes(library, asset):
        assert_problem(ben.http.request(method, path, **options), 404, "not_found")
    assert_problem(ben.http.post(f"/api/libraries/{library}/leave"), 404, "not_found")
    assert_problem(ben.http.patch(f"/api/libraries/{library}/members/{me(ben)}", json={"role": "owner"}), 404, "not_found")
    assert_problem(ben.http.delete(f"/api/libraries/{library}/members/{me(ana)}"), 404, "not_found")
    assert ana.sdk.assets.retrieve(asset).trashed_at is None


def test_a_new_role_holds_from_the_next_call_on(ana: Account, ben: Account) -> None:
    library = library_of(ana)
    share(ana, ben, library, "viewer")
    before = ana.sdk.libraries.members.list(library).data[0]
    assert ana.sdk.libraries.members.update(me(ben), library_id=library, role="viewer") == before
    assert_problem(ben.http.post("/api/albums", json={"library_id": library}), 403, "insufficient_role")
    changed = ana.sdk.libraries.members.update(me(ben), library_id=library, role="collaborator")
    assert (changed.role, changed.joined_at) == ("collaborator", before.joined_at) and changed.updated_at > before.updated_at
    assert ben.http.post("/api/albums", json={"library_id": library}).status_code == 201


def test_removal_works_at_once_for_every_credential_and_repeats_itself(ana: Account, ben: Account) -> None:
    library = library_of(ana)
    share(ana, ben, library)
    key = ben.sdk.api_keys.create(name="k", actions=["read"], library_scope_mode="selected_libraries", library_ids=[library])
    program = Account.with_key(ben.server, ben.email, key.api_key)
    assert program.list() == []
    removed = ana.sdk.libraries.members.remove(me(ben), library_id=library)
    assert (removed.state, removed.ended_at) == ("removed", removed.last_removed_at) and removed.ended_at is not None
    for account in (ben, program):
        assert_problem(account.http.get(f"/api/libraries/{library}"), 404, "not_found")
        assert_problem(account.http.get("/api/assets", params={"library_id": library}), 404, "not_found")
    assert_problem(program.http.get("/api/assets"), 400, "library_required")
    assert ana.sdk.libraries.members.remove(me(ben), library_id=library) == removed
    assert ben.sdk.libraries.members.leave(library) == removed
    program.close()


def test_leaving_repeats_itself_and_bars_nobody(ana: Account, ben: Account) -> None:
    library = library_of(ana)
    share(ana, ben, library)
    left = ben.sdk.libraries.members.leave(library)
    assert (left.state, left.last_removed_at) == ("left", None) and left.ended_at is not None
    assert ben.sdk.libraries.members.leave(library) == left
    assert [one.role for one in ben.sdk.libraries.list()] == ["owner"]
    share(ana, ben, library, "collaborator")
    (back,) = ana.sdk.libraries.members.list(library).data
    assert (back.id, back.state, back.role, back.ended_at) == (left.id, "active", "collaborator", None)
    assert back.created_at == left.created_at and back.joined_at > left.joined_at


def test_one_may_leave_a_library_that_lies_in_the_trash(ana: Account, ben: Account) -> None:
    library = library_of(ana)
    share(ana, ben, library)
    ana.sdk.libraries.create(name="Other")
    ana.sdk.libraries.trash(library)
    assert ben.sdk.libraries.members.leave(library).state == "left"


def test_the_owner_cannot_go(ana: Account) -> None:
    library = library_of(ana)
    assert_problem(ana.http.post(f"/api/libraries/{library}/leave"), 409, "owner_immutable")
    assert_problem(ana.http.delete(f"/api/libraries/{library}/members/{me(ana)}"), 409, "owner_immutable")
    assert_problem(ana.http.patch(f"/api/libraries/{library}/members/{me(ana)}", json={"role": "viewer"}), 409, "owner_immutable")


def test_an_ended_membership_has_no_role_to_change(ana: Account, ben: Account) -> None:
    library = library_of(ana)
    share(ana, ben, library)
    ben.sdk.libraries.members.leave(library)
    path = f"/api/libraries/{library}/members/{me(ben)}"
    assert_problem(ana.http.patch(path, json={"role": "collaborator"}), 409, "membership_inactive")


@pytest.mark.parametrize("user", ["intuser_" + "2" * 22, "nonsense", "lib_" + "2" * 22])
def test_who_is_no_member_is_not_found(ana: Account, user: str) -> None:
    path = f"/api/libraries/{library_of(ana)}/members/{user}"
    assert_problem(ana.http.patch(path, json={"role": "viewer"}), 404, "not_found")
    assert_problem(ana.http.delete(path), 404, "not_found")


@pytest.mark.parametrize("body", [{}, {"role": None}, {"role": "owner"}, {"role": 1}, {"role": ["viewer"]}])
def test_a_role_is_one_of_two(ana: Account, ben: Account, body: dict[str, object]) -> None:
    library = library_of(ana)
    share(ana, ben, library)
    assert_problem(ana.http.patch(f"/api/libraries/{library}/members/{me(ben)}", json=body), 422, "validation_error", "role")


def test_a_list_shows_one_state_or_all_newest_first_page_by_page(ana: Account, server: Server) -> None:
    library = library_of(ana)
    guests = [signed_in(Account.make(server)) for _ in range(4)]
    for guest in guests:
        share(ana, guest, library)
    guests[0].sdk.libraries.members.leave(library)
    ana.sdk.libraries.members.remove(me(guests[1]), library_id=library)
    ids = [me(guest) for guest in guests]

    def listed(**query: object) -> list[str]:
        return [member.user.id for member in ana.sdk.libraries.members.list(library, **query).data]

    assert listed() == [ids[3], ids[2]]
    assert listed(state="left") == [ids[0]] and listed(state="removed") == [ids[1]]
    assert listed(state="all") == ids[::-1]
    first = ana.sdk.libraries.members.list(library, state="all", limit=3)
    second = ana.sdk.libraries.members.list(library, state="all", limit=3, starting_after_id=first.data[-1].id)
    assert (first.has_more, second.has_more) == (True, False)
    assert [member.user.id for member in first.data + second.data] == ids[::-1]
    for guest in guests:
        guest.close()


def test_bad_queries_of_the_list(ana: Account) -> None:
    path = f"/api/libraries/{library_of(ana)}/members"
    assert_problem(ana.http.get(path, params={"state": "gone"}), 422, "validation_error", "state")
    for limit in (0, 201, "x"):
        assert_problem(ana.http.get(path, params={"limit": limit}), 422, "validation_error", "limit")
    for cursor in ("libmember_" + "2" * 22, "nonsense"):
        assert_problem(ana.http.get(path, params={"starting_after_id": cursor}), 400, "invalid_cursor")


def test_keys_do_not_manage_members(ana: Account, ben: Account) -> None:
    library = library_of(ana)
    share(ana, ben, library)
    key = ana.sdk.api_keys.create(
        name="all", actions=["read", "write", "delete", "delete_permanently"], library_scope_mode="all_libraries"
    )
    program = Account.with_key(ana.server, ana.email, key.api_key)
    for method, path, body in [
        ("GET", f"/api/libraries/{library}/members", None),
        ("PATCH", f"/api/libraries/{library}/members/{me(ben)}", {"role": "viewer"}),
        ("DELETE", f"/api/libraries/{library}/members/{me(ben)}", None),
        ("POST", f"/api/libraries/{library}/leave", None),
    ]:
        assert_problem(send(program, method, path, body), 403, "first_party_session_required")
    program.close()
    nobody = asking.get(ana.server.url + f"/api/libraries/{library}/members")
    assert_problem(nobody, 401, "unauthorized")
