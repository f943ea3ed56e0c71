"""The nearest 200 of 100,000 vectors of 512 numbers, beside faiss's flat index; one thread each."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

import faiss
import numpy as np

from . import subject
from .figure import Figure, unmeasured

COUNT, DIMENSION, QUERIES, NEAREST = 100_000, 512, 100, 200
NAME, TARGET = "scan of 100,000 × 512", "as fast as faiss flat; recall 1.0"


def measure(folder: Path) -> Iterable[Figure]:
    sizes = ["--count", str(COUNT), "--dimension", str(DIMENSION), "--queries", str(QUERIES), "--limit", str(NEAREST)]
    ours = subject.own_bench("scan", *sizes)
    if ours is None:
        return [unmeasured(NAME, TARGET, "the binary's `bench scan` did not answer")]
    peer = 1000 * faiss_seconds()
    middle, recall = ours["p50_ms"], ours["recall"]
    text = f"p50 {middle:.2f} ms, recall {recall:.4f} ({ours['kernel']})"
    return [Figure(NAME, text, f"faiss IndexFlatIP p50 {peer:.2f} ms (ratio {peer / middle:.1f})", TARGET, middle <= peer and recall >= 0.9999)]


def faiss_seconds() -> float:
    """The middle time of one query at a time on one thread."""
    faiss.omp_set_num_threads(1)
    chance = np.random.default_rng(1)
    vectors = chance.standard_normal((COUNT + QUERIES, DIMENSION), np.float32)
    faiss.normalize_L2(vectors)
    index = faiss.IndexFlatIP(DIMENSION)
    index.add(vectors[:COUNT])
    times = list[float]()
    for query in vectors[COUNT:]:
        begin = time.perf_counter()
        index.search(query[None], NEAREST)
        times.append(time.perf_counter() - begin)
    return subject.median(times)
