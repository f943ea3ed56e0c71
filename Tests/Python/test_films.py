"""Films: described by what they say about themselves, shown by a still, found, and served in parts."""

from __future__ import annotations

import io
import subprocess
from datetime import datetime
from pathlib import Path

import pytest
from kit import asking, pictures
from kit.account import Account
from PIL import Image, ImageDraw

WHOLE_WORLD = ("-metadata", "creation_time=2021-07-04T15:30:00Z")


def film(folder: Path, name: str, seconds: int = 2, *options: str) -> pictures.Picture:
    path = folder / name
    source = f"testsrc2=s=320x180:r=25:d={seconds}"
    subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", source, "-pix_fmt", "yuv420p", *options, str(path)], check=True)
    return pictures.Picture(name, path.read_bytes())


def test_a_film_is_described_and_shown(fresh: Account, tmp_path: Path) -> None:
    picture = film(tmp_path, "dance.mp4", 2, *WHOLE_WORLD)
    asset = fresh.upload(picture)["id"]
    fresh.all_settled([asset])
    told = fresh.sdk.assets.retrieve(asset)
    assert (told.width, told.height, told.mime_type) == (320, 180, "video/mp4")
    assert told.duration == pytest.approx(2, abs=0.1)
    assert told.metadata.fps == pytest.approx(25)
    # Only pictures have these (contract §7).
    assert (told.metadata.raw_width, told.metadata.raw_height) == (None, None)
    assert told.local_datetime.replace(tzinfo=None) == datetime(2021, 7, 4, 15, 30)
    assert told.thumbhash
    assert set(told.asset_urls) == {"thumbnail_image", "small_image", "preview_image", "fullsize_image", "playback", "original"}
    for name in ("thumbnail_image", "small_image", "preview_image", "fullsize_image"):
        shown = asking.get(told.asset_urls[name].url)
        assert shown.status_code == 200, shown.text
        assert Image.open(io.BytesIO(shown.content)).size == (320, 180)
    part = asking.get(told.asset_urls["original"].url, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, picture.content[10:20])


def test_what_is_read_later_stays_below_what_was_said_meanwhile(fresh: Account, tmp_path: Path) -> None:
    asset = fresh.upload(film(tmp_path, "party.mov", 1, *WHOLE_WORLD))["id"]
    fresh.sdk.assets.update_asset(asset, description="Party", original_datetime=datetime(2001, 2, 3, 4, 5))
    fresh.all_settled([asset])
    told = fresh.sdk.assets.retrieve(asset)
    assert (told.metadata.description, told.local_datetime) == ("Party", datetime(2001, 2, 3, 4, 5))
    assert told.width == 320
    answer = fresh.http.patch(f"/api/assets/{asset}", json={"original_datetime": None})
    assert answer.json()["local_datetime"].startswith("2021-07-04T15:30:00")


def test_the_feed_tells_when_a_film_was_read(fresh: Account, tmp_path: Path) -> None:
    asset = fresh.upload(film(tmp_path, "sea.mp4", 1))["id"]
    fresh.all_settled([asset])
    events = fresh.http.get("/api/events", params={"limit": 200}).json()["data"]
    kinds = [event["event_type"] for event in events if event["entity_id"] == asset]
    assert kinds[:2] == ["asset_created", "metadata_updated"]
    assert kinds[2:].count("metadata_updated") == 1 and "asset_updated" in kinds[2:]


def test_a_film_that_cannot_be_read_is_kept_and_says_why(fresh: Account) -> None:
    broken = pictures.Picture("broken.mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(64))
    asset = fresh.upload(broken)["id"]
    tasks = {task["task_type"]: task for task in fresh.settled(asset)}
    assert tasks["display_proxy_generation"]["status"] == "failure"
    assert tasks["display_proxy_generation"]["error_message"]
    told = fresh.sdk.assets.retrieve(asset)
    assert asking.get(told.asset_urls["original"].url).content == broken.content
    assert asking.get(told.asset_urls["thumbnail_image"].url).status_code == 404


def test_a_film_that_browsers_do_not_play_gets_a_form_that_they_do(fresh: Account, tmp_path: Path) -> None:
    original = film(tmp_path, "old.avi", 1, "-c:v", "mpeg4")
    asset = fresh.upload(original)["id"]
    tasks = {task["task_type"]: task for task in fresh.settled(asset)}
    assert tasks["display_proxy_generation"]["status"] == "success"
    assert tasks["display_proxy_generation"]["id"] in {task.id for task in fresh.sdk.tasks.list(task_type="display_proxy_generation")}
    variants = fresh.sdk.assets.retrieve(asset).asset_urls
    played = asking.get(variants["playback"].url)
    assert (played.status_code, played.headers["content-type"]) == (200, variants["playback"].mimetype) == (200, "video/mp4")
    assert "content-disposition" not in played.headers
    assert b"moov" in played.content[: played.content.index(b"mdat")]
    part = asking.get(variants["playback"].url, headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.content, part.headers["etag"]) == (206, b"ftyp", played.headers["etag"])
    assert asking.get(variants["original"].url).content == original.content
    version = fresh.http.get(f"/api/assets/{asset}/versions", params={"include": "variants"}).json()[0]
    assert asking.get(version["version_urls"]["playback"]["url"]).content == played.content


def test_a_film_that_browsers_play_is_played_as_it_is(fresh: Account, tmp_path: Path) -> None:
    original = film(tmp_path, "new.mov", 1, "-c:v", "libx264", "-movflags", "+faststart")
    asset = fresh.upload(original)["id"]
    fresh.all_settled([asset])
    played = asking.get(fresh.sdk.assets.retrieve(asset).asset_urls["playback"].url)
    assert (played.content, played.headers["content-type"]) == (original.content, "video/mp4")


def scene(name: str) -> Image.Image:
    """Pictures that the model tells apart: the cosine of any two of the first three is at most 0.75."""
    image = Image.new("RGB", (640, 360), {"face": "navy", "rings": "orange"}.get(name, "white"))
    draw = ImageDraw.Draw(image)
    if name == "face":
        draw.ellipse([200, 30, 440, 330], fill="yellow")
        draw.ellipse([260, 110, 290, 150], fill="black")
        draw.ellipse([350, 110, 380, 150], fill="black")
        draw.arc([260, 160, 380, 270], 20, 160, fill="black", width=10)
    if name == "rings":
        for radius in range(170, 0, -20):
            draw.ellipse([320 - radius, 180 - radius, 320 + radius, 180 + radius], outline="blue", width=8)
    if name == "board":
        for column, row in ((column, row) for column in range(15) for row in range(8) if (column + row) % 2):
            draw.rectangle([45 * column, 45 * row, 45 * column + 44, 45 * row + 44], fill="darkred")
    if name == "stripes":
        for left in range(0, 640, 40):
            draw.rectangle([left, 0, left + 19, 359], fill="black")
    return image


def photo(name: str) -> pictures.Picture:
    file = io.BytesIO()
    scene(name).save(file, "JPEG", quality=90)
    return pictures.Picture(f"{name}.jpg", file.getvalue())


def test_a_film_is_found_by_each_of_its_scenes(fresh: Account, tmp_path: Path) -> None:
    """As near as if each were alone. A single vector, or the mean of all, would be beyond 0.2 for two of the three at least."""
    scenes = [photo(name) for name in ("face", "rings", "board")]
    for number, each in enumerate(scenes):
        (tmp_path / f"scene-{number}.jpg").write_bytes(each.content)
    path = tmp_path / "journey.mp4"
    inputs = ["-framerate", "1/2", "-i", str(tmp_path / "scene-%d.jpg"), "-r", "10", "-pix_fmt", "yuv420p", "-g", "10"]
    subprocess.run(["ffmpeg", "-v", "error", *inputs, str(path)], check=True)
    journey = fresh.upload(pictures.Picture("journey.mp4", path.read_bytes()))["id"]
    fresh.all_settled([journey, fresh.upload(photo("stripes"))["id"]])
    for each in scenes:
        answer = fresh.http.post("/api/search", files={"image": (each.name, each.content, "image/jpeg"), "threshold": (None, "1")})
        found = [(hit["asset"]["id"], hit["distance"]) for hit in answer.json()["data"]]
        assert len(found) == 2 and found[0][0] == journey and found[0][1] < 0.2, found


def test_a_picture_has_nothing_to_play(fresh: Account) -> None:
    asset = fresh.upload(pictures.jpeg(7))
    assert "playback" not in asset["asset_urls"]
    assert fresh.http.get(f"/api/assets/{asset['id']}/variants/playback").status_code == 404
