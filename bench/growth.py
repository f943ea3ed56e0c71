"""Every list of the API at a hundred thousand assets beside the same list at a tenth of that: what grows with the library?"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import httpx

from . import crowd, lists, subject
from .figure import Figure

ASSETS, ALBUMS, PEOPLE, FACES = 100_000, 1_000, 5_000, 200_000
ALBUM_SIZE = 100
ROUNDS = 60
"""Requests per list and size; their middle counts."""


@dataclass(frozen=True)
class Crowded:
    """A data folder and what lists can be asked about in it."""

    folder: Path
    key: str
    album: str
    asset: str
    person: str


def measure(folder: Path) -> Iterable[Figure]:
    times = list[dict[str, float]]()
    for tenth in (False, True):
        crowded = fill(folder / ("few" if tenth else "many"), 10 if tenth else 1)
        with lists.reopened(crowded.folder, crowded.key) as server, subject.client(server) as http:
            times.append({name: middle_time(http, address) for name, address in addresses(crowded).items()})
    many, few = times
    for name, large in many.items():
        ratio = large / few[name]
        limit = 10.0 if name == "assets, 200 lean" else None
        yield Figure(
            f"list: {name}", f"{large:.1f} ms", f"at a tenth {few[name]:.1f} ms (ratio {ratio:.2f})",
            "ratio ≤ 1.3" + (f", ≤ {limit:.0f} ms" if limit else ""), (ratio <= 1.3 or large - few[name] < 0.5) and large <= (limit or large),
        )  # fmt: skip


def addresses(crowded: Crowded) -> dict[str, str]:
    """Each list of the contract whose answer is a page."""
    return {
        "assets, 200 lean": "/api/assets?limit=200&include=",
        "assets, 20 in full": "/api/assets?limit=20",
        "assets, oldest first": "/api/assets?limit=20&order=asc&include=",
        "assets of an album": f"/api/assets?limit=20&include=&album_id={crowded.album}",
        "assets of a person": f"/api/assets?limit=20&include=&person_id={crowded.person}",
        "assets in no album": "/api/assets?limit=20&include=&album_filter=not_in_album",
        "assets, trashed": "/api/assets?limit=20&include=&state=trashed",
        "albums": "/api/albums?limit=20",
        "albums of an asset": f"/api/albums?limit=20&asset_id={crowded.asset}",
        "album links": f"/api/album-assets?limit=200&album_id={crowded.album}",
        "people": "/api/people?limit=200&name_filter=all",
        "people by count": "/api/people?limit=200&name_filter=all&sort_by=asset_count",
        "faces": "/api/faces?limit=200",
        "faces of a person": f"/api/faces?limit=200&person_id={crowded.person}",
        "stacks": "/api/stacks?limit=20",
        "events": "/api/events?limit=200",
        "tasks": "/api/tasks/?limit=20",
        "search by filter": "/api/search?limit=20&media_type=image",
    }


def middle_time(http: httpx.Client, address: str) -> float:
    """Milliseconds of the middle one of some requests, over one connection."""
    times = list[float]()
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        response = http.get(address)
        times.append(1000 * (time.perf_counter() - begin))
        response.raise_for_status()
    return subject.median(times)


def fill(folder: Path, divisor: int) -> Crowded:
    """Makes a library with everything in it, in a new folder; all counts are divided by `divisor`, but not the size of an album."""
    folder.mkdir()
    with subject.server(folder) as server, subject.client(server) as http:
        asset = crowd.upload_settled(http)
        album = post(http, "/api/albums", name="Album 0")
        http.post(f"/api/albums/{album}/assets", json={"asset_ids": [asset]}).raise_for_status()
        person = post(http, "/api/people", name="Person 0")
        post(http, "/api/faces", asset_id=asset, person_id=person, bounding_box={"x": 10, "y": 10, "w": 100, "h": 100})
        key, data = server.first_key, server.data
    with sqlite3.connect(data / "banksia.sqlite") as database:
        assets = crowd.multiply(database, ASSETS // divisor - 1)
        surround(database, assets, divisor)
    return Crowded(folder, key, album, asset, person)


def post(http: httpx.Client, path: str, **fields: object) -> str:
    """Makes something; returns its id."""
    response = http.post(path, json=fields)
    response.raise_for_status()
    return response.json()["id"]


def surround(database: sqlite3.Connection, assets: list[crowd.Key], divisor: int) -> None:
    """Copies of the only album, link, person, face and events, around many assets."""
    album, person = crowd.only(database, "album"), crowd.only(database, "person")
    albums = [crowd.renewed_id(album["id"]) for _ in range(ALBUMS // divisor - 1)]
    crowd.insert(database, "album", album, (
        {"id": own, "name": f"Album {number}", "name_folded": f"album {number}", "created_at": album["created_at"] + number} for number, own in enumerate(albums, 1)))  # fmt: skip
    link = crowd.only(database, "album_asset")
    members = [(own, assets[(number * ALBUM_SIZE + place) % len(assets)]) for number, own in enumerate(albums) for place in range(ALBUM_SIZE)]
    members += [(album["id"], own) for own in assets[: ALBUM_SIZE - 1]]
    crowd.insert(database, "album_asset", link, ({"id": crowd.renewed_id(link["id"]), "album_id": own, "asset_id": asset} for own, asset in members))
    database.execute("UPDATE album_asset SET local_wall = (SELECT local_wall FROM asset WHERE asset.id = album_asset.asset_id)")
    database.execute("UPDATE album SET live_assets = (SELECT COUNT(*) FROM album_asset WHERE album_asset.album_id = album.id)")
    people = [crowd.renewed_id(person["id"]) for _ in range(PEOPLE // divisor - 1)]
    crowd.insert(database, "person", person, (
        {"id": own, "name": f"Person {number}", "name_folded": f"person {number}", "name_order": f"person {number}", "created_at": person["created_at"] + number}
        for number, own in enumerate(people, 1)))  # fmt: skip
    face, everyone = crowd.only(database, "face"), [person["id"], *people]
    crowd.insert(database, "face", face, (
        {"id": crowd.renewed_id(face["id"]), "asset_id": assets[number % len(assets)], "person_id": everyone[number % len(everyone)], "created_at": face["created_at"] + number}
        for number in range(1, FACES // divisor)))  # fmt: skip
    database.execute("UPDATE person SET asset_count = (SELECT COUNT(DISTINCT asset_id) FROM face WHERE face.person_id = person.id)")
    event = database.execute("SELECT * FROM event ORDER BY sequence DESC LIMIT 1").fetchone()
    crowd.insert(database, "event", event, ({"sequence": event["sequence"] + number} for number in range(1, len(assets))))
    database.execute("UPDATE event_counter SET last = last + ?", [len(assets) - 1])
    database.execute("ANALYZE")
