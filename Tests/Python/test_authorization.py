"""Every operation with every kind of credential: who is let in, who is not and how that is said, and that nothing leaks.

What is expected is computed from the contract document (`security`, `x-required-action`, `x-minimum-role`,
`x-first-party-only`). A library with one thing of every kind is what everybody reaches for; what those do who are let in
happens in a second one with the same members, so that at the end the first must be as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import count
from typing import Any

import httpx
import pytest
from kit import asking
from kit.account import Account, wait_until
from kit.contract import assert_problem
from kit.coverage import Operation, operations
from kit.server import Server
from kit.things import BOX, Things, invitation_body, rendering, upload_body, xmp_body

ACTIONS = ["read", "write", "delete", "delete_permanently"]
ROLES = ["none", "viewer", "collaborator", "owner"]
Options = dict[str, Any]

REQUESTS: dict[str, Callable[[Things], Options]] = {
    "update_current_user": lambda _: {"json": {"favorite_display_mode": "favorite"}},
    "get_oauth_url": lambda _: {"params": {"redirect_uri": "https://photos.example.com/auth/login"}},
    "exchange_oauth_code": lambda _: {"json": {"error": "access_denied"}},
    "create_api_key": lambda _: {"json": {"name": "Of the walk"}},
    "update_api_key": lambda things: {"json": {"name": things.mark}},
    "legacy_create_api_key": lambda _: {"json": {"name": "Of the walk"}},
    "legacy_update_api_key": lambda things: {"json": {"name": things.mark}},
    "create_library": lambda _: {"json": {"name": "My own"}},
    "update_library": lambda _: {"json": {"description": "changed"}},
    "update_library_member": lambda _: {"json": {"role": "viewer"}},
    "create_library_invitation": lambda things: {"json": invitation_body(things.library, "viewer")},
    "preview_library_invitation": lambda things: {"json": {"secret": things.invitation[1]}},
    "join_library_invitation": lambda things: {"json": {"secret": things.invitation[1]}},
    "upload_asset": lambda things: upload_body(things.library, "upload.jpg"),
    "delete_assets": lambda things: {"json": {"ids": [things.asset]}},
    "check_asset_existence": lambda things: {"json": {"checksums": [things.checksum]}},
    "get_geo_clusters": lambda _: {"params": {"bbox": "-180,-90,180,90", "cell_size": "10"}},
    "bulk_update_assets": lambda things: {"json": {"updates": [{"id": things.asset, "change": {"description": "changed"}}]}},
    "move_assets": lambda things: {
        "json": {"asset_ids": [things.asset], "source_library_id": things.library, "destination_library_id": things.elsewhere}
    },
    "trash_assets": lambda things: {"json": {"ids": [things.asset]}},
    "restore_assets": lambda things: {"json": {"ids": [things.asset]}},
    "update_asset": lambda _: {"json": {"description": "changed"}},
    "put_asset_sidecar": lambda things: xmp_body(things.mark),
    "append_asset_version": lambda _: rendering(1),
    "replace_asset_version": lambda _: rendering(2),
    "create_album": lambda things: {"json": {"name": "changed", "library_id": things.library}},
    "update_album": lambda _: {"json": {"description": "changed"}},
    "add_assets_to_album": lambda things: {"json": {"asset_ids": [things.other_asset]}},
    "remove_assets_from_album": lambda things: {"json": {"asset_ids": [things.asset]}},
    "create_person": lambda things: {"json": {"library_id": things.library}},
    "bulk_update_people": lambda things: {"json": {"updates": [{"id": things.person, "change": {"is_favorite": True}}]}},
    "update_person": lambda _: {"json": {"is_favorite": True}},
    "merge_people": lambda things: {"json": {"source_person_ids": [things.other_person]}},
    "update_face_data": lambda _: {"json": {"finds_faces": True}},
    "tell_people_apart": lambda things: {"json": {"person_id": things.other_person}},
    "deny_face": lambda things: {"json": {"person_id": things.other_person}},
    "split_person": lambda things: {"json": {"face_ids": [things.face]}},
    "create_face": lambda things: {"json": {"asset_id": things.asset, "bounding_box": BOX, "library_id": things.library}},
    "update_face": lambda things: {"json": {"person_id": things.other_person}},
    "search_assets": lambda things: {"params": {"query": things.mark}},
    "search_assets_multipart": lambda things: {"files": {"query": (None, things.mark), "library_id": (None, things.library)}},
    "create_stack": lambda things: {"json": {"asset_ids": [things.asset, things.other_asset], "library_id": things.library}},
    "set_stack_cover": lambda things: {"json": {"primary_asset_id": things.stacked[0]}},
    "add_assets_to_stack": lambda things: {"json": {"asset_ids": [things.other_asset]}},
    "remove_assets_from_stack": lambda things: {"json": {"asset_ids": [things.stacked[0]]}},
    "submit_feedback": lambda _: {"json": {"feedback_type": "other", "message": "Thank you"}},
}
"""What is sent besides path parameters and `library_id`, which every operation gets that has them."""

OWN_GROUND = {"delete_library", "trash_library", "restore_library", "update_library_member", "remove_library_member", "leave_library"}
"""Those who are let in change a library or its members, so each of them gets a library to do it in."""

BOUND_TO_NO_LIBRARY = {"get_current_user", "update_current_user", "list_libraries", "create_library", "submit_feedback"}
OF_THE_CALLER = {"create_api_key", "list_api_keys", "legacy_create_api_key", "legacy_list_api_keys"}
OF_ONE_ACCOUNT = {"update_api_key", "delete_api_key", "legacy_update_api_key", "legacy_delete_api_key"}
"""About keys: not about any library, and no business of its other members."""

PUBLIC = {operation.id for operation in operations() if operation.details.get("security", [{"bearerAuth": []}]) in ([], [{}, {"bearerAuth": []}])}


class Gallery:
    """A library, its members, and what the walk needs of each of them."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.numbers = count(1)
        self.people = {role: Account.make(server) for role in ("viewer", "collaborator", "owner", "foreign")}
        self.sessions = {role: signed_in(account) for role, account in self.people.items()}
        self.elsewhere = self.owner.sdk.libraries.create(name="Elsewhere").id
        self.home = {"foreign user": self.people["foreign"].sdk.libraries.list()[0].id, "key of another library": self.elsewhere}
        """What strangers do have."""
        self.vault = self.library("vaultword")
        self.annex = self.library("annexword")

    @property
    def owner(self) -> Account:
        return self.people["owner"]

    def library(self, mark: str) -> Things:
        """A library of the owner with all members."""
        library = self.owner.http.post("/api/libraries", json={"name": f"{mark} library {next(self.numbers)}", "description": f"{mark} description"}).json()
        things = Things(self.owner, self.sessions["owner"], library["id"], mark)
        for role in ("viewer", "collaborator"):
            things.admit(role, self.sessions[role])
        return things

    def fresh(self, operation: Operation) -> Things:
        """Things that may be changed."""
        if operation.id in OWN_GROUND:
            things = self.library("groundword")
            if operation.id == "restore_library":
                things.request("POST", f"/api/libraries/{things.library}/trash")
            return things
        return Things(self.owner, self.sessions["owner"], self.annex.library, self.annex.mark, self.annex.members)

    def key(self, actions: list[str], library: str | None = None) -> Account:
        """Another key of the owner."""
        body: Options = {"name": "Narrow", "actions": actions, "library_scope_mode": "all_libraries"}
        if library is not None:
            body |= {"library_scope_mode": "selected_libraries", "library_ids": [library]}
        return Account.with_key(self.server, self.owner.email, self.owner.http.post("/api/api-keys/", json=body).json()["api_key"])

    @cached_property
    def strangers(self) -> dict[str, Account]:
        """Credentials that are none, or that the vault is hidden from."""
        made = self.owner.http.post("/api/api-keys/", json={"name": "Revoked"}).json()
        assert self.owner.http.delete(f"/api/api-keys/{made['id']}").is_success
        nobody = replace(self.owner, http=httpx.Client(base_url=self.server.url, timeout=60))
        return {
            "no credential": nobody,
            "wrong key": Account.with_key(self.server, "", "apikey_" + "2" * 22 + "_" + "A" * 43),
            "revoked key": Account.with_key(self.server, "", made["api_key"]),
            "key of another library": self.key(ACTIONS, self.elsewhere),
            "foreign user": self.people["foreign"],
        }

    @cached_property
    def delegated(self) -> Account:
        """The owner through a token, as other programs get it."""
        token = self.server.command("session", "create", "--user", self.owner.email, "--delegated")
        return Account.with_key(self.server, self.owner.email, token)

    @cached_property
    def keys_without(self) -> dict[str, Account]:
        """A key for all libraries that may do everything but this; managing credentials takes all of them."""
        lacking = {action: self.key([other for other in ACTIONS if other != action]) for action in ACTIONS[1:]}
        return lacking | {"credential": lacking["delete_permanently"]}


@dataclass(frozen=True)
class Expectation:
    """A status and a code, or that somebody is let in, whatever comes of it there."""

    status: int | None = None
    code: str | None = None
    refusals: tuple[int, ...] = (401, 403, 404, 405)
    """What would mean that somebody is not let in."""

    def disagreement(self, response: httpx.Response) -> str | None:
        """What is wrong about an answer, if anything."""
        answer = f"got {response.status_code} {response.text[:200]}"
        if self.status is None:
            return f"should be let in, {answer}" if response.status_code in (*self.refusals, 500) else None
        if response.status_code != self.status:
            return f"should be {self.status}, {answer}"
        if self.code is not None and response.content and response.json()["error"]["code"] != self.code:
            return f"should be {self.code}, {answer}"
        return None


LET_IN = Expectation()
OPEN_TO_ALL = Expectation(refusals=(401, 403, 405))
UNKNOWN = Expectation(401)
HIDDEN = Expectation(404, "not_found")
NO_KEYS = Expectation(403, "first_party_session_required")
NO_ACTION = Expectation(403, "insufficient_scope")
NO_ROLE = Expectation(403, "insufficient_role")


def is_first_party(operation: Operation) -> bool:
    return operation.details.get("x-first-party-only", False)


def expected_of_stranger(operation: Operation, who: str) -> Expectation:
    if operation.id in PUBLIC:
        return OPEN_TO_ALL
    if who not in ("key of another library", "foreign user"):
        return UNKNOWN
    if who == "key of another library" and (is_first_party(operation) or operation.details.get("x-required-action") == "credential"):
        return NO_KEYS
    return LET_IN if operation.id in BOUND_TO_NO_LIBRARY | OF_THE_CALLER else HIDDEN


def expected_of_member(operation: Operation, role: str) -> Expectation:
    if operation.id in PUBLIC:
        return OPEN_TO_ALL
    if operation.id in BOUND_TO_NO_LIBRARY | OF_THE_CALLER:
        return LET_IN
    if operation.id in OF_ONE_ACCOUNT:
        return LET_IN if role == "owner" else HIDDEN
    needed = operation.details.get("x-minimum-role", "viewer")
    return LET_IN if ROLES.index(role) >= ROLES.index(needed) else NO_ROLE


def expected_of_key_without(operation: Operation, action: str) -> Expectation | None:
    """None where no key lacks what is needed: each may read, or it may do nothing at all."""
    if operation.details.get("x-required-action") != action:
        return None
    return NO_KEYS if is_first_party(operation) or action == "credential" else NO_ACTION


@pytest.fixture(scope="module")
def gallery(server: Server) -> Gallery:
    return Gallery(server)


@pytest.fixture(scope="module")
def before(gallery: Gallery) -> str:
    """The state of the vault, with one of everything in it and no work going on."""
    gallery.vault.make_everything()
    gallery.owner.all_settled(asset["id"] for asset in gallery.owner.list(library_id=gallery.vault.library))
    return gallery.vault.state()


def signed_in(account: Account) -> Account:
    return Account.with_key(account.server, account.email, account.server.command("session", "create", "--user", account.email))


def ask(who: Account, operation: Operation, things: Things, secret: str | None = None) -> httpx.Response:
    """The operation's request about these things; `secret` replaces the invitation's."""
    options = REQUESTS.get(operation.id, lambda _: {})(things)
    if secret is not None and "secret" in options.get("json", {}):
        options["json"]["secret"] = secret
    if "library_id" in operation.query_parameters:
        options["params"] = {"library_id": things.library, **options.get("params", {})}
    return who.http.request(operation.method, path_of(operation, things), **options)


def path_of(operation: Operation, things: Things) -> str:
    makers: dict[str, Callable[[], str]] = {
        "library_id": lambda: things.library,
        "asset_id": lambda: things.described if "/sidecar" in operation.path else things.edited if "{version_id}" in operation.path else things.asset,
        "version_id": lambda: things.version,
        "album_id": lambda: things.album,
        "album_asset_id": lambda: things.album_asset,
        "person_id": lambda: things.person,
        "face_id": lambda: things.face,
        "correction_id": lambda: things.correction,
        "stack_id": lambda: things.stack,
        "task_id": lambda: things.task,
        "invitation_id": lambda: things.invitation[0],
        "key_id": lambda: things.key,
        "user_id": lambda: things.members["viewer"],
        "variant": lambda: "thumbnail",
    }
    return operation.address(**{name: make() for name, make in makers.items() if f"{{{name}}}" in operation.path})


def let_in(who: Account, operation: Operation, gallery: Gallery) -> httpx.Response:
    """Somebody does it, about things that may change; a rendition may take a moment."""
    things = gallery.vault if operation.method in ("GET", "HEAD") else gallery.fresh(operation)
    is_made = "variant" in operation.path or operation.path.endswith("/thumbnail")
    return wait_until(lambda: ask(who, operation, things), lambda answer: not is_made or answer.status_code != 404, 30)


def leaks(response: httpx.Response, things: Things) -> list[str]:
    """What of a library an answer gives away; what its own request held is no news."""
    asked = str(response.request.url) + bytes_of(response.request).decode(errors="replace")
    said = response.text + str(response.headers)
    return [word for word in (things.mark, *things.made) if word in said and word not in asked]


def bytes_of(request: httpx.Request) -> bytes:
    """Its body; uploads are read once and gone, and hold nothing of a library."""
    try:
        return request.content
    except httpx.RequestNotRead:
        return b""


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.id)
class TestEveryOperation:
    """One test per operation and side; each lists all that is wrong."""

    def test_strangers_are_refused_and_told_nothing(self, operation: Operation, gallery: Gallery, before: str) -> None:
        wrong = list[str]()
        for name, who in gallery.strangers.items():
            if operation.id == "get_oauth_logout_endpoint" and name in ("wrong key", "revoked key"):
                continue  # no credential is needed, and whether a bad one matters is left open
            asking = gallery.sessions["foreign"] if name == "foreign user" and is_first_party(operation) else who
            response = ask(asking, operation, gallery.vault, secret="wrong" * 8)
            wrong += [f"{name}: {said}" for said in [expected_of_stranger(operation, name).disagreement(response)] if said]
            wrong += [f"{name}: leaks {word}" for word in leaks(response, gallery.vault)]
        assert wrong == []

    def test_keys_do_only_what_they_are_for(self, operation: Operation, gallery: Gallery, before: str) -> None:
        wrong = list[str]()
        for action, key in gallery.keys_without.items():
            if (expected := expected_of_key_without(operation, action)) is not None:
                wrong += [f"key without {action}: {said}" for said in [expected.disagreement(ask(key, operation, gallery.vault))] if said]
        refused = {"full key": is_first_party(operation), "delegated token": is_first_party(operation) or operation.details.get("x-required-action") == "credential"}
        for name, who in {"full key": gallery.owner, "delegated token": gallery.delegated}.items():
            if refused[name]:
                wrong += [f"{name}: {said}" for said in [NO_KEYS.disagreement(ask(who, operation, gallery.vault))] if said]
        assert wrong == []

    def test_members_do_what_their_role_allows(self, operation: Operation, gallery: Gallery, before: str) -> None:
        wrong = list[str]()
        for role in ROLES[1:]:
            expected = expected_of_member(operation, role)
            who = (gallery.sessions if is_first_party(operation) else gallery.people)[role]
            response = let_in(who, operation, gallery) if expected.status is None else ask(who, operation, gallery.vault)
            wrong += [f"{role}: {said}" for said in [expected.disagreement(response)] if said]
        assert wrong == []


LISTS = {
    "/api/assets": {"ids": "asset", "album_id": "album", "person_ids": "person", "person_id": "person", "stack_id": "stack"},
    "/api/assets/counts": {"album_id": "album", "person_ids": "person"},
    "/api/albums": {"ids": "album", "asset_id": "asset"},
    "/api/album-assets": {"ids": "album_asset", "album_id": "album", "asset_id": "asset"},
    "/api/people": {"ids": "person", "album_id": "album", "asset_id": "asset"},
    "/api/faces": {"ids": "face", "asset_id": "asset", "person_id": "person"},
    "/api/stacks": {"ids": "stack", "primary_asset_id": "asset"},
    "/api/search": {"album_id": "album", "person_ids": "person", "query": "mark"},
    "/api/search/suggestions": {"query": "mark"},
}
"""Lists, and the filters in which somebody may name what is not theirs."""


@pytest.mark.parametrize(("path", "parameter", "thing"), [(path, *pair) for path, filters in LISTS.items() for pair in filters.items()])
@pytest.mark.parametrize("who", ["foreign user", "key of another library"])
def test_filters_about_foreign_things_match_nothing(gallery: Gallery, before: str, who: str, path: str, parameter: str, thing: str) -> None:
    query = {"library_id": gallery.home[who], parameter: getattr(gallery.vault, thing)}
    response = gallery.strangers[who].http.get(path, params=query)
    assert (response.status_code, response.json()["data"]) == (200, []), response.text


@pytest.mark.parametrize(("path", "thing"), [
    ("/api/assets", "asset"), ("/api/albums", "album"), ("/api/album-assets", "album_asset"),
    ("/api/people", "person"), ("/api/faces", "face"), ("/api/stacks", "stack"),
])  # fmt: skip
def test_a_foreign_row_is_no_cursor(gallery: Gallery, before: str, path: str, thing: str) -> None:
    query = {"library_id": gallery.home["foreign user"], "starting_after_id": getattr(gallery.vault, thing)}
    assert_problem(gallery.people["foreign"].http.get(path, params=query), 400, "invalid_cursor")


def test_a_foreign_feed_has_no_place_in_ones_own(gallery: Gallery, before: str) -> None:
    cursor = gallery.vault.request("GET", "/api/events", params={"library_id": gallery.vault.library, "limit": "1"})["data"][0]["cursor"]
    query = {"library_id": gallery.home["foreign user"], "after_cursor": cursor}
    assert_problem(gallery.people["foreign"].http.get("/api/events", params=query), 400, "invalid_cursor")


def test_own_calls_cannot_reach_foreign_things_through_their_bodies(gallery: Gallery, before: str) -> None:
    """A stranger names things of the vault inside requests about a library of their own."""
    vault, foreign = gallery.vault, gallery.people["foreign"]
    own = Things(foreign, gallery.sessions["foreign"], gallery.home["foreign user"], "strangerword")
    refused: list[tuple[str, str, Options]] = [
        ("POST", "/api/assets/bulk-update", {"updates": [{"id": vault.asset, "change": {"description": "mine"}}]}),
        ("POST", "/api/assets/move", {"asset_ids": [vault.asset], "source_library_id": vault.library, "destination_library_id": own.library}),
        ("PATCH", f"/api/people/{own.person}", {"thumbnail_face_id": vault.face}),
        ("POST", f"/api/people/{own.person}/merge", {"source_person_ids": [vault.person]}),
        ("POST", "/api/people/bulk-update", {"updates": [{"id": vault.person, "change": {"is_favorite": True}}]}),
        ("POST", "/api/people", {"name": "New", "thumbnail_face_id": vault.face, "library_id": own.library}),
        ("PATCH", f"/api/faces/{own.face}", {"person_id": vault.person}),
        ("POST", "/api/faces", {"asset_id": vault.asset, "bounding_box": BOX, "library_id": own.library}),
        ("POST", "/api/faces", {"asset_id": own.asset, "bounding_box": BOX, "person_id": vault.person, "library_id": own.library}),
        ("POST", "/api/stacks", {"asset_ids": [vault.asset, own.asset], "library_id": own.library}),
        ("POST", f"/api/stacks/{own.stack}/assets", {"asset_ids": [vault.asset]}),
        ("POST", "/api/albums", {"name": "New", "library_id": vault.library}),
        ("PATCH", "/api/users/me", {"immich_library_id": vault.library}),
        ("POST", "/api/api-keys/", {"name": "New", "actions": ["read"], "library_scope_mode": "selected_libraries", "library_ids": [vault.library]}),
    ]
    wrong = [f"{method} {path}: {said}" for method, path, body in refused if (said := HIDDEN.disagreement(foreign.http.request(method, path, json=body)))]
    assert wrong == []
    for method, path in (("POST", "/api/assets/trash"), ("POST", "/api/assets/restore"), ("DELETE", "/api/assets")):
        assert foreign.http.request(method, path, params={"library_id": own.library}, json={"ids": [vault.asset]}).is_success
    assert own.request("POST", f"/api/albums/{own.album}/assets", json={"asset_ids": [vault.asset]})["not_found_assets"] == [vault.asset]
    for path, field, member in ((f"/api/albums/{own.album}", "album_cover_asset_id", vault.asset), (f"/api/stacks/{own.stack}", "primary_asset_id", vault.asset)):
        assert_problem(foreign.http.patch(path, json={field: member}), 422, "validation_error", field)


def test_a_signed_address_opens_one_thing_only(gallery: Gallery, before: str) -> None:
    """Media addresses are keys of their own: for what they name and for nothing else."""
    vault = gallery.vault
    with asking.client() as anyone:
        url = httpx.URL(vault.request("GET", f"/api/assets/{vault.asset}")["asset_urls"]["thumbnail"]["url"])
        assert wait_until(lambda: anyone.get(url), lambda answer: answer.status_code != 404).status_code == 200
        for changed in (url.copy_with(path=url.path.replace(vault.asset, vault.other_asset)), url.copy_set_param("v", "x"), url.copy_set_param("sig", "A" * 22)):
            assert anyone.get(changed).status_code == 403
        assert anyone.get(url.copy_remove_param("sig")).status_code == 401
        # Whoever holds a good address may be somebody else, too.
        assert anyone.get(url, headers={"Authorization": f"Bearer {gallery.people['foreign'].key}"}).status_code == 200


@pytest.mark.last
def test_in_the_end_nothing_has_happened_in_the_vault(gallery: Gallery, before: str) -> None:
    assert gallery.vault.state() == before
