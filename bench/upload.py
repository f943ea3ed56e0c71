"""Half a gigabyte through the upload, beside sha256sum on the same file."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kit.server import Server

from . import subject
from .figure import Figure

SIZE = 500 << 20
REPEATS = 3


def measure(folder: Path) -> Iterable[Figure]:
    film = folder / "film.mp4"  # a video, so that no picture is decoded beside the upload
    ours, peer, peak = list[float](), list[float](), 0
    with subject.server(folder) as server, subject.client(server) as http:
        time.sleep(2)  # idle means idle: what the start left over is given back
        idle = server.resident_bytes()
        for _ in range(REPEATS):
            write_random(film)
            peer.append(seconds(["sha256sum", str(film)]))
            with watching(server) as seen:
                ours.append(seconds(upload_command(server, film)))
            peak = max(peak, *seen)
            for asset in http.get("/api/assets").json()["data"]:
                http.delete(f"/api/assets/{asset['id']}").raise_for_status()
    rate, peer_rate = SIZE / min(ours) / 1e6, SIZE / min(peer) / 1e6
    yield Figure(
        "upload of 500 MB", f"{rate:.0f} MB/s", f"sha256sum {peer_rate:.0f} MB/s (ratio {rate / peer_rate:.2f})", "ratio ≥ 0.5", rate >= 0.5 * peer_rate
    )
    growth = (peak - idle) / 1e6
    yield Figure("server memory during it", f"+{growth:.0f} MB over idle", f"idle {idle / 1e6:.0f} MB", "≤ +30 MB", growth <= 30)


def write_random(path: Path) -> None:
    """Fresh bytes each time, so that no upload is a duplicate. They are on disk and in the page cache afterwards, for both."""
    with path.open("wb") as file:
        for _ in range(SIZE >> 20):
            file.write(os.urandom(1 << 20))
        file.flush()
        os.fsync(file.fileno())  # or else the writing goes on beneath the first reader, which is the peer


def upload_command(server: Server, film: Path) -> list[str]:
    fields = ["asset_data=@" + str(film), "device_asset_id=film", "device_id=bench", "file_created_at=2024-03-01T09:00:00Z", "file_modified_at=2024-03-01T09:00:00Z"]
    form = [word for field in fields for word in ("-F", field)]
    return ["curl", "-sS", "--fail", "-o", "/dev/null", "-H", f"Authorization: Bearer {server.first_key}", "-H", "Expect:", *form, f"{server.url}/api/assets"]


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


@contextmanager
def watching(server: Server) -> Iterator[list[int]]:
    """Resident memory, read every 20 ms while the block runs."""
    seen, stop = [server.resident_bytes()], threading.Event()

    def watch() -> None:
        while not stop.wait(0.02):
            seen.append(server.resident_bytes())

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        stop.set()
        thread.join()
