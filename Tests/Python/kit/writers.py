"""Threads that do random things to the libraries of one person, one after the other."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from typing import Any

import httpx

from . import pictures
from .account import file_part, upload_fields
from .replica import Link, Row

Deed = Callable[["Writer"], None]
REFUSALS = (404, 409, 422, 429, 503)


class Ids:
    """What writers believe to exist, and where. They are often wrong, since others delete it or move it."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], list[str]] = {}
        self._lock = threading.Lock()

    def add(self, kind: str, library: str, id: str) -> None:
        with self._lock:
            self._known.setdefault((kind, library), []).append(id)

    def forget(self, library: str, ids: list[str]) -> None:
        with self._lock:
            for (_, where), known in self._known.items():
                if where == library:
                    known[:] = [id for id in known if id not in ids]

    def some(self, kind: str, library: str, chance: random.Random, count: int = 1) -> list[str]:
        with self._lock:
            known = self._known.get((kind, library)) or ["unknown"]
            return chance.sample(known, min(count, len(known)))


class Writer(threading.Thread):
    """Does a number of random things, each in one of the libraries; refusals are part of life, faults are not."""

    def __init__(
        self, number: int, seed: int, steps: int, link: Link, libraries: list[str], ids: Ids, deeds: list[Deed] | None = None
    ) -> None:
        """`deeds`: what to choose from, each as often as it stands there; everything by default."""
        super().__init__(daemon=True)
        self.number, self.steps, self.link, self.libraries, self.ids = number, steps, link, libraries, ids
        self.deeds = deeds or DEEDS
        self.library = libraries[0]
        self.ended = threading.Event()
        self.chance = random.Random(f"{seed}-{number}")
        self.refused, self.faults, self.cut, self.done = 0, list[str](), 0, 0
        self.did = set[str]()
        """Which kinds of things were done, not only tried."""

    def run(self) -> None:
        for step in range(self.steps):
            if self.ended.is_set():
                return
            deed = self.chance.choice(self.deeds)
            self.library = self.chance.choice(self.libraries)
            refused = self.refused
            try:
                deed(self)
                self.done += 1
                if self.refused == refused:
                    self.did.add(deed.__name__)
            except httpx.TransportError:
                self.cut += 1
                time.sleep(0.1)  # the server is down; its next life takes a moment
            except Exception as error:
                self.faults.append(f"writer {self.number}, step {step}, {deed.__name__}: {error!r}")

    def send(self, method: str, path: str, body: Row | None = None, **options: Any) -> Any:
        """The answer, or an empty one if it was refused."""
        response = self.link.http.request(method, path, **({"json": body} if body is not None else {}), **options)
        if response.status_code in REFUSALS:
            self.refused += 1
            return {}
        if response.is_error:
            raise AssertionError(f"{method} {path}: {response.status_code} {response.text}")
        return response.json() if response.content else {}

    def one(self, kind: str) -> str:
        return self.ids.some(kind, self.library, self.chance)[0]

    def several(self, kind: str, most: int = 4) -> list[str]:
        return self.ids.some(kind, self.library, self.chance, self.chance.randrange(1, most + 1))

    def make(self, kind: str, path: str, body: Row) -> None:
        if made := self.send("POST", path, body | {"library_id": self.library}):
            self.ids.add(kind, self.library, made["id"])

    @property
    def here(self) -> Row:
        """The library as options of a request."""
        return {"params": {"library_id": self.library}}

    def word(self) -> str:
        return f"word {self.chance.randrange(1_000_000)}"

    def perhaps(self, probability: float) -> bool:
        return self.chance.random() < probability

    # MARK: Assets

    def upload(self) -> None:
        picture = pictures.jpeg(self.chance.randrange(1 << 30), 96, 72)
        if made := self.send("POST", "/api/assets", data=upload_fields(picture, library_id=self.library), files=file_part(picture)):
            self.ids.add("asset", self.library, made["id"])

    def describe(self) -> None:
        self.send("PATCH", f"/api/assets/{self.one('asset')}", {"description": self.word(), "rating": self.chance.randrange(6)})

    def redate(self) -> None:
        self.send("PATCH", f"/api/assets/{self.one('asset')}", {"original_datetime": f"20{self.chance.randrange(10, 30)}-05-01T12:00:00"})

    def describe_many(self) -> None:
        change = {"description": self.word(), "latitude": 1.5, "longitude": self.chance.randrange(90)}
        self.send("POST", "/api/assets/bulk-update", {"updates": [{"id": asset, "change": change} for asset in self.several("asset")]})

    def trash(self) -> None:
        self.send("POST", "/api/assets/trash", {"ids": self.several("asset")}, **self.here)

    def restore(self) -> None:
        self.send("POST", "/api/assets/restore", {"ids": self.several("asset", 12)}, **self.here)

    def delete(self) -> None:
        asset = self.one("asset")
        self.ids.forget(self.library, [asset])
        self.send("DELETE", f"/api/assets/{asset}")

    def delete_many(self) -> None:
        assets = self.several("asset", 2)
        self.ids.forget(self.library, assets)
        self.send("DELETE", "/api/assets", {"ids": assets}, **self.here)

    def empty_trash(self) -> None:
        if self.perhaps(0.3):
            self.send("POST", "/api/assets/empty-trash", **self.here)

    def move(self) -> None:
        source, destination = self.library, self.chance.choice([library for library in self.libraries if library != self.library])
        body = {"asset_ids": self.several("asset"), "source_library_id": source, "destination_library_id": destination}
        for result in self.send("POST", "/api/assets/move", body).get("data", []):
            if result["outcome"] == "moved":
                self.ids.forget(source, [result["asset_id"]])
                self.ids.add("asset", destination, result["asset_id"])

    def purge(self) -> None:
        """A library of its own, filled, trashed and deleted for good."""
        made = self.send("POST", "/api/libraries", {"name": self.word()})
        if not made:
            return
        self.library = made["id"]
        for _ in range(2):
            self.upload()
        self.append()
        self.add_album()
        self.fill_album()
        self.send("POST", f"/api/libraries/{self.library}/trash")
        self.send("DELETE", f"/api/libraries/{self.library}")

    # MARK: Versions

    def rendering(self) -> Row:
        picture = pictures.jpeg(self.chance.randrange(1 << 30), 60, 40)
        return {"data": {"kind": "edit", "params": "{}"}, "files": {"file": ("edit.jpg", picture.content, "image/jpeg")}}

    def append(self) -> None:
        asset = self.one("asset")
        if self.send("POST", f"/api/assets/{asset}/versions", **self.rendering()):
            self.ids.add("edited", self.library, asset)

    def on_top(self) -> tuple[str, list[str]]:
        asset = self.one("edited")
        return asset, [version["id"] for version in self.send("GET", f"/api/assets/{asset}/versions")]

    def replace(self) -> None:
        asset, versions = self.on_top()
        if versions[1:]:
            self.send("POST", f"/api/assets/{asset}/versions/{versions[-1]}/replace", **self.rendering())

    def revert(self) -> None:
        asset, versions = self.on_top()
        if versions:
            self.send("POST", f"/api/assets/{asset}/versions/{versions[0]}/revert")

    def delete_version(self) -> None:
        asset, versions = self.on_top()
        if versions[1:]:
            self.send("DELETE", f"/api/assets/{asset}/versions/{versions[-1]}")

    # MARK: Albums

    def add_album(self) -> None:
        self.make("album", "/api/albums", {"name": self.word()})

    def change_album(self) -> None:
        self.send("PATCH", f"/api/albums/{self.one('album')}", {"name": self.word(), "description": self.word()})

    def pin_cover(self) -> None:
        album = self.one("album")
        links = self.send("GET", "/api/album-assets", params={"album_id": album, "library_id": self.library}).get("data")
        if links:
            self.send("PATCH", f"/api/albums/{album}", {"album_cover_asset_id": self.chance.choice(links)["asset_id"]})

    def fill_album(self) -> None:
        self.send("POST", f"/api/albums/{self.one('album')}/assets", {"asset_ids": self.several("asset", 8)})

    def thin_album(self) -> None:
        self.send("DELETE", f"/api/albums/{self.one('album')}/assets", {"asset_ids": self.several("asset", 8)})

    def drop_album(self) -> None:
        if self.perhaps(0.3):
            self.send("DELETE", f"/api/albums/{self.one('album')}")

    # MARK: People and faces

    def add_person(self) -> None:
        self.make("person", "/api/people", {"name": self.word() if self.perhaps(0.7) else None})

    def change_person(self) -> None:
        change = {"name": self.word(), "is_favorite": self.perhaps(0.5)}
        if self.perhaps(0.3):
            change["thumbnail_face_id"] = self.one("face")
        self.send("PATCH", f"/api/people/{self.one('person')}", change)

    def change_people(self) -> None:
        change = {"is_hidden": self.perhaps(0.5)}
        self.send("POST", "/api/people/bulk-update", {"updates": [{"id": person, "change": change} for person in self.several("person")]})

    def drop_person(self) -> None:
        if self.perhaps(0.5):
            self.send("DELETE", f"/api/people/{self.one('person')}")

    def merge(self) -> None:
        self.send("POST", f"/api/people/{self.one('person')}/merge", {"source_person_ids": [self.one("person")]})

    def add_face(self) -> None:
        box = {"x": self.chance.randrange(40), "y": self.chance.randrange(30), "w": 20, "h": 20}
        person = self.one("person") if self.perhaps(0.7) else None
        self.make("face", "/api/faces", {"asset_id": self.one("asset"), "bounding_box": box, "person_id": person})

    def move_face(self) -> None:
        self.send("PATCH", f"/api/faces/{self.one('face')}", {"person_id": self.one("person") if self.perhaps(0.7) else None})

    def split(self) -> None:
        person = self.one("person")
        faces = self.send("GET", "/api/faces", params={"person_id": person, "library_id": self.library}).get("data")
        if faces:
            made = self.send("POST", f"/api/people/{person}/split", {"face_ids": [self.chance.choice(faces)["id"]]})
            if made:
                self.ids.add("person", self.library, made["id"])

    def ignore(self) -> None:
        self.send("POST", f"/api/faces/{self.one('face')}/ignore")

    def undo(self) -> None:
        said = self.send("GET", "/api/undo", params={"library_id": self.library, "limit": 5}).get("data")
        if said:
            self.send("POST", f"/api/undo/{self.chance.choice(said)['id']}")

    def drop_face(self) -> None:
        self.send("DELETE", f"/api/faces/{self.one('face')}")

    # MARK: Stacks

    def add_stack(self) -> None:
        self.make("stack", "/api/stacks", {"asset_ids": self.ids.some("asset", self.library, self.chance, 2)})

    def grow_stack(self) -> None:
        self.send("POST", f"/api/stacks/{self.one('stack')}/assets", {"asset_ids": [self.one("asset")]})

    def members(self) -> tuple[str, list[str]]:
        stack = self.one("stack")
        found = self.send("GET", "/api/stacks", params={"ids": stack, "include": "asset_ids", "library_id": self.library}).get("data")
        return stack, found[0]["asset_ids"] if found else []

    def shrink_stack(self) -> None:
        stack, members = self.members()
        if members:
            self.send("DELETE", f"/api/stacks/{stack}/assets", {"asset_ids": [self.chance.choice(members)]})

    def cover_stack(self) -> None:
        stack, members = self.members()
        if members:
            self.send("PATCH", f"/api/stacks/{stack}", {"primary_asset_id": self.chance.choice(members)})

    def drop_stack(self) -> None:
        if self.perhaps(0.3):
            self.send("DELETE", f"/api/stacks/{self.one('stack')}")


DEEDS: list[Deed] = [
    *[Writer.upload] * 10, Writer.describe, Writer.redate, Writer.describe_many, *[Writer.trash] * 2, *[Writer.restore] * 2,
    Writer.delete, Writer.delete_many, Writer.empty_trash, *[Writer.move] * 3,
    *[Writer.append] * 2, Writer.replace, Writer.revert, Writer.delete_version,
    *[Writer.add_album] * 2, Writer.change_album, *[Writer.pin_cover] * 2, *[Writer.fill_album] * 4, Writer.thin_album, Writer.drop_album,
    *[Writer.add_person] * 3, Writer.change_person, Writer.change_people, Writer.drop_person, Writer.merge,
    *[Writer.add_face] * 5, *[Writer.move_face] * 2, Writer.drop_face, Writer.split, Writer.ignore, *[Writer.undo] * 2,
    *[Writer.add_stack] * 5, *[Writer.grow_stack] * 2, Writer.shrink_stack, Writer.cover_stack, Writer.drop_stack,
]  # fmt: skip
"""As often as they stand here: most of what is done needs assets."""
