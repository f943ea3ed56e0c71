"""The nearest 200 of 100,000 vectors of 512 numbers, beside faiss's flat index; one thread each."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from . import subject
from .figure import Figure, unmeasured

COUNT, DIMENSION, QUERIES, NEAREST = 100_000, 512, 100, 200
NAME, TARGET = "scan of 100,000 × 512", "as fast as faiss flat; recall 1.0"


def measure(folder: Path) -> Iterable[Figure]:
    vectors, queries = clustered_vectors()
    (folder / "vectors").write_bytes(vectors.tobytes())
    (folder / "queries").write_bytes(queries.tobytes())
    ours = subject.own_bench(
        "scan", str(folder / "vectors"), str(folder / "queries"), "--dimension", str(DIMENSION), "--limit", str(NEAREST)
    )
    if ours is None:
        return [unmeasured(NAME, TARGET, "the binary's `bench scan` did not answer")]
    peer, nearest = faiss_search(vectors, queries)
    middle = subject.median(ours["milliseconds"])
    recall = float(np.mean([len(set(found) & set(true)) / NEAREST for found, true in zip(ours["found"], nearest.tolist())]))
    text = f"p50 {middle:.2f} ms, p99 {np.percentile(ours['milliseconds'], 99):.2f} ms, recall {recall:.5f}"
    return [Figure(NAME, text, f"faiss IndexFlatIP p50 {peer:.2f} ms (ratio {peer / middle:.1f})", TARGET, middle <= peer and recall >= 0.99995)]


def clustered_vectors() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Unit vectors around a few thousand centres, as pictures of a library lie, and queries of the same kind."""
    chance = np.random.default_rng(1)
    centres = chance.standard_normal((3000, DIMENSION), np.float32)
    points = centres[chance.integers(0, len(centres), COUNT + QUERIES)] + chance.standard_normal((COUNT + QUERIES, DIMENSION), np.float32)
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    return points[:COUNT], points[COUNT:]


def faiss_search(vectors: NDArray[np.float32], queries: NDArray[np.float32]) -> tuple[float, NDArray[np.int64]]:
    """The middle time of one query at a time on one thread, in milliseconds, and the true neighbours."""
    faiss.omp_set_num_threads(1)
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    times, found = list[float](), list[NDArray[np.int64]]()
    for query in queries:
        begin = time.perf_counter()
        _, nearest = index.search(query[None], NEAREST)
        times.append(1000 * (time.perf_counter() - begin))
        found.append(nearest[0])
    return subject.median(times), np.stack(found)
