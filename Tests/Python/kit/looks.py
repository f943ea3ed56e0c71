"""How a picture looks to another decoder, and how far two pictures are apart to the eye."""

from __future__ import annotations

import io
import struct
import subprocess
from pathlib import Path

import numpy
import pillow_heif
from PIL import Image, ImageCms, ImageOps

pillow_heif.register_heif_opener()
Image.MAX_IMAGE_PIXELS = None  # one picture of the corpus has 280 million

EDGE = 48
"""Pixels of the longer edge at which pictures are compared: enough to tell what is where, too few for a coder's noise."""

FROM_LINEAR_LIGHT = "format=gbrap16le,zscale=t=iec61966-2-1:m=gbr:p=bt709,format=rgba"
"""JPEG XL may hold linear light, and ffmpeg says so instead of changing it."""

SRGB = ImageCms.createProfile("sRGB")


def reference(path: Path) -> Image.Image:
    """The first picture in a file: upright, over white, in sRGB, by Pillow, libheif's newest or ffmpeg."""
    if path.suffix == ".jxl":
        png = subprocess.run(
            ["ffmpeg", "-v", "error", "-i", path, "-frames:v", "1", "-vf", FROM_LINEAR_LIGHT, "-f", "image2pipe", "-c:v", "png", "-"],
            capture_output=True, check=True,
        )  # fmt: skip
        return shown(Image.open(io.BytesIO(png.stdout)))
    image = Image.open(path)
    image.draft("RGB", (1024, 1024))
    return shown(image)


def shown(image: Image.Image) -> Image.Image:
    """As a screen has it."""
    profile = image.info.get("icc_profile")
    upright = ImageOps.exif_transpose(image)
    if upright.mode.startswith("I;16") or upright.mode == "I":
        upright = Image.fromarray((numpy.asarray(upright) // 257).astype("uint8"))
    if upright.mode in ("P", "PA", "LA") or (upright.mode == "L" and "transparency" in upright.info) or "transparency" in upright.info:
        upright = upright.convert("RGBA")
    alpha = upright.getchannel("A") if "A" in upright.getbands() else None
    colours = in_srgb(upright.convert("RGB") if alpha else upright, profile)
    if alpha is None:
        return colours
    white = Image.new("RGB", upright.size, "white")
    white.paste(colours, mask=alpha)
    return white


def in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            return ImageCms.profileToProfile(image, source, SRGB, renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC, outputMode="RGB")
        except ImageCms.PyCMSError:
            pass  # a profile of another kind of picture says nothing about this one
    return image.convert("RGB")


def distance(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of all channels at a small size, 0…255."""
    return float(numpy.abs(small(one) - small(other)).mean())


def small(image: Image.Image) -> numpy.ndarray:
    return numpy.asarray(image.convert("RGB").resize((EDGE, EDGE), Image.Resampling.BOX), dtype=float)


def turned(image: Image.Image) -> list[Image.Image]:
    """The seven ways in which a picture can stand wrong."""
    return [image.transpose(way) for way in Image.Transpose]


# -- profiles

PRIMARIES = {
    "Display P3": [(0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407)],
    "Adobe RGB (1998)": [(0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457)],
}
"""X, Y and Z of red, green and blue beside a white of D50 (SMPTE EG 432-1; Adobe RGB (1998) §4.3)."""


def profile(name: str, gamma: float = 2.2) -> bytes:
    """A screen's ICC profile of version 2 (ICC.1:2001-04): three primaries and one curve."""
    text = name.encode("ascii") + b"\0"
    description = b"desc" + bytes(4) + struct.pack(">I", len(text)) + text + bytes(78)
    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256)) + bytes(2)
    white = xyz((0.96420, 1.0, 0.82491))
    tags = [(b"desc", description), (b"cprt", b"text" + bytes(4) + b"none\0"), (b"wtpt", white)]
    tags += [(key, xyz(value)) for key, value in zip([b"rXYZ", b"gXYZ", b"bXYZ"], PRIMARIES[name], strict=True)]
    tags += [(key, curve) for key in (b"rTRC", b"gTRC", b"bTRC")]
    offset, table, body = 128 + 4 + 12 * len(tags), b"", b""
    for key, content in tags:
        table += key + struct.pack(">II", offset + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    header = struct.pack(">I4sI4s4s4s", offset + len(body), bytes(4), 0x02400000, b"mntr", b"RGB ", b"XYZ ") + bytes(12) + b"acsp" + bytes(28)
    header += struct.pack(">iii", *(round(part * 65536) for part in (0.96420, 1.0, 0.82491)))
    return header.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


def xyz(value: tuple[float, float, float]) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">iii", *(round(part * 65536) for part in value))
