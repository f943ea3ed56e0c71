"""The list of assets under load, beside FastAPI over the same database; and the start of a server with many assets."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from kit.server import Server

from . import crowd, subject
from .figure import Figure

MANY, FEW = 100_000, 1_000
SECONDS, ROUNDS = 4, 3
NO_KEY = "none"
"""The peer asks for no credential, which is in its favour; it gets a header of some length all the same."""


@dataclass(frozen=True)
class Load:
    """What wrk saw: requests a second, 99th and 50th percentile in milliseconds, and answers that were no success."""

    rate: float
    p99: float
    p50: float
    failures: int


def measure_lists(folder: Path) -> Iterable[Figure]:
    (folder / "many").mkdir()
    (folder / "few").mkdir()
    crowd.fill(folder / "few", FEW)
    key = crowd.fill(folder / "many", MANY)
    ours, peers = list[Load](), list[Load]()
    with reopened(folder / "many", key) as server, fastapi(server.data / "banksia.sqlite") as peer_url:
        sizes = len(page(server.url, key)), len(page(peer_url, NO_KEY))
        for _ in range(ROUNDS):  # in turn, so that a busy moment of the machine hits both
            ours.append(load(f"{server.url}/api/assets?limit=20", key))
            peers.append(load(f"{peer_url}/api/assets?limit=20", NO_KEY))
        many = [load(f"{server.url}/api/assets?limit=20", key, connections=1) for _ in range(ROUNDS)]
    with reopened(folder / "few", crowd_key(folder / "few")) as server:
        few = [load(f"{server.url}/api/assets?limit=20", server.first_key, connections=1) for _ in range(ROUNDS)]
    mine, theirs = best(ours), best(peers)
    failures = sum(one.failures for one in ours + many + few)
    yield Figure(
        "list of 20 from 100,000, 32 connections", f"{mine.rate:.0f}/s ({sizes[0]} B, {failures} failures)",
        f"FastAPI+orjson {theirs.rate:.0f}/s ({sizes[1]} B; ratio {mine.rate / theirs.rate:.1f})", "ratio ≥ 2",
        mine.rate >= 2 * theirs.rate and failures == 0,
    )  # fmt: skip
    yield Figure("its 99th percentile", f"{mine.p99:.1f} ms", f"FastAPI+orjson {theirs.p99:.1f} ms", "< 15 ms", mine.p99 < 15)
    ratio = best(few).rate / best(many).rate
    yield Figure(
        "first page at 100,000 against 1,000", f"{1000 / best(many).rate:.2f} ms", f"at 1,000 {1000 / best(few).rate:.2f} ms (ratio {ratio:.2f})",
        "ratio ≤ 1.3", ratio <= 1.3,
    )  # fmt: skip


def measure_start(folder: Path) -> Iterable[Figure]:
    key = crowd.fill(folder, MANY)
    times = list[float]()
    for _ in range(5):
        server = Server(folder, "--log-level", "warning", binary=subject.BINARY)
        server.first_key = key
        begin = time.perf_counter()
        server.start()
        answer = page(server.url, key)
        times.append(time.perf_counter() - begin)
        server.stop()
        assert answer
    middle = 1000 * subject.median(times)
    yield Figure("start with 100,000 assets to the first list", f"{middle:.0f} ms (median of 5)", "", "≤ 500 ms", middle <= 500)


def crowd_key(folder: Path) -> str:
    """A fresh key for a folder whose server is stopped."""
    return Server(folder, binary=subject.BINARY).command("key", "create", "--user", "owner@example.com")


@contextmanager
def reopened(folder: Path, key: str) -> Iterator[Server]:
    """A server on a folder that already has its account."""
    server = Server(folder, "--log-level", "warning", binary=subject.BINARY)
    server.first_key = key
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def fastapi(database: Path) -> Iterator[str]:
    """The peer, with a worker per core; ends with the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "bench.peer:app", "--port", str(port), "--workers", str(os.cpu_count()), "--log-level", "error", "--no-access-log"]
    process = subprocess.Popen(command, env={**os.environ, "BENCH_DATABASE": str(database)}, cwd=Path(__file__).parent.parent)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(url)
        yield url
    finally:
        process.terminate()
        process.wait()


def wait_for(url: str) -> None:
    """Returns when the peer answers."""
    deadline = time.monotonic() + 30
    while True:
        try:
            httpx.get(f"{url}/api/assets").raise_for_status()
            return
        except httpx.TransportError:
            assert time.monotonic() < deadline, "the peer did not start"
            time.sleep(0.1)


def page(url: str, key: str) -> bytes:
    """The first page, which has to be a full one."""
    response = httpx.get(f"{url}/api/assets?limit=20", headers={"Authorization": f"Bearer {key}"} if key else {})
    response.raise_for_status()
    assert len(response.json()["data"]) == 20
    return response.content


def load(url: str, key: str, connections: int = 32) -> Load:
    """Four seconds of wrk on one thread."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "--latency", "-H", f"Authorization: Bearer {key}", url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    assert rate is not None, said
    return Load(float(rate.group(1)), percentile(said, 99), percentile(said, 50), int(failed.group(1)) if failed else 0)


def percentile(said: str, which: int) -> float:
    """A line of wrk's distribution, in milliseconds."""
    found = re.search(rf"^\s+{which}%\s+([\d.]+)(us|ms|s)$", said, re.MULTILINE)
    assert found is not None, said
    return float(found.group(1)) * {"us": 0.001, "ms": 1, "s": 1000}[found.group(2)]


def best(loads: list[Load]) -> Load:
    """The round that the rest of the machine disturbed least."""
    return max(loads, key=lambda one: one.rate)
