"""Files that belong together, made at test time: bursts, live photos and motion photos as cameras write them."""

from __future__ import annotations

import io
import struct
import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from .pictures import EXIF, Picture, drawing

MAKER_NOTE, TAKEN, FRACTION, OFFSET = 0x927C, 0x9003, 0x9291, 0x9011  # EXIF 2.32, tables 4 and 8


def frame(
    seed: int, name: str, taken: str, fraction: str | None = None, *, camera: tuple[str, str] = ("Acme", "One"), content_id: str | None = None,
    offset: str | None = None,
) -> Picture:  # fmt: skip
    """A still of a camera; `fraction` are the digits of a second, `content_id` makes it half a live photo."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = camera
    details = exif.get_ifd(EXIF)
    details[TAKEN] = taken
    if fraction:
        details[FRACTION] = fraction
    if offset:
        details[OFFSET] = offset
    if content_id:
        exif[0x010F] = "Apple"
        details[MAKER_NOTE] = _apple_note(content_id)
    output = io.BytesIO()
    drawing(seed, 320, 240).save(output, "JPEG", exif=exif)
    return Picture(name, output.getvalue())


def raw(seed: int, name: str, taken: str) -> Picture:
    """What a camera calls a RAW file; TIFF by its first bytes, as most of them."""
    output = io.BytesIO()
    drawing(seed, 320, 240).save(output, "TIFF")
    return tagged(Picture(name, output.getvalue()), "-Make=Acme", "-Model=One", f"-DateTimeOriginal={taken}")


def _apple_note(content_id: str) -> bytes:
    """The notes of an iPhone with one tag, 0x0011; its value lies behind the directory."""
    value = content_id.encode() + b"\0"
    return b"Apple iOS\0\0\1MM" + struct.pack(">HHHII", 1, 0x0011, 2, len(value), 32) + bytes(4) + value


def tagged(picture: Picture, *arguments: str) -> Picture:
    """The same file with tags that exiftool writes."""
    with TemporaryDirectory() as folder:
        path = Path(folder, picture.name)
        path.write_bytes(picture.content)
        subprocess.run(["exiftool", "-q", "-m", "-overwrite_original", *arguments, str(path)], check=True)
        return Picture(picture.name, path.read_bytes())


@cache
def film(suffix: str = ".mp4", *options: str) -> bytes:
    """A second of moving stripes."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "film" + suffix)
        source = ["-f", "lavfi", "-i", "testsrc2=s=160x120:r=10:d=1", "-pix_fmt", "yuv420p"]
        subprocess.run(["ffmpeg", "-v", "error", *source, *options, str(path)], check=True)
        return path.read_bytes()


def live_film(name: str, content_id: str, created: str) -> Picture:
    """The other half of a live photo."""
    keys = {"content.identifier": content_id, "creationdate": created}
    options = [part for key, value in keys.items() for part in ("-metadata", f"com.apple.quicktime.{key}={value}")]
    return Picture(name, film(".mov", "-movflags", "use_metadata_tags", *options))


XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:GCamera="http://ns.google.com/photos/1.0/camera/" xmlns:Item="http://ns.google.com/photos/1.0/container/item/"
 xmlns:Container="http://ns.google.com/photos/1.0/container/" GCamera:MotionPhoto="1"><Container:Directory><rdf:Seq>
<rdf:li rdf:parseType="Resource"><Container:Item Item:Mime="image/jpeg" Item:Semantic="Primary" Item:Length="0"/></rdf:li>
<rdf:li rdf:parseType="Resource"><Container:Item Item:Mime="video/mp4" Item:Semantic="MotionPhoto" Item:Length="{length}"/></rdf:li>
</rdf:Seq></Container:Directory></rdf:Description></rdf:RDF></x:xmpmeta>"""


def motion_photo(seed: int, name: str) -> Picture:
    """A still with a film behind it, as Pixel phones write it."""
    note = b"http://ns.adobe.com/xap/1.0/\0" + XMP.format(length=len(film())).encode()
    segment = b"\xff\xe1" + struct.pack(">H", len(note) + 2) + note
    still = frame(seed, name, "2024:05:01 12:00:00").content
    return Picture(name, still[:2] + segment + still[2:] + film())


def samsung_motion_photo(seed: int, name: str) -> Picture:
    """The same as Galaxy phones write it: with a directory at the end of the file."""
    block = struct.pack("<HHI", 0, 0x0A30, 16) + b"MotionPhoto_Data" + film()
    entry = struct.pack("<HHII", 0, 0x0A30, len(block), len(block))
    directory = b"SEFH" + struct.pack("<II", 107, 1) + entry
    still = frame(seed, name, "2024:05:01 12:00:00", camera=("samsung", "SM-G998B")).content
    return Picture(name, still + block + directory + struct.pack("<I", len(directory)) + b"SEFT")
