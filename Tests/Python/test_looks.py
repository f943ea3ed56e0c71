"""Every variant of a picture looks as another decoder shows its original: the right way up, in the right size and colours."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from kit import looks, pictures
from kit.account import Account
from kit.server import Server
from PIL import Image, ImageCms

EDGES = {"thumbnail": 360, "small": 720, "preview": 1440, "fullsize": None}
FULLSIZE_PIXELS = 20_000_000
"""Full-size renditions of larger pictures are left out: they take long and show nothing else."""
CLOSE = 9.0
"""Mean difference of what a good rendition may show; one that is turned shows 15 and more."""

KINDS = ["avif", "bmp", "gif", "heic", "jp2", "jpeg", "jxl", "png", "tiff", "webp"]
UNLIKE = {
    "cmyk.jpg": "inks without a profile: here as a printer's, there as their bare complements",
    "sequence-star-8bpc.avifs": "a film without sound is shown by a picture that tells something, not by the first",
}
"""Pictures on which two decoders may differ, and why. Their sizes are compared all the same."""


@pytest.fixture(scope="module")
def gallery(server: Server, fixtures: Path) -> Iterator[tuple[Account, dict[str, dict]]]:
    """Every still of the corpus that is there for its format or for how it stands, uploaded by four clients at once."""
    folders = [fixtures / "formats" / kind for kind in KINDS] + [fixtures / "exif" / "orientation"]
    account = Account.make(server)
    paths = [path for folder in folders for path in sorted(folder.iterdir())]
    with ThreadPoolExecutor(4) as clients:
        assets = clients.map(lambda path: account.upload(pictures.Picture(path.name, path.read_bytes())), paths)
        yield account, {str(path): asset for path, asset in zip(paths, assets, strict=True)}
    account.close()


def fetched(url: str, anyone: httpx.Client) -> Image.Image:
    answer = anyone.get(url)
    assert answer.status_code == 200, answer.text
    return Image.open(io.BytesIO(answer.content))


@pytest.mark.engine("embedded")
def test_every_variant_shows_what_the_original_shows(gallery: tuple[Account, dict[str, dict]]) -> None:
    account, assets = gallery
    account.all_settled(asset["id"] for asset in assets.values())
    found = dict[str, float]()
    wrong = list[str]()
    with httpx.Client(timeout=120) as anyone:
        for path, asset in assets.items():
            expected = looks.reference(Path(path))
            width, height = asset["width"], asset["height"]
            for variant, edge in EDGES.items():
                if edge is None and width * height > FULLSIZE_PIXELS:
                    continue
                image = fetched(asset["asset_urls"][variant]["url"], anyone)
                scale = min(1.0, (edge or max(width, height)) / max(width, height))
                if any(abs(side - whole * scale) > 1 for side, whole in zip(image.size, (width, height), strict=True)):
                    wrong.append(f"{path} {variant}: {image.size} of {width} × {height}")
                if Path(path).name in UNLIKE:
                    continue
                away = looks.distance(looks.shown(image), expected)
                found[f"{Path(path).name} {variant}"] = away
                if away > CLOSE or any(looks.distance(turned, expected) < away - 0.5 for turned in looks.turned(looks.shown(image))):
                    wrong.append(f"{path} {variant}: {away:.1f} away")
    for name, away in sorted(found.items(), key=lambda item: -item[1])[:20]:
        print(f"{away:6.2f}  {name}")
    assert wrong == []


# -- colours


def wide_picture(name: str) -> tuple[pictures.Picture, Image.Image]:
    """Two colours that sRGB has and one that it has not, in a profile's numbers; and the same as Display P3 has them."""
    image = Image.new("RGB", (960, 960), (180, 100, 70))
    image.paste((60, 130, 90), (0, 0, 480, 480))
    image.paste((250, 10, 10), (480, 0, 960, 480))
    content, profile = io.BytesIO(), looks.profile(name)
    image.save(content, "JPEG", quality=95, icc_profile=profile)
    target = ImageCms.ImageCmsProfile(io.BytesIO(looks.profile("Display P3")))
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    return pictures.Picture(f"{name}.jpg", content.getvalue()), ImageCms.profileToProfile(image, source, target, renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC)


@pytest.mark.parametrize("name", ["Display P3", "Adobe RGB (1998)"])
def test_large_variants_keep_wide_colours_and_small_ones_are_srgb(fresh: Account, name: str) -> None:
    picture, wide = wide_picture(name)
    asset = fresh.upload(picture)
    fresh.all_settled([asset["id"]])
    assert asset["exif"]["profile_description"] == name
    narrow = looks.shown(Image.open(io.BytesIO(picture.content)))
    with httpx.Client(timeout=60) as anyone:
        for variant in EDGES:
            image = fetched(asset["asset_urls"][variant]["url"], anyone)
            keeps = variant in ("preview", "fullsize")
            assert ("icc_profile" in image.info) == keeps
            for place in ((0.25, 0.25), (0.5, 0.75), *([(0.75, 0.25)] if keeps else [])):
                seen, expected = pixel(image, place), pixel(wide if keeps else narrow, place)
                assert all(abs(one - other) <= 12 for one, other in zip(seen, expected, strict=True)), (variant, place, seen, expected)


def pixel(image: Image.Image, place: tuple[float, float]) -> tuple[int, ...]:
    return image.convert("RGB").getpixel((int(image.width * place[0]), int(image.height * place[1])))


def test_inks_go_through_their_profile(fresh: Account, tmp_path: Path) -> None:
    source, inks = tmp_path / "source.png", tmp_path / "inks.jpg"
    pictures.drawing(3, 480, 320).save(source)
    subprocess.run(["vips", "icc_transform", source, f"{inks}[Q=95]", "cmyk", "--input-profile", "srgb"], check=True)
    asset = fresh.upload(pictures.Picture("inks.jpg", inks.read_bytes()))
    fresh.all_settled([asset["id"]])
    with httpx.Client(timeout=60) as anyone:
        for variant in EDGES:
            image = fetched(asset["asset_urls"][variant]["url"], anyone)
            assert image.mode == "RGB" and "icc_profile" not in image.info
            assert looks.distance(image, looks.reference(inks)) < CLOSE
