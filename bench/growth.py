"""Every list of the API at a hundred thousand assets beside the same list at a tenth of that: what grows with the library?"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from . import crowd, lists, subject
from .figure import Figure

ASSETS, ALBUMS, PEOPLE, FACES = 100_000, 1_000, 5_000, 200_000
ALBUM_SIZE = 100
WARM_UP, ROUNDS = 5, 40
"""Requests per list and size; the middle one of those after the first counts."""
LATE = "2200-01-01T00:00:00Z"
PLACED = 2_000
"""Assets in the middle of the map, whatever the size; all others are far away."""


@dataclass(frozen=True)
class Crowded:
    """A data folder and what lists can be asked about in it."""

    folder: Path
    key: str
    library: str
    album: str
    asset: str
    person: str
    middle: str = ""
    other_person: str = ""
    stack: str = ""


def measure(folder: Path) -> Iterable[Figure]:
    few, many = (fill(folder / name, divisor) for name, divisor in (("few", 10), ("many", 1)))
    with opened(few) as small, opened(many) as large:
        for (name, few_address), many_address in zip(addresses(few).items(), addresses(many).values()):
            few_time, many_time = middle_times((small, few_address), (large, many_address))
            ratio = many_time / few_time
            limit = 10.0 if name == "assets, 200 lean" else None
            yield Figure(
                f"list: {name}", f"{many_time:.1f} ms", f"at a tenth {few_time:.1f} ms (ratio {ratio:.2f})",
                "ratio ≤ 1.3" + (f", ≤ {limit:.0f} ms" if limit else ""),
                (ratio <= 1.3 or many_time - few_time < 0.5) and many_time <= (limit or many_time),
            )  # fmt: skip


def addresses(crowded: Crowded) -> dict[str, str]:
    """Each list of the contract, with its usual filters."""
    return {
        "assets, 200 lean": "/api/assets?limit=200&include=",
        "assets, 20 in full": "/api/assets?limit=20",
        "assets, oldest first": "/api/assets?limit=20&order=asc&include=",
        "assets behind one in the middle": f"/api/assets?limit=20&include=&starting_after_id={crowded.middle}",
        "assets before a time": "/api/assets?limit=20&include=&local_datetime_before=2019-10-01T00:00:00",
        "assets by id": f"/api/assets?limit=20&include=&ids={crowded.asset},{crowded.middle}",
        "assets of an album": f"/api/assets?limit=20&include=&album_id={crowded.album}",
        "assets of a person": f"/api/assets?limit=20&include=&person_id={crowded.person}",
        "assets of two people": f"/api/assets?limit=20&include=&person_ids={crowded.person},{crowded.other_person}",
        "assets of a stack": f"/api/assets?limit=20&include=&stack_id={crowded.stack}",
        "assets in no album": "/api/assets?limit=20&include=&album_filter=not_in_album",
        "assets in some album": "/api/assets?limit=20&include=&album_filter=in_album",
        "assets, images": "/api/assets?limit=20&include=&media_type=image",
        "assets, videos, of which there are none": "/api/assets?limit=20&include=&media_type=video",
        "assets, rated, of which there are none": "/api/assets?limit=20&include=&ratings=4,5",
        "assets, not rated": "/api/assets?limit=20&include=&ratings=0",
        "assets within 10 km": "/api/assets?limit=20&include=&center=10,50&radius=10000",
        "assets in a box": "/api/assets?limit=20&include=&bbox=9,49,11,51",
        "assets in the world": "/api/assets?limit=20&include=&bbox=-180,-90,180,90",
        "assets, trashed": "/api/assets?limit=20&include=&state=trashed",
        "assets, all": "/api/assets?limit=20&include=&state=all",
        "counts by day": "/api/assets/counts?group_by=day&limit=20",
        "counts by month": "/api/assets/counts?group_by=month&limit=10",
        "counts of an album": f"/api/assets/counts?group_by=day&limit=20&album_id={crowded.album}",
        "clusters of a small view": "/api/assets/geo-clusters?bbox=9,49,11,51&cell_size=0.1",
        "versions": f"/api/assets/{crowded.asset}/versions",
        "albums": "/api/albums?limit=20",
        "albums of an asset": f"/api/albums?limit=20&asset_id={crowded.asset}",
        "albums by name, exactly one": "/api/albums?limit=20&name=Album%2077",
        "album links": "/api/album-assets?limit=200",
        "album links of an album": f"/api/album-assets?limit=200&album_id={crowded.album}",
        "album links of an asset": f"/api/album-assets?limit=200&asset_id={crowded.asset}",
        "people": "/api/people?limit=200&name_filter=all",
        "people by name": "/api/people?limit=200&sort=name_asc",
        "people by count": "/api/people?limit=200&name_filter=all&sort=asset_count_desc",
        "people without a name, of whom there are none": "/api/people?limit=200&name_filter=unnamed",
        "people in an asset": f"/api/people?limit=200&asset_id={crowded.asset}",
        "people in an album": f"/api/people?limit=200&album_id={crowded.album}",
        "faces": "/api/faces?limit=200",
        "faces of a person": f"/api/faces?limit=200&person_id={crowded.person}",
        "faces of an asset": f"/api/faces?limit=200&asset_id={crowded.asset}",
        "stacks": "/api/stacks?limit=200",
        "stacks with members": "/api/stacks?limit=20&include=asset_ids",
        "events": "/api/events?limit=200",
        "events about albums": "/api/events?limit=200&entity_types=album",
        "events about albums and people": "/api/events?limit=200&entity_types=album,person",
        "events since the last": f"/api/events?limit=200&created_at_gte={LATE}",
        "tasks": "/api/tasks/?limit=20",
        "tasks of a library": f"/api/tasks/?limit=20&library_id={crowded.library}",
        "tasks that failed, of which there are none": "/api/tasks/?limit=20&status=failure",
        "tasks of a kind, of which there are none": "/api/tasks/?limit=20&task_type=burst_detection",
        "libraries": "/api/libraries",
        "API keys": "/api/api-keys/",
        "search by filter": "/api/search?limit=20&include=&media_type=image",
    }


@contextmanager
def opened(crowded: Crowded) -> Iterator[httpx.Client]:
    with lists.reopened(crowded.folder, crowded.key) as server, subject.client(server) as http:
        yield http


def middle_times(*asked: tuple[httpx.Client, str]) -> list[float]:
    """Milliseconds of the middle one of some requests to each. In turn, so that a busy moment of the machine hits all."""
    times = [list[float]() for _ in asked]
    for turn in range(WARM_UP + ROUNDS):
        for place, (http, address) in enumerate(asked):
            begin = time.perf_counter()
            response = http.get(address)
            if turn >= WARM_UP:
                times[place].append(1000 * (time.perf_counter() - begin))
            assert response.status_code == 200, f"{address}: {response.status_code} {response.text}"
    return [subject.median(each) for each in times]


def fill(folder: Path, divisor: int) -> Crowded:
    """Makes a library with everything in it, in a new folder; all counts are divided by `divisor`, but not the size of an album."""
    folder.mkdir()
    with subject.server(folder) as server, subject.client(server) as http:
        asset = crowd.upload_settled(http)
        library = http.get("/api/libraries").json()[0]["id"]
        album = post(http, "/api/albums", name="Album 0")
        http.post(f"/api/albums/{album}/assets", json={"asset_ids": [asset]}).raise_for_status()
        person = post(http, "/api/people", name="Person 0")
        post(http, "/api/faces", asset_id=asset, person_id=person, bounding_box={"x": 10, "y": 10, "w": 100, "h": 100})
        key, data = server.first_key, server.data
    with sqlite3.connect(data / "banksia.sqlite") as database:
        assets = crowd.multiply(database, ASSETS // divisor - 1, minutes=60)
        surround(database, assets, divisor)
    with opened(Crowded(folder, key, library, album, asset, person)) as http:
        middle = http.get("/api/assets?limit=200&include=").json()["data"][-1]["id"]
        other = http.get("/api/people?limit=1").json()["data"][0]["id"]
        stack = http.get("/api/stacks?limit=1").json()["data"][0]["id"]
    return Crowded(folder, key, library, album, asset, person, middle, other, stack)


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
    database.execute("UPDATE asset SET is_in_album = TRUE")
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
    job = database.execute("SELECT * FROM job ORDER BY id LIMIT 1").fetchone()
    crowd.insert(database, "job", job, ({"id": crowd.renewed_id(job["id"]), "subject": asset} for asset in assets))
    stack_up(database, assets, event["library_id"])
    place(database, assets)


def stack_up(database: sqlite3.Connection, assets: list[crowd.Key], library: crowd.Key) -> None:
    """Every tenth asset is in a stack with the next."""
    now = database.execute("SELECT created_at FROM library").fetchone()[0]
    for first, second in zip(assets[::10], assets[1::10]):
        stack = crowd.renewed_id(first)
        database.execute("INSERT INTO stack (id, library_id, origin, created_at, updated_at) VALUES (?, ?, 'user', ?, ?)", (stack, library, now, now))
        database.execute("UPDATE asset SET stack_id = ? WHERE id IN (?, ?)", (stack, first, second))


def place(database: sqlite3.Connection, assets: list[crowd.Key]) -> None:
    """Some assets, spread over the whole timeline, are near 50° north and 10° east, the others on the other side of the globe."""
    database.execute("UPDATE asset_metadata SET latitude = -40, longitude = -150")
    near = assets[:: max(1, len(assets) // PLACED)]
    database.executemany(
        "UPDATE asset_metadata SET latitude = ?, longitude = ? WHERE asset_id = ?",
        ((49.5 + number % 40 * 0.025, 9.5 + number // 40 % 40 * 0.025, asset) for number, asset in enumerate(near)))  # fmt: skip
