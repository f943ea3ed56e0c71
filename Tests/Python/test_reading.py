"""Text in pictures: read in the background, told with its place, and searched."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from kit import pictures
from kit.account import Account
from kit.contract import assert_complete, assert_problem
from kit.pictures import Picture
from kit.server import Server
from PIL import Image, ImageDraw, ImageFont

FONTS = Path("/usr/share/fonts/truetype")
DEJAVU = FONTS / "dejavu"
PAPER, INK = (236, 233, 224), (30, 30, 60)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    """A user of a server that reads what stands in pictures."""
    server = Server(tmp_path_factory.mktemp("reading"), "--read-text", "on").start()
    account = Account.make(server)
    yield account
    account.close()
    assert server.stop() == 0


def page(lines: list[str], font: Path, size: int, angle: float = 0, **options: object) -> Picture:
    """A picture of printed lines, turned against the clock."""
    face = ImageFont.truetype(str(font), size)
    width = round(max(face.getlength(line) for line in lines)) + 4 * size
    image = Image.new("RGB", (width, 2 * size * (len(lines) + 1)), PAPER)
    for number, line in enumerate(lines):
        ImageDraw.Draw(image).text((2 * size, size + 2 * size * number), line, fill=INK, font=face)
    if angle:
        image = image.rotate(angle, expand=True, fillcolor=PAPER, resample=Image.Resampling.BICUBIC)
    content = io.BytesIO()
    image.save(content, "JPEG", quality=85, **options)
    return Picture(f"{font.stem}-{size}-{angle:g}.jpg", content.getvalue())


def read(account: Account, picture: Picture) -> list[dict]:
    asset = account.upload(picture)["id"]
    account.all_settled([asset])
    answer = account.http.get(f"/api/assets/{asset}/text")
    assert answer.status_code == 200, answer.text
    assert_complete(answer.json(), "AssetTextResponse")
    return answer.json()["lines"]


def accuracy(expected: list[str], lines: list[dict]) -> float:
    """Of the characters, the part that is right (one less the edit distance in characters, spaces aside)."""
    wanted, found = ("".join(text.split()) for text in ("".join(expected), "".join(line["text"] for line in lines)))
    row = list(range(len(found) + 1))
    for place, character in enumerate(wanted, 1):
        last, row[0] = row[0], place
        for other, candidate in enumerate(found, 1):
            last, row[other] = row[other], min(row[other] + 1, row[other - 1] + 1, last + (character != candidate))
    return 1 - row[-1] / len(wanted)


ENGLISH = ["Harbour Street 25", "Total: EUR 1,234.56", "The quick brown fox jumps over the lazy dog"]


@pytest.mark.parametrize(
    ("lines", "font", "size", "angle"),
    [
        (ENGLISH, "dejavu/DejaVuSans.ttf", 40, 0),
        (ENGLISH, "dejavu/DejaVuSerif-Bold.ttf", 24, 12),
        (ENGLISH, "dejavu/DejaVuSansMono.ttf", 18, 0),
        (ENGLISH, "dejavu/DejaVuSans-Bold.ttf", 60, 90),
        (ENGLISH, "dejavu/DejaVuSerif.ttf", 32, 180),
        (ENGLISH, "dejavu/DejaVuSans.ttf", 28, -38),
        (["Grüße aus Österreich", "Crème brûlée, señor"], "dejavu/DejaVuSans.ttf", 36, 0),
        (["北京欢迎你", "出口", "東京駅"], "droid/DroidSansFallbackFull.ttf", 48, 0),
    ],
)
def test_printed_lines_are_read(reader: Account, lines: list[str], font: str, size: int, angle: float) -> None:
    found = read(reader, page(lines, FONTS / font, size, angle))
    print([line["text"] for line in found])
    assert accuracy(lines, found) >= 0.95
    assert all(line["confidence"] >= 0.5 for line in found)


def test_a_line_says_where_it_stands(reader: Account) -> None:
    picture = page(["Here"], DEJAVU / "DejaVuSans.ttf", 40)
    (line,) = read(reader, picture)
    width, height = Image.open(io.BytesIO(picture.content)).size
    (left, top), _, (right, bottom), _ = ((corner["x"] * width, corner["y"] * height) for corner in line["corners"])
    # The letters begin at twice the size, a third of it below one.
    assert 50 < left < 90 and 20 < top < 60 and width - 110 < right < width - 50 and 70 < bottom < 110


def test_a_picture_is_read_as_it_is_shown(reader: Account) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter, with the clock
    (line,) = read(reader, page(["Turned by the camera"], DEJAVU / "DejaVuSans.ttf", 40, 90, exif=exif))
    assert line["text"] == "Turned by the camera"
    start, end, *_ = line["corners"]
    assert start["x"] < end["x"] and abs(start["y"] - end["y"]) < 0.05


def test_photos_are_found_by_what_stands_in_them(reader: Account) -> None:
    asset = reader.upload(page(["Zanzibar Ferry", "Gate 17"], DEJAVU / "DejaVuSans-Bold.ttf", 44))["id"]
    reader.all_settled([asset])
    other = reader.upload(pictures.jpeg(1))["id"]
    reader.all_settled([other])
    found = reader.http.get("/api/search", params={"query": "zanzibar ferry", "threshold": 0.5, "explain": "true"}).json()["data"]
    assert [hit["asset"]["id"] for hit in found] == [asset]
    (words,) = (reason for reason in found[0]["explanation"] if reason["stage"] == "words")
    lines = reader.http.get(f"/api/assets/{asset}/text").json()["lines"]
    assert words["lines"] == lines[:1]
    assert [line["text"] for line in lines] == ["Zanzibar Ferry", "Gate 17"]


def test_an_edit_is_read_instead_of_the_upload(reader: Account) -> None:
    asset = reader.upload(page(["Before the edit"], DEJAVU / "DejaVuSans.ttf", 40))["id"]
    reader.all_settled([asset])
    edited = page(["Afterwards"], DEJAVU / "DejaVuSans.ttf", 40)
    made = reader.http.post(
        f"/api/assets/{asset}/versions", data={"kind": "edit", "params": "{}"}, files={"file": ("edited", edited.content, "image/jpeg")}
    )
    assert made.status_code == 201, made.text
    reader.all_settled([asset])
    lines = reader.http.get(f"/api/assets/{asset}/text").json()["lines"]
    assert [line["text"] for line in lines] == ["Afterwards"]


@pytest.mark.parametrize("number", [1, 2])
def test_what_holds_no_text_gives_none(reader: Account, number: int) -> None:
    assert read(reader, pictures.jpeg(number + 50)) == []


def test_nobody_reads_what_is_not_theirs(reader: Account) -> None:
    asset = reader.upload(page(["Secret"], DEJAVU / "DejaVuSans.ttf", 40))["id"]
    stranger = Account.make(reader.server)
    for path in (asset, "asset_" + "2" * 22, "nonsense"):
        assert_problem(stranger.http.get(f"/api/assets/{path}/text"), 404, "not_found")
    stranger.close()


def test_reading_can_be_switched_off(account: Account) -> None:
    asset = account.upload(pictures.jpeg(60))["id"]
    account.all_settled([asset])
    assert "asset_description" not in {task["task_type"] for task in account.tasks(asset)}
    assert account.http.get(f"/api/assets/{asset}/text").json() == {"lines": []}
