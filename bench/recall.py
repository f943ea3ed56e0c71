"""Captions as queries over the scene photos: the server beside the Python towers in the same run."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import numpy as np
from kit.pictures import Picture
from kit.reference import Reference
from PIL import Image

from . import subject
from .figure import Figure, unmeasured

TARGET = "≥ 0.9 of the reference (87.7 published, and of this run's)"
PUBLISHED = 87.7
DEPTHS = (1, 5, 10)


def measure(folder: Path) -> Iterable[Figure]:
    corpus = subject.corpus()
    if corpus is None:
        return [unmeasured("recall@10 with captions", TARGET, "no photo corpus; BANKSIA_FIXTURES names one")]
    scenes = json.loads((corpus / "scenes" / "captions.json").read_text())["images"]
    with subject.server(folder) as server, subject.client(server) as http:
        ours = recall(served_ranks(http, corpus, scenes))
    reference = recall(reference_ranks(corpus, scenes))
    bound = 0.9 * max(reference[-1], PUBLISHED)
    return [Figure("recall@1/5/10 with captions", shown(ours), f"Python towers {shown(reference)}", TARGET, ours[-1] >= bound)]


def shown(values: list[float]) -> str:
    return " / ".join(f"{value:.1f}" for value in values)


def recall(ranks: list[int]) -> list[float]:
    """Share of queries whose photo stands among the first 1, 5, 10, in per cent."""
    return [100 * sum(rank < depth for rank in ranks) / len(ranks) for depth in DEPTHS]


def served_ranks(http: httpx.Client, corpus: Path, scenes: list[dict]) -> list[int]:
    """The place of each caption's photo in the server's answer, from zero."""

    def upload(scene: dict) -> str:
        return subject.upload(http, Picture(Path(scene["file"]).name, (corpus / scene["file"]).read_bytes()))["id"]

    with ThreadPoolExecutor(4) as pool:
        assets = list(pool.map(upload, scenes))
    while http.get("/api/tasks", params={"status": "pending"}).json() or http.get("/api/tasks", params={"status": "started"}).json():
        time.sleep(0.2)
    ranks = list[int]()
    for scene, asset in zip(scenes, assets):
        for caption in scene["captions"]:
            answer = http.get("/api/search", params={"query": caption, "threshold": 1, "limit": DEPTHS[-1], "include": ""}).json()["data"]
            found = [hit["asset"]["id"] for hit in answer]
            ranks.append(found.index(asset) if asset in found else DEPTHS[-1])
    return ranks


def reference_ranks(corpus: Path, scenes: list[dict]) -> list[int]:
    """The same with the Python towers and a plain dot product."""
    reference = Reference()
    photos = np.stack([reference.image(Image.open(corpus / scene["file"])) for scene in scenes])
    ranks = list[int]()
    for index, scene in enumerate(scenes):
        for caption in scene["captions"]:
            scores = photos @ reference.text(caption)
            ranks.append(int((scores > scores[index]).sum()))
    return ranks
