"""How soon a photo is found after its upload, and how much memory an idle server holds."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from pathlib import Path

import httpx
from kit import pictures
from PIL import Image

from . import subject
from .figure import Figure

COUNT = 20


def measure(folder: Path) -> Iterable[Figure]:
    photos = real_photos() or [pictures.jpeg(number, 4032, 3024) for number in range(COUNT + 1)]
    with subject.server(folder) as server, subject.client(server) as http:
        cold, *times = [seconds_to_found(http, photo) for photo in photos]
    middle, slowest = 1000 * subject.median(times), 1000 * max(times)
    what = f"p50 {middle:.0f} ms, slowest {slowest:.0f} ms, the first (models load) {1000 * cold:.0f} ms"
    yield Figure(f"upload to searchable, {len(times)} photos", what, "", "p50 ≤ 300 ms", middle <= 300)


def real_photos() -> list[pictures.Picture]:
    """Twenty-one photos of the corpus: camera files first, then scenes. Empty without a corpus."""
    corpus = subject.corpus()
    if corpus is None:
        return []
    files = sorted((corpus / "exif" / "makes").glob("*.jp*g")) + sorted((corpus / "scenes").glob("*.jpg"))
    decodable = [pictures.Picture(path.name, path.read_bytes()) for path in files if is_decodable(path)]
    return decodable[: COUNT + 1]


def is_decodable(path: Path) -> bool:


    try:
        with Image.open(path) as image:
            image.load()
        return True
    except OSError:
        return False


def seconds_to_found(http: httpx.Client, photo: pictures.Picture) -> float:
    """From the first byte of the upload until a search shows the photo; the server is idle before and after."""
    begin = time.perf_counter()
    asset = subject.upload(http, photo)["id"]
    while True:
        answer = http.get("/api/search", params={"query": "a landscape", "threshold": 1, "limit": 200, "include": ""}).json()
        if any(hit["asset"]["id"] == asset for hit in answer["data"]):
            break
        assert time.perf_counter() - begin < 60, f"{photo.name} was not found within a minute"
    found = time.perf_counter() - begin
    while any(task["status"] in ("pending", "started") for task in http.get(f"/api/tasks/asset/{asset}").json()):
        time.sleep(0.02)
    return found


def measure_memory(folder: Path) -> Iterable[Figure]:
    """Without models: the process and whatever it has started, some seconds after the first list."""
    missing = ("--models", str(folder / "none"), "--runtime", str(folder / "none.so"))
    with subject.server(folder, *missing) as server, subject.client(server) as http:
        http.get("/api/assets").raise_for_status()
        time.sleep(5)
        own = server.resident_bytes()
        children = sum(resident(child) for child in server.children())
    total = (own + children) / 1e6
    yield Figure("idle memory without models", f"{total:.0f} MB ({own / 1e6:.0f} server, {children / 1e6:.0f} children)", "", "≤ 80 MB", total <= 80)


def resident(process: int) -> int:
    found = re.search(r"^VmRSS:\s+(\d+) kB$", Path(f"/proc/{process}/status").read_text(), re.MULTILINE)
    return int(found.group(1)) * 1024 if found else 0
