"""`banksia migrate-store`: an installation with rows of all kinds goes to PostgreSQL and S3 and comes back, and nobody can tell."""

from __future__ import annotations

import base64
import hashlib
import random
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest
from kit import engines, pictures, sharing, shots
from kit.account import Account, wait_until
from kit.engines import Embedded, Engine, Scaled
from kit.pictures import Picture
from kit.s3 import S3
from kit.server import BINARY, Program, Server
from kit.things import Things

pytestmark = pytest.mark.engine("scaled")

PUBLIC = "https://photos.example.org"
"""Where clients believe the server to be, wherever it is."""
COPY_SECONDS = 240
DISTANCE = 1e-5
"""How far the distances of two engines may lie apart: one sums single-precision products in another order."""

QUERIES = ["shapes", "red circle", "lighthouse", "Ardenne 2021", "IMG_0007", "Nikon"]
FILLED = {
    "user", "session", "api_key", "api_key_library", "server_key", "library", "library_usage", "asset", "asset_version", "asset_metadata",
    "asset_metadata_layer", "asset_rendition", "asset_embedding", "embedding_counter", "asset_words", "album", "album_asset", "album_words",
    "person", "person_words", "face", "face_detachment", "face_rendition", "stack", "unstacked_asset", "event", "event_counter",
    "library_member", "library_invitation", "library_invitation_joiner", "feedback", "job", "model_choice", "setup_link", "shot",
    "asset_film", "derivation", "correction", "correction_person", "correction_face", "asset_sidecar",
    "vocabulary", "vocabulary_three", "perceptual_hash",
}  # fmt: skip
"""Tables that must have rows, or the comparison is of nothing."""

PASSING = {
    "asset_text", "correction_detachment", "correction_likeness", "correction_parting", "face_knot", "face_refusal", "face_vector",
    "near_duplicate", "person_likeness", "person_parting",
    "identity", "oauth_state", "one_time_code", "openid_client", "openid_code", "original_removal", "password", "request_count",
    "sign_in_attempt", "token_floor",
}  # fmt: skip
"""Tables whose rows no API tells of; a test of the library compares theirs."""

GROUPS: dict[str, dict[str, Any]] = {
    "albums": {}, "album-assets": {}, "people": {"name_filter": "all", "include_hidden": "true", "sort": "name_asc"}, "faces": {},
    "stacks": {"include": "asset_ids"},
}  # fmt: skip

EVERYTHING = ["faces", "file_data", "metadata", "metrics", "people", "variants"]
HEADERS = ["Content-Type", "Content-Length", "Content-Disposition", "Cache-Control", "ETag", "Last-Modified"]


@dataclass
class Dump:
    """Everything that the API tells."""

    answers: dict[str, Any] = field(default_factory=dict)
    """JSON by person and request."""
    media: dict[str, Any] = field(default_factory=dict)
    """Status, digest of the bytes and headers by address."""
    distances: dict[str, float] = field(default_factory=dict)
    """Of search hits, which alone need not be equal to the last bit."""

    @staticmethod
    def of(server: Server, sessions: dict[str, str]) -> Dump:
        """With sessions, because the use of a key shows in the key."""
        dump = Dump()
        for email, session in sessions.items():
            with httpx.Client(base_url=server.url, headers={"Authorization": f"Bearer {session}"}, timeout=60) as http:
                _Reader(dump, http, email).read_all()
        return dump

    def assert_equal(self, other: Dump) -> None:
        assert self.answers == other.answers
        assert self.media == other.media
        assert self.distances == pytest.approx(other.distances, abs=DISTANCE)


@dataclass
class _Reader:
    """Calls every operation that reads, for one person."""

    dump: Dump
    http: httpx.Client
    email: str

    def read_all(self) -> None:
        # Of somebody without a limit this is the size of the disk or the bucket, which is not what moves.
        assert self.json("/api/users/me").pop("storage_limit_bytes") > 0
        self.json("/api/api-keys/")
        self.json("/api/libraries", state="all")
        for invitation in self.json("/api/libraries/invitations", state="all", limit=200)["data"]:
            if invitation["state"] == "active":
                self.json(f"/api/libraries/invitations/{invitation['id']}/link")
        tasks = self.json("/api/tasks/", limit=200)
        for task in tasks:
            self.json(f"/api/tasks/{task['id']}")
        for library in self.json("/api/libraries"):
            self.library(library["id"])

    def library(self, library: str) -> None:
        self.json(f"/api/libraries/{library}")
        self.json("/api/tasks/", library_id=library, limit=200)
        self.json("/api/assets/counts", library_id=library, group_by="day")
        assets = [asset for limit in (3, 200) for asset in self.pages(library, limit)]
        for order in ("asc", "desc"):
            self.json("/api/assets", library_id=library, order=order, include=EVERYTHING, limit=200)
        self.json("/api/assets", library_id=library, media_type="video")
        for asset in {asset["id"]: asset for asset in assets}.values():
            self.asset(asset["id"])
        known = self.http.post("/api/assets/exist", params={"library_id": library}, json={"checksums": [asset["checksum"] for asset in assets]})
        assert known.status_code == 200 or not assets, known.text
        self.dump.answers[f"{self.email} exist {library}"] = known.json() if assets else None
        for query in QUERIES:
            self.search(library, query)
        self.groups(library)
        self.feed(library)

    def groups(self, library: str) -> None:
        """Albums, people, faces, stacks and members, one by one too."""
        for name, query in GROUPS.items():
            for thing in self.json(f"/api/{name}", library_id=library, limit=200, **query)["data"]:
                self.json(f"/api/{name}/{thing['id']}")
                for variant in (thing.get("asset_urls") or {}).values():
                    self.bytes(variant["url"])
        self.json("/api/assets", library_id=library, state="trashed", include=EVERYTHING, limit=200)
        for filters in ({"album_filter": "in_album"}, {"album_filter": "not_in_album"}, {"ratings": [4, 5]}, {"bbox": "-180,-90,180,90"}):
            self.json("/api/assets", library_id=library, include="", limit=200, **filters)
        self.json("/api/assets/geo-clusters", library_id=library, bbox="-180,-90,180,90", cell_size=1)
        if self.dump.answers[f"{self.email} /api/libraries/{library} {{}}"]["role"] == "owner":
            self.json(f"/api/libraries/{library}/members", state="all", limit=200)

    def feed(self, library: str) -> None:
        """All events, with the cursor of each; from the middle on once more."""
        cursor, cursors = dict[str, str](), list[str]()
        while True:
            page = self.json("/api/events", library_id=library, limit=50, **cursor)
            cursors += [event["cursor"] for event in page["data"]]
            if not page["has_more"]:
                break
            cursor = {"after_cursor": page["next_cursor"]}
        if cursors:
            self.json("/api/events", library_id=library, limit=200, after_cursor=cursors[len(cursors) // 2])

    def pages(self, library: str, limit: int) -> list[dict[str, Any]]:
        """All assets, by cursor."""
        found = list[dict[str, Any]]()
        while True:
            after = {"starting_after_id": found[-1]["id"]} if found else {}
            page = self.json("/api/assets", library_id=library, limit=limit, **after)
            found += page["data"]
            if not page["has_more"]:
                return found

    def asset(self, asset: str) -> None:
        self.json(f"/api/tasks/asset/{asset}")
        detail = self.json(f"/api/assets/{asset}", include=EVERYTHING)
        for version in self.json(f"/api/assets/{asset}/versions", include="variants"):
            for variant in version["version_urls"].values():
                self.bytes(variant["url"])
        for variant in detail["asset_urls"].values():
            self.bytes(variant["url"])
        for path in (f"/api/assets/{asset}/download", f"/api/assets/{asset}/thumbnail"):
            self.bytes(path)
        self.bytes(detail["asset_urls"]["original"]["url"], Range="bytes=10-99")

    def search(self, library: str, query: str) -> None:
        page = self.json("/api/search", library_id=library, query=query, threshold=1, limit=200)
        for hit in page.get("data", []):
            self.dump.distances[f"{self.email} {library} {query} {hit['asset']['id']}"] = hit.pop("distance")

    def json(self, path: str, **query: Any) -> Any:
        response = self.http.get(path, params=query)
        assert response.status_code == 200, response.text
        self.dump.answers[f"{self.email} {path} {query}"] = answer = response.json()
        return answer

    def bytes(self, address: str, **headers: str) -> None:
        """An address as clients have it, asked for where the server really is."""
        parts = urlsplit(address)
        assert not parts.netloc or address.startswith(PUBLIC)
        response = self.http.get(parts._replace(scheme="", netloc="").geturl(), headers=headers)
        told = {name: response.headers.get(name) for name in HEADERS}
        digest = hashlib.sha256(response.content).hexdigest() if response.is_success else response.json()["error"]["code"]
        self.dump.media[f"{self.email} {address} {headers}"] = response.status_code, digest, told


# -- what is moved


def start(folder: Path, engine: Engine | None = None) -> Server:
    return Server(folder, "--public-url", PUBLIC, engine=engine or Embedded(folder / "data")).start()


def furnish(server: Server) -> tuple[list[Account], dict[str, str]]:
    """Rows of every kind that the API makes: two people, with a key and a session each."""
    ana, ben = Account.make(server), Account.make(server)
    first, second = ana.sdk.libraries.list()[0].id, ana.sdk.libraries.create(name="Küste", description="By the sea ☀").id
    ana.sdk.libraries.create(name="Empty")
    ana.http.patch(f"/api/libraries/{first}", json={"description": "Everything else"}).raise_for_status()
    ana.http.post(
        "/api/api-keys/", json={"name": "Phone", "actions": ["read"], "library_scope_mode": "selected_libraries", "library_ids": [second]}
    ).raise_for_status()
    photos = [
        pictures.jpeg(1, 1600, 1200, name='Mee"r & lighthouse.jpg', taken="2021:05:01 10:00:00", offset="+02:00", camera=("Nikon", "Z 6"), rating=4),
        pictures.jpeg(2, 800, 600, name="IMG_0007.jpg", taken="2022:06:02 11:00:00", orientation=6, caption="Ardenne 2021, près de l’étang"),
        pictures.encoded(3, 520, 520, "PNG", "square.png"),
        pictures.encoded(4, 500, 400, "WEBP", "small.webp"),
        shots.motion_photo(5, "moving.jpg"),
    ]
    kept = [ana.upload(photo, library_id=first)["id"] for photo in photos]
    elsewhere = ana.upload(photos[0], library_id=second)["id"]
    video = ana.upload(Picture("dance.mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + random.Random(5).randbytes(20 << 20)), library_id=first)["id"]
    cut = ana.upload(Picture("cut.jpg", pictures.jpeg(6, 900, 700).content[:9000]), library_id=first)["id"]
    gone = ana.upload(pictures.jpeg(7), library_id=first)["id"]
    assert any(task["status"] == "failure" for task in ana.settled(cut))
    for asset in [*kept, elsewhere, gone]:
        ana.settled(asset)
    ana.sdk.assets.delete(gone)
    for name, members in (("Coast", kept[:3]), ("All", [*kept, video]), ("Bare", [])):
        album = ana.http.post("/api/albums", json={"name": name, "description": f"{name}…", "library_id": first}).json()["id"]
        if members:
            ana.sdk.albums.assets_associations.add(album, asset_ids=members)
    ben.all_settled([ben.upload(pictures.jpeg(8, 640, 480, taken="2020:01:01 00:00:00"))["id"]])
    arrange(ana, ben, first)
    wait_until(server.open_jobs, lambda jobs: not jobs)
    return [ana, ben], {person.email: server.command("session", "create", "--user", person.email) for person in (ana, ben)}


def arrange(ana: Account, ben: Account, library: str) -> None:
    """People, faces, stacks, versions, invitations and the rest, and what happens to some of them."""
    things = Things(ana, sharing.signed_in(ana), library, "lighthouse")
    things.make_everything()
    things.admit("collaborator", sharing.signed_in(ben))
    corrected = {"rating": 5, "latitude": -36.8, "longitude": 174.7, "description": "Ardenne again"}
    ana.http.patch(f"/api/assets/{things.asset}", json=corrected).raise_for_status()
    ana.http.patch(f"/api/faces/{things.face}", json={"person_id": things.other_person}).raise_for_status()
    ana.http.request("DELETE", f"/api/stacks/{things.stack}/assets", json={"asset_ids": things.stacked[:1]}).raise_for_status()
    ana.http.post("/api/assets/trash", params={"library_id": library}, json={"ids": [things.other_asset]}).raise_for_status()
    ben.http.post("/api/feedback", json={"feedback_type": "suggestion", "message": "More lighthouses"}).raise_for_status()
    ana.server.command("user", "password", ana.email)
    ana.all_settled([things.asset, things.edited, things.described, *things.stacked])


# -- the command


def settings_of(program: Program) -> Path:
    """What its command line and environment say, as a settings file."""
    lines = [f"data = {program.data}"]
    lines += [f"{name.removeprefix('BANKSIA_').lower().replace('_', '-')} = {value}" for name, value in program.engine.environment.items()]
    file = program.data.parent / "target.conf"
    file.write_text("\n".join([*lines, ""]))
    return file


def migrate(source: Program, target: Program, *options: str) -> str:
    """Runs the command, which has to succeed, and returns what it said."""
    done = subprocess.run(command(source, target, *options), capture_output=True, text=True, timeout=COPY_SECONDS, env=source.environment(), check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def refused(source: Program, target: Program, *options: str) -> str:
    """The same, which has to fail; what it said about that."""
    done = subprocess.run(command(source, target, *options), capture_output=True, text=True, timeout=COPY_SECONDS, env=source.environment(), check=False)
    assert done.returncode not in (0, -6, -11), done.stdout
    return done.stderr


def command(source: Program, target: Program, *options: str) -> list[str]:
    return [str(BINARY), "migrate-store", "--data", str(source.data), "--target", str(settings_of(target)), *options]


def elsewhere(folder: Path) -> Server:
    """A place with an empty database and an empty prefix of a bucket; nothing runs there."""
    engine = engines.chosen.fresh(folder / "data")
    assert isinstance(engine, Scaled)
    return Server(folder, "--public-url", PUBLIC, engine=engine)


def at_home(folder: Path) -> Server:
    """An empty folder; nothing runs there."""
    return Server(folder, "--public-url", PUBLIC, engine=Embedded(folder / "data"))


@contextmanager
def running(server: Server) -> Iterator[Server]:
    server.start()
    try:
        yield server
    finally:
        assert server.stop() == 0, server.log_tail()


def test_there_and_back_the_api_tells_the_same(tmp_path: Path) -> None:
    origin, there, back = at_home(tmp_path / "origin"), elsewhere(tmp_path / "there"), at_home(tmp_path / "back")
    with running(origin):
        people, sessions = furnish(origin)
        Dump.of(origin, sessions)  # makes what is made when it is first asked for
        before = Dump.of(origin, sessions)
        before.assert_equal(Dump.of(origin, sessions))
        assert {"success", "failure"} <= {task["status"] for task in before.answers[f"{people[0].email} /api/tasks/ {{'limit': 200}}"]}
        assert "is running" in refused(origin, there)
        assert " 0 originals were there already" in migrate(origin, there, "--files-only")
        late = people[1].upload(pictures.jpeg(90))["id"]
        people[1].all_settled([late])
        Dump.of(origin, sessions)
        before = Dump.of(origin, sessions)
    said = migrate(origin, there)
    originals = len(origin.originals())
    assert f" {originals - 1} originals were there already" in said
    assert f"Rows: {origin.rows('SELECT count(*) FROM asset')[0][0]} of asset, compared and equal." in said
    assert FILLED | PASSING == set(tables(there.engine)), "a new table belongs into one of the lists"
    assert FILLED <= set(re.findall(r"^Rows: \d+ of (\w+), compared and equal\.$", said, re.MULTILINE))
    assert there.originals().keys() == origin.originals().keys()

    with running(there):
        assert there.first_key == "", "a copy is no new installation"
        Dump.of(there, sessions).assert_equal(before)
        # Life goes on there, with the keys from before.
        ben = Account.with_key(there, people[1].email, people[1].key)
        ben.all_settled([ben.upload(pictures.jpeg(91, name="made elsewhere.jpg"))["id"]])
        Dump.of(there, sessions)
        after = Dump.of(there, sessions)
        assert after.answers != before.answers
    assert "holds an installation already" in refused(origin, there)
    migrate(there, back)
    assert back.originals().keys() == there.originals().keys()
    with running(back):
        Dump.of(back, sessions).assert_equal(after)
        assert Account.with_key(back, people[0].email, people[0].key).sdk.users.me().email == people[0].email
    # The sources were left as they were.
    with running(there):
        Dump.of(there, sessions).assert_equal(after)


def test_a_copy_that_was_killed_is_taken_up_again(tmp_path: Path) -> None:
    origin = at_home(tmp_path / "origin")
    with running(origin):
        ana = Account.make(origin)
        for seed in range(16):
            ana.upload(pictures.jpeg(seed))
        large = Picture("long.mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + random.Random(1).randbytes(40 << 20))
        ana.upload(large)
        listed = ana.list()
        ana.all_settled([asset["id"] for asset in listed if asset["original_file_name"] != large.name])
        listed = ana.list()
    blank = elsewhere(tmp_path / "there")
    assert isinstance(blank.engine, Scaled)
    with S3() as s3:
        there = Server(tmp_path / "there", engine=Scaled(blank.engine.database_url, s3.bucket))
        s3.fail({"method": "PUT", "delay": 0.3, "times": 10_000})
        copying = subprocess.Popen(command(origin, there), stdout=subprocess.DEVNULL, env=origin.environment())
        wait_until(there.originals, lambda arrived: len(arrived) >= 3)
        copying.kill()
        copying.wait()
        s3.fail()
        arrived = len(there.originals())
        assert 3 <= arrived < 17
        assert users(there.engine) == 0, "no rows before the files"
        passed_over = re.search(r" (\d+) originals were there already", migrate(origin, there))
        # What the store had received before the kill it went on to keep.
        assert passed_over is not None and arrived <= int(passed_over[1]) < 17
        assert there.originals().keys() == origin.originals().keys()
        with running(there):
            again = Account.with_key(there, ana.email, ana.key)
            assert [asset["id"] for asset in again.list()] == [asset["id"] for asset in listed]
            for asset in listed:
                content = again.http.get(f"/api/assets/{asset['id']}/download").content
                assert base64.b64encode(hashlib.sha256(content).digest()).decode() == asset["checksum"], asset["original_file_name"]


def test_a_copy_whose_rows_were_interrupted_left_none_and_is_taken_up_again(tmp_path: Path) -> None:
    origin, there = at_home(tmp_path / "origin"), elsewhere(tmp_path / "there")
    with running(origin):
        ana = Account.make(origin)
        ana.all_settled([ana.upload(pictures.jpeg(seed))["id"] for seed in range(3)])
    migrate(origin, there, "--files-only")
    assert isinstance(there.engine, Scaled)
    # Somebody holds a table of the target, so the copy stands still in the middle of its rows.
    with psycopg.connect(there.engine.database_url) as blocking:
        blocking.execute("LOCK TABLE album IN ACCESS EXCLUSIVE MODE")
        copying = subprocess.Popen(command(origin, there), stdout=subprocess.DEVNULL, env=origin.environment())
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'album'::regclass"
        with psycopg.connect(there.engine.database_url, autocommit=True) as watcher:
            wait_until(lambda: watcher.execute(waiting).fetchone(), lambda found: found != (0,))
        copying.kill()
        copying.wait()
    wait_until(lambda: users(there.engine), lambda count: count == 0, 10)
    assert "Files: 0 copied" in (said := migrate(origin, there))
    assert "Rows: 3 of asset, compared and equal." in said
    with running(there):
        assert len(Account.with_key(there, ana.email, ana.key).list()) == 3


def test_an_original_that_is_damaged_is_told_and_not_copied(tmp_path: Path) -> None:
    origin, there = at_home(tmp_path / "origin"), elsewhere(tmp_path / "there")
    with running(origin):
        ana = Account.make(origin)
        photos = [pictures.jpeg(seed) for seed in range(2)]
        ana.all_settled([ana.upload(photo)["id"] for photo in photos])
    name = hashlib.sha256(photos[0].content).hexdigest()
    (file,) = origin.data.rglob(name)
    file.chmod(0o600)
    file.write_bytes(b"x" * len(photos[0].content))
    done = subprocess.run(command(origin, there), capture_output=True, text=True, timeout=COPY_SECONDS, env=origin.environment(), check=False)
    assert done.returncode == 1
    assert f"LOST    original {name}" in done.stdout
    assert there.originals().keys() == {hashlib.sha256(photos[1].content).hexdigest()}


def test_a_target_that_cannot_work_is_refused_before_anything_is_copied(tmp_path: Path) -> None:
    origin, there = at_home(tmp_path / "origin"), elsewhere(tmp_path / "there")
    with running(origin):
        Account.make(origin)
    there.engine.environment["BANKSIA_S3_SECRET_KEY"] = "hush-hush"
    said = refused(origin, there)
    assert "secret" in said and "hush-hush" not in said
    missing = subprocess.run(
        [BINARY, "migrate-store", "--data", origin.data, "--target", tmp_path / "none.conf"],
        capture_output=True, text=True, timeout=COPY_SECONDS, env=origin.environment(), check=False,
    )  # fmt: skip
    assert missing.returncode != 0 and "none.conf" in missing.stderr


def test_a_target_in_the_folder_of_the_source_is_refused(tmp_path: Path) -> None:
    origin = at_home(tmp_path / "origin")
    with running(origin):
        Account.make(origin)
    engine = engines.chosen.fresh(tmp_path)
    assert "data folder of its own" in refused(origin, Server(tmp_path / "origin", engine=engine), "--files-only")


def test_a_folder_with_originals_that_gets_a_store_keeps_them(tmp_path: Path) -> None:
    """Somebody sets `store` where there was none, by mistake or after a move."""
    origin = at_home(tmp_path / "origin")
    with running(origin):
        ana = Account.make(origin)
        ana.all_settled([ana.upload(pictures.jpeg(seed))["id"] for seed in range(2)])
    kept = origin.originals().keys()
    with running(Server(tmp_path / "origin", engine=engines.chosen.fresh(tmp_path))):
        pass
    assert origin.originals().keys() == kept and len(kept) == 2


def users(engine: Engine) -> int:
    return engine.rows('SELECT count(*) FROM "user"')[0][0]


def tables(engine: Engine) -> list[str]:
    names = engine.rows("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'")
    return [name for (name,) in names if name != "schema_migration"]
