"""Invitations: links, places, times, and who may join by them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from kit import asking
from kit.account import Account, wait_until
from kit.contract import assert_complete, assert_problem
from kit.server import Server
from kit.sharing import in_days, invite, library_of, secret_of, signed_in

PATH = "/api/libraries/invitations"


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


def test_a_link_holds_its_id_and_a_secret_of_256_bits(ana: Account) -> None:
    link = invite(ana, library_of(ana), "collaborator", places=3)
    assert re.fullmatch(rf"{ana.server.url}/invite/{link.invitation.id}#[A-Za-z0-9_-]{{43}}", link.url)
    assert link.invitation.id.startswith("libinvite_") and len(link.invitation.id) == len("libinvite_") + 22
    made = link.invitation
    assert (made.role, made.state, made.max_joiners, made.joiner_count, made.remaining_places) == ("collaborator", "active", 3, 0, 3)
    assert (made.library_id, made.created_by.id, made.disabled_at) == (library_of(ana), ana.sdk.users.me().id, None)
    assert ana.sdk.libraries.invitations.link(made.id) == link


def test_answers_carry_every_key_and_lists_no_secret(ana: Account, ben: Account) -> None:
    link = invite(ana, library_of(ana))
    listed = ana.http.get(PATH)
    assert_complete(listed.json(), "InvitationPage")
    assert secret_of(link) not in listed.text
    path = f"{PATH}/{link.invitation.id}"
    assert_complete(ana.http.get(path + "/link").json(), "InvitationLinkResponse")
    assert_complete(ben.http.post(path + "/preview", json={"secret": secret_of(link)}).json(), "InvitationPreviewResponse")
    assert_complete(ben.http.post(path + "/join", json={"secret": secret_of(link)}).json(), "InvitationJoinResponse")
    assert_complete(ana.http.post(path + "/join", json={"secret": secret_of(link)}).json(), "InvitationJoinResponse")
    assert_complete(ana.http.post(path + "/disable").json(), "InvitationResponse")


def test_equal_values_give_the_same_link_until_it_has_ended(ana: Account) -> None:
    body = {"library_id": library_of(ana), "role": "viewer", "expires_at": in_days(2), "max_joiners": 2}
    first, again = ana.http.post(PATH, json=body), ana.http.post(PATH, json=body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    other = ana.http.post(PATH, json=body | {"max_joiners": 3})
    assert other.status_code == 201 and other.json()["url"] != first.json()["url"]
    ana.sdk.libraries.invitations.disable(first.json()["invitation"]["id"])
    assert_problem(ana.http.post(PATH, json=body), 409, "invitation_inactive")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"role": "owner"}, "role"),
        ({"role": None}, "role"),
        ({"max_joiners": 0}, "max_joiners"),
        ({"max_joiners": 1001}, "max_joiners"),
        ({"max_joiners": 1.5}, "max_joiners"),
        ({"max_joiners": "2"}, "max_joiners"),
        ({"max_joiners": None}, "max_joiners"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"expires_at": "2090-01-01T00:00:00"}, "expires_at"),
        ({"expires_at": "tomorrow"}, "expires_at"),
        ({"expires_at": 5}, "expires_at"),
        ({"expires_at": None}, "expires_at"),
        ({"library_id": None}, "library_id"),
        ({"library_id": 7}, "library_id"),
    ],
)
def test_values_out_of_their_domain(ana: Account, change: dict[str, object], field: str) -> None:
    body = {"library_id": library_of(ana), "role": "viewer", "expires_at": in_days(2), "max_joiners": 2} | change
    assert_problem(ana.http.post(PATH, json=body), 422, "validation_error", field)
    assert ana.sdk.libraries.invitations.list(state="all").data == []


def test_only_the_owner_of_a_live_library_invites(ana: Account, ben: Account) -> None:
    library = library_of(ana)
    body = {"library_id": library, "role": "viewer", "expires_at": "nonsense", "max_joiners": 2}
    assert_problem(ben.http.post(PATH, json=body), 404, "not_found")
    link = invite(ana, library, "collaborator")
    ben.sdk.libraries.invitations.join(link.invitation.id, secret=secret_of(link))
    assert_problem(ben.http.post(PATH, json=body), 403, "insufficient_role")
    for method, end in (("GET", "link"), ("POST", "disable")):
        assert_problem(ben.http.request(method, f"{PATH}/{link.invitation.id}/{end}"), 403, "insufficient_role")
    assert_problem(ana.http.post(PATH, json=body | {"library_id": "lib_" + "2" * 22}), 404, "not_found")
    ana.sdk.libraries.create(name="Other")
    ana.sdk.libraries.trash(library)
    assert_problem(ana.http.post(PATH, json=body), 404, "not_found")
    assert_problem(ana.http.get(f"{PATH}/{link.invitation.id}/link"), 404, "not_found")


def test_a_preview_takes_no_place_and_shows_little(ana: Account, ben: Account) -> None:
    library = library_of(ana)
    link = invite(ana, library, "collaborator", places=1)
    offer = ben.sdk.libraries.invitations.preview(link.invitation.id, secret=secret_of(link))
    assert (offer.eligibility, offer.current_role, offer.offered_role) == ("joinable", None, "collaborator")
    assert (offer.library.id, offer.library.name, offer.library.owner.id) == (library, "Default Library", ana.sdk.users.me().id)
    assert offer.expires_at == link.invitation.expires_at
    assert ana.sdk.libraries.invitations.list().data[0].remaining_places == 1
    assert_problem(ben.http.get(f"/api/libraries/{library}"), 404, "not_found")


def test_joining_gives_the_role_and_takes_one_place_once(ana: Account, ben: Account) -> None:
    library = library_of(ana)
    link = invite(ana, library, "viewer", places=2)
    joined = ben.sdk.libraries.invitations.join(link.invitation.id, secret=secret_of(link))
    again = ben.sdk.libraries.invitations.join(link.invitation.id, secret=secret_of(link))
    assert (joined.outcome, again.outcome) == ("joined", "already_member")
    assert joined.membership is not None and joined.membership == again.membership
    assert (joined.library.id, joined.library.role) == (library, "viewer")
    (shown,) = ana.sdk.libraries.invitations.list().data
    assert (shown.joiner_count, shown.remaining_places) == (1, 1)
    offer = ben.sdk.libraries.invitations.preview(link.invitation.id, secret=secret_of(link))
    assert (offer.eligibility, offer.current_role) == ("already_member", "viewer")


def test_the_owner_is_in_already(ana: Account) -> None:
    link = invite(ana, library_of(ana))
    joined = ana.sdk.libraries.invitations.join(link.invitation.id, secret=secret_of(link))
    assert (joined.outcome, joined.membership, joined.library.role) == ("already_member", None, "owner")
    offer = ana.sdk.libraries.invitations.preview(link.invitation.id, secret=secret_of(link))
    assert (offer.eligibility, offer.current_role) == ("already_member", "owner")


def test_a_full_invitation_lets_back_in_who_has_a_place(ana: Account, ben: Account, server: Server) -> None:
    library, cleo = library_of(ana), signed_in(Account.make(server))
    link = invite(ana, library, places=1)
    path, body = f"{PATH}/{link.invitation.id}/join", {"secret": secret_of(link)}
    assert ben.http.post(path, json=body).status_code == 200
    assert cleo.sdk.libraries.invitations.preview(link.invitation.id, secret=body["secret"]).eligibility == "exhausted"
    assert_problem(cleo.http.post(path, json=body), 409, "invitation_inactive")
    assert_problem(ana.http.get(f"{PATH}/{link.invitation.id}/link"), 409, "invitation_inactive")
    ben.sdk.libraries.members.leave(library)
    assert ben.http.post(path, json=body).json()["outcome"] == "joined"
    assert ana.sdk.libraries.invitations.list(state="exhausted").data[0].joiner_count == 1
    cleo.close()


def test_who_was_removed_needs_a_new_invitation(ana: Account, ben: Account) -> None:
    library = library_of(ana)
    old = invite(ana, library)
    path, body = f"{PATH}/{old.invitation.id}/join", {"secret": secret_of(old)}
    assert ben.http.post(path, json=body).status_code == 200
    ana.sdk.libraries.members.remove(ben.sdk.users.me().id, library_id=library)
    offer = ben.sdk.libraries.invitations.preview(old.invitation.id, secret=secret_of(old))
    assert (offer.eligibility, offer.current_role) == ("new_invitation_required", None)
    assert_problem(ben.http.post(path, json=body), 409, "invitation_inactive")
    new = invite(ana, library, "collaborator", days=3)
    joined = ben.sdk.libraries.invitations.join(new.invitation.id, secret=secret_of(new))
    assert joined.outcome == "joined" and joined.library.role == "collaborator"


def test_disabling_ends_it_for_others_and_keeps_who_came(ana: Account, ben: Account, server: Server) -> None:
    library, cleo = library_of(ana), signed_in(Account.make(server))
    link = invite(ana, library)
    body = {"secret": secret_of(link)}
    ben.http.post(f"{PATH}/{link.invitation.id}/join", json=body)
    disabled = ana.sdk.libraries.invitations.disable(link.invitation.id)
    assert (disabled.state, disabled.joiner_count) == ("disabled", 1) and disabled.disabled_at is not None
    assert ana.sdk.libraries.invitations.disable(link.invitation.id) == disabled
    assert_problem(cleo.http.post(f"{PATH}/{link.invitation.id}/join", json=body), 409, "invitation_inactive")
    assert_problem(ana.http.get(f"{PATH}/{link.invitation.id}/link"), 409, "invitation_inactive")
    assert ben.sdk.libraries.retrieve(library).role == "viewer"
    assert ana.sdk.libraries.invitations.list().data == []
    assert [one.id for one in ana.sdk.libraries.invitations.list(state="disabled").data] == [link.invitation.id]
    cleo.close()


def test_time_ends_an_invitation(ana: Account, ben: Account) -> None:
    expiry = (datetime.now(UTC) + timedelta(seconds=4)).isoformat()
    link = ana.sdk.libraries.invitations.create(library_id=library_of(ana), role="viewer", expires_at=expiry, max_joiners=5)
    body = {"secret": secret_of(link)}
    preview = f"{PATH}/{link.invitation.id}/preview"
    wait_until(lambda: ben.http.post(preview, json=body).json()["eligibility"], lambda state: state == "expired")
    assert_problem(ben.http.post(f"{PATH}/{link.invitation.id}/join", json=body), 409, "invitation_inactive")
    assert [one.state for one in ana.sdk.libraries.invitations.list(state="expired").data] == ["expired"]


def test_a_wrong_secret_and_an_unknown_or_trashed_library_look_the_same(ana: Account, ben: Account) -> None:
    library = library_of(ana)
    link, other = invite(ana, library), invite(ana, library, "collaborator")
    attempts = [
        (link.invitation.id, "wrong"), (link.invitation.id, secret_of(other)), ("libinvite_" + "2" * 22, secret_of(link)),
        ("nonsense", secret_of(link)),
    ]  # fmt: skip
    ana.sdk.libraries.create(name="Other")
    messages = set()
    for trashed in (False, True):
        if trashed:
            ana.sdk.libraries.trash(library)
            attempts.append((link.invitation.id, secret_of(link)))
        for invitation, secret in attempts:
            for call in ("preview", "join"):
                answer = ben.http.post(f"{PATH}/{invitation}/{call}", json={"secret": secret})
                messages.add(assert_problem(answer, 404, "not_found")["message"])
    assert len(messages) == 1


@pytest.mark.parametrize("body", [{}, {"secret": None}, {"secret": ""}, {"secret": 5}])
def test_a_secret_has_to_be_sent(ana: Account, ben: Account, body: dict[str, object]) -> None:
    link = invite(ana, library_of(ana))
    for call in ("preview", "join"):
        assert_problem(ben.http.post(f"{PATH}/{link.invitation.id}/{call}", json=body), 422, "validation_error", "secret")


def test_many_who_reach_for_the_last_places_share_them(ana: Account, server: Server) -> None:
    link = invite(ana, library_of(ana), places=2)
    guests = [signed_in(Account.make(server)) for _ in range(6)]
    with ThreadPoolExecutor(len(guests)) as pool:
        answers = list(
            pool.map(lambda guest: guest.http.post(f"{PATH}/{link.invitation.id}/join", json={"secret": secret_of(link)}), guests)
        )
    assert sorted(answer.status_code for answer in answers) == [200, 200, 409, 409, 409, 409]
    assert len(ana.sdk.libraries.members.list(library_of(ana)).data) == 2
    for guest in guests:
        guest.close()


def test_a_list_covers_all_owned_libraries_or_one_newest_first(ana: Account, ben: Account) -> None:
    first = library_of(ana)
    second = ana.sdk.libraries.create(name="Second").id
    made = [invite(ana, library, places=places).invitation.id for places, library in enumerate((first, second, first), start=1)]
    invite(ben, library_of(ben))

    def listed(**query: object) -> list[str]:
        return [one.id for one in ana.sdk.libraries.invitations.list(**query).data]

    assert listed() == made[::-1]
    assert listed(library_id=first) == [made[2], made[0]]
    page = ana.sdk.libraries.invitations.list(limit=2)
    assert page.has_more
    assert listed(limit=2, starting_after_id=page.data[-1].id) == [made[0]]
    assert_problem(ana.http.get(PATH, params={"library_id": library_of(ben)}), 404, "not_found")
    assert_problem(ana.http.get(PATH, params={"state": "gone"}), 422, "validation_error", "state")
    assert_problem(ana.http.get(PATH, params={"limit": 0}), 422, "validation_error", "limit")
    for cursor in ("libinvite_" + "2" * 22, "nonsense"):
        assert_problem(ana.http.get(PATH, params={"starting_after_id": cursor}), 400, "invalid_cursor")


def test_keys_neither_issue_nor_accept(ana: Account) -> None:
    link = invite(ana, library_of(ana))
    key = ana.server.command("key", "create", "--user", ana.email)
    program = Account.with_key(ana.server, ana.email, key)
    path = f"{PATH}/{link.invitation.id}"
    answers = [
        program.http.post(PATH, json={}), program.http.get(PATH), program.http.get(path + "/link"), program.http.post(path + "/disable"),
        program.http.post(path + "/preview", json={"secret": "x"}), program.http.post(path + "/join", json={"secret": "x"}),
    ]  # fmt: skip
    for answer in answers:
        assert_problem(answer, 403, "first_party_session_required")
    program.close()
    assert_problem(asking.post(ana.server.url + path + "/preview", json={"secret": secret_of(link)}), 401, "unauthorized")


def test_the_secret_is_in_no_log(ana: Account, ben: Account) -> None:
    link = invite(ana, library_of(ana))
    ben.http.post(f"{PATH}/{link.invitation.id}/join", json={"secret": secret_of(link)})
    assert secret_of(link) not in ana.server.log.read_text(errors="replace")


def test_the_path_of_invitations_is_no_library(ana: Account) -> None:
    assert ana.http.get(PATH + "/").status_code == 200
    assert_problem(ana.http.patch(PATH, json={"name": "x"}), 405, "method_not_allowed")
