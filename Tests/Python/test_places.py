"""Names of places: given to positions in the background, taken back with them, and searched by."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from kit import pictures
from kit.account import Account, wait_until
from kit.contract import assert_complete
from kit.pictures import Picture
from kit.server import Server

VIENNA, EIFFEL_TOWER, AUCKLAND, HIGH_SEAS = (48.2082, 16.3738), (48.8584, 2.2945), (-36.8485, 174.7633), (-48.9, -123.4)


def taken_at(seed: int, place: tuple[float, float], folder: Path, **tags: str) -> Picture:
    """A picture whose position, and whatever else, exiftool has written: an independent writer."""
    picture = pictures.jpeg(seed, name=f"place-{seed}.jpg")
    path = folder / picture.name
    path.write_bytes(picture.content)
    latitude, longitude = place
    position = {
        "GPSLatitude": abs(latitude), "GPSLatitudeRef": "N" if latitude >= 0 else "S",
        "GPSLongitude": abs(longitude), "GPSLongitudeRef": "E" if longitude >= 0 else "W",
    }  # fmt: skip
    options = [f"-{name}={value}" for name, value in {**position, **tags}.items()]
    subprocess.run(["exiftool", "-q", "-overwrite_original", *options, str(path)], check=True)
    return Picture(picture.name, path.read_bytes())


def named(account: Account, asset: str) -> dict:
    """The metadata of an asset once its position was looked up."""
    wait_until(lambda: naming(account, asset), lambda tasks: tasks and all(task["status"] in ("success", "failure") for task in tasks))
    return account.http.get(f"/api/assets/{asset}", params={"include": "metadata"}).json()["metadata"]


def naming(account: Account, asset: str) -> list[dict]:
    return [task for task in account.tasks(asset) if task["task_type"] == "reverse_geocoding"]


def label_of(account: Account, asset: str) -> str | None:
    metadata = account.sdk.assets.retrieve(asset, include=["metadata"]).metadata
    assert metadata is not None
    return metadata.display_label


def test_the_position_in_a_file_is_named(fresh: Account, tmp_path: Path) -> None:
    asset = fresh.upload(taken_at(1, VIENNA, tmp_path), file_created_at="2024-03-01T09:00:00")
    metadata = named(fresh, asset["id"])
    assert_complete(metadata, "MetadataResponse")
    expected = {"city": "Vienna", "state": "Vienna", "country": "Austria", "country_code": "AT", "timezone": "Europe/Vienna"}
    assert {key: metadata[key] for key in expected} == expected
    assert metadata["display_label"].endswith("Vienna, Austria")
    after = fresh.http.get(f"/api/assets/{asset['id']}").json()
    # A zone is no offset: what the camera's clock said stays as it is.
    assert after["local_datetime"] == asset["local_datetime"] == "2024-03-01T09:00:00"
    assert after["exif"]["city"] == "Vienna"
    (task,) = naming(fresh, asset["id"])
    assert (task["status"], task["asset_id"]) == ("success", asset["id"])
    listed = fresh.http.get("/api/tasks", params={"task_type": "reverse_geocoding"}).json()
    assert task["id"] in [entry["id"] for entry in (listed if isinstance(listed, list) else listed["data"])]


def test_a_film_is_named_once_it_was_read(fresh: Account, tmp_path: Path) -> None:
    path = tmp_path / "vienna.mov"
    source, position = "testsrc2=s=64x48:r=5:d=1", "location=+48.2082+016.3738/"
    subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", source, "-pix_fmt", "yuv420p", "-metadata", position, str(path)], check=True)
    film = fresh.upload(Picture(path.name, path.read_bytes()))["id"]
    metadata = named(fresh, film)
    assert (metadata["city"], metadata["timezone"]) == ("Vienna", "Europe/Vienna")


def test_what_has_no_position_or_is_at_sea_has_no_names(fresh: Account, tmp_path: Path) -> None:
    at_sea = fresh.upload(taken_at(2, HIGH_SEAS, tmp_path))["id"]
    metadata = named(fresh, at_sea)
    assert (metadata["city"], metadata["country"], metadata["timezone"], metadata["display_label"]) == (None, None, None, None)
    anywhere = fresh.upload(pictures.jpeg(3))["id"]
    fresh.settled(anywhere)
    assert naming(fresh, anywhere) == []


def test_names_follow_a_position_that_a_user_gives_changes_and_takes_back(fresh: Account) -> None:
    photo = fresh.upload(pictures.jpeg(4))["id"]
    fresh.sdk.assets.update_asset(photo, latitude=EIFFEL_TOWER[0], longitude=EIFFEL_TOWER[1])
    wait_until(lambda: label_of(fresh, photo), lambda label: label and "Paris, France" in label)
    moved = fresh.sdk.assets.update_asset(photo, latitude=AUCKLAND[0], longitude=AUCKLAND[1])
    assert moved.metadata is not None and moved.metadata.country != "France"
    metadata = wait_until(lambda: named(fresh, photo), lambda metadata: metadata["city"])
    assert (metadata["city"], metadata["country_code"], metadata["timezone"]) == ("Auckland", "NZ", "Pacific/Auckland")
    fresh.settled(photo)
    before = fresh.http.get("/api/events", params={"limit": 200}).json()["data"]
    back = fresh.http.patch(f"/api/assets/{photo}", json={"latitude": None, "longitude": None}).json()["metadata"]
    assert (back["latitude"], back["city"], back["country_code"], back["timezone"], back["display_label"]) == (None,) * 5
    told = fresh.http.get("/api/events", params={"limit": 200}).json()["data"][len(before) :]
    assert [(event["event_type"], event["entity_id"]) for event in told] == [("metadata_updated", photo)]


def test_a_name_that_comes_is_told_once(fresh: Account, tmp_path: Path) -> None:
    photo = fresh.upload(taken_at(5, VIENNA, tmp_path))["id"]
    fresh.settled(photo)
    events = fresh.http.get("/api/events", params={"limit": 200, "entity_types": "metadata"}).json()["data"]
    assert [event["entity_id"] for event in events] == [photo, photo]  # the upload, the names


def test_words_of_a_place_find_its_photos(fresh: Account, tmp_path: Path) -> None:
    paris = fresh.upload(taken_at(6, EIFFEL_TOWER, tmp_path))["id"]
    auckland = fresh.upload(taken_at(7, AUCKLAND, tmp_path))["id"]
    for photo in (paris, auckland):
        named(fresh, photo)

    def found(words: str) -> set[str]:
        # All words stand with the photo: nearer than any picture comes by what it shows.
        return {hit.asset.id for hit in fresh.sdk.search.search(query=words).data if hit.distance is not None and hit.distance < 0.3}

    assert found("Paris") == found("ile-de-france") == found("france") == {paris}
    assert found("auckland") == found("new zealand") == {auckland}
    fresh.sdk.assets.update_asset(paris, latitude=VIENNA[0], longitude=VIENNA[1])
    wait_until(lambda: found("vienna"), lambda hits: paris in hits)
    assert found("paris") == set()


def test_names_in_the_file_count_first(fresh: Account, tmp_path: Path) -> None:
    words = {"XMP-photoshop:City": "Grinzing", "XMP-photoshop:Country": "Österreich"}
    metadata = named(fresh, fresh.upload(taken_at(8, VIENNA, tmp_path, **words))["id"])
    assert (metadata["city"], metadata["country"], metadata["country_code"]) == ("Grinzing", "Österreich", "AT")
    assert metadata["display_label"] == "Grinzing, Österreich"


def test_without_the_file_of_places_everything_else_works(tmp_path: Path) -> None:
    missing = ["--places", str(tmp_path / "none.places")]
    server = Server(tmp_path, *missing)
    result = server.run("doctor", "--json", *missing)
    (finding,) = [finding for finding in json.loads(result.stdout) if finding["part"] == "places"]
    assert not finding["isAvailable"] and "scripts/setup" in finding["state"]
    server.start()
    try:
        account = Account.make(server)
        photo = account.upload(taken_at(9, VIENNA, tmp_path))["id"]
        metadata = named(account, photo)
        assert metadata["latitude"] == pytest.approx(VIENNA[0]) and metadata["city"] is None
        (task,) = naming(account, photo)
        assert task["status"] == "failure" and "places" in task["error_message"]
        account.close()
    finally:
        assert server.stop() == 0
    # With the file there, the next start names what was left.
    again = Server(tmp_path, engine=server.engine).start()
    try:
        account = Account.with_key(again, account.email, account.key)
        wait_until(lambda: named(account, photo), lambda metadata: metadata["city"] == "Vienna")
        account.close()
    finally:
        assert again.stop() == 0


EXPECTED = {
    # Set by hand from maps; the names are those of GeoNames. What is not listed has no city that everybody would agree on.
    "UTC-20240413-203531-Kathmandu.jpg": ("NP", "Kathmandu"),
    "UTC-20240413-203630-London.jpg": ("GB", None),  # its file names the ward
    "UTC-20240413-203430-Auckland.jpg": ("NZ", None),
    "UTC-20240413-203530-Montevideo.jpg": ("UY", None),
    "arezzo-DSCN0010.jpg": ("IT", "Arezzo"),
    "arezzo-DSCN0021.jpg": ("IT", "Arezzo"),
    "derived-longyearbyen.jpg": ("SJ", "Longyearbyen"),
    "derived-nairobi.jpg": ("KE", "Nairobi"),
    "derived-rio.jpg": ("BR", "Rio de Janeiro"),
    "derived-ushuaia.jpg": ("AR", "Ushuaia"),
    "derived-baarle-hertog.jpg": ("BE", "Baarle-Hertog"),
    "fiji.jpg": ("FJ", "Nadi"),
    "reunion-chameleon.jpg": ("RE", None),
    "south-africa-elephants.jpg": ("ZA", None),
    "thompson-springs.jpg": ("US", "Thompson Springs"),
}


def test_photos_of_the_world_are_named_right(fresh: Account, fixtures: Path) -> None:
    files = {file["path"]: file.get("expected") or {} for file in json.loads((fixtures / "manifest.json").read_text())["files"]}
    uploads = {path: fresh.upload(Picture(Path(path).name, (fixtures / path).read_bytes())) for path in files if path.startswith("exif/gps/")}
    wrong = []
    for path, asset in uploads.items():
        name, truth, metadata = Path(path).name, files[path], asset["metadata"]
        if metadata["latitude"] is not None:
            metadata = named(fresh, asset["id"])
        country, city = EXPECTED.get(name, (truth.get("expectedCountry"), None))
        if metadata["country_code"] != country or (city and metadata["city"] != city):
            wrong.append((name, metadata["country_code"], metadata["city"]))
        zone = truth.get("expectedTimeZone")
        if zone and metadata["city"] and metadata["timezone"] != zone:
            wrong.append((name, metadata["timezone"]))
    assert wrong == []
