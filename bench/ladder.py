"""Three sizes out of a 12-megapixel JPEG, beside vipsthumbnail; both bound to one core, both writing the same WebP."""

from __future__ import annotations

import subprocess
import time
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
    ours = subject.own_bench("ladder", str(photo), "--rounds", str(REPEATS), "--data", str(folder / "data"))
    if ours is None:
        return [unmeasured(NAME, TARGET, "the binary's `bench ladder` did not answer")]
    peer = REPEATS / vipsthumbnail_seconds(photo, folder)
    rate = ours["ladders_per_second"]
    return [Figure(NAME, f"{rate:.1f}/s", f"vipsthumbnail {peer:.1f}/s (ratio {rate / peer:.1f})", TARGET, rate >= 2 * peer)]


def make_photo(path: Path, size: tuple[int, int] = (4032, 3024)) -> None:
    """Smooth shapes with sensor-like noise, quality 92: about the entropy of a phone's photo."""
    chance = np.random.default_rng(1)
    coarse = Image.fromarray(chance.integers(0, 256, (48, 64, 3), np.uint8)).resize(size, Image.Resampling.BICUBIC)
    noisy = np.asarray(coarse, np.int16) + chance.normal(0, 6, (size[1], size[0], 1)).astype(np.int16)
    Image.fromarray(noisy.clip(0, 255).astype(np.uint8)).save(path, quality=92)


def vipsthumbnail_seconds(photo: Path, folder: Path) -> float:
    """Seconds of all repeats on one core: one process per size, as the program offers it."""
    begin = time.perf_counter()
    for _ in range(REPEATS):
        for size in SIZES:
            output = str(folder / f"{size}.webp[Q=80,effort=2,strip]")
            subprocess.run([*subject.ONE_CORE, "vipsthumbnail", str(photo), "-s", str(size), "-o", output], check=True)
    return time.perf_counter() - begin
