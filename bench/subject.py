"""The release binary as the subject of a measure, and the photos it is fed with."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from kit import engines
from kit.pictures import Picture
from kit.server import Server, environment

from . import ROOT

ENGINE = {"sqlite": "embedded", "postgres": "scaled"}[os.environ.get("ENGINE") or "sqlite"]
"""What the measures of `scale` stand on; all others are about one machine and so about the embedded engine."""

BINARY = Path(os.environ.get("BANKSIA_BINARY", ROOT / ".build" / "release" / "banksia"))


UNLIMITED = [word for kind in ("requests", "uploads", "media", "anonymous") for word in (f"--limit-{kind}", "0")]
"""A measure is one client that asks as fast as it can."""


@contextmanager
def server(folder: Path, *options: str) -> Iterator[Server]:
    """A running release server with little logging."""
    running = Server(folder, "--log-level", "warning", *UNLIMITED, *options, binary=BINARY).start()
    try:
        yield running
    finally:
        running.stop()


@contextmanager
def client(running: Server) -> Iterator[httpx.Client]:
    """A client with the key of the first start."""
    with httpx.Client(base_url=running.url, headers={"Authorization": f"Bearer {running.first_key}"}, timeout=60) as http:
        yield http


def upload(http: httpx.Client, picture: Picture, device: str = "bench") -> dict[str, Any]:
    """Uploads one photo."""
    fields = {"device_asset_id": picture.name, "device_id": device, "file_created_at": "2024-03-01T09:00:00Z", "file_modified_at": "2024-03-01T09:00:00Z"}
    response = http.post("/api/assets", data=fields, files={"asset_data": (picture.name, picture.content)})
    response.raise_for_status()
    return response.json()


ONE_CORE = ("taskset", "-c", "0")
"""Before a command: it and its children share one core, so that a figure is one "per core"."""


def own_bench(*words: str) -> dict[str, Any] | None:
    """What the binary's own `bench` command measured, where the figure cannot be seen from outside; None if it fails."""
    result = subprocess.run([*ONE_CORE, BINARY, "bench", *words], capture_output=True, text=True, env=environment(), check=False)
    if result.returncode != 0:
        print(f"bench: {' '.join(words)} ended with {result.returncode}: {result.stderr.strip()}")
        return None
    return json.loads(result.stdout)


def corpus() -> Path | None:
    """The photo corpus, if there is one."""
    folder = Path(os.environ.get("BANKSIA_FIXTURES", ROOT.parent / "shared" / "fixtures"))
    return folder if (folder / "scenes" / "captions.json").exists() else None


def median(values: list[float]) -> float:
    return statistics.median(values)
