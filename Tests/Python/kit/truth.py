"""What the corpus's independent reader says about a file, beside what the server says, and why they may differ.

The other reader is exiftool 13 with `-n -j`: flat names, so of several tags with one name it keeps one of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

TAGS = {
    "make": ["Make"], "model": ["Model"], "lens_model": ["LensModel"], "exposure_time": ["ExposureTime"], "f_number": ["FNumber"],
    "iso": ["ISO"], "focal_length": ["FocalLength"], "orientation": ["Orientation"], "latitude": ["GPSLatitude"],
    "longitude": ["GPSLongitude"], "altitude": ["GPSAltitude"], "rating": ["Rating"],
    "description": ["ImageDescription", "Description", "Caption-Abstract"], "city": ["City"], "state": ["State"],
    "country": ["Country", "Country-PrimaryLocationName"], "projection_type": ["ProjectionType"],
    "live_photo_cid": ["ContentIdentifier"], "auto_stack_id": ["BurstUUID", "BurstID"], "fps": ["VideoFrameRate"],
    "profile_description": ["ProfileDescription"], "mime_type": ["MIMEType"], "duration": ["Duration"],
    "original_datetime": ["SubSecDateTimeOriginal", "DateTimeOriginal", "CreationDate"], "digitized_datetime": ["CreateDate"],
    "modified_datetime": ["ModifyDate"],
}  # fmt: skip
"""By field, the names under which the other reader may have it."""

TIMES = {"original_datetime": "OffsetTimeOriginal", "digitized_datetime": "OffsetTimeDigitized", "modified_datetime": "OffsetTime"}
"""And the tag of the offset, where the time itself does not say it."""

SAME_TYPES = [
    {"image/x-fuji-raf", "image/x-fujifilm-raf"}, {"video/mp2t", "video/m2ts"}, {"image/jp2", "image/x-j2c"},
    {"image/heif", "image/heif-sequence", "image/heic"},
]  # fmt: skip
"""Names for one kind of file."""

QUARTERS = (1, 3)
"""Quarters of a turn that lay a picture on its side, as HEIF's `irot` has them."""

HEIF = ("image/heic", "image/heif", "image/avif")


@dataclass(frozen=True)
class Difference:
    """One field of one file on which the two do not say the same."""

    path: str
    field: str
    ours: Any
    theirs: list[Any]
    asset: dict[str, Any]
    expected: dict[str, Any]
    def __str__(self) -> str:
        return f"{self.path}: {self.field} is {self.ours!r} here and {' or '.join(repr(value) for value in self.theirs)} there"


def differences(path: str, asset: dict[str, Any], expected: dict[str, Any]) -> Iterator[Difference]:
    """Every field that the other reader knows and on which this server says something else, or nothing."""
    for field, (ours, theirs) in facts(asset, expected).items():
        known = [value for value in theirs if str(value).strip()]
        if known and not any(agree(field, ours, value) for value in known):
            yield Difference(path, field, ours, known, asset, expected)


def facts(asset: dict[str, Any], expected: dict[str, Any]) -> dict[str, tuple[Any, list[Any]]]:
    told = asset | asset["metadata"] | {"profile_description": asset["exif"]["profile_description"]}
    is_film = asset["mime_type"].startswith("video/")
    found = {field: (told[field], [expected[tag] for tag in tags if tag in expected]) for field, tags in TAGS.items()}
    if not is_film:
        del found["duration"]  # of films only (contract §7); animated pictures have one too
    for field, tag in TIMES.items():
        found[field] = (told[field], [with_offset(str(value), expected.get(tag)) for value in found[field][1][:1]])
    if "ImageWidth" in expected and "ImageHeight" in expected:
        size = expected["ImageWidth"], expected["ImageHeight"]
        found["size"] = ((asset["width"], asset["height"]), [size[::-1] if stands_on_its_side(asset, expected) else size])
        if not is_film:
            found["raw size"] = ((told["raw_width"], told["raw_height"]), [size])
    return found


def stands_on_its_side(asset: dict[str, Any], expected: dict[str, Any]) -> bool:
    if asset["mime_type"].startswith("video/"):
        return expected.get("Rotation") in (90, 270, *QUARTERS)
    if asset["mime_type"] in HEIF:
        return expected.get("Rotation") in QUARTERS  # what EXIF says is not applied (ISO/IEC 23008-12)
    return expected.get("Orientation") in (5, 6, 7, 8)


def with_offset(time: str, offset: str | None) -> str:
    return time if offset is None or re.search(r"(Z|[+-]\d\d:\d\d)$", time) else time + offset


def agree(field: str, ours: Any, theirs: Any) -> bool:
    if field in TIMES:
        return ours is not None and parsed(theirs) is not None and same_time(parsed(ours), parsed(theirs))
    if field == "mime_type":
        return ours == theirs or any({ours, theirs} <= names for names in SAME_TYPES)
    if isinstance(ours, float | int) and (numbers := numbers_of(theirs)):
        return any(abs(ours - number) <= 1e-6 * max(1.0, abs(ours)) for number in numbers)
    return ours == theirs or str(ours).strip() == str(theirs).strip()


def numbers_of(value: Any) -> list[float]:
    try:
        return [float(word) for word in str(value).split()]
    except ValueError:
        return []


def parsed(time: str | None) -> datetime | None:
    """A time of either form; None when it is none."""
    match = re.fullmatch(r"(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?( DST)?", str(time).strip())
    try:
        return datetime.fromisoformat("{}-{}-{}T{}{}{}".format(*(part or "" for part in match.groups()[:6]))) if match else None
    except ValueError:
        return None


def same_time(ours: datetime | None, theirs: datetime | None) -> bool:
    return ours is not None and theirs is not None and (ours.replace(tzinfo=None), ours.utcoffset()) == (theirs.replace(tzinfo=None), theirs.utcoffset())


# -- reasons


def stands_for_nothing(it: Difference) -> bool:
    return it.ours is None and all(str(value) in ("undef", "0") or (it.field in TIMES and parsed(value) is None) for value in it.theirs)


def is_the_cameras_name(it: Difference) -> bool:
    make = str(it.expected.get("Make", "")).split()
    return it.field == "description" and it.ours is None and bool(make) and all(make[0].lower() in str(text).lower() for text in it.theirs)


def is_cut_off(it: Difference) -> bool:
    return isinstance(it.ours, str) and any(it.ours.startswith(str(text).rstrip("…")) for text in it.theirs)


def is_finer(it: Difference) -> bool:
    ours, theirs = parsed(it.ours), parsed(it.theirs[0])
    return it.field in TIMES and ours is not None and theirs is not None and theirs.microsecond == 0 and same_time(ours.replace(microsecond=0), theirs)


def is_of_a_container(it: Difference) -> bool:
    ours, theirs = parsed(it.ours), parsed(it.theirs[0])
    return it.field in TIMES and ours is not None and theirs is not None and str(it.ours).endswith("Z") and ours.replace(tzinfo=None) == theirs


def is_of_another_picture(it: Difference) -> bool:
    return it.field in ("size", "raw size") and it.asset["mime_type"].startswith("image/x-")


def is_clean_aperture(it: Difference) -> bool:
    return it.field == "size" and it.asset["mime_type"] in HEIF and all(0 <= theirs - ours < 8 for ours, theirs in zip(it.ours, it.theirs[0], strict=True))


def is_a_clocks_tick(it: Difference) -> bool:
    return it.field == "fps" and it.theirs == [1000]


def is_a_number_for_a_name(it: Difference) -> bool:
    return it.field == "make" and isinstance(it.theirs[0], int) and it.ours is not None


def is_no_picture(it: Difference) -> bool:
    return it.field == "mime_type" and it.theirs == ["text/plain"]


RULES: dict[str, Callable[[Difference], bool]] = {
    "zeros (0° 0° among them) and what is no date stand for 'not known'": stands_for_nothing,
    "the camera wrote its own name where a description belongs": is_the_cameras_name,
    "the other text is cut off, as IPTC's limits want it": is_cut_off,
    "fractions of seconds are in tags that the other reader left out": is_finer,
    "a film's container counts in UTC (ISO/IEC 14496-12 §8.2.2)": is_of_a_container,
    "of a camera file's pictures it is the sensor's that counts": is_of_another_picture,
    "HEIF's clean aperture cuts a row off": is_clean_aperture,
    "a thousand pictures a second is the tick of a clock": is_a_clocks_tick,
    "AVCHD has numbers for makers": is_a_number_for_a_name,
    "what is no picture keeps the type of its name, and nothing is made of it": is_no_picture,
}
"""Why the two may differ, in words, and when that is so."""

FILES: dict[tuple[str, str], str] = {
    ("exif/makes/Kodak DC240.jpg", "exposure_time"): "EXIF's own tag counts before the rounder value in the maker's notes",
    ("exif/makes/Kodak DC240.jpg", "f_number"): "EXIF's own tag counts before the rounder value in the maker's notes",
    ("exif/gps/thompson-springs.jpg", "original_datetime"): "XMP counts before IPTC, whose offset is that of the computer (Utah is not at -04:00)",
    ("exif/broken/broken_orientation_exif2.jpg", "orientation"): "what is turned is the small picture inside (IFD1)",
    ("exif/broken/broken_orientation_exif2.jpg", "size"): "what is turned is the small picture inside (IFD1)",
}
"""And those that no rule can tell."""


def reason(it: Difference) -> str | None:
    """Why they may differ; None when there is no good reason."""
    return FILES.get((it.path, it.field)) or next((words for words, holds in RULES.items() if holds(it)), None)
