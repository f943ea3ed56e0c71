"""Photos that show the same picture are found and listed in groups."""

from __future__ import annotations

import io
import json
import random
from pathlib import Path
from typing import Any

from kit.account import Account
from kit.contract import assert_complete, assert_problem
from kit.pictures import Picture
from kit.server import Server
from PIL import Image, ImageEnhance

FOREIGN = 12
"""Scenes of the fixtures that are uploaded along with the copies; none of them shows what another shows."""


def scene(seed: int, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """A made-up picture that has something on every scale, as photos do."""
    chance = random.Random(seed)
    picture = Image.new("RGB", size, tuple(chance.randrange(256) for _ in range(3)))
    for cells in (3, 6, 12):
        noise = Image.new("RGB", (cells, cells))
        noise.putdata([tuple(chance.randrange(256) for _ in range(3)) for _ in range(cells * cells)])
        picture = Image.blend(picture, noise.resize(size, Image.Resampling.BICUBIC), 0.5)
    return picture


def encoded(picture: Image.Image, name: str, **options: Any) -> Picture:
    buffer = io.BytesIO()
    picture.save(buffer, name.rpartition(".")[2].replace("jpg", "jpeg"), **options)
    return Picture(name, buffer.getvalue())


def groups(account: Account, **query: Any) -> list[set[str]]:
    answer = account.http.get("/api/duplicates", params={"limit": 200, **query})
    assert answer.status_code == 200, answer.text
    assert_complete(answer.json(), "DuplicateGroupPage")
    assert not answer.json()["has_more"]
    return [set(group["asset_ids"]) for group in answer.json()["data"]]


def assert_groups(account: Account, *wanted: set[str]) -> None:
    found = groups(account)
    assert len(found) == len(wanted) and all(group in found for group in wanted), found


def test_copies_are_grouped_and_leave_with_what_happens_to_them(server: Server, fresh: Account) -> None:
    one, other = scene(1), scene(2)
    files = [
        encoded(one, "one.jpg", quality=92),
        encoded(other, "other.jpg", quality=92),
        encoded(one.resize((320, 240)), "half.jpg", quality=85),
        encoded(other, "other.webp", quality=80),
        encoded(ImageEnhance.Brightness(one).enhance(1.15), "brighter.jpg", quality=60),
        encoded(scene(3), "alone.jpg"),
    ]
    ids = [fresh.upload(file)["id"] for file in files]
    fresh.all_settled(ids)
    ones, others = {ids[0], ids[2], ids[4]}, {ids[1], ids[3]}
    assert_groups(fresh, ones, others)
    first = fresh.http.get("/api/duplicates", params={"limit": 1}).json()
    assert len(first["data"]) == 1 and first["has_more"]
    rest = groups(fresh, starting_after_id=first["data"][0]["asset_ids"][0])
    assert [set(first["data"][0]["asset_ids"]), *rest] == groups(fresh)
    assert_problem(fresh.http.get("/api/duplicates", params={"starting_after_id": "nothing"}), 400, "invalid_cursor")

    library = fresh.sdk.libraries.list()[0].id
    fresh.http.post("/api/assets/trash", params={"library_id": library}, json={"ids": [ids[3]]}).raise_for_status()
    assert_groups(fresh, ones)
    fresh.http.post("/api/assets/restore", params={"library_id": library}, json={"ids": [ids[3]]}).raise_for_status()
    assert_groups(fresh, ones, others)
    fresh.sdk.assets.delete(ids[0])
    assert_groups(fresh, ones - {ids[0]}, others)

    # While the server runs, another process does the work.
    server.command("rebuild", "burst_detection.duplicates", "--all", "--library", library)
    fresh.all_settled(ids[1:])
    assert_groups(fresh, ones - {ids[0]}, others)

    stranger = Account.make(server)
    assert groups(stranger) == []
    assert_problem(stranger.http.get("/api/duplicates", params={"library_id": library}), 404, "not_found")
    stranger.close()


def test_copies_in_the_fixtures_are_grouped_with_their_source_and_nothing_else_is(fresh: Account, fixtures: Path) -> None:
    truth = json.loads((fixtures / "duplicates" / "ground-truth.json").read_text())["sets"]
    paths = {member["file"]: entry["set"] for entry in truth for member in entry["members"]}
    paths |= {str(path.relative_to(fixtures)): "" for path in sorted((fixtures / "scenes").rglob("*.jpg"))[:FOREIGN]}
    order = sorted(paths)
    random.Random(1).shuffle(order)
    ids = {path: fresh.upload(Picture(Path(path).name, (fixtures / path).read_bytes()))["id"] for path in order}
    fresh.all_settled(ids.values())
    wanted: dict[str, set[str]] = {}
    for path, name in paths.items():
        if name:
            wanted.setdefault(name, set()).add(ids[path])
    assert_groups(fresh, *wanted.values())
