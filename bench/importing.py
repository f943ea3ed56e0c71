"""Thousands of photos at once: what memory that takes, and what others notice of it.

`BENCH_IMPORT` says how many photos, 5,000 by default; as many are imported a second time, to see whether anything grows.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import re
import statistics
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from kit import pictures
from kit.server import Server

from . import queries, subject
from .figure import Figure
from .ingest import CLIENTS, numbered, upload_all, wait_for_work
from .ladder import make_photo

COUNT = int(os.environ.get("BENCH_IMPORT", "5000"))
LARGE = 10
"""One photo in so many has 12 megapixels, the others 3."""
IDLE_LISTS, IDLE_SEARCHES = 200, 60
MINUTE = 60


def measure(folder: Path) -> Iterable[Figure]:
    large, small = folder / "large.jpg", folder / "small.jpg"
    make_photo(large)
    make_photo(small, (2016, 1512))
    contents = [large.read_bytes()] + [small.read_bytes()] * (LARGE - 1)
    with subject.server(folder / "data") as server, subject.client(server) as http:
        upload_all(http, [numbered(contents[number % LARGE], number) for number in range(40)])
        idle = sorted(seconds_of_list(http) for _ in range(IDLE_LISTS))
        idle_searches = sorted(seconds_of_search(http) for _ in range(IDLE_SEARCHES))
        peaks, rates, lists, searches, found = list[int](), list[float](), list[float](), list[float](), list[float]()
        for half in range(2):
            begin = time.perf_counter()
            with (
                watching(server) as seen, asking(server, seconds_of_list, 0.1, lists), asking(server, seconds_of_search, 0.5, searches),
                asking(server, seconds_to_found, 2, found),
            ):  # fmt: skip
                upload_many(http, contents, range(1000 + half * COUNT, 1000 + (half + 1) * COUNT))
                wait_for_work(http)
            rates.append(COUNT / (time.perf_counter() - begin))
            peaks.append(max(seen))
        time.sleep(MINUTE)
        after = tree_bytes(server)
    what = f"import of {COUNT:,} photos"
    yield Figure(f"{what}, one in {LARGE} of 12 MP", f"{rates[0]:.1f}/s", f"the second {COUNT:,}: {rates[1]:.1f}/s", "", True)
    yield Figure(f"memory of all processes, {what}", f"{max(peaks) / 1e6:.0f} MB", "", "≤ 600 MB", max(peaks) <= 600e6)
    yield Figure("the same a minute after", f"{after / 1e6:.0f} MB", "", "≤ 120 MB", after <= 120e6)
    growth = peaks[1] / peaks[0]
    yield Figure(f"the same of the second {COUNT:,}", f"{growth:.2f} times the first", "", "≤ 1.1 times", growth <= 1.1)
    for name, during, before in (("list", lists, idle), ("search in new words", searches, idle_searches)):
        ratio = percentile(during) / percentile(before)
        times = f"{1000 * percentile(during):.0f} ms against {1000 * percentile(before):.0f} ms idle"
        yield Figure(f"{name}, p95 during it", f"{ratio:.1f} times idle", times, "≤ 2 times", ratio <= 2)
    yield Figure(f"a fresh photo searchable during it, {len(found)} photos", f"p95 {percentile(found):.2f} s", "", "≤ 1 s", percentile(found) <= 1)


def percentile(values: list[float]) -> float:
    """The 95th."""
    return statistics.quantiles(values, n=20)[-1]


def upload_many(http: httpx.Client, contents: list[bytes], numbers: range) -> None:
    """Photos are made on the way: there is no room for all of them in memory."""
    with ThreadPoolExecutor(CLIENTS) as pool:
        for first in range(numbers.start, numbers.stop, 100):
            some = range(first, min(first + 100, numbers.stop))
            list(pool.map(lambda number: subject.upload(http, numbered(contents[number % LARGE], number)), some))


def seconds_of_list(http: httpx.Client) -> float:
    begin = time.perf_counter()
    http.get("/api/assets", params={"limit": 50}).raise_for_status()
    return time.perf_counter() - begin


def seconds_of_search(http: httpx.Client) -> float:
    """In words that nobody has searched for."""
    words = f"a {random.choice(queries.FIRST)} {random.choice(queries.SECOND)} at number {random.randrange(1_000_000)}"
    begin = time.perf_counter()
    http.get("/api/search", params={"query": words, "limit": 20, "threshold": 1}).raise_for_status()
    return time.perf_counter() - begin


def seconds_to_found(http: httpx.Client) -> float:
    """From the first byte of a small photo of somebody's phone until it has its vector, which the next search finds."""
    photo = pictures.jpeg(int(time.time() * 1000) % 10_000_000, 1024, 768)
    begin = time.perf_counter()
    asset = subject.upload(http, photo, device="phone")["id"]
    while time.perf_counter() - begin < 60:
        answer = http.get("/api/tasks/asset/" + asset).json()
        if any(task["task_type"] == "embedding" and task["status"] == "success" for task in answer):
            return time.perf_counter() - begin
        time.sleep(0.02)
    return time.perf_counter() - begin


@contextmanager
def asking(server: Server, ask: Callable[[httpx.Client], float], pause: float, answers: list[float]) -> Iterator[None]:
    """Asks over and over while the block runs, and adds what was measured to `answers`.

    In a process of its own: an interpreter runs one thread at a time, and those that upload would be in the clock's way.
    """
    spawning = multiprocessing.get_context("spawn")
    stop, results = spawning.Event(), spawning.SimpleQueue()
    process = spawning.Process(target=answer_until, args=(stop, results, server.url, server.first_key, ask, pause))
    process.start()
    try:
        yield
    finally:
        stop.set()
        answers += results.get()
        process.join()


def answer_until(stop: Any, results: Any, url: str, key: str, ask: Callable[[httpx.Client], float], pause: float) -> None:
    """The work of that process."""
    answers = list[float]()
    try:
        with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=60) as http:
            while not stop.wait(pause):
                answers.append(ask(http))
    finally:
        results.put(answers)


@contextmanager
def repeating(seconds: float, work: Callable[[], None]) -> Iterator[None]:
    """Does something over and over while the block runs, with a pause in between."""
    stop = threading.Event()

    def run() -> None:
        while not stop.wait(seconds):
            work()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@contextmanager
def watching(server: Server) -> Iterator[list[int]]:
    """The memory of the process tree, twice a second while the block runs."""
    seen = [tree_bytes(server)]
    with repeating(0.5, lambda: seen.append(tree_bytes(server))):
        yield seen


def tree_bytes(server: Server) -> int:
    """Proportional set sizes: a page that several processes share is counted once."""
    return sum(proportional(process) for process in [server.process.pid, *server.children()])


def proportional(process: int) -> int:
    try:
        found = re.search(r"^Pss:\s+(\d+) kB$", Path(f"/proc/{process}/smaps_rollup").read_text(), re.MULTILINE)
    except OSError:
        return 0
    return int(found.group(1)) * 1024 if found else 0
