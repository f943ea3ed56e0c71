"""The quality score: measured, between 0 and 1, and lower the more is wrong with a picture."""

from __future__ import annotations

import io
import random
from pathlib import Path

import pytest
from kit import pictures
from kit.account import Account
from kit.pictures import Picture
from PIL import Image, ImageChops, ImageEnhance, ImageFilter

SIZE = (480, 360)


def noise(strength: float, seed: int = 1) -> Image.Image:
    """Grey 128, give or take; the same seed gives the same noise."""
    chance = random.Random(seed)
    return Image.frombytes("L", SIZE, bytes(min(max(round(chance.gauss(128, strength)), 0), 255) for _ in range(SIZE[0] * SIZE[1])))


def scene() -> Image.Image:
    """Shapes with the grain of cloth on them, sharp and evenly lit."""
    cloth = noise(40).filter(ImageFilter.GaussianBlur(0.8)).convert("RGB")
    return Image.composite(Image.blend(pictures.drawing(3, *SIZE), cloth, 0.5), pictures.drawing(3, *SIZE), Image.linear_gradient("L").resize(SIZE))


def with_noise(image: Image.Image, strength: float) -> Image.Image:
    return ImageChops.add(image, noise(strength, 2).convert("RGB"), offset=-128)


def scores(account: Account, images: list[Image.Image]) -> list[float]:
    ids = []
    for place, image in enumerate(images):
        output = io.BytesIO()
        image.save(output, "PNG")
        ids.append(account.upload(Picture(f"{place}.png", output.getvalue()))["id"])
    account.all_settled(ids)
    return [account.http.get(f"/api/assets/{asset}").json()["quality_score"] for asset in ids]


@pytest.mark.parametrize(
    ("fault", "degrees"),
    [
        (lambda image, radius: image.filter(ImageFilter.GaussianBlur(radius)), (1, 2, 3)),
        (with_noise, (12, 30, 60)),
        (lambda image, light: ImageEnhance.Brightness(image).enhance(light), (0.4, 0.2, 0.07)),
        (lambda image, light: ImageEnhance.Brightness(image).enhance(light), (2, 3, 5)),
        (lambda image, size: image.resize((480 // size, 360 // size)).resize(SIZE), (2, 4, 6)),
    ],
    ids=["blurred", "noisy", "too dark", "too light", "enlarged"],
)
def test_a_fault_lowers_the_score(account: Account, fault, degrees: tuple[float, ...]) -> None:
    image = scene()
    found = scores(account, [image, *(fault(image, degree) for degree in degrees)])
    assert all(0 <= score <= 1 for score in found)
    assert all(worse < better for better, worse in zip(found, found[1:], strict=False)), found


def test_the_score_is_told_everywhere(fresh: Account) -> None:
    output = io.BytesIO()
    scene().save(output, "PNG")
    asset = fresh.upload(Picture("scene.png", output.getvalue()))
    assert asset["quality_score"] is None and asset["metrics"] == {}
    fresh.all_settled([asset["id"]])
    told = fresh.http.get(f"/api/assets/{asset['id']}").json()
    assert 0.3 < told["quality_score"] < 1 and told["metrics"] == {"quality_score": told["quality_score"]}
    assert told["updated_at"] > asset["updated_at"]
    assert fresh.sdk.assets.retrieve(asset["id"], include=[]).quality_score == told["quality_score"]
    # The same again gives the same, and there is nothing to tell.
    fresh.server.command("rebuild", "quality_scoring", "--all", "--library", fresh.sdk.libraries.list()[0].id)
    fresh.all_settled([asset["id"]])
    assert fresh.http.get(f"/api/assets/{asset['id']}").json()["updated_at"] == told["updated_at"]


def test_what_is_too_small_has_no_score(fresh: Account) -> None:
    asset = fresh.upload(pictures.encoded(1, 20, 15, "PNG", "tiny.png"))["id"]
    fresh.all_settled([asset])
    assert fresh.http.get(f"/api/assets/{asset}").json()["quality_score"] is None
    fresh.server.command("rebuild", "quality_scoring", "--all", "--library", fresh.sdk.libraries.list()[0].id)
    (task,) = [task for task in fresh.settled(asset) if task["task_type"] == "quality_scoring"]
    assert (task["status"], task["outcome"]) == ("success", "not_scored")
    assert fresh.http.get(f"/api/assets/{asset}").json()["quality_score"] is None


def test_real_pictures_are_ranked_sanely(account: Account, fixtures: Path) -> None:
    for number in (1, 2):
        with Image.open(fixtures / "duplicates" / f"set{number}" / "original.jpg") as original:
            image = original.convert("RGB")
        small = image.resize((image.width // 4, image.height // 4))
        good, soft, poor = scores(account, [image, image.filter(ImageFilter.GaussianBlur(2)), small.resize(image.size)])
        assert good > soft > 0 and good > poor and good > 0.6
