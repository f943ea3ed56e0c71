"""A replica that follows the feed ends up equal to the server, whatever happens meanwhile.

Eight writers do random things at once; a reader walks the feed one entity type after the other and fetches rows by their
ids, as the adapter for Immich's apps does (contract §13); and now and then the server is killed. The seed is printed, and
`BANKSIA_REPLICA_SEED` sets it: what each writer tries is the same again, though not how the threads take turns.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gumnut
import httpx
from gumnut import Gumnut
from kit import pictures
from kit.account import file_part, upload_fields
from kit.server import Server

WRITERS, STEPS, RESTARTS = 8, 45, 3
CATCH_UP_SECONDS = 60
KINDS = ("asset", "metadata", "album", "album_asset", "person", "face", "stack")
Row = dict[str, Any]

FIELDS = {
    "asset": ("checksum", "local_datetime", "trashed_at", "stack_id", "description", "kind", "current_version_id", "updated_at"),
    "metadata": ("description", "rating", "latitude", "longitude"),
    "album": ("name", "description", "album_cover_asset_id", "updated_at"),
    "person": ("name", "birth_date", "is_favorite", "is_hidden", "updated_at"),
    "face": ("asset_id", "person_id", "bounding_box"),
    "stack": ("primary_asset_id", "origin"),
}
"""What a replica keeps of each kind: all that the feed tells about. Counts and covers of people are not among it."""

ENDINGS = {"asset_deleted", "asset_moved_out", "album_deleted", "album_asset_removed", "person_deleted", "face_deleted", "stack_deleted"}


def kept(kind: str, row: Any) -> Row:
    """A row, as a replica keeps it."""
    shown = row.to_dict(mode="json")
    if kind == "metadata":
        shown = shown["metadata"]
    return {field: shown[field] for field in FIELDS[kind]}


class Link:
    """The way to a server that may be killed at any moment, and then listens elsewhere."""

    def __init__(self, server: Server, key: str) -> None:
        self._server, self._key, self._url = server, key, ""

    @property
    def http(self) -> httpx.Client:
        self._follow()
        return self._http

    @property
    def sdk(self) -> Gumnut:
        self._follow()
        return self._sdk

    def _follow(self) -> None:
        if self._url != self._server.url:
            self._url = self._server.url
            self._http = httpx.Client(base_url=self._url, headers={"Authorization": f"Bearer {self._key}"}, timeout=30)
            self._sdk = Gumnut(api_key=self._key, base_url=self._url, max_retries=0, timeout=30, _strict_response_validation=True)


class Ids:
    """What writers believe to exist. They are often wrong, since others delete it."""

    def __init__(self) -> None:
        self._known: dict[str, list[str]] = {}
        self._lock = threading.Lock()

    def add(self, kind: str, id: str) -> None:
        with self._lock:
            self._known.setdefault(kind, []).append(id)

    def some(self, kind: str, chance: random.Random, count: int = 1) -> list[str]:
        with self._lock:
            known = self._known.get(kind) or ["unknown"]
            return chance.sample(known, min(count, len(known)))


class Writer(threading.Thread):
    """Does a number of random things, one after the other; refusals are part of life, faults are not."""

    def __init__(self, number: int, seed: int, link: Link, ids: Ids) -> None:
        super().__init__(daemon=True)
        self.number, self.link, self.ids = number, link, ids
        self.chance = random.Random(f"{seed}-{number}")
        self.refused, self.faults, self.cut, self.done = 0, list[str](), 0, 0

    def run(self) -> None:
        for step in range(STEPS):
            deed = self.chance.choice(DEEDS)
            try:
                deed(self)
                self.done += 1
            except httpx.TransportError:
                self.cut += 1
                time.sleep(0.1)  # the server is down; its next life takes a moment
            except Exception as error:
                self.faults.append(f"writer {self.number}, step {step}: {error!r}")

    def send(self, method: str, path: str, body: Row | None = None, **options: Any) -> Row:
        """The answer, or an empty one if it was refused."""
        response = self.link.http.request(method, path, **({"json": body} if body is not None else {}), **options)
        if response.status_code in (404, 409, 422, 429, 503):
            self.refused += 1
            return {}
        if response.is_error:
            raise AssertionError(f"{method} {path}: {response.status_code} {response.text}")
        return response.json() if response.content else {}

    def one(self, kind: str) -> str:
        return self.ids.some(kind, self.chance)[0]

    def several(self, kind: str) -> list[str]:
        return self.ids.some(kind, self.chance, self.chance.randrange(1, 5))

    def make(self, kind: str, path: str, body: Row) -> None:
        if made := self.send("POST", path, body):
            self.ids.add(kind, made["id"])

    def word(self) -> str:
        return f"word {self.chance.randrange(1_000_000)}"

    # Photos with faces are deleted but never put into the trash, which hides their faces without a word in the feed.

    def upload(self) -> None:
        picture = pictures.jpeg(self.chance.randrange(1 << 30), 96, 72)
        made = self.send("POST", "/api/assets", data=upload_fields(picture), files=file_part(picture))
        if made:
            self.ids.add(self.chance.choice(("photo", "portrait")), made["id"])

    def describe(self) -> None:
        self.send("PATCH", f"/api/assets/{self.one('photo')}", {"description": self.word(), "rating": self.chance.randrange(6)})

    def describe_many(self) -> None:
        change = {"description": self.word(), "latitude": 1.5, "longitude": self.chance.randrange(90)}
        self.send("POST", "/api/assets/bulk-update", {"updates": [{"id": photo, "change": change} for photo in self.several("portrait")]})

    def trash(self) -> None:
        self.send("POST", "/api/assets/trash", {"ids": self.several("photo")})

    def restore(self) -> None:
        self.send("POST", "/api/assets/restore", {"ids": self.several("photo")})

    def delete(self) -> None:
        self.send("DELETE", "/api/assets", {"ids": [self.one(self.chance.choice(("photo", "portrait")))]})

    def add_album(self) -> None:
        self.make("album", "/api/albums", {"name": self.word()})

    def change_album(self) -> None:
        self.send("PATCH", f"/api/albums/{self.one('album')}", {"name": self.word(), "description": self.word()})

    def pin_cover(self) -> None:
        self.send("PATCH", f"/api/albums/{self.one('album')}", {"album_cover_asset_id": self.one("photo")})

    def fill_album(self) -> None:
        self.send("POST", f"/api/albums/{self.one('album')}/assets", {"asset_ids": self.several("photo")})

    def thin_album(self) -> None:
        self.send("DELETE", f"/api/albums/{self.one('album')}/assets", {"asset_ids": self.several("photo")})

    def drop_album(self) -> None:
        if self.chance.random() < 0.5:
            self.send("DELETE", f"/api/albums/{self.one('album')}")

    def add_person(self) -> None:
        self.make("person", "/api/people", {"name": self.word() if self.chance.random() < 0.7 else None})

    def change_person(self) -> None:
        self.send("PATCH", f"/api/people/{self.one('person')}", {"name": self.word(), "is_favorite": self.chance.random() < 0.5})

    def change_people(self) -> None:
        change = {"is_hidden": self.chance.random() < 0.5}
        self.send("POST", "/api/people/bulk-update", {"updates": [{"id": person, "change": change} for person in self.several("person")]})

    def drop_person(self) -> None:
        if self.chance.random() < 0.5:
            self.send("DELETE", f"/api/people/{self.one('person')}")

    def merge(self) -> None:
        self.send("POST", f"/api/people/{self.one('person')}/merge", {"source_person_ids": [self.one("person")]})

    def add_face(self) -> None:
        box = {"x": self.chance.randrange(40), "y": self.chance.randrange(30), "w": 20, "h": 20}
        person = self.one("person") if self.chance.random() < 0.6 else None
        self.make("face", "/api/faces", {"asset_id": self.one("portrait"), "bounding_box": box, "person_id": person})

    def move_face(self) -> None:
        self.send("PATCH", f"/api/faces/{self.one('face')}", {"person_id": self.one("person") if self.chance.random() < 0.7 else None})

    def drop_face(self) -> None:
        self.send("DELETE", f"/api/faces/{self.one('face')}")

    def add_stack(self) -> None:
        self.make("stack", "/api/stacks", {"asset_ids": self.ids.some("photo", self.chance, 3)})

    def grow_stack(self) -> None:
        self.send("POST", f"/api/stacks/{self.one('stack')}/assets", {"asset_ids": self.several("photo")})

    def shrink_stack(self) -> None:
        self.send("DELETE", f"/api/stacks/{self.one('stack')}/assets", {"asset_ids": self.several("photo")})

    def cover_stack(self) -> None:
        self.send("PATCH", f"/api/stacks/{self.one('stack')}", {"primary_asset_id": self.one("photo")})

    def drop_stack(self) -> None:
        if self.chance.random() < 0.3:
            self.send("DELETE", f"/api/stacks/{self.one('stack')}")

    def edit(self) -> None:
        picture = pictures.jpeg(self.chance.randrange(1 << 30), 60, 40)
        files = {"file": ("edit.jpg", picture.content, "image/jpeg")}
        self.send("POST", f"/api/assets/{self.one('photo')}/versions", data={"kind": "edit", "params": "{}"}, files=files)


DEEDS: list[Callable[[Writer], None]] = [
    *[Writer.upload] * 6, *[Writer.describe] * 2, Writer.describe_many, *[Writer.trash] * 2, *[Writer.restore] * 2, Writer.delete, Writer.edit,
    *[Writer.add_album] * 2, Writer.change_album, *[Writer.pin_cover] * 2, *[Writer.fill_album] * 3, *[Writer.thin_album] * 2, Writer.drop_album,
    *[Writer.add_person] * 2, Writer.change_person, Writer.change_people, Writer.drop_person, Writer.merge,
    *[Writer.add_face] * 3, *[Writer.move_face] * 2, Writer.drop_face,
    *[Writer.add_stack] * 2, Writer.grow_stack, Writer.shrink_stack, Writer.cover_stack, Writer.drop_stack,
]  # fmt: skip


class Replica:
    """What a reader knows from the feed and from rows fetched by their ids."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.rows: dict[str, dict[str, Row]] = {kind: {} for kind in KINDS}
        self.checkpoints: dict[str, str] = {}
        self.events = 0

    def catch_up(self) -> int:
        """Reads everything new; returns how many events that were."""
        return sum(self._walk(kind) for kind in KINDS)

    def _walk(self, kind: str) -> int:
        count = 0
        for events in self._pages(kind, self.checkpoints.get(kind)):
            self._apply(kind, events)
            # Only now: a reader that stops in between takes the page once more.
            self.checkpoints[kind] = events[-1].cursor
            count += len(events)
        return count

    def _pages(self, kind: str, cursor: str | None) -> Iterator[list[Any]]:
        while True:
            place = {"after_cursor": cursor} if cursor else {}
            page = self.link.sdk.events.get(entity_types=kind, limit=200, **place)
            if page.data:
                cursor = page.data[-1].cursor
                assert "|" not in cursor
                assert len({event.cursor for event in page.data}) == len(page.data)
                yield page.data
            if not page.has_more:
                return

    def _apply(self, kind: str, events: list[Any]) -> None:
        self.events += len(events)
        if kind == "album_asset":
            for event in events:
                self._link(event)
            return
        gone = {event.entity_id for event in events if event.event_type in ENDINGS}
        wanted = list(dict.fromkeys(event.entity_id for event in events if event.entity_id not in gone))
        found = self._fetch(kind, wanted) if wanted else {}
        rows = self.rows[kind]
        for id in (*gone, *wanted):
            rows.pop(id, None)
        rows |= found
        if kind == "stack" and (missing := set(wanted) - found.keys()):
            later = {event.entity_id for page in self._pages(kind, events[-1].cursor) for event in page if event.event_type == "stack_deleted"}
            assert missing <= later, f"stacks vanished without a word: {missing - later}"

    def _link(self, event: Any) -> None:
        ends = {"album_id": event.payload["album_id"], "asset_id": event.payload["asset_id"]}
        if event.event_type in ENDINGS:
            self.rows["album_asset"].pop(event.entity_id, None)
        else:
            self.rows["album_asset"][event.entity_id] = ends

    def _fetch(self, kind: str, ids: list[str]) -> dict[str, Row]:
        """Everything visible of these ids comes in one page."""
        return {row.id: kept(kind, row) for row in listing(self.link.sdk, kind, ids=ids, limit=len(ids)).data}

    def shown(self) -> dict[str, dict[str, Row]]:
        """The rows, as a server's lists show them: links of trashed photos are hidden."""
        live = {id for id, asset in self.rows["asset"].items() if asset["trashed_at"] is None}
        links = {id: link for id, link in self.rows["album_asset"].items() if link["asset_id"] in live}
        albums = self.rows["album"].keys()
        # Links end with their album, without events of their own.
        return self.rows | {"album_asset": {id: link for id, link in links.items() if link["album_id"] in albums}}


def listing(sdk: Gumnut, kind: str, **query: Any) -> Any:
    match kind:
        case "asset" | "metadata":
            return sdk.assets.list(state="all", include=["metadata", "file_data"], **query)
        case "album":
            return sdk.albums.list(**query)
        case "person":
            return sdk.people.list(name_filter="all", include_hidden=True, **query)
        case "face":
            return sdk.faces.list(**query)
        case _:
            return sdk.stacks.list_stacks(**query)


def truth(sdk: Gumnut) -> dict[str, dict[str, Row]]:
    """All rows of the server's lists."""
    rows = {kind: {row.id: kept(kind, row) for row in listing(sdk, kind, limit=200)} for kind in KINDS if kind != "album_asset"}
    links = {link.id: {"album_id": link.album_id, "asset_id": link.asset_id} for link in sdk.album_assets.list(limit=200)}
    return rows | {"album_asset": links}


def persistently(read: Callable[[], int]) -> int:
    """Reads although the server may be down at the moment."""
    deadline = time.monotonic() + CATCH_UP_SECONDS
    while True:
        try:
            return read()
        except (gumnut.APIConnectionError, gumnut.InternalServerError, gumnut.RateLimitError):
            assert time.monotonic() < deadline, "the feed could not be read"
            time.sleep(0.1)


def settled(replica: Replica) -> None:
    """Reads until background work says nothing more: it adds to the feed what it finds out."""
    deadline = time.monotonic() + CATCH_UP_SECONDS
    while persistently(replica.catch_up) or replica.shown() != truth(replica.link.sdk):
        if time.monotonic() > deadline:
            return


def test_a_replica_that_follows_the_feed_equals_the_server(tmp_path: Path) -> None:
    seed = int(os.environ.get("BANKSIA_REPLICA_SEED", random.randrange(1 << 32)))
    print(f"seed {seed}")
    server = Server(tmp_path).start()
    key, ids, chance = server.first_key, Ids(), random.Random(seed)
    writers = [Writer(number, seed, Link(server, key), ids) for number in range(WRITERS)]
    replica = Replica(Link(server, key))
    for writer in writers:
        writer.start()
    for _ in range(RESTARTS):
        goal = sum(writer.done for writer in writers) + WRITERS * STEPS // (RESTARTS + 2)
        while sum(writer.done for writer in writers) < goal and any(writer.is_alive() for writer in writers):
            persistently(replica.catch_up)
        time.sleep(chance.uniform(0, 0.2))  # the random moment this test is about
        server.kill()
        server.start()
    while any(writer.is_alive() for writer in writers):
        persistently(replica.catch_up)
    settled(replica)

    done, refused, cut = (sum(getattr(writer, name) for writer in writers) for name in ("done", "refused", "cut"))
    print(f"{done} deeds, {refused} refused, {cut} cut off, {replica.events} events")
    assert [fault for writer in writers for fault in writer.faults] == []
    expected = truth(replica.link.sdk)
    assert {kind: len(rows) for kind, rows in expected.items() if not rows} == {}
    for kind in KINDS:
        assert replica.shown()[kind] == expected[kind], kind
    # A client that begins now gets there as well.
    newcomer = Replica(Link(server, key))
    newcomer.catch_up()
    for kind in KINDS:
        assert newcomer.shown()[kind] == expected[kind], kind
    assert server.stop() == 0
