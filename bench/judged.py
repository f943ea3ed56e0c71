"""Sixty queries over photos that people judged, and words that mean no photo: each way of searching alone, and both together.

One answer tells all three: what each way alone says of a hit stands in its explanation.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
from kit.pictures import Picture

from . import ROOT, subject
from .figure import Figure, unmeasured

JUDGEMENTS = ROOT / "bench" / "judgements.json"
DEPTHS = (1, 5, 10)
SURE, SHOWN = 0.6, 0.8
WAYS = ("description", "words", "both")
TARGET = "not more than 1 point below the better way alone"


@dataclass(frozen=True)
class Answer:
    """The files found for a query, nearest first, with their distances."""

    relevant: set[str]
    found: list[tuple[str, float]]

    def recall(self, depth: int) -> float:
        """Of as many as could stand among the first, how many do."""
        hits = sum(file in self.relevant for file, _ in self.found[:depth])
        return hits / min(depth, len(self.relevant))

    def gain(self, depth: int = 10) -> float:
        """nDCG with a gain of one (Järvelin, Kekäläinen, 2002)."""
        gains = [1 / math.log2(place + 2) for place, (file, _) in enumerate(self.found[:depth]) if file in self.relevant]
        return sum(gains) / sum(1 / math.log2(place + 2) for place in range(min(depth, len(self.relevant))))

    def within(self, threshold: float) -> tuple[int, int]:
        """How many lie within a distance, and how many of them are right."""
        files = [file for file, distance in self.found if distance <= threshold]
        return len(files), sum(file in self.relevant for file in files)


def measure(folder: Path) -> Iterable[Figure]:
    corpus = subject.corpus()
    if corpus is None:
        return [unmeasured("judged queries", TARGET, "no photo corpus; BANKSIA_FIXTURES names one")]
    judged = json.loads(JUDGEMENTS.read_text())
    with subject.server(folder) as server, subject.client(server) as http:
        names = upload_all(http, corpus, judged["folders"])
        answers = [answers_to(http, names, entry) for entry in judged["queries"]]
        said = {words: http.get("/api/search", params={"query": words, "include": ""}).json()["data"] for words in judged["nonsense"]}
    return list(figures({way: [ways[way] for ways in answers] for way in WAYS}, said))


def upload_all(http: httpx.Client, corpus: Path, folders: list[str]) -> dict[str, set[str]]:
    """Which files each asset was made of: equal ones are one."""
    files = sorted(path for folder in folders for path in (corpus / folder).rglob("*.jpg"))

    def upload(path: Path) -> str:
        return subject.upload(http, Picture(path.name, path.read_bytes()))["id"]

    names = dict[str, set[str]]()
    with ThreadPoolExecutor(4) as pool:
        for path, asset in zip(files, pool.map(upload, files)):
            names.setdefault(asset, set()).add(path.relative_to(corpus).as_posix())
    while any(http.get("/api/tasks", params={"status": status}).json() for status in ("pending", "started")):
        time.sleep(0.2)
    return names


def answers_to(http: httpx.Client, names: dict[str, set[str]], entry: dict) -> dict[str, Answer]:
    """What each way finds."""
    relevant = set(entry["relevant"])
    found = dict[str, list[tuple[str, float]]]({way: [] for way in WAYS})
    page, more = 1, True
    while more:
        query = {"query": entry["query"], "threshold": 1, "limit": 200, "page": page, "total": "true", "explain": "true", "include": ""}
        answer = http.get("/api/search", params=query).json()
        for hit in answer["data"]:
            files = names[hit["asset"]["id"]]
            file = min(files & relevant or files)
            found["both"].append((file, hit["distance"]))
            for reason in hit["explanation"]:
                found[reason["stage"]].append((file, reason["distance"]))
        page, more = page + 1, answer["has_more"]
    return {way: Answer(relevant, sorted(hits, key=lambda hit: hit[1])) for way, hits in found.items()}


def figures(answers: dict[str, list[Answer]], said: dict[str, list]) -> Iterable[Figure]:
    recalls = {way: [mean([answer.recall(depth) for answer in all_of]) for depth in DEPTHS] for way, all_of in answers.items()}
    gains = {way: mean([answer.gain() for answer in all_of]) for way, all_of in answers.items()}
    alone = [max(recalls[way][at] for way in WAYS[:2]) for at in range(len(DEPTHS))]
    beside = "; ".join(f"{way} alone " + " / ".join(f"{value:.1f}" for value in recalls[way]) for way in WAYS[:2])
    met = all(ours >= bound - 1 for ours, bound in zip(recalls["both"], alone))
    yield Figure("judged queries, recall@1/5/10", " / ".join(f"{value:.1f}" for value in recalls["both"]), beside, TARGET, met)
    beside = "; ".join(f"{way} alone {gains[way]:.1f}" for way in WAYS[:2])
    yield Figure("judged queries, nDCG@10", f"{gains['both']:.1f}", beside, TARGET, gains["both"] >= max(gains[way] for way in WAYS[:2]) - 1)
    for threshold in (SURE, SHOWN):
        precisions = {way: precision(all_of, threshold) for way, all_of in answers.items()}
        beside = "; ".join(f"{way} alone {precisions[way][0]:.1f} of {precisions[way][1]}" for way in WAYS[:2])
        ours, count = precisions["both"]
        yield Figure(f"judged queries, precision at distance {threshold}", f"{ours:.1f} of {count}", beside, "that of descriptions", ours >= precisions["description"][0])
    empty = [words for words, hits in said.items() if not hits]
    wrong = ", ".join(f"{words!r} {len(hits)}" for words, hits in said.items() if hits)
    yield Figure("nonsense queries without an answer", f"{len(empty)} of {len(said)}", wrong, "all", len(empty) == len(said))


def mean(values: list[float]) -> float:
    return 100 * sum(values) / len(values)


def precision(answers: list[Answer], threshold: float) -> tuple[float, int]:
    """Of all that lies within a distance, the share that is right, in per cent, and how much it is."""
    counts = [answer.within(threshold) for answer in answers]
    total = sum(count for count, _ in counts)
    return (100 * sum(right for _, right in counts) / total if total else 100.0), total
