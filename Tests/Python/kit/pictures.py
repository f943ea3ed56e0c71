"""Pictures made at test time: small, different from one another, and with the metadata a test asks for."""

from __future__ import annotations

import base64
import hashlib
import io
import random
from dataclasses import dataclass

from PIL import Image, ImageDraw
from PIL.TiffImagePlugin import IFDRational

EXIF, GPS = 0x8769, 0x8825  # EXIF 2.32, table 3: pointers to the sub-directories


@dataclass(frozen=True)
class Picture:
    """A file as a camera would hand it over."""

    name: str
    content: bytes

    @property
    def checksum(self) -> str:
        """SHA-256 as the contract writes it."""
        return base64.b64encode(hashlib.sha256(self.content).digest()).decode()

    @property
    def checksum_sha1(self) -> str:
        return base64.b64encode(hashlib.sha1(self.content).digest()).decode()


def drawing(seed: int, width: int, height: int) -> Image.Image:
    """A few coloured shapes; the same seed gives the same picture."""
    chance = random.Random(seed)
    image = Image.new("RGB", (width, height), _colour(chance))
    draw = ImageDraw.Draw(image)
    for _ in range(12):
        left, top = chance.randrange(width), chance.randrange(height)
        box = [left, top, left + chance.randrange(1, width), top + chance.randrange(1, height)]
        (draw.ellipse if chance.random() < 0.5 else draw.rectangle)(box, fill=_colour(chance))
    return image


def _colour(chance: random.Random) -> tuple[int, int, int]:
    return chance.randrange(256), chance.randrange(256), chance.randrange(256)


def jpeg(
    seed: int, width: int = 320, height: int = 240, *, name: str | None = None, taken: str | None = None,
    offset: str | None = None, orientation: int | None = None, camera: tuple[str, str] | None = None, rating: int | None = None, caption: str | None = None, place: tuple[float, float] | None = None,
) -> Picture:  # fmt: skip
    """A JPEG file. `taken` is EXIF's form (`2024:05:17 12:30:00`), `offset` like `+02:00`, `place` latitude and longitude."""
    exif = Image.Exif()
    details = exif.get_ifd(EXIF)
    if taken:
        details[0x9003] = taken
    if offset:
        details[0x9011] = offset
    if orientation:
        exif[0x0112] = orientation
    if caption:
        exif[0x010E] = caption
    if rating is not None:
        exif[0x4746] = rating
    if camera:
        exif[0x010F], exif[0x0110] = camera
        details[0x829A] = IFDRational(1, 250)
        details[0x829D] = IFDRational(28, 10)
        details[0x8827] = 400
        details[0x920A] = IFDRational(35, 1)
    if place:
        latitude, longitude = place
        gps = exif.get_ifd(GPS)
        gps[1], gps[2] = ("N" if latitude >= 0 else "S"), _degrees(latitude)
        gps[3], gps[4] = ("E" if longitude >= 0 else "W"), _degrees(longitude)
    return encoded(seed, width, height, "JPEG", name or f"photo-{seed}.jpg", exif=exif, quality=85)


def _degrees(value: float) -> tuple[IFDRational, IFDRational, IFDRational]:
    """Degrees alone: EXIF allows fractions of them."""
    return IFDRational(round(abs(value) * 1_000_000), 1_000_000), IFDRational(0, 1), IFDRational(0, 1)


def encoded(seed: int, width: int, height: int, form: str, name: str, **options: object) -> Picture:
    """A picture in any format Pillow writes."""
    output = io.BytesIO()
    drawing(seed, width, height).save(output, form, **options)
    return Picture(name, output.getvalue())


def size_of(content: bytes) -> tuple[int, int]:
    """Width and height of an encoded picture, as stored."""
    with Image.open(io.BytesIO(content)) as image:
        return image.size
