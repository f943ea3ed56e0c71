"""What somebody waits who asks in words, and whether the nearest pictures are found: at a hundred thousand photos and at a million."""

from __future__ import annotations

import itertools
import re
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from kit.server import Server
from numpy.typing import NDArray

from . import crowd, growth, lists, scan, subject
from .figure import Figure

TARGETS = {100_000: (25, 60), 1_000_000: (45, 90)}
"""The middle and the 95th of a hundred answers to new words, in milliseconds, by photos."""
REPEATED, AFTER_REST, MAPPED, PRIVATE = 10, 500, 700, 250
"""The middle answer to words that were asked before and the first one after a rest, in milliseconds; megabytes at the largest size."""
ASKED, WARM_UP = 100, 10
WITH_PERSON = 50
"""One photo in so many shows the person who is asked for."""
FIRST = ("red", "old", "small", "wet", "wooden", "bright", "empty", "busy", "frozen", "quiet", "green")
SECOND = ("dog", "boat", "bridge", "kitchen", "guitar", "church", "bicycle", "tower", "garden", "horse", "train")
QUERIES = [f"{first} {second} beside a lake" for first, second in itertools.product(FIRST, SECOND)][: ASKED + WARM_UP]
DIMENSION = 384
SINCE = datetime.fromisoformat("2019-06-01T00:00:30")
SAMPLES, NEAREST, TOLERANCE = 20, 190, 1e-5
"""Pictures whose likes are compared with the oracle's, how many likes of each, and how far a cosine may be off."""


def measure(folder: Path) -> Iterable[Figure]:
    with subject.server(folder / "empty") as server, subject.client(server) as http:
        crowd.upload_settled(http)
        alone = percentiles(answers(http, QUERIES))
    for count, (middle, late) in TARGETS.items():
        yield from at(folder / f"{count}", count, middle, late, alone)


def at(folder: Path, count: int, middle: float, late: float, alone: tuple[float, float]) -> Iterator[Figure]:
    folder.mkdir()
    vectors = random_vectors(count)
    with crowded(folder, vectors) as (server, person), subject.client(server) as http:
        first = answers(http, ["a first query, which maps the vectors"])[0]
        fresh = percentiles(answers(http, QUERIES))
        again = percentiles(answers(http, QUERIES))[0]
        conditions = {"person_ids": person, "local_datetime_after": SINCE.isoformat()}
        narrowed = percentiles(answers(http, [f"{query} shore" for query in QUERIES], **conditions))
        mapped, private = memory(server.children(), server.process.pid)
        rested = max(answer_after_rest(server, http, query) for query in ("a cup of tea", "snow on a roof", "two old friends"))
        wrong = [differences(http, vectors, {}), differences(http, vectors, conditions)]
    scanned, _ = scan.faiss_search(vectors, random_vectors(20))
    what = f"{count:,} photos"
    beside = f"with a single photo {alone[0]:.1f} and {alone[1]:.1f} ms (encoder, HTTP, JSON); faiss IndexFlatIP alone {scanned:.1f} ms (ratio {scanned / fresh[0]:.1f})"
    yield Figure(
        f"new words, {what}", f"p50 {fresh[0]:.1f} ms, p95 {fresh[1]:.1f} ms; the first of all {first:.0f} ms", beside,
        f"p50 ≤ {middle}, p95 ≤ {late} ms", fresh[0] <= middle and fresh[1] <= late,
    )  # fmt: skip
    yield Figure(f"the same words again, {what}", f"p50 {again:.1f} ms", "", f"≤ {REPEATED} ms", again <= REPEATED)
    yield Figure(
        f"new words with a person and a date, {what}", f"p50 {narrowed[0]:.1f} ms, p95 {narrowed[1]:.1f} ms",
        f"without p50 {fresh[0]:.1f} ms (ratio {narrowed[0] / fresh[0]:.2f})", "no slower", narrowed[0] <= 1.1 * fresh[0],
    )  # fmt: skip
    yield Figure(f"new words after the models left memory, {what}", f"{rested:.0f} ms, the longest of three", "", f"≤ {AFTER_REST} ms", rested <= AFTER_REST)
    yield Figure(
        f"exactness, {what}", f"{wrong[0]} of {SAMPLES} lists of the {NEAREST} most like a picture differ, {wrong[1]} of {SAMPLES} with a person and a date",
        f"numpy, all of them, cosines within {TOLERANCE}", "none", wrong == [0, 0],
    )  # fmt: skip
    met = count < max(TARGETS) or (mapped <= MAPPED and private <= PRIVATE)
    yield Figure(f"memory of all processes, {what}", f"{mapped:.0f} MB of files, {private:.0f} MB private", "", f"≤ {MAPPED} and ≤ {PRIVATE} MB at {max(TARGETS):,}", met)


def answers(http: httpx.Client, queries: list[str], **conditions: str) -> list[float]:
    """Milliseconds of an answer to each."""
    times = list[float]()
    for query in queries:
        begin = time.perf_counter()
        http.get("/api/search", params={"query": query, "limit": 20, "threshold": 1, **conditions}).raise_for_status()
        times.append(1000 * (time.perf_counter() - begin))
    return times


def answer_after_rest(server: Server, http: httpx.Client, query: str) -> float:
    """Milliseconds of an answer that has to wait for a child process, the last of which has ended."""
    while server.children():
        time.sleep(0.2)
    return answers(http, [query])[0]


def differences(http: httpx.Client, vectors: NDArray[np.float32], conditions: dict[str, str]) -> int:
    """How many pictures have other likes, in another order or at other cosines than the oracle says."""
    numbers = np.arange(1, len(vectors))  # The photo that was uploaded has a vector of its own, and is left out on both sides.
    if conditions:
        oldest = int((datetime.fromisoformat(crowd.TAKEN) - SINCE) / timedelta(minutes=1))
        numbers = numbers[(numbers % WITH_PERSON == 1) & (numbers <= oldest)]
    samples = {number: hit["asset"]["id"] for query in QUERIES for hit, number in numbered(found(http, query=query, limit="5"))}
    wrong = 0
    for number, asset in itertools.islice(samples.items(), SAMPLES):
        others = numbers[numbers != number]
        cosines = vectors[others] @ vectors[number]
        true = -np.sort(-cosines)[:NEAREST]
        likes = numbered(found(http, similar_to=asset, limit="200", explain="true", **conditions))[:NEAREST]
        told = np.array([hit["explanation"][0]["score"] for hit, _ in likes])
        own = np.array([vectors[like] @ vectors[number] for _, like in likes])
        distances = [hit["distance"] for hit, _ in likes]
        is_exact = len(told) == len(true) and np.allclose(told, true, rtol=0, atol=TOLERANCE) and np.allclose(told, own, rtol=0, atol=TOLERANCE)
        wrong += not (is_exact and distances == sorted(distances) and {like for _, like in likes} <= set(others.tolist()))
    return wrong


def found(http: httpx.Client, **criteria: str) -> list[dict[str, Any]]:
    return http.get("/api/search", params={"threshold": "1", **criteria}).raise_for_status().json()["data"]


def numbered(hits: list[dict[str, Any]]) -> list[tuple[dict[str, Any], int]]:
    """Hits with the number that `crowd` gave to each photo."""
    names = ((hit, re.fullmatch(r"photo-(\d+)\.jpg", hit["asset"]["original_file_name"])) for hit in hits)
    return [(hit, int(name[1])) for hit, name in names if name]


def percentiles(times: list[float]) -> tuple[float, float]:
    """The middle and the 95th, after the first few."""
    middle, late = np.percentile(times[WARM_UP:], [50, 95])
    return float(middle), float(late)


def random_vectors(count: int) -> NDArray[np.float32]:
    """Unit vectors around a few thousand centres."""
    chance = np.random.default_rng(1)
    centres = chance.standard_normal((3000, DIMENSION), np.float32)
    points = centres[chance.integers(0, len(centres), count)]
    points += chance.standard_normal(points.shape, np.float32)
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    return points


@contextmanager
def crowded(folder: Path, vectors: NDArray[np.float32]) -> Iterator[tuple[Server, str]]:
    """A server with a photo for each vector, and a person whom some of them show."""
    with subject.server(folder) as server, subject.client(server) as http:
        asset = crowd.upload_settled(http)
        person = growth.post(http, "/api/people", name="Anna")
        growth.post(http, "/api/faces", asset_id=asset, person_id=person, bounding_box={"x": 10, "y": 10, "w": 100, "h": 100})
        key, data = server.first_key, server.data
    with sqlite3.connect(data / "banksia.sqlite") as database:
        database.execute("PRAGMA synchronous = OFF")
        assets = crowd.multiply(database, len(vectors) - 1, vectors=vectors)
        face = crowd.only(database, "face")
        crowd.insert(database, "face", face, ({"id": crowd.renewed_id(face["id"]), "asset_id": own} for own in assets[::WITH_PERSON]))
    with lists.reopened(folder, key) as server:
        yield server, person


def memory(children: list[int], server: int) -> tuple[float, float]:
    """Megabytes that the processes have of files, counted once for each, and of their own."""
    mapped = private = 0.0
    for process in [server, *children]:
        said = Path(f"/proc/{process}/smaps_rollup").read_text()
        sizes = {name: int(size) for name, size in re.findall(r"^(\w+):\s+(\d+) kB$", said, re.MULTILINE)}
        own = sizes["Pss_Anon"]
        private += own / 1000
        mapped += (sizes["Rss"] - own) / 1000
    return mapped, private
