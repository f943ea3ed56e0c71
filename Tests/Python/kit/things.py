"""One row of every kind in a library, made through the API as they are asked for."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from . import pictures
from .account import Account, file_part, upload_fields

_numbers = itertools.count(1)
BOX = {"x": 10, "y": 20, "w": 60, "h": 50}


class Things:
    """What a test needs of one library. Each thing is made when it is first asked for, and stays the same afterwards.

    Every name and text in it contains `mark`, a word that occurs nowhere else.
    """

    def __init__(self, owner: Account, session: Account, library: str, mark: str, members: dict[str, str] | None = None) -> None:
        """`session`: the same person, signed in, for what API keys may not do. `members`: roles and the ids of who has them."""
        self.owner, self.session, self.library, self.mark = owner, session, library, mark
        self.members = dict(members or {})
        self.made = list[str]()
        """Ids, names and secrets of everything made so far: what a stranger must never read."""

    def request(self, method: str, path: str, account: Account | None = None, **options: Any) -> Any:
        response = (account or self.owner).http.request(method, path, **options)
        assert response.is_success, f"{method} {path}: {response.status_code} {response.text}"
        return response.json() if response.content else None

    def note(self, *words: str) -> str:
        self.made += words
        return words[0]

    def photo(self) -> str:
        """A new photo; its id."""
        number = next(_numbers)
        picture = pictures.jpeg(1_000_000 + number, name=f"{self.mark}-{number}.jpg", caption=self.mark)
        asset = self.owner.upload(picture, library_id=self.library)
        self.note(asset["checksum"], asset["checksum_sha1"])
        return self.note(asset["id"])

    @cached_property
    def asset(self) -> str:
        return self.photo()

    @cached_property
    def other_asset(self) -> str:
        return self.photo()

    @cached_property
    def described(self) -> str:
        """An asset with a sidecar."""
        asset = self.photo()
        self.note(self.request("PUT", f"/api/assets/{asset}/sidecar", **xmp_body(self.mark))["checksum"])
        return asset

    @cached_property
    def checksum(self) -> str:
        return self.request("GET", f"/api/assets/{self.asset}")["checksum"]

    @cached_property
    def album(self) -> str:
        album = self.request("POST", "/api/albums", json={"name": f"{self.mark} {next(_numbers)}", "library_id": self.library})["id"]
        self.request("POST", f"/api/albums/{album}/assets", json={"asset_ids": [self.asset]})
        return self.note(album)

    @cached_property
    def album_asset(self) -> str:
        (link,) = self.request("GET", "/api/album-assets", params={"library_id": self.library, "album_id": self.album})["data"]
        return self.note(link["id"])

    def somebody(self) -> str:
        """A new person; the id."""
        return self.note(self.request("POST", "/api/people", json={"name": f"{self.mark} {next(_numbers)}", "library_id": self.library})["id"])

    @cached_property
    def person(self) -> str:
        return self.somebody()

    @cached_property
    def other_person(self) -> str:
        return self.somebody()

    @cached_property
    def face(self) -> str:
        body = {"asset_id": self.asset, "bounding_box": BOX, "person_id": self.person, "library_id": self.library}
        return self.note(self.request("POST", "/api/faces", json=body)["id"])

    @cached_property
    def correction(self) -> str:
        """What was said about somebody: that they are a favourite."""
        person = self.somebody()
        self.request("PATCH", f"/api/people/{person}", json={"is_favorite": True})
        (said,) = self.request("GET", "/api/undo", params={"library_id": self.library, "person_id": person})["data"]
        return self.note(said["id"])

    @cached_property
    def stack(self) -> str:
        return self.note(self.request("POST", "/api/stacks", json={"asset_ids": self.stacked, "library_id": self.library})["id"])

    @cached_property
    def stacked(self) -> list[str]:
        """The members of the stack; three, so that one of them can go."""
        return [self.photo() for _ in range(3)]

    @cached_property
    def edited(self) -> str:
        """An asset with a rendering on top of its original."""
        return self.photo()

    @cached_property
    def version(self) -> str:
        """The rendering of `edited`."""
        return self.note(self.request("POST", f"/api/assets/{self.edited}/versions", **rendering(next(_numbers)))["id"])

    @cached_property
    def original_version(self) -> str:
        _ = self.version
        return self.request("GET", f"/api/assets/{self.edited}/versions", params={"include": ""})[0]["id"]

    @cached_property
    def task(self) -> str:
        return self.note(self.owner.tasks(self.asset)[0]["id"])

    @cached_property
    def elsewhere(self) -> str:
        """Another library of the owner."""
        return self.request("POST", "/api/libraries", json={"name": f"Next door {next(_numbers)}"})["id"]

    @cached_property
    def key(self) -> str:
        """An API key of the owner."""
        return self.note(self.request("POST", "/api/api-keys/", json={"name": f"{self.mark} key"})["id"])

    @cached_property
    def invitation(self) -> tuple[str, str]:
        """An invitation to view the library, and its secret."""
        return self.invite("viewer")

    def invite(self, role: str) -> tuple[str, str]:
        body = invitation_body(self.library, role)
        url = self.request("POST", "/api/libraries/invitations", self.session, json=body)["url"]
        invitation, secret = url.rsplit("/", 1)[1].split("#")
        self.note(secret)
        return self.note(invitation), secret

    def admit(self, role: str, joining: Account) -> None:
        """Makes somebody a member, the way a person would: by invitation."""
        invitation, secret = self.invite(role)
        answer = self.request("POST", f"/api/libraries/invitations/{invitation}/join", joining, json={"secret": secret})
        self.members[role] = answer["membership"]["user"]["id"]

    def make_everything(self) -> None:
        for name, thing in vars(Things).items():
            if isinstance(thing, cached_property):
                getattr(self, name)

    def state(self) -> str:
        """All that the owner can read about the library. Equal texts: nothing happened in between."""
        everything = [("/api/assets", {"state": "all"}), ("/api/albums", {}), ("/api/album-assets", {}), ("/api/stacks", {}), ("/api/faces", {})]
        everything += [("/api/people", {"name_filter": "all", "include_hidden": "true"}), ("/api/events", {"limit": "1"})]
        answers = [self.request("GET", path, params={"library_id": self.library, "limit": "200"} | query) for path, query in everything]
        answers += [self.request("GET", f"/api/libraries/{self.library}"), self.feed()]
        return json.dumps(answers, sort_keys=True)

    def feed(self) -> list[str]:
        """What happened in the library: the kinds and the ids."""
        told, cursor = list[str](), {}
        while True:
            page = self.request("GET", "/api/events", params={"library_id": self.library, "limit": "200", **cursor})
            told += [f"{event['event_type']} {event['entity_id']}" for event in page["data"]]
            if not page["has_more"]:
                return told
            cursor = {"after_cursor": page["next_cursor"]}


def invitation_body(library: str, role: str) -> dict[str, Any]:
    expires = datetime.now(UTC) + timedelta(days=7, seconds=next(_numbers))
    return {"library_id": library, "role": role, "max_joiners": 100, "expires_at": expires.isoformat()}


def rendering(seed: int) -> dict[str, Any]:
    """The multipart body of an edited rendering, as arguments of a request."""
    picture = pictures.jpeg(2_000_000 + seed, 200, 150, name="edit.jpg")
    return {"data": {"kind": "edit", "params": "{}"}, "files": {"file": ("edit.jpg", picture.content, "image/jpeg")}}


def upload_body(library: str, name: str) -> dict[str, Any]:
    """The multipart body of an upload, as arguments of a request."""
    picture = pictures.jpeg(3_000_000 + next(_numbers), name=name)
    return {"data": upload_fields(picture, library_id=library), "files": file_part(picture)}


def xmp(**properties: str) -> bytes:
    """An XMP file as programs write it beside a photo. Properties by name, a double underscore after the prefix."""
    spaces = {"xmp": "http://ns.adobe.com/xap/1.0/", "exif": "http://ns.adobe.com/exif/1.0/", "photoshop": "http://ns.adobe.com/photoshop/1.0/"}
    named = "".join(f' {name.replace("__", ":")}="{value}"' for name, value in properties.items() if name != "description")
    text = properties.get("description")
    words = f'<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{text}</rdf:li></rdf:Alt></dc:description>' if text else ""
    declared = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in spaces.items())
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"{declared}{named}>{words}</rdf:Description>'
        "</rdf:RDF></x:xmpmeta>"
    ).encode()


def xmp_body(words: str) -> dict[str, Any]:
    """The multipart body of a sidecar, as arguments of a request."""
    return {"files": {"file": ("photo.xmp", xmp(description=words), "application/rdf+xml")}}
