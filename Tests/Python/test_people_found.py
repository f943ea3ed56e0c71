"""People in real photos: found by the detector, grouped right, and corrected for good."""

from __future__ import annotations

import io
import json
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from kit import pictures
from kit.account import Account, wait_until
from kit.server import Server
from kit.sharing import signed_in
from PIL import Image, ImageChops, ImageOps, ImageStat


def truth(fixtures: Path) -> list[dict[str, Any]]:
    return json.loads((fixtures / "faces" / "ground-truth.json").read_text())["images"]


def of_one(fixtures: Path, people: int, photos: int) -> dict[str, list[Path]]:
    """Photos with one person each: so many people, so many photos of each."""
    found: dict[str, list[Path]] = {}
    for image in truth(fixtures):
        if "faceCount" not in image and len(image["identities"]) == 1:
            found.setdefault(image["identities"][0], []).append(fixtures / image["file"])
    often = {name: files[:photos] for name, files in sorted(found.items()) if len(files) >= photos}
    return dict(list(often.items())[:people])


def upload(account: Account, path: Path) -> str:
    return account.upload(pictures.Picture(path.name, path.read_bytes()))["id"]


def detection(account: Account, asset: str) -> dict[str, Any]:
    return next(task for task in account.settled(asset) if task["task_type"] == "face_detection")


def grouped(account: Account) -> None:
    """Returns when no picture waits to be looked at and no faces to be grouped."""
    def unfinished() -> list[str]:
        return [
            task["id"]
            for kind in ("face_detection", "face_clustering")
            for task in account.http.get("/api/tasks/", params={"task_type": kind, "limit": 200}).json()
            if task["status"] in ("pending", "started")
        ]

    wait_until(unfinished, lambda tasks: not tasks)


def faces(account: Account, asset: str) -> list[dict[str, Any]]:
    return account.http.get("/api/faces", params={"asset_id": asset, "limit": 200}).json()["data"]


def portrait(account: Account, asset: str) -> dict[str, Any]:
    """The largest face of a picture."""
    return max(faces(account, asset), key=lambda face: face["bounding_box"]["w"])


def people(account: Account, **query: Any) -> list[dict[str, Any]]:
    return account.http.get("/api/people", params={"name_filter": "all", "limit": 200, **query}).json()["data"]


def needs_models(account: Account, task: dict[str, Any]) -> None:
    if task["status"] == "failure" and "models for faces" in task["error_message"]:
        pytest.skip(task["error_message"])


def test_whoever_has_three_photos_is_one_person(fresh: Account, fixtures: Path) -> None:
    photos = of_one(fixtures, people=4, photos=3)
    assets = {upload(fresh, path): name for name, paths in photos.items() for path in paths}
    for asset in assets:
        task = detection(fresh, asset)
        needs_models(fresh, task)
        assert (task["status"], task["outcome"]) == ("success", "ran")
    grouped(fresh)
    owners = Counter((assets[face["asset_id"]], face["person_id"]) for asset in assets for face in faces(fresh, asset) if face["person_id"])
    assert len(owners) == 4 and set(owners.values()) == {3}
    found = people(fresh)
    assert len(found) == 4
    for person in found:
        assert person["name"] is None and person["asset_count"] == 3 and person["thumbnail_face_id"]
    # Each person is told in the feed before the faces that are theirs.
    feed = fresh.http.get("/api/events", params={"limit": 200, "entity_types": "person,face"}).json()["data"]
    made = {event["entity_id"]: place for place, event in enumerate(feed) if event["event_type"] == "person_created"}
    for place, event in enumerate(feed):
        if event["event_type"] == "face_updated" and event["payload"]["person_id"]:
            assert made[event["payload"]["person_id"]] < place


def test_pictures_of_several_carry_the_names_of_all(fresh: Account, fixtures: Path) -> None:
    """Each person is named once, by a portrait."""
    images = truth(fixtures)
    groups = {upload(fresh, fixtures / image["file"]): sorted(image["identities"]) for image in images if len(image["identities"]) > 1}
    everybody = sorted({name for names in groups.values() for name in names})
    alone = {name: [upload(fresh, fixtures / image["file"]) for image in images if image["identities"] == [name]] for name in everybody}
    for asset in [*groups, *(asset for assets in alone.values() for asset in assets)]:
        needs_models(fresh, detection(fresh, asset))
    grouped(fresh)
    for name, assets in alone.items():
        fresh.sdk.people.update(portrait(fresh, assets[0])["person_id"], name=name)
    names = {person["id"]: person["name"] for person in people(fresh)}
    for asset, known in groups.items():
        assert sorted(names[face["person_id"]] for face in faces(fresh, asset) if face["person_id"]) == known
    for name, assets in alone.items():
        assert {names[portrait(fresh, asset)["person_id"]] for asset in assets} == {name}


def test_people_are_found_in_films(fresh: Account, fixtures: Path, tmp_path: Path) -> None:
    """Of each person one face, at an instant at which they are to be seen, and cut out of that picture."""
    photos = of_one(fixtures, people=2, photos=4)
    (first, second) = photos.values()
    for number, path in enumerate([*first[:2], *second[:2]]):
        canvas = Image.new("RGB", (640, 640), "grey")
        photo = ImageOps.contain(Image.open(path).convert("RGB"), (640, 640))
        canvas.paste(photo, ((640 - photo.width) // 2, (640 - photo.height) // 2))
        canvas.save(tmp_path / f"scene-{number}.png")
    film = tmp_path / "party.mp4"
    inputs = ["-framerate", "1/2", "-i", str(tmp_path / "scene-%d.png"), "-r", "10", "-pix_fmt", "yuv420p", "-crf", "12"]
    subprocess.run(["ffmpeg", "-v", "error", *inputs, str(film)], check=True)
    party = upload(fresh, film)
    needs_models(fresh, detection(fresh, party))
    assets = [party, *(upload(fresh, path) for path in [*first[2:], *second[2:]])]
    for asset in assets:
        fresh.settled(asset)
    grouped(fresh)
    # With two photos of each it takes the film to make somebody of them. Passers-by stay nobody.
    people_of_photos = [portrait(fresh, asset)["person_id"] for asset in (assets[1], assets[3])]
    assert all(people_of_photos) and len(set(people_of_photos)) == 2
    found = sorted((face for face in faces(fresh, party) if face["person_id"]), key=lambda face: face["timestamp_ms"])
    assert [face["person_id"] for face in found] == people_of_photos
    assert [face["timestamp_ms"] in instants for face, instants in zip(found, ((1000, 3000), (5000, 7000)), strict=True)] == [True, True]
    for face in found:
        box, instant = face["bounding_box"], face["timestamp_ms"]
        assert 0 <= box["x"] and box["x"] + box["w"] <= 640, box
        seen = Image.open(io.BytesIO(fresh.http.get(f"/api/faces/{face['id']}/thumbnail").content)).convert("RGB")
        scene = Image.open(tmp_path / f"scene-{instant // 2000}.png")
        edge = min(round(max(box["w"], box["h"]) * 1.6), 640)
        left, top = (min(max(box[at] + box[length] // 2 - edge // 2, 0), 640 - edge) for at, length in (("x", "w"), ("y", "h")))
        part = scene.crop((left, top, left + edge, top + edge)).resize(seen.size)
        difference = ImageStat.Stat(ImageChops.difference(seen, part)).mean
        assert max(difference) < 40, difference


def test_corrections_last(fixtures: Path, tmp_path: Path) -> None:
    """Over pictures that come, pictures that are looked at again, a full grouping, and a power cut."""
    server = Server(tmp_path).start()
    fresh = Account.make(server)
    photos = of_one(fixtures, people=2, photos=4)
    (first, second) = photos.values()
    assets = [upload(fresh, path) for path in [*first[:3], *second[:3]]]
    needs_models(fresh, detection(fresh, assets[0]))
    for asset in assets:
        fresh.settled(asset)
    grouped(fresh)

    def person_in(asset: str) -> str | None:
        return portrait(fresh, asset)["person_id"]

    def face_in(asset: str) -> str:
        return portrait(fresh, asset)["id"]

    anna, berta = person_in(assets[0]), person_in(assets[3])
    assert anna and berta and anna != berta
    fresh.sdk.people.update(anna, name="Anna")
    fresh.sdk.people.update(berta, name="Berta")
    # A face is taken from somebody, one is given to somebody else against all likeness, one is no face that counts.
    fresh.sdk.faces.update(face_in(assets[1]), person_id=None)
    fresh.sdk.faces.update(face_in(assets[2]), person_id=berta)
    fresh.sdk.faces.delete(face_in(assets[4]))
    before = {asset: sorted((face["id"], face["person_id"] or "") for face in faces(fresh, asset)) for asset in assets}
    server.kill()
    server.start()
    fresh = Account.with_key(server, fresh.email, fresh.key)
    # Another photo of each has everything grouped again; the pictures are looked at again, too.
    more = [upload(fresh, first[3]), upload(fresh, second[3])]
    fresh.server.command("rebuild", "face_detection", "--all", "--library", fresh.sdk.libraries.list()[0].id)
    for asset in [*assets, *more]:
        fresh.settled(asset)
    grouped(fresh)
    fresh.server.command("rebuild", "face_clustering", "--library", fresh.sdk.libraries.list()[0].id)
    grouped(fresh)
    assert {asset: sorted((face["id"], face["person_id"] or "") for face in faces(fresh, asset)) for asset in assets} == before
    assert person_in(more[1]) == berta
    assert {person["name"] for person in people(fresh) if person["asset_count"]} == {"Anna", "Berta"}
    fresh.close()
    assert server.stop() == 0


def picture(image: Image.Image, name: str) -> pictures.Picture:
    file = io.BytesIO()
    image.save(file, "PNG")
    return pictures.Picture(name, file.getvalue())


def test_odd_pictures_are_looked_through(fresh: Account, fixtures: Path) -> None:
    """None of them is refused, and every box lies inside."""
    ((path, *_),) = of_one(fixtures, people=1, photos=3).values()
    plain = upload(fresh, path)
    needs_models(fresh, detection(fresh, plain))
    whole, box = Image.open(path).convert("RGB"), portrait(fresh, plain)["bounding_box"]
    across, down = box["w"] // 4, box["h"] // 4
    head = whole.crop((max(box["x"] - across, 0), max(box["y"] - down, 0), box["x"] + box["w"] + across, box["y"] + box["h"] + down))
    head = ImageOps.fit(head, (160, 160))
    poster = Image.new("RGB", (960, 800))
    for place in range(30):
        poster.paste(head, (place % 6 * 160, place // 6 * 160))
    half = whole.crop((box["x"] + box["w"] // 3, 0, whole.width, whole.height))
    odd = {
        "poster": poster, "half": half, "grey": ImageOps.grayscale(whole), "one pixel": whole.resize((1, 1)), "slip": whole.resize((2400, 3)),
        "small": ImageOps.contain(whole, (48, 48)), "large": ImageOps.contain(whole, (6000, 6000)),
    }  # fmt: skip
    assets = {name: fresh.upload(picture(image, f"{name}.png"))["id"] for name, image in odd.items()}
    found = {}
    for name, asset in assets.items():
        task = detection(fresh, asset)
        assert (task["status"], task["outcome"]) == ("success", "ran"), name
        found[name] = faces(fresh, asset)
        for face in found[name]:
            box = face["bounding_box"]
            assert box["x"] >= 0 and box["y"] >= 0 and box["w"] > 0 and box["h"] > 0, (name, box)
            assert box["x"] + box["w"] <= odd[name].width and box["y"] + box["h"] <= odd[name].height, (name, box)
    assert len(found["grey"]) >= 1 and len(found["large"]) >= 1 and 15 <= len(found["poster"]) <= 30
    assert found["one pixel"] == found["slip"] == []
    # All of them show one person, whoever else is in the background of the photo.
    grouped(fresh)
    owners = {portrait(fresh, asset)["person_id"] for asset in (plain, assets["grey"], assets["large"])}
    assert len(owners) == 1 and None not in owners
    assert {face["person_id"] for face in faces(fresh, assets["poster"])} <= {*owners, None}


def test_how_well_faces_fit_is_told_when_asked(fresh: Account, fixtures: Path) -> None:
    (photos,) = of_one(fixtures, people=1, photos=3).values()
    assets = [upload(fresh, path) for path in photos]
    needs_models(fresh, detection(fresh, assets[0]))
    for asset in assets:
        fresh.settled(asset)
    grouped(fresh)
    (found,) = people(fresh, include="cluster_metrics")
    metrics = found["cluster_metrics"]
    assert metrics["face_count"] == 3 and 0 < metrics["pairwise_mean"] <= metrics["pairwise_p90"] < 0.6
    assert people(fresh)[0]["cluster_metrics"] is None
    face = portrait(fresh, assets[0])
    assert face["cluster_assignment"] is None
    near = fresh.http.get(f"/api/faces/{face['id']}", params={"include": "cluster_assignment"}).json()["cluster_assignment"]
    assert 0 <= near["distance_to_person"] < 0.5 and near["candidates"] == []
    fresh.sdk.faces.update(face["id"], person_id=None)
    near = fresh.sdk.faces.list(asset_id=assets[0], include=["cluster_assignment"]).data[0].cluster_assignment
    assert near.distance_to_person is None
    assert [candidate.person_id for candidate in near.candidates] == [found["id"]]


def test_whoever_wants_no_faces_found_gets_none(fresh: Account) -> None:
    ana = signed_in(fresh)
    ana.sdk.users.update(face_detection_preference=False)
    asset = ana.upload(pictures.jpeg(1))["id"]
    task = detection(ana, asset)
    assert (task["status"], task["outcome"]) == ("success", "skipped_owner_off")
    assert faces(ana, asset) == []
    # Whoever changes their mind has what was passed over looked at.
    ana.sdk.users.update(face_detection_preference=True)

    def looked() -> list[dict[str, Any]]:
        return [task for task in ana.tasks(asset) if task["task_type"] == "face_detection" and task["status"] in ("success", "failure")]

    (task, _) = wait_until(looked, lambda tasks: len(tasks) == 2)
    needs_models(ana, task)
    assert task["outcome"] == "ran"
