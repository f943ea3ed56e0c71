"""Files that belong together: live photos are paired, films in stills served, bursts and RAW with JPEG stacked."""

from __future__ import annotations

import itertools
import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import httpx
import pytest
from kit import asking, pictures, shots
from kit.account import Account
from kit.pictures import Picture

CONTENT_ID = "0F1E2D3C-4B5A-6978-8796-A5B4C3D2E1F0"


def upload(account: Account, *files: Picture) -> list[str]:
    """Uploads files one after the other, and returns when background work on the last has ended."""
    ids = [account.upload(file)["id"] for file in files]
    for asset in ids:
        account.settled(asset)
    return ids


def assets(account: Account, ids: Iterable[str]) -> dict[str, dict]:
    return {asset["id"]: asset for asset in account.list(ids=",".join(ids))}


def stacks(account: Account, ids: list[str]) -> set[frozenset[int]]:
    """Which of the uploads share a stack, by their places."""
    found = defaultdict(set)
    for asset in assets(account, ids).values():
        if asset["stack_id"]:
            found[asset["stack_id"]].add(ids.index(asset["id"]))
    return {frozenset(places) for places in found.values()}


def film_of(asset: dict) -> bytes | None:
    """What the film of a still is, fetched without a credential."""
    film = asset["asset_urls"].get("motion")
    if film is None:
        return None
    answer = asking.get(film["url"])
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == film["mimetype"]
    return answer.content


# Live photos


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["still first", "film first"])
def test_the_halves_of_a_live_photo_find_each_other(fresh: Account, order: tuple[int, int]) -> None:
    halves = [
        shots.frame(1, "IMG_1.JPG", "2024:05:01 12:00:01", content_id=CONTENT_ID, offset="+02:00"),
        shots.live_film("other.mov", CONTENT_ID, "2024-05-01T12:00:00+0200"),
    ]
    ids = upload(fresh, *(halves[place] for place in order))
    found = assets(fresh, ids)
    still, film = (found[ids[order.index(place)]] for place in (0, 1))
    assert still["metadata"]["live_photo_cid"] == film["metadata"]["live_photo_cid"] == CONTENT_ID
    assert film_of(still) == halves[1].content
    assert "motion" not in film["asset_urls"]
    assert still["stack_id"] is None and film["stack_id"] is None
    # Replicas are told that there is more to the still now.
    events = fresh.http.get("/api/events", params={"entity_types": "asset", "limit": 200}).json()["data"]
    assert {"asset_updated"} <= {event["event_type"] for event in events if event["entity_id"] == still["id"]}


def test_a_name_alone_pairs_nothing(fresh: Account) -> None:
    still = shots.frame(1, "IMG_1.JPG", "2024:05:01 12:00:01", offset="+02:00")
    later = shots.frame(2, "IMG_1.JPG", "2024:05:02 12:00:01", content_id=CONTENT_ID, offset="+02:00")
    ids = upload(fresh, still, shots.live_film("IMG_1.MOV", CONTENT_ID, "2024-05-01T12:00:00+0200"), later)
    assert all("motion" not in asset["asset_urls"] for asset in assets(fresh, ids).values())


def test_a_still_whose_film_is_deleted_stands_alone(fresh: Account) -> None:
    still, film = upload(
        fresh, shots.frame(1, "IMG_1.JPG", "2024:05:01 12:00:01", content_id=CONTENT_ID), shots.live_film("1.mov", CONTENT_ID, "2024-05-01T12:00:00+0200")
    )  # fmt: skip
    url = assets(fresh, [still])[still]["asset_urls"]["motion"]["url"]
    fresh.sdk.assets.delete(film)
    assert "motion" not in assets(fresh, [still])[still]["asset_urls"]
    assert asking.get(url).status_code == 404
    last = fresh.http.get("/api/events", params={"entity_types": "asset", "limit": 200}).json()["data"][-2:]
    assert [(event["event_type"], event["entity_id"]) for event in last] == [("asset_updated", still), ("asset_deleted", film)]


def test_halves_that_were_parted_find_each_other_again(fresh: Account) -> None:
    """In another library, or in another copy."""
    film = shots.live_film("1.mov", CONTENT_ID, "2024-05-01T12:00:00+0200")
    copy = shots.tagged(film, "-Title=copy")
    still, first, second = upload(fresh, shots.frame(1, "IMG_1.JPG", "2024:05:01 12:00:01", content_id=CONTENT_ID), film, copy)
    home, away = fresh.sdk.libraries.list()[0].id, fresh.sdk.libraries.create(name="Away").id

    def shown() -> bytes | None:
        fresh.all_settled([still])
        return film_of(fresh.http.get(f"/api/assets/{still}").json())

    def move(asset: str) -> None:
        fresh.sdk.assets.move(asset_ids=[asset], source_library_id=home, destination_library_id=away)
        fresh.all_settled([asset])

    contents = {first: film.content, second: copy.content}
    taken = next(asset for asset, content in contents.items() if content == shown())
    (other,) = contents.keys() - {taken}
    fresh.sdk.assets.delete(taken)
    assert shown() == contents[other]
    move(still)
    assert shown() is None
    move(other)
    assert shown() == contents[other]


# Motion photos


@pytest.mark.parametrize("make", [shots.motion_photo, shots.samsung_motion_photo])
def test_the_film_of_a_motion_photo_is_served(fresh: Account, make) -> None:
    photo = make(1, "PXL_1.MP.jpg")
    uploaded = fresh.upload(photo)
    assert film_of(uploaded) == shots.film()
    url = uploaded["asset_urls"]["motion"]["url"]
    head = httpx.head(url)
    assert (head.status_code, head.headers["content-length"], head.headers["accept-ranges"]) == (200, str(len(shots.film())), "bytes")
    part = asking.get(url, headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.content) == (206, b"ftyp")
    assert asking.get(url, headers={"Range": "bytes=-10"}).content == shots.film()[-10:]
    assert asking.get(url, headers={"Range": f"bytes={len(shots.film())}-"}).status_code == 416
    assert asking.get(url, headers={"If-None-Match": head.headers["etag"]}).status_code == 304
    original = asking.get(uploaded["asset_urls"]["original"]["url"])
    assert original.content == photo.content and original.headers["etag"] != head.headers["etag"]
    assert asking.get(url[:-2] + "xx").status_code == 403
    plain = f"/api/assets/{uploaded['id']}/variants/motion"
    assert fresh.http.get(plain).content == shots.film()
    assert asking.get(str(fresh.http.base_url).rstrip("/") + plain).status_code == 401
    lean = fresh.http.get(f"/api/assets/{uploaded['id']}", params={"include": ""}).json()
    assert set(lean["asset_urls"]) == {"thumbnail"}


def test_a_still_without_a_film_has_none(fresh: Account) -> None:
    cut_off = shots.motion_photo(1, "PXL_1.MP.jpg")
    asset = fresh.upload(Picture(cut_off.name, cut_off.content[:-100]))
    assert "motion" not in asset["asset_urls"]
    assert fresh.http.get(f"/api/assets/{asset['id']}/variants/motion").status_code == 404
    plain = fresh.upload(pictures.jpeg(5))
    assert set(plain["asset_urls"]) == {"thumbnail", "small", "preview", "fullsize", "original"}


# Bursts, and RAW with JPEG

BURST = [
    shots.frame(1, "IMG_0009.JPG", "2024:05:01 12:00:00", "10"),
    shots.frame(2, "IMG_0010.JPG", "2024:05:01 12:00:00", "70"),
    shots.frame(3, "IMG_0011.JPG", "2024:05:01 12:00:01", "40"),
    shots.frame(4, "IMG_0012.JPG", "2024:05:01 12:00:09", "40"),
    shots.raw(5, "IMG_0011.NEF", "2024:05:01 12:00:01"),
]


@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4), (4, 3, 2, 0, 1), (0, 2, 4, 3, 1)])
def test_a_burst_becomes_one_stack_in_whatever_order_it_comes(fresh: Account, order: tuple[int, ...]) -> None:
    ids = upload(fresh, *(BURST[place] for place in order))
    assert {frozenset(order[place] for place in stack) for stack in stacks(fresh, ids)} == {frozenset({0, 1, 2, 4})}
    stack = fresh.sdk.stacks.list_stacks(include=["asset_ids"]).data[0]
    assert (stack.origin, stack.asset_count, stack.primary_asset_id) == ("auto_burst", 4, None)
    tasks = [task for task in fresh.tasks(ids[0]) if task["task_type"] == "burst_detection"]
    assert {task["status"] for task in tasks} == {"success"}
    # The feed alone leads to the same stacks.
    events = fresh.http.get("/api/events", params={"entity_types": "asset,stack", "limit": 200}).json()["data"]
    place, alive = dict[str, str | None](), set[str]()
    for event in events:
        if event["event_type"] == "stack_created":
            alive.add(event["entity_id"])
        elif event["event_type"] == "stack_deleted":
            assert event["entity_id"] not in place.values()
            alive.remove(event["entity_id"])
        elif event["event_type"] == "asset_updated" and event["payload"]:
            place[event["entity_id"]] = event["payload"]["stack_id"]
            assert event["payload"]["stack_id"] in alive
    assert place == {asset["id"]: stack.id for asset in assets(fresh, ids).values() if asset["stack_id"]} and alive == {stack.id}


def test_the_camera_s_burst_id_stacks(fresh: Account) -> None:
    def burst(seed: int, number: int, identifier: str) -> Picture:
        return shots.tagged(shots.frame(seed, f"{seed}.jpg", f"2024:05:01 12:00:0{number}"), f"-XMP-GCamera:BurstID={identifier}")

    one, two = "7d1c2b3a-0f9e-4d5c-8b7a-6f5e4d3c2b1a", "8d1c2b3a-0f9e-4d5c-8b7a-6f5e4d3c2b1a"
    ids = upload(fresh, burst(1, 0, one), burst(2, 0, two), burst(3, 2, one), burst(4, 4, two), burst(5, 4, "0"), burst(6, 4, "0"))
    assert stacks(fresh, ids) == {frozenset({0, 2}), frozenset({1, 3})}
    assert assets(fresh, ids)[ids[0]]["metadata"]["auto_stack_id"] == one


def test_what_a_user_decided_stays(fresh: Account) -> None:
    first, second = upload(fresh, BURST[0], BURST[1])
    stack = assets(fresh, [first])[first]["stack_id"]
    fresh.http.request("DELETE", f"/api/stacks/{stack}/assets", json={"asset_ids": [second]})
    # The next frame would have joined through the one that was taken out.
    (third,) = upload(fresh, BURST[2])
    (raw,) = upload(fresh, BURST[4])
    assert stacks(fresh, [first, second, third, raw]) == {frozenset({2, 3})}
    own = fresh.sdk.stacks.create_stack(asset_ids=[first, second]).id
    (fourth,) = upload(fresh, shots.frame(7, "IMG_0008.JPG", "2024:05:01 11:59:59", "60"))
    found = assets(fresh, [first, second, fourth])
    assert [found[asset]["stack_id"] for asset in (first, second, fourth)] == [own, own, None]
    assert fresh.sdk.stacks.list_stacks(ids=[own]).data[0].origin == "user"


# Files of real cameras


@pytest.fixture(scope="module")
def corpus(account: Account, fixtures: Path) -> tuple[dict, dict[str, dict]]:
    """What is known of the files that belong together, and what became of them: one library for all, the films first."""
    known = json.loads((fixtures / "stacks-and-live-photos.json").read_text())
    pairs = [name for pair in known["pairs"] for name in pair["files"]]
    bursts = [name for burst in known["bursts"] for name in burst["files"]]
    films = [photo["file"] for photo in known["motionPhotos"]]
    names = sorted({*pairs, *bursts, *films}, key=lambda name: (not name.endswith("MOV"), name[::-1]))
    ids = upload(account, *(Picture(Path(name).name, (fixtures / name).read_bytes()) for name in names))
    found = assets(account, ids)
    return known, {name: found[asset] for name, asset in zip(names, ids, strict=True)}


def test_real_live_photos_are_paired_and_nothing_else_is(corpus: tuple[dict, dict[str, dict]], fixtures: Path) -> None:
    known, found = corpus
    expected = {tuple(pair["files"]) for pair in known["pairs"] if pair["paired"]}
    films = {(fixtures / name).read_bytes(): name for name in found if name.endswith("MOV")}
    served = {name: film_of(asset) for name, asset in found.items() if not name.startswith("motion-photos")}
    assert {(name, films[film]) for name, film in served.items() if film is not None} == expected
    for left, right in itertools.combinations(found, 2):
        identifiers = {found[name]["metadata"]["live_photo_cid"] for name in (left, right)}
        assert (len(identifiers) == 1 and identifiers != {None}) == ({left, right} in map(set, expected))


def test_real_bursts_are_stacked_and_nothing_else_is(corpus: tuple[dict, dict[str, dict]]) -> None:
    known, found = corpus
    groups = defaultdict(set)
    for name, asset in found.items():
        if asset["stack_id"]:
            groups[asset["stack_id"]].add(name)
    assert {frozenset(group) for group in groups.values()} == {frozenset(burst["files"]) for burst in known["bursts"]}
    for burst in known["bursts"]:
        assert {found[name]["metadata"]["auto_stack_id"] for name in burst["files"]} == {burst["id"]}


def test_the_films_of_real_motion_photos_are_served(corpus: tuple[dict, dict[str, dict]], fixtures: Path) -> None:
    known, found = corpus
    for photo in known["motionPhotos"]:
        film = film_of(found[photo["file"]])
        assert (film and len(film)) == photo["embeddedVideoBytes"], photo
        assert film is None or (film[4:8] == b"ftyp" and film in (fixtures / photo["file"]).read_bytes())


@pytest.mark.parametrize("name", ["issue-exifr-4.jpg", "panorama360.jpg"])
def test_panoramas_say_how_they_are_projected(account: Account, fixtures: Path, name: str) -> None:
    asset = account.upload(Picture(name, (fixtures / "panorama" / name).read_bytes()))
    assert asset["metadata"]["projection_type"] == asset["exif"]["projection_type"] == "equirectangular"
