"""What is asked of a database and a store, on the engine that ENGINE names: pages, searches, the queue, uploads."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from kit.engines import Embedded, Engine, Engines, Scaled
from kit.server import Server, environment

from . import crowd, lists, scan, subject, upload
from .figure import Figure

MANY = lists.MANY
JOBS = 10_000
WIDTHS = (0, MANY // 10, MANY // 100)
"""How many of the newest photos a filter lets through; 0 for no filter."""
QUERIES = 50
COMMITS_SECONDS = 2


@contextmanager
def engine(folder: Path) -> Iterator[Engine]:
    """An empty engine of the kind this run is about, for a data folder."""
    made = Engines(subject.ENGINE)
    try:
        yield made.fresh(folder)
    finally:
        made.close()


def measure_page(folder: Path) -> Iterable[Figure]:
    with crowded(folder) as server, lists.fastapi(folder / "data" / "banksia.sqlite") as peer:
        ours, peers = list[lists.Load](), list[lists.Load]()
        for _ in range(lists.ROUNDS):
            ours.append(lists.load(f"{server.url}/api/assets?limit=20", server.first_key))
            peers.append(lists.load(f"{peer}/api/assets?limit=20", lists.NO_KEY))
    mine, theirs = lists.best(ours), lists.best(peers)
    yield Figure(
        f"list of 20 from {MANY:,}, 32 connections, {subject.ENGINE}", f"{mine.rate:.0f}/s, p99 {mine.p99:.1f} ms ({mine.failures} failures)",
        f"FastAPI+orjson over SQLite {theirs.rate:.0f}/s, p99 {theirs.p99:.1f} ms (ratio {mine.rate / theirs.rate:.1f})", "no failures", mine.failures == 0,
    )  # fmt: skip


def measure_search(folder: Path) -> Iterable[Figure]:
    vectors, queries = scan.clustered_vectors()
    queries = queries[:QUERIES]
    (folder / "vectors").write_bytes(vectors.tobytes())
    (folder / "queries").write_bytes(queries.tobytes())
    with crowded(folder) as server:
        server.stop()  # so that it does not work on the same vectors
        widths = [word for width in WIDTHS for word in ("--newest", str(width))]
        said = server.command("bench", "search", str(folder / "vectors"), str(folder / "queries"), *widths)
        server.start()
    answer = json.loads(said)
    newest_first = np.array(answer["newestFirst"])
    for run in answer["runs"]:
        eligible = newest_first[: run["newest"]] if run["newest"] else newest_first
        recall, exact = compare(vectors, queries, eligible, run["found"])
        middle = subject.median(run["milliseconds"])
        yield Figure(
            f"nearest 200 of {len(eligible):,} among {MANY:,}, {subject.ENGINE}", f"p50 {middle:.1f} ms, p99 {np.percentile(run['milliseconds'], 99):.1f} ms, recall {recall:.4f}",
            f"numpy, all of them {exact:.1f} ms", "recall ≥ 0.99", recall >= 0.99,
        )  # fmt: skip


def compare(vectors: np.ndarray, queries: np.ndarray, eligible: np.ndarray, found: list[list[int]]) -> tuple[float, float]:
    """How much of the true nearest 200 was found, and the middle time of looking at each vector, in milliseconds."""
    among = np.ascontiguousarray(vectors[eligible])
    shares, times = list[float](), list[float]()
    for query, mine in zip(queries, found):
        begin = time.perf_counter()
        scores = among @ query
        best = eligible[np.argpartition(-scores, scan.NEAREST)[: scan.NEAREST]]
        times.append(1000 * (time.perf_counter() - begin))
        shares.append(len(set(best.tolist()) & set(mine)) / scan.NEAREST)
    return float(np.mean(shares)), subject.median(times)


def measure_queue(folder: Path) -> Iterable[Figure]:
    with engine(folder / "queue" / "data") as behind:
        program = Server(folder / "queue", binary=subject.BINARY, engine=behind)
        program.command("migrate")
        commits = commits_per_second(behind, folder)
        rates = {workers: jobs_per_second(program, workers) for workers in (1, 2, 4)}
    for workers, rate in rates.items():
        text = f"one client commits {commits:.0f}/s (ratio {rate / commits:.1f}); one worker {rates[1]:.0f}/s (ratio {rate / rates[1]:.2f})"
        wants = workers == 4 and subject.ENGINE == "scaled" and (os.cpu_count() or 1) >= 8
        yield Figure(
            f"queue, {workers} workers, {subject.ENGINE}", f"{rate:.0f} jobs/s on {os.cpu_count()} cores", text,
            "4 workers ≥ 2.5 × 1, where there are cores for them", rate >= 2.5 * rates[1] if wants else None if workers == 4 else True,
        )  # fmt: skip


def jobs_per_second(program: Server, workers: int) -> float:
    """Empty jobs, from the first that is enqueued to the last that is done."""
    running = [
        subprocess.Popen(
            [subject.BINARY, "bench", "queue", "work", "--data", str(program.data), "--log-level", "warning"],
            stdout=subprocess.PIPE, text=True, env={**environment(), **program.engine.environment})
        for _ in range(workers)
    ]  # fmt: skip
    try:
        for worker in running:
            assert worker.stdout is not None and worker.stdout.readline() == "ready\n"
        said = json.loads(program.command("bench", "queue", "fill", "--count", str(JOBS)))
        return JOBS / said["done_seconds"]
    finally:
        for worker in running:
            worker.send_signal(signal.SIGTERM)
        for worker in running:
            worker.wait()


def commits_per_second(behind: Engine, folder: Path) -> float:
    """One client that inserts a row and commits, over and over: what the database itself can do one after the other."""
    import sqlite3

    import psycopg

    if isinstance(behind, Scaled):
        connection, mark = psycopg.connect(behind.database_url), "%s"
    else:
        connection, mark = sqlite3.connect(folder / "commits.sqlite"), "?"
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE bench_commit (number bigint)")
    connection.commit()
    begin, count = time.perf_counter(), 0
    while time.perf_counter() - begin < COMMITS_SECONDS:
        connection.execute(f"INSERT INTO bench_commit (number) VALUES ({mark})", (count,))
        connection.commit()
        count += 1
    rate = count / (time.perf_counter() - begin)
    connection.execute("DROP TABLE bench_commit")
    connection.commit()
    connection.close()
    return rate


def measure_upload(folder: Path) -> Iterable[Figure]:
    film = folder / "film.mp4"
    with engine(folder / "upload" / "data") as behind:
        server = Server(folder / "upload", "--log-level", "warning", binary=subject.BINARY, engine=behind).start()
        ours, peer = list[float](), list[float]()
        try:
            for number in range(upload.REPEATS):
                upload.write_random(film)
                peer.append(peer_seconds(behind, film, number))
                ours.append(upload.seconds(upload.upload_command(server, film)))
        finally:
            server.stop()
    rate, peer_rate = upload.SIZE / min(ours) / 1e6, upload.SIZE / min(peer) / 1e6
    name = "boto3 to the same store" if isinstance(behind, Scaled) else "sha256sum"
    yield Figure(f"upload of 500 MB, {subject.ENGINE}", f"{rate:.0f} MB/s", f"{name} {peer_rate:.0f} MB/s (ratio {rate / peer_rate:.2f})", "ratio ≥ 0.5", rate >= 0.5 * peer_rate)


def peer_seconds(behind: Engine, film: Path, number: int) -> float:
    """The same file by the official client into the same bucket; beside a folder, the hashing that an upload cannot do without."""
    if not isinstance(behind, Scaled):
        return upload.seconds(["sha256sum", str(film)])
    begin = time.perf_counter()
    behind.bucket.client().upload_file(str(film), behind.bucket.name, f"bench-peer/{number}")
    return time.perf_counter() - begin


@contextmanager
def crowded(folder: Path) -> Iterator[Server]:
    """A server with many assets, on the engine of this run. The embedded ones are in `folder / "data"` in any case."""
    key = crowd.fill(folder, MANY)
    with engine(folder / "moved" / "data") as behind:
        place = folder if isinstance(behind, Embedded) else folder / "moved"
        if isinstance(behind, Scaled):
            move(folder / "data", folder / "moved" / "data", behind)
        else:
            behind = Embedded(folder / "data")
        server = Server(place, "--log-level", "warning", binary=subject.BINARY, engine=behind)
        server.first_key = key
        server.start()
        try:
            yield server
        finally:
            server.stop()


def move(source: Path, target: Path, behind: Scaled) -> None:
    """Fills an engine from an embedded one. Only one of the originals exists, so the command ends with 1 and says so."""
    target.mkdir(parents=True, exist_ok=True)
    settings = {name.removeprefix("BANKSIA_").lower().replace("_", "-"): value for name, value in behind.environment.items()}
    configuration = target.parent / "target.conf"
    configuration.write_text("".join(f"{name} = {value}\n" for name, value in {"data": str(target), **settings}.items()))
    command = [subject.BINARY, "migrate-store", "--data", str(source), "--target", str(configuration)]
    result = subprocess.run(command, capture_output=True, text=True, env=environment(), check=False)
    assert "of asset, compared and equal" in result.stdout, result.stdout[-2000:] + result.stderr
