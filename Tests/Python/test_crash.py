"""kill -9 of the server, of workers and of their children at random moments: nothing acknowledged is lost, nothing is done twice.

Twenty rounds, ten photos more in each. In each round children die at random moments, and workers (of which only the scaled
engine has some besides the server), then the server does; then everything starts again, and photos whose upload got no
answer are sent once more. The seed is printed, and `BANKSIA_CRASH_SEED` sets it, so that a failure can be run again.
"""

from __future__ import annotations

import hashlib
import os
import random
import signal
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
from kit import books, engines, pictures
from kit.account import file_part, upload_fields, wait_until
from kit.replica import Link
from kit.server import Program, Server, Worker
from kit.writers import Ids, Writer

ROUNDS, PER_ROUND, CLIENTS = 20, 10, 4
WORKERS = 2
ATTEMPTS = 3
"""How often photos are sent after the last crash; each server that is well takes them at once."""
FINISH_SECONDS = 240


class Round:
    """Uploads going on in the background while a test kills things."""

    def __init__(self, server: Server, key: str, photos: list[pictures.Picture]) -> None:
        self._client = httpx.Client(base_url=server.url, headers={"Authorization": f"Bearer {key}"}, timeout=30)
        self._pool = ThreadPoolExecutor(CLIENTS)
        self._answers = [self._pool.submit(self._upload, photo) for photo in photos]

    def _upload(self, photo: pictures.Picture) -> str | None:
        """The asset's id if the upload was acknowledged, None if the server died before or wants to be asked again."""
        try:
            response = self._client.post("/api/assets", data=upload_fields(photo), files=file_part(photo))
        except httpx.TransportError:
            return None
        if response.status_code == 503 and "Retry-After" in response.headers:
            return None
        assert response.status_code in (200, 201), response.text
        return response.json()["id"]

    def finish(self) -> list[str | None]:
        self._pool.shutdown(wait=True)
        self._client.close()
        return [answer.result() for answer in self._answers]


def kill_now_and_then(server: Server, workers: list[Worker], chance: random.Random, stop: threading.Event) -> None:
    """Kills one process after the other, each at a random moment, until told to stop: mostly children, at times a worker."""
    while not stop.wait(chance.uniform(0.05, 0.4)):
        program: Program = chance.choice([server, *workers])
        if program is not server and chance.random() < 0.2:
            program.kill()
            program.start()
        elif children := program.children():
            try:
                os.kill(chance.choice(children), signal.SIGKILL)
            except ProcessLookupError:
                pass  # it ended by itself


def crash_once(server: Server, workers: list[Worker], key: str, photos: list[pictures.Picture], chance: random.Random) -> list[str | None]:
    """One round on a running server; at its end the server is dead."""
    uploads, stop = Round(server, key, photos), threading.Event()
    killer = threading.Thread(target=kill_now_and_then, args=(server, workers, random.Random(chance.random()), stop))
    killer.start()
    time.sleep(chance.uniform(0.1, 2.0))  # the random moment this test is about
    server.kill()
    stop.set()
    killer.join()
    return uploads.finish()


def test_acknowledged_uploads_survive_kills_at_any_moment(tmp_path: Path) -> None:
    seed = int(os.environ.get("BANKSIA_CRASH_SEED", random.randrange(1 << 32)))
    print(f"seed {seed}")
    chance = random.Random(seed)
    photos = [pictures.jpeg(number, 400, 300, name=f"{number}.jpg", taken="2024:01:01 00:00:00") for number in range(ROUNDS * PER_ROUND)]
    server = Server(tmp_path).start()
    # Hosts of their own, which share nothing with the server's but what is behind all of them.
    workers = [Worker(tmp_path / f"worker-{number}", engine=server.engine).start() for number in range(WORKERS if is_scaled() else 0)]
    key, acknowledged, waiting = server.first_key, dict[str, pictures.Picture](), list[pictures.Picture]()
    for round_number in range(ROUNDS):
        waiting += photos[round_number * PER_ROUND : (round_number + 1) * PER_ROUND]
        answers = crash_once(server, workers, key, waiting, chance)
        acknowledged |= {asset: photo for photo, asset in zip(waiting, answers) if asset is not None}
        # As a phone would: what got no answer is sent again. Some of it had arrived, and must not arrive twice.
        waiting = [photo for photo, asset in zip(waiting, answers) if asset is None]
        server.start()
    print(f"{len(acknowledged)} of {len(photos)} uploads acknowledged between the crashes")
    try:
        for _ in range(ATTEMPTS):
            answers = Round(server, key, waiting).finish()
            acknowledged |= {asset: photo for photo, asset in zip(waiting, answers) if asset is not None}
            waiting = [photo for photo, asset in zip(waiting, answers) if asset is None]
        assert len(acknowledged) == len(photos)
        with httpx.Client(base_url=server.url, headers={"Authorization": f"Bearer {key}"}, timeout=60) as client:
            assert_all_is_well(server, client, acknowledged)
    finally:
        ended = [program.stop() for program in (server, *workers)]
    assert set(ended) == {0}
    assert [file for program in (server, *workers) for file in program.temporary_files()] == []


def is_scaled() -> bool:
    return engines.chosen.kind == "scaled"


def assert_all_is_well(server: Server, client: httpx.Client, acknowledged: dict[str, pictures.Picture]) -> None:
    """Every acknowledged photo is there, intact and fully processed, once; and nothing else lies around."""
    assets = listed(client)
    assert {asset["id"]: asset["checksum"] for asset in assets} == {asset: photo.checksum for asset, photo in acknowledged.items()}

    wait_until(server.open_jobs, lambda jobs: not jobs, FINISH_SECONDS)
    for asset in assets:
        tasks = client.get(f"/api/tasks/asset/{asset['id']}").json()
        assert [(task["task_type"], task["error_message"]) for task in tasks if task["status"] != "success"] == []
        kinds = Counter(task["task_type"] for task in tasks)
        assert kinds["embedding"] == kinds["thumbhash"] == kinds["display_proxy_generation"] == 1, kinds
        original = client.get(asset["asset_urls"]["original"]["url"]).content
        assert pictures.Picture("", original).checksum == asset["checksum"]
        assert client.get(asset["asset_urls"]["preview"]["url"]).status_code == 200
    found = client.get("/api/search", params={"query": "shapes", "threshold": 1, "limit": 200}).json()["data"]
    assert Counter(hit["asset"]["id"] for hit in found) == Counter(asset["id"] for asset in assets)
    assert client.get("/api/libraries").json()[0]["asset_count"] == len(assets)
    originals = server.originals()
    assert originals.keys() == {hashlib.sha256(photo.content).hexdigest() for photo in acknowledged.values()}
    assert [name for name, read in originals.items() if hashlib.sha256(read()).hexdigest() != name] == []


def listed(client: httpx.Client) -> list[dict]:
    """Every asset of the only library."""
    page = client.get("/api/assets", params={"limit": 200, "state": "all"}).json()
    assert page["has_more"] is False
    return page["data"]


CHANGES = [
    *[Writer.upload] * 4, *[Writer.append] * 3, *[Writer.replace] * 2, Writer.revert, Writer.delete_version,
    *[Writer.move] * 3, *[Writer.trash] * 2, *[Writer.empty_trash] * 3, Writer.delete_many, *[Writer.purge] * 2,
]  # fmt: skip
CHANGE_ROUNDS, CHANGES_PER_ROUND, ROUND_SECONDS = 5, 12, 4


def test_changes_that_are_cut_off_leave_nothing_half_done(tmp_path: Path) -> None:
    seed = int(os.environ.get("BANKSIA_CRASH_SEED", random.randrange(1 << 32)))
    print(f"seed {seed}")
    server, chance = Server(tmp_path).start(), random.Random(seed)
    link, ids = Link(server, server.first_key), Ids()
    libraries = [link.sdk.libraries.list()[0].id, link.sdk.libraries.create(name="Other").id]
    writers = [Writer(number, seed, 10_000, Link(server, server.first_key), libraries, ids, CHANGES) for number in range(CLIENTS)]
    for library in libraries:
        writers[0].library = library
        for deed in (Writer.upload, Writer.upload, Writer.upload, Writer.append, Writer.append):
            deed(writers[0])
    for writer in writers:
        writer.start()
    for _ in range(CHANGE_ROUNDS):
        goal, deadline = sum(writer.done for writer in writers) + CHANGES_PER_ROUND, time.monotonic() + ROUND_SECONDS
        while sum(writer.done for writer in writers) < goal and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 0.2))  # the random moment this test is about
        server.kill()
        server.start()
    for writer in writers:
        writer.ended.set()
    for writer in writers:
        writer.join()
    cut = sum(writer.cut for writer in writers)
    print(f"{sum(writer.done for writer in writers)} changes, {cut} cut off; done: {sorted(set().union(*(writer.did for writer in writers)))}")
    assert [fault for writer in writers for fault in writer.faults] == []

    # A removal of a file that was cut off is taken up again after two minutes, when nobody can be at it any more.
    held = "SELECT checksum FROM original_removal WHERE is_under_way"
    left = wait_until(server.open_jobs, lambda jobs: len(jobs) <= len(server.rows(held)), FINISH_SECONDS)
    assert set(left) <= {"asset_storage_cleanup", "asset_version_storage_cleanup"}
    assert server.rows("SELECT kind, error_message FROM job WHERE status = 'failure'") == []
    assert server.rows("SELECT name FROM library WHERE purging_since IS NOT NULL") == []
    assert books.disagreements(server) == []
    originals, referenced = server.originals(), books.referenced(server)
    assert referenced - originals.keys() == set()
    assert [name for name in referenced if hashlib.sha256(originals[name]()).hexdigest() != name] == []
    # A file whose row was never committed waits for the daily sweep.
    assert len(originals.keys() - referenced) <= cut + len(server.rows(held))
    assert server.stop() == 0
    assert server.temporary_files() == []
