"""A copy of a library that is kept up to date by its feed, as the adapter for Immich's apps keeps one.

It walks the feed one entity type after the other and fetches rows by their ids (contract §13). Of what goes with an asset
into the trash, out of it, or to another library the feed says nothing, so for these the copy looks itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import httpx
from gumnut import Gumnut

from .server import Server

KINDS = ("asset", "metadata", "album", "album_asset", "person", "face", "stack")
Row = dict[str, Any]
Rows = dict[str, dict[str, Row]]

FIELDS = {
    "asset": ("checksum", "local_datetime", "trashed_at", "stack_id", "kind", "current_version_id", "width", "file_size_bytes", "updated_at"),
    "metadata": ("description", "rating", "latitude", "longitude", "original_datetime"),
    "album": ("name", "description", "album_cover_asset_id", "updated_at"),
    "album_asset": ("album_id", "asset_id"),
    "person": ("name", "birth_date", "is_favorite", "is_hidden", "updated_at"),
    "face": ("asset_id", "person_id", "bounding_box", "updated_at"),
    "stack": ("primary_asset_id", "origin", "updated_at"),
}
"""What a copy keeps of each kind. Counts and portraits are not among it: of them the feed says nothing."""

ENDINGS = {"asset_deleted", "asset_moved_out", "album_deleted", "album_asset_removed", "person_deleted", "face_deleted", "stack_deleted"}
PAGE = 200


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


def kept(kind: str, row: Any) -> Row:
    """A row, as a copy keeps it."""
    shown = row.to_dict(mode="json")
    if kind == "metadata":
        shown = shown["metadata"]
    return {field: shown[field] for field in FIELDS[kind]}


def listing(sdk: Gumnut, kind: str, **query: Any) -> Any:
    match kind:
        case "asset" | "metadata":
            return sdk.assets.list(state="all", include=["metadata", "file_data"], **query)
        case "album":
            return sdk.albums.list(**query)
        case "album_asset":
            return sdk.album_assets.list(**query)
        case "person":
            return sdk.people.list(name_filter="all", include_hidden=True, **query)
        case "face":
            return sdk.faces.list(**query)
        case _:
            return sdk.stacks.list_stacks(**query)


def truth(sdk: Gumnut, library: str) -> Rows:
    """All rows of the server's lists."""
    return {kind: {row.id: kept(kind, row) for row in listing(sdk, kind, limit=PAGE, library_id=library)} for kind in KINDS}


class Replica:
    """What a reader knows of a library from its feed and from rows fetched by their ids."""

    def __init__(self, link: Link, library: str) -> None:
        self.link, self.library = link, library
        self.events = 0
        self.met = set[str]()
        """Kinds of which there was something to keep at some time."""
        self._rows: Rows = {kind: {} for kind in KINDS}
        self._checkpoints: dict[str, str] = {}
        self._outdated_albums = set[str]()
        """Albums to fetch anew. Kept until that is done: when a page is taken once more, the links that led to them are gone."""
        self._albums_told = dict[str, set[str]]()
        """Albums that the feed has ever put an asset into. Lists hide its links while it is in the trash, so whoever looks just then,
        and again when it has come out and gone elsewhere, never sees them; yet its comings and goings change the albums."""

    def catch_up(self) -> int:
        """Reads everything new; returns how many events that were."""
        return sum(self._walk(kind) for kind in KINDS)

    def shown(self) -> Rows:
        """The rows, as a server's lists show them: what hangs on trashed assets is hidden, and links end with their albums."""
        live = {id for id, asset in self._rows["asset"].items() if asset["trashed_at"] is None}
        hanging = {
            kind: {id: row for id, row in self._rows[kind].items() if row["asset_id"] in live and row.get("album_id", "") in ("", *self._rows["album"])}
            for kind in ("album_asset", "face")
        }
        return self._rows | hanging

    def _walk(self, kind: str) -> int:
        count = 0
        for events in self._pages(kind, self._checkpoints.get(kind)):
            self._apply(kind, events)
            # Only now: a reader that stops in between takes the page once more.
            self._checkpoints[kind] = events[-1].cursor
            count += len(events)
        self.events += count
        return count

    def _pages(self, kind: str, cursor: str | None) -> Iterator[list[Any]]:
        while True:
            place = {"after_cursor": cursor} if cursor else {}
            page = self.link.sdk.events.get(entity_types=kind, limit=PAGE, library_id=self.library, **place)
            if page.data:
                cursor = page.data[-1].cursor
                assert "|" not in cursor
                assert len({event.cursor for event in page.data}) == len(page.data)
                yield page.data
            if not page.has_more:
                return

    def _apply(self, kind: str, events: list[Any]) -> None:
        last = {event.entity_id: event.event_type for event in events}
        wanted = [id for id, what in last.items() if what not in ENDINGS]
        for id in last.keys() - set(wanted):
            self._rows[kind].pop(id, None)
        missing = self._fetch(kind, wanted)
        match kind:
            case "asset":
                self._follow_assets(events)
            case "metadata":
                self._refresh("asset", wanted)  # their updated_at moves along
            case "album_asset":
                self._follow_links(events)
            case "stack" if missing:
                later = {event.entity_id for page in self._pages(kind, events[-1].cursor) for event in page if event.event_type == "stack_deleted"}
                assert missing <= later, f"stacks vanished without a word: {missing - later}"

    def _follow_assets(self, events: list[Any]) -> None:
        """Does to what hangs on assets what the feed does not tell of: in the trash, out of it, and in another library."""
        for event in events:
            if event.event_type in ("asset_trashed", "asset_restored", "asset_moved_out"):
                self._find_outdated_albums(event.entity_id)
            if event.event_type in ("asset_deleted", "asset_moved_out"):
                self._rows["metadata"].pop(event.entity_id, None)
            if event.event_type == "asset_moved_out":
                for kind in ("album_asset", "face"):
                    self._rows[kind] = {id: row for id, row in self._rows[kind].items() if row["asset_id"] != event.entity_id}
            if event.event_type in ("asset_restored", "asset_moved_in"):
                self._fetch("metadata", [event.entity_id])
                for kind in ("album_asset", "face"):
                    found = listing(self.link.sdk, kind, asset_id=event.entity_id, limit=PAGE, library_id=self.library)
                    self._rows[kind] |= {row.id: kept(kind, row) for row in found.data}
                self._find_outdated_albums(event.entity_id)
        self._fetch("album", self._outdated_albums)
        self._outdated_albums.clear()

    def _find_outdated_albums(self, asset: str) -> None:
        self._outdated_albums |= {link["album_id"] for link in self._rows["album_asset"].values() if link["asset_id"] == asset}
        self._outdated_albums |= self._albums_told.get(asset, set())

    def _follow_links(self, events: list[Any]) -> None:
        """Their payload says what the rows say; and albums are others by what is in them."""
        for event in events:
            assert event.payload.keys() == {"album_id", "asset_id"}
            assert self._rows["album_asset"].get(event.entity_id, event.payload) == event.payload
            self._albums_told.setdefault(event.payload["asset_id"], set()).add(event.payload["album_id"])
        self._fetch("album", {event.payload["album_id"] for event in events})

    def _fetch(self, kind: str, ids: Iterable[str]) -> set[str]:
        """Takes the rows of these ids as they are now, for there is one page with everything visible; returns which are missing."""
        ids = list(ids)
        missing = set[str]()
        for some in (ids[start : start + PAGE] for start in range(0, len(ids), PAGE)):
            found = {row.id: kept(kind, row) for row in listing(self.link.sdk, kind, ids=some, limit=len(some), library_id=self.library).data}
            assert found.keys() <= set(some)
            for id in some:
                self._rows[kind].pop(id, None)
            self._rows[kind] |= found
            self.met |= {kind} if found else set()
            missing |= set(some) - found.keys()
        return missing

    def _refresh(self, kind: str, ids: list[str]) -> None:
        self._fetch(kind, [id for id in ids if id in self._rows[kind]])
