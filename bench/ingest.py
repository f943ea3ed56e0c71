"""Whole photos through the pipeline: upload, metadata, hash, three sizes, vector; beside other programs that make the three sizes.

All have the same cores. The others only decode and write: no upload, no metadata, no hash, no model. Behind each rate stands the
processor time of a photo, which other work on the machine changes little.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
from kit.pictures import Picture
from kit.server import FIRST_USER, Server

from . import subject
from .figure import Figure, unmeasured
from .ladder import SIZES, make_photo

PHOTOS, WARM = 40, 4
CLIENTS = 4
JPEG, HEIC = "12 MP JPEG, all but faces", "12 MP HEIC, all but faces"
FACES = "12 MP JPEG, faces too"


def measure(folder: Path) -> Iterable[Figure]:
    photo = folder / "photo.jpg"
    make_photo(photo)
    content = photo.read_bytes()
    ours = pace_of_ours(folder / "jpeg", [numbered(content, number) for number in range(PHOTOS + WARM)])
    peers = {name: pace_of(command, photo, folder) for name, command in PEERS.items()}
    yield Figure(JPEG, str(ours), beside(ours, peers), "≥ 10/s on 2 idle cores", ours.rate >= 10)
    whole = pace_of_ours(folder / "faces", [numbered(content, number) for number in range(PHOTOS // 2 + WARM)], finds_faces=True)
    yield Figure(FACES, str(whole), beside(whole, {"all but faces": ours}), "≥ 2/s on 2 idle cores", whole.rate >= 2)
    tiles = folder / "photo.heic"
    if subprocess.run(["vips", "copy", str(photo), f"{tiles}[Q=60]"], check=False, capture_output=True).returncode != 0:
        yield unmeasured(HEIC, "≥ 4/s", "libvips writes no HEIC here")
        return
    content = tiles.read_bytes()
    ours = pace_of_ours(folder / "heic", [boxed(content, number) for number in range(PHOTOS // 2 + WARM)])
    peer = pace_of(vipsthumbnail, tiles, folder)
    yield Figure(HEIC, str(ours), beside(ours, {"vipsthumbnail": peer}), "≥ 4/s on 2 idle cores", ours.rate >= 4)


@dataclass(frozen=True)
class Pace:
    """How many photos a second, and the milliseconds of processor time that each takes."""

    rate: float
    cost: float

    def __str__(self) -> str:
        return f"{self.rate:.1f}/s ({self.cost:.0f} ms)"


def numbered(jpeg: bytes, number: int) -> Picture:
    """The same JPEG with a comment of its own (ITU-T T.81 §B.2.4.5), so that it is no duplicate."""
    comment = f"{number:08}".encode()
    return Picture(f"photo-{number}.jpg", jpeg[:2] + b"\xff\xfe" + (2 + len(comment)).to_bytes(2) + comment + jpeg[2:])


def boxed(heic: bytes, number: int) -> Picture:
    """The same HEIC with a box at its end that says nothing (ISO/IEC 14496-12 §8.1.2)."""
    return Picture(f"photo-{number}.heic", heic + (16).to_bytes(4) + b"free" + f"{number:08}".encode())


def pace_of_ours(data: Path, photos: list[Picture], *, finds_faces: bool = False) -> Pace:
    """From the first byte of the first upload until all background work is done; models and children are loaded before."""
    with subject.server(data) as server, subject.client(server) as http:
        session = server.command("session", "create", "--user", FIRST_USER)  # keys may not change a user's preferences
        wish = {"face_detection_preference": finds_faces}
        http.patch("/api/users/me", json=wish, headers={"Authorization": f"Bearer {session}"}).raise_for_status()
        upload_all(http, photos[:WARM])
        begin, before = time.perf_counter(), processor_seconds(server)
        upload_all(http, photos[WARM:])
        count = len(photos[WARM:])
        return Pace(count / (time.perf_counter() - begin), 1000 * (processor_seconds(server) - before) / count)


def processor_seconds(server: Server) -> float:
    """Of the server, of its children, and of those of theirs that have ended."""
    ticks = 0
    for process in [server.process.pid, *server.children()]:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        ticks += sum(int(field) for field in fields[11:15])  # utime, stime, cutime, cstime: proc(5)
    return ticks / os.sysconf("SC_CLK_TCK")


def upload_all(http: httpx.Client, photos: list[Picture]) -> None:
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(lambda photo: subject.upload(http, photo), photos))
    wait_for_work(http)


def wait_for_work(http: httpx.Client) -> None:
    while any(http.get("/api/tasks/", params={"status": status, "limit": 1}).json() for status in ("pending", "started")):
        time.sleep(0.02)
    failed = http.get("/api/tasks/", params={"status": "failure", "limit": 1}).json()
    assert not failed, failed


PILLOW = """
import sys
from PIL import Image, ImageOps
source, folder, *sizes = sys.argv[1:]
picture = Image.open(source)
picture.draft("RGB", (int(sizes[0]), int(sizes[0])))
picture = ImageOps.exif_transpose(picture)
for size in map(int, sizes):
    picture.thumbnail((size, size))
    picture.save(f"{folder}/{size}.webp", quality=80, method=2)
"""
DOWNWARD = sorted(SIZES, reverse=True)


def pillow(photo: Path, folder: Path) -> list[list[str]]:
    return [[sys.executable, "-c", PILLOW, str(photo), str(folder), *map(str, DOWNWARD)]]


def vipsthumbnail(photo: Path, folder: Path) -> list[list[str]]:
    """One process per size, as the program offers it."""
    return [["vipsthumbnail", str(photo), "-s", str(size), "-o", f"{folder}/{size}.webp[Q=80,effort=2,strip]"] for size in SIZES]


def ffmpeg(photo: Path, folder: Path) -> list[list[str]]:
    outputs = [
        word for size in DOWNWARD for word in ("-vf", f"scale={size}:-2", "-c:v", "libwebp", "-quality", "80", "-compression_level", "2", f"{folder}/{size}.webp")
    ]
    return [["ffmpeg", "-v", "error", "-nostdin", "-y", "-threads", "1", "-i", str(photo), *outputs]]


Commands = Callable[[Path, Path], list[list[str]]]
PEERS: dict[str, Commands] = {"Pillow": pillow, "vipsthumbnail": vipsthumbnail, "ffmpeg": ffmpeg}


def pace_of(commands: Commands, photo: Path, folder: Path) -> Pace:
    """As many times as there are photos, on as many cores as there are."""

    def run(number: int) -> None:
        into = folder / f"peer-{number}"
        into.mkdir(exist_ok=True)
        for command in commands(photo, into):
            subprocess.run(command, check=True, capture_output=True)

    def spent() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    begin, before = time.perf_counter(), spent()
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        list(pool.map(run, range(PHOTOS)))
    return Pace(PHOTOS / (time.perf_counter() - begin), 1000 * (spent() - before) / PHOTOS)


def beside(ours: Pace, peers: dict[str, Pace]) -> str:
    return ", ".join(f"{name} {peer}, ratio {ours.rate / peer.rate:.2f}" for name, peer in peers.items())
