"""Search by meaning: the server's towers against the Python ones, and captions against the photos they describe."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from kit import pictures
from kit.account import Account
from kit.reference import Reference

REFERENCE_RECALL = 87.7
"""recall@10 of the pack on the scene photos, all captions as queries, as measured when the pack was chosen."""

QUERIES = [
    "a dog on the beach", "Coloured circles, and squares!", "ein Hund am Strand", "naïve café façade", "3 people's 2-wheeled bikes",
    "漢字 sign", "don't stop: it's $5 (five) @ 9 o'clock", "pneumonoultramicroscopicsilicovolcanoconiosis", "word " * 200, "🦄",
]  # fmt: skip


def test_distances_are_those_of_the_reference_towers(fresh: Account) -> None:
    """Pictures of exactly the tower's size, so that nothing depends on how they are made smaller."""
    reference = Reference()
    vectors = {}
    for seed in range(6):
        picture = pictures.encoded(seed, 520, 520, "PNG", f"{seed}.png")
        vectors[fresh.upload(picture)["id"]] = reference.image(pictures.drawing(seed, 520, 520))
    fresh.all_settled(vectors)
    for query in QUERIES:
        words = reference.text(query)
        scores = {asset: float(words @ vector) for asset, vector in vectors.items()}
        answer = fresh.http.get("/api/search", params={"query": query, "threshold": 1, "limit": 200}).json()["data"]
        assert {hit["asset"]["id"] for hit in answer} == vectors.keys()
        for hit in answer:
            expected = reference.distance(scores[hit["asset"]["id"]], max(scores.values()))
            assert hit["distance"] == pytest.approx(expected, abs=2e-3), query


def test_captions_find_the_photos_they_describe(fresh: Account, fixtures: Path, record_property) -> None:
    scenes = json.loads((fixtures / "scenes" / "captions.json").read_text())["images"]

    def upload(scene: dict) -> str:
        return fresh.upload(pictures.Picture(Path(scene["file"]).name, (fixtures / scene["file"]).read_bytes()))["id"]

    with ThreadPoolExecutor(4) as pool:
        assets = list(pool.map(upload, scenes))
    fresh.all_settled(assets)
    ranks = [rank(fresh, caption, asset) for scene, asset in zip(scenes, assets) for caption in scene["captions"]]
    recall = {depth: 100 * sum(rank < depth for rank in ranks) / len(ranks) for depth in (1, 5, 10)}
    print("recall@1/5/10: " + " / ".join(f"{value:.1f}" for value in recall.values()) + f" over {len(ranks)} captions")
    record_property("recall@10", f"{recall[10]:.1f}")
    assert recall[10] >= 0.9 * REFERENCE_RECALL


def rank(account: Account, caption: str, asset: str) -> int:
    """The place of the asset among the answers to its caption, from zero; past the tenth it is ten."""
    answer = account.http.get("/api/search", params={"query": caption, "threshold": 1, "limit": 10, "include": ""}).json()["data"]
    found = [hit["asset"]["id"] for hit in answer]
    return found.index(asset) if asset in found else 10
