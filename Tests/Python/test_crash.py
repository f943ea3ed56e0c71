"""kill -9 of the server and of its children at random moments: nothing acknowledged is lost, nothing is done twice.

Twenty rounds, ten photos more in each. In each round children die at random moments, then the server does; then everything
starts again, and photos whose upload got no answer are sent once more. The seed is printed, and `BANKSIA_CRASH_SEED` sets it, so that a failure can be run again.
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
from kit import pictures
from kit.account import file_part, upload_fields, wait_until
from kit.server import Server

ROUNDS, PER_ROUND, CLIENTS = 20, 10, 4
FINISH_SECONDS = 120


class Round:
    """Uploads going on in the background while a test kills things."""

    def __init__(self, server: Server, key: str, photos: list[pictures.Picture]) -> None:
        self._client = httpx.Client(base_url=server.url, headers={"Authorization": f"Bearer {key}"}, timeout=30)
        self._pool = ThreadPoolExecutor(CLIENTS)
        self._answers = [self._pool.submit(self._upload, photo) for photo in photos]

    def _upload(self, photo: pictures.Picture) -> str | None:
        """The asset's id if the upload was acknowledged, None if the server died before."""
        try:
            response = self._client.post("/api/assets", data=upload_fields(photo), files=file_part(photo))
        except httpx.TransportError:
            return None
        assert response.status_code in (200, 201), response.text
        return response.json()["id"]

    def finish(self) -> list[str | None]:
        self._pool.shutdown(wait=True)
        self._client.close()
        return [answer.result() for answer in self._answers]


def kill_children(server: Server, chance: random.Random, stop: threading.Event) -> None:
    """Kills one child after the other, each at a random moment, until told to stop."""
    while not stop.wait(chance.uniform(0.05, 0.4)):
        if children := server.children():
            try:
                os.kill(chance.choice(children), signal.SIGKILL)
            except ProcessLookupError:
                pass  # it ended by itself


def crash_once(server: Server, key: str, photos: list[pictures.Picture], chance: random.Random) -> list[str | None]:
    """One round on a running server; at its end the server is dead."""
    uploads, stop = Round(server, key, photos), threading.Event()
    killer = threading.Thread(target=kill_children, args=(server, random.Random(chance.random()), stop))
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
    key, acknowledged, waiting = server.first_key, dict[str, pictures.Picture](), list[pictures.Picture]()
    for round_number in range(ROUNDS):
        waiting += photos[round_number * PER_ROUND : (round_number + 1) * PER_ROUND]
        answers = crash_once(server, key, waiting, chance)
        acknowledged |= {asset: photo for photo, asset in zip(waiting, answers) if asset is not None}
        # As a phone would: what got no answer is sent again. Some of it had arrived, and must not arrive twice.
        waiting = [photo for photo, asset in zip(waiting, answers) if asset is None]
        server.start()
    print(f"{len(acknowledged)} of {len(photos)} uploads acknowledged between the crashes")
    answers = Round(server, key, waiting).finish()
    acknowledged |= {asset: photo for photo, asset in zip(waiting, answers) if asset is not None}
    assert len(acknowledged) == len(photos)
    try:
        with httpx.Client(base_url=server.url, headers={"Authorization": f"Bearer {key}"}, timeout=60) as client:
            assert_all_is_well(server, client, acknowledged)
    finally:
        server.stop()
    assert server.unfinished_files() == []


def assert_all_is_well(server: Server, client: httpx.Client, acknowledged: dict[str, pictures.Picture]) -> None:
    """Every acknowledged photo is there, intact and fully processed, once; and nothing else lies around."""
    assets = listed(client)
    assert {asset["id"]: asset["checksum"] for asset in assets} == {asset: photo.checksum for asset, photo in acknowledged.items()}

    unfinished = wait_until(lambda: unfinished_tasks(client), lambda tasks: not tasks, FINISH_SECONDS)
    assert unfinished == []
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
    assert stored_originals(server, {hashlib.sha256(photo.content).hexdigest() for photo in acknowledged.values()}) == len(assets)


def listed(client: httpx.Client) -> list[dict]:
    """Every asset of the only library."""
    page = client.get("/api/assets", params={"limit": 200, "state": "all"}).json()
    assert page["has_more"] is False
    return page["data"]


def unfinished_tasks(client: httpx.Client) -> list[dict]:
    return [task for status in ("pending", "started") for task in client.get("/api/tasks", params={"status": status, "limit": 200}).json()]


def stored_originals(server: Server, known: set[str]) -> int:
    """How many files of the data folder are one of the photos, whatever their name."""
    files = (path for path in server.data.rglob("*") if path.is_file() and path.stat().st_size < 1 << 20)
    return sum(hashlib.sha256(path.read_bytes()).hexdigest() in known for path in files)
