"""Three sizes out of a 12-megapixel JPEG, beside vipsthumbnail; processor time of one core."""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PIL import Image

from . import subject
from .figure import Figure, unmeasured

NAME, TARGET = "ladder of three from 12 MP, per core", "≥ 2 times vipsthumbnail"
SIZES = (360, 720, 1440)
REPEATS = 10


def measure(folder: Path) -> Iterable[Figure]:
    photo = folder / "photo.jpg"
    make_photo(photo)
    ours = subject.own_bench("ladder", str(photo), "--repeats", str(REPEATS), "--json")
    if ours is None:
        return [unmeasured(NAME, TARGET, "the binary has no `bench ladder`")]
    peer = REPEATS / vipsthumbnail_seconds(photo, folder)
    rate = ours["ladders_per_cpu_second"]
    return [Figure(NAME, f"{rate:.1f}/s", f"vipsthumbnail {peer:.1f}/s (ratio {rate / peer:.1f})", TARGET, rate >= 2 * peer)]


def make_photo(path: Path) -> None:
    """4032×3024, smooth shapes with sensor-like noise, quality 92: about the entropy of a phone's photo."""
    chance = np.random.default_rng(1)
    coarse = Image.fromarray(chance.integers(0, 256, (48, 64, 3), np.uint8)).resize((4032, 3024), Image.Resampling.BICUBIC)
    noisy = np.asarray(coarse, np.int16) + chance.normal(0, 6, (3024, 4032, 1)).astype(np.int16)
    Image.fromarray(noisy.clip(0, 255).astype(np.uint8)).save(path, quality=92)


def vipsthumbnail_seconds(photo: Path, folder: Path) -> float:
    """Processor seconds, user and system, of all repeats: one process per size, as the program offers it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for _ in range(REPEATS):
        for size in SIZES:
            command = ["vipsthumbnail", str(photo), "-s", str(size), "-o", str(folder / f"{size}.jpg[Q=80,strip]")]
            subprocess.run(command, check=True, env={**os.environ, "VIPS_CONCURRENCY": "1"})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
