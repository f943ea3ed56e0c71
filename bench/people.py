"""How well faces are found and grouped, on photos whose people are known, and how long that takes.

`BANKSIA_FACES` names another folder with a `ground-truth.json` of the same form: `images`, each with `file` (relative to the
folder above), `identities`, and `faceCount` for pictures of several.
"""

from __future__ import annotations

import json
import os
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import httpx
from kit.pictures import Picture

from . import subject
from .figure import Figure, unmeasured

TARGETS = {
    "faces found in photos of one": "all",
    "faces in group photos, found of counted": "all",
    "pairs of faces put together": "precision 1, recall ≥ 0.98",
    "B-cubed F1": "≥ 0.99",
    "people found of those with three photos": "all, and nobody twice",
}


@dataclass(frozen=True)
class Truth:
    photos: dict[Path, str]
    """Photos of one person, and who it is."""
    groups: dict[Path, int]
    """Photos of several, and how many faces were counted in each."""
    others: list[Path]
    """Photos without known people, whose faces are strangers."""


def measure(folder: Path) -> Iterable[Figure]:
    known = truth()
    if known is None:
        for name, target in TARGETS.items():
            yield unmeasured(name, target, "no photos with known people")
        return
    with subject.server(folder) as server, subject.client(server) as http:
        begin = time.perf_counter()
        assets = {subject.upload(http, Picture(path.name, path.read_bytes()))["id"]: path for path in [*known.photos, *known.groups, *known.others]}
        wait(http)
        elapsed = time.perf_counter() - begin
        faces = {asset: of_asset(http, asset) for asset in assets}
        yield from quality(known, assets, faces)
        count = sum(len(found) for found in faces.values())
        yield Figure(
            f"{len(assets)} photos uploaded, searchable, {count} faces grouped", f"{elapsed:.1f} s, {1000 * elapsed / len(assets):.0f} ms each", "", "≤ 500 ms each",
            elapsed / len(assets) <= 0.5,
        )  # fmt: skip
    yield from times()


def truth() -> Truth | None:
    """What is known of the photos; None without them."""
    corpus = subject.corpus()
    place = Path(os.environ["BANKSIA_FACES"]) if "BANKSIA_FACES" in os.environ else corpus and corpus / "faces"
    if place is None or not (place / "ground-truth.json").exists():
        return None
    images = json.loads((place / "ground-truth.json").read_text())["images"]
    photos = {place.parent / image["file"]: image["identities"][0] for image in images if "faceCount" not in image and len(image["identities"]) == 1}
    groups = {place.parent / image["file"]: image["faceCount"] for image in images if "faceCount" in image}
    return Truth(photos, groups, sorted((place.parent / "scenes").glob("*.jpg")))


def quality(known: Truth, assets: dict[str, Path], faces: dict[str, list[dict[str, Any]]]) -> Iterable[Figure]:
    single = [asset for asset, path in assets.items() if path in known.photos]
    # Whoever the photo is of is the largest in it; anybody else is a bystander.
    portraits = {asset: max(faces[asset], key=area) for asset in single if faces[asset]}
    beside = sum(len(faces[asset]) - 1 for asset in portraits)
    yield met("faces found in photos of one", f"{len(portraits)} of {len(single)}, and {beside} beside them", len(portraits) == len(single))
    counted = {asset: known.groups[path] for asset, path in assets.items() if path in known.groups}
    found = sum(min(len(faces[asset]), count) for asset, count in counted.items())
    more = sum(max(0, len(faces[asset]) - count) for asset, count in counted.items())
    yield met("faces in group photos, found of counted", f"{found} of {sum(counted.values())}, and {more} more", found == sum(counted.values()))
    names = {asset: known.photos[assets[asset]] for asset in portraits}
    # Whoever belongs to nobody is alone.
    groups = {asset: portraits[asset]["person_id"] or asset for asset in portraits}
    precision, recall = pairwise(names, groups)
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    yield met("pairs of faces put together", f"precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}", precision == 1 and recall >= 0.98)
    cubed = b_cubed(names, groups)
    yield met("B-cubed F1", f"{cubed:.3f}", cubed >= 0.99)
    often = {name for name, count in Counter(names.values()).items() if count >= 3}
    people: dict[str, set[str]] = defaultdict(set)
    for asset, name in names.items():
        if portraits[asset]["person_id"]:
            people[name].add(portraits[asset]["person_id"])
    once = sum(len(people[name]) == 1 for name in often)
    everybody = {face["person_id"] for found in faces.values() for face in found if face["person_id"]}
    strangers = len(everybody - {person for found in people.values() for person in found})
    yield met("people found of those with three photos", f"{once} of {len(often)} once; {strangers} others", once == len(often))


def pairwise(names: dict[str, str], groups: dict[str, str]) -> tuple[float, float]:
    """Of the pairs that were put together, how many are one person; and of the pairs that are, how many were."""
    pairs = [(names[a] == names[b], groups[a] == groups[b]) for a, b in combinations(names, 2)]
    right = sum(same and together for same, together in pairs)
    return right / max(1, sum(together for _, together in pairs)), right / max(1, sum(same for same, _ in pairs))


def b_cubed(names: dict[str, str], groups: dict[str, str]) -> float:
    """The harmonic mean of what a face finds in its group that is right, and of what is right that it finds there."""
    by_name, by_group = (sets(names), sets(groups))
    precision = sum(len(by_name[names[a]] & by_group[groups[a]]) / len(by_group[groups[a]]) for a in names) / len(names)
    recall = sum(len(by_name[names[a]] & by_group[groups[a]]) / len(by_name[names[a]]) for a in names) / len(names)
    return 2 * precision * recall / (precision + recall)


def sets(labels: dict[str, str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for item, label in labels.items():
        found[label].add(item)
    return found


def met(name: str, ours: str, is_met: bool) -> Figure:
    return Figure(name, ours, "", TARGETS[name], is_met)


def area(face: dict[str, Any]) -> int:
    return face["bounding_box"]["w"] * face["bounding_box"]["h"]


def of_asset(http: httpx.Client, asset: str) -> list[dict[str, Any]]:
    return http.get("/api/faces", params={"asset_id": asset, "limit": 200}).json()["data"]


def wait(http: httpx.Client) -> None:
    """Returns when nothing is left to do."""
    while any(http.get("/api/tasks/", params={"status": status, "limit": 1}).json() for status in ("pending", "started")):
        time.sleep(0.05)


def times() -> Iterable[Figure]:
    answer = subject.own_bench("grouping")
    if answer is None:
        yield unmeasured("one face more among 200,000", "≤ 5 s", "the binary's own measure failed")
        return
    whole, one = answer["whole"], answer["one"]
    yield Figure(f"grouping of {whole['faces']:,} faces from nothing", f"{whole['seconds']:.1f} s, {whole['people']} people", "", "≤ 120 s", whole["seconds"] <= 120)
    yield Figure(
        f"one face more among {one['faces']:,}", f"{1000 * one['scan_seconds']:.0f} ms to find its like, {one['seconds']:.1f} s with all groups", "",
        "≤ 100 ms; ≤ 60 s", one["scan_seconds"] <= 0.1 and one["seconds"] <= 60,
    )  # fmt: skip
