"""Two servers and two workers that share nothing but a database and a bucket; parts of it die, stop and come back."""

from __future__ import annotations

import hashlib
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from kit import asking, pictures
from kit.account import Account, file_part, upload_fields, wait_until
from kit.contract import ANSWER_SECONDS, assert_unavailable
from kit.engines import Scaled
from kit.pictures import Picture
from kit.postgres import Postgres
from kit.s3 import S3
from kit.server import Server, Worker

pytestmark = pytest.mark.engine("scaled")

LEASE_SECONDS = 180
"""In this time the work of a killed host is taken up by another and done: a lease of one minute, and two busy cores."""
RECOVERY_SECONDS = 60
"""In this time after a part has come back everything answers again, by itself."""
STAGES = {"embedding", "thumbhash", "display_proxy_generation"}


@dataclass
class Hosts:
    """Everything of one installation: four programs with data folders of their own over one database and one bucket."""

    postgres: Postgres
    s3: S3
    engine: Scaled
    servers: list[Server]
    workers: list[Worker]

    @property
    def programs(self) -> list[Server | Worker]:
        return [*self.servers, *self.workers]

    def revive(self) -> None:
        """Starts what a test killed."""
        for program in self.programs:
            if not program.is_running():
                program.start()


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosts]:
    """A database server and a store of its own, because tests here stop them; no server works on jobs, so that both workers have to."""
    folder = tmp_path_factory.mktemp("hosts")
    with Postgres() as postgres, S3() as s3, postgres.database() as url:
        engine = Scaled(url, s3.bucket.below_a_fresh_prefix())
        servers = [Server(folder / f"server-{name}", "--jobs", "off", engine=engine).start() for name in "ab"]
        workers = [Worker(folder / f"worker-{name}", "--log-level", "debug", engine=engine).start() for name in "ab"]
        made = Hosts(postgres, s3, engine, servers, workers)
        yield made
        made.revive()
        for program in made.programs:
            assert program.stop() == 0, program.log_tail()
        assert [file for program in made.programs for file in program.temporary_files()] == []


@pytest.fixture
def here(hosts: Hosts) -> Iterator[Account]:
    """Somebody with an empty library, at the first server."""
    hosts.revive()
    account = Account.make(hosts.servers[0])
    yield account
    account.close()


@pytest.fixture
def there(hosts: Hosts, here: Account) -> Iterator[Account]:
    """The same person at the second server."""
    account = Account.with_key(hosts.servers[1], here.email, here.key)
    yield account
    account.close()


# -- both are one


def test_only_the_first_start_makes_an_account(hosts: Hosts) -> None:
    assert [bool(server.first_key) for server in hosts.servers] == [True, False]


def test_what_one_takes_the_other_shows(here: Account, there: Account) -> None:
    photos = [pictures.jpeg(number, taken="2024:05:01 10:00:00") for number in range(6)]
    made = [(here, there)[number % 2].upload(photo)["id"] for number, photo in enumerate(photos)]
    assert {asset["id"] for asset in here.list()} == {asset["id"] for asset in there.list()} == set(made)
    there.all_settled(made)
    for account in here, there:
        found = account.http.get("/api/search", params={"query": "shapes", "threshold": 1, "limit": 50}).json()["data"]
        assert Counter(hit["asset"]["id"] for hit in found) == Counter(made)
    order = lambda account: [(hit["asset"]["id"], round(hit["distance"], 6)) for hit in account.http.get("/api/search", params={"query": "red circle", "threshold": 1}).json()["data"]]
    assert order(here) == order(there)


def test_an_address_that_one_signed_the_other_serves(here: Account, there: Account) -> None:
    photo = pictures.jpeg(20, 1000, 800)
    made = here.upload(photo)["id"]
    there.all_settled([made])
    for name, variant in here.http.get(f"/api/assets/{made}").json()["asset_urls"].items():
        elsewhere = urlsplit(variant["url"])._replace(netloc=urlsplit(there.server.url).netloc).geturl()
        answers = [asking.get(url) for url in (variant["url"], elsewhere)]
        assert [answer.status_code for answer in answers] == [200, 200], name
        assert answers[0].content == answers[1].content and answers[0].headers.get("ETag") == answers[1].headers.get("ETag")
        if name == "original":
            assert answers[0].content == photo.content
            part = asking.get(elsewhere, headers={"Range": "bytes=10-99"})
            assert part.status_code == 206 and part.content == photo.content[10:100]


def test_a_session_made_at_one_is_valid_at_the_other_until_it_is_over(hosts: Hosts, here: Account, there: Account) -> None:
    token = here.server.command("session", "create", "--user", here.email)
    for server in hosts.servers:
        assert Account.with_key(server, here.email, token).sdk.users.me().email == here.email
    made = here.http.post("/api/api-keys/", json={"name": "Short-lived"}).json()
    elsewhere = Account.with_key(there.server, here.email, made["api_key"])
    assert elsewhere.http.get("/api/libraries").status_code == 200
    here.sdk.api_keys.delete(made["id"])
    assert elsewhere.http.get("/api/libraries").status_code == 401


def test_the_same_photo_sent_to_both_at_once_is_kept_once(here: Account, there: Account) -> None:
    photos = [pictures.jpeg(number) for number in range(100, 112)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda order: order[0].post_upload(order[1]), [(account, photo) for photo in photos for account in (here, there)]))
    assert {answer.status_code for answer in answers} <= {200, 201}, [answer.text for answer in answers]
    assert Counter(answer.json()["id"] for answer in answers) == Counter({answer.json()["id"]: 2 for answer in answers})
    assert len(here.list()) == len(photos)


def test_many_who_upload_into_one_library_at_once_are_not_told_to_come_back(here: Account, there: Account) -> None:
    photos = [pictures.jpeg(number, 64, 48) for number in range(1000, 1080)]
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda order: (here, there)[order[0] % 2].post_upload(order[1]), enumerate(photos)))
    assert [answer.text for answer in answers if answer.status_code != 201] == []


def test_both_workers_work_and_nothing_is_done_twice(hosts: Hosts, here: Account, there: Account) -> None:
    photos = [pictures.jpeg(number, 1200, 900) for number in range(200, 224)]
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda order: (here, there)[order[0] % 2].upload(order[1])["id"], enumerate(photos)))
    owners = set[str]()
    finished = threading.Event()

    def watch() -> None:
        while not finished.is_set():
            owners.update(owner for (owner,) in hosts.engine.rows("SELECT DISTINCT owner FROM job WHERE owner IS NOT NULL"))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        here.all_settled(made)
    finally:
        finished.set()
        watcher.join()
    assert len(owners) == 2, owners
    assert_processed_once(here, made)
    assert hosts.engine.rows("SELECT count(*) FROM job WHERE interruptions > 0") == [(0,)]
    assert "no longer ours" not in "".join(worker.log_tail(1 << 20) for worker in hosts.workers)


# -- parts die


def test_a_server_and_a_worker_are_killed_in_the_middle_of_uploads(hosts: Hosts, here: Account, there: Account) -> None:
    photos = [pictures.jpeg(number, 500, 400) for number in range(300, 360)]
    sent = threading.Semaphore(0)

    def send(order: tuple[int, Picture]) -> str:
        """As a client would behind a name with two addresses: who gets no answer asks the other."""
        number, photo = order
        for account in ((here, there) if number % 2 else (there, here)) * 2:
            try:
                response = account.post_upload(photo)
            except httpx.TransportError:
                continue
            assert response.status_code in (200, 201), response.text
            sent.release()
            return response.json()["id"]
        raise AssertionError("no server answered")

    with ThreadPoolExecutor(6) as pool:
        answers = pool.map(send, enumerate(photos))
        for _ in range(20):
            assert sent.acquire(timeout=60)
        hosts.servers[0].kill()
        hosts.workers[0].kill()
        acknowledged = dict(zip(answers, photos))
    assert len(acknowledged) == len(photos)
    assert {asset["id"]: asset["checksum"] for asset in there.list()} == {asset: photo.checksum for asset, photo in acknowledged.items()}
    wait_until(lambda: work_left(there), lambda kinds: not kinds, LEASE_SECONDS)
    assert_processed_once(there, list(acknowledged))
    assert_stored(hosts, photos)
    hosts.revive()


# -- parts go away and come back


def test_while_the_database_is_away_requests_say_so_and_later_everything_works_again(hosts: Hosts, here: Account, there: Account) -> None:
    before = here.upload(pictures.jpeg(400))
    address = before["asset_urls"]["original"]["url"]
    pids = [program.process.pid for program in hosts.programs]
    hosts.postgres.stop("immediate")
    try:
        for account in here, there:
            assert_unavailable(lambda: account.http.get("/api/assets"))
            assert_unavailable(lambda: account.http.get("/api/search", params={"query": "shapes"}))
            assert_unavailable(lambda: account.post_upload(pictures.jpeg(401)))
            assert account.http.get("/api/server/ping").status_code == 200
        assert_unavailable(lambda: asking.get(address, timeout=ANSWER_SECONDS), or_status=200)
    finally:
        hosts.postgres.start()
    assert_recovers(hosts, here, there, pictures.jpeg(402))
    assert [program.process.pid for program in hosts.programs] == pids


def test_a_restart_of_the_database_loses_nothing_that_was_acknowledged(hosts: Hosts, here: Account, there: Account) -> None:
    assert_interruption_loses_nothing(hosts, here, there, lambda: hosts.postgres.restart("fast"), seed=500)


def test_while_the_store_is_away_requests_say_so_and_later_everything_works_again(hosts: Hosts, here: Account, there: Account) -> None:
    made = here.upload(pictures.jpeg(600))
    here.all_settled([made["id"]])
    address = made["asset_urls"]["original"]["url"]
    pids = [program.process.pid for program in hosts.programs]
    hosts.s3.stop()
    try:
        for account in here, there:
            assert account.http.get("/api/assets").status_code == 200, "lists need no store"
            assert_unavailable(lambda: account.post_upload(pictures.jpeg(601)))
        assert_unavailable(lambda: asking.get(address, timeout=ANSWER_SECONDS))
        assert len(here.list()) == 1, "never a row without its file"
    finally:
        hosts.s3.start()
    assert asking.get(address).content == pictures.jpeg(600).content
    assert_recovers(hosts, here, there, pictures.jpeg(602))
    assert [program.process.pid for program in hosts.programs] == pids


def test_a_restart_of_the_store_loses_nothing_that_was_acknowledged(hosts: Hosts, here: Account, there: Account) -> None:
    assert_interruption_loses_nothing(hosts, here, there, hosts.s3.restart, seed=700)


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 500, "times": 1}, {"status": 503, "code": "SlowDown", "times": 2}, {"delay": 1.5, "times": 2},
        {"method": "PUT", "status": 500, "times": 1}, {"method": "GET", "truncate": True, "times": 1},
    ],
    ids=str,
)  # fmt: skip
def test_a_store_that_fails_now_and_then_is_asked_again(hosts: Hosts, here: Account, fault: dict) -> None:
    photo = pictures.jpeg(random.randrange(1 << 20), 300, 200)
    hosts.s3.fail(fault)
    try:
        made = here.upload(photo)
        here.all_settled([made["id"]])
    finally:
        hosts.s3.fail()
    assert asking.get(made["asset_urls"]["original"]["url"]).content == photo.content
    assert_stored(hosts, [photo])


@pytest.mark.parametrize("fault", [{"status": 403, "code": "AccessDenied"}, {"status": 500}, {"status": 503, "code": "SlowDown"}], ids=str)
def test_a_store_that_refuses_everything_is_a_clear_answer(hosts: Hosts, here: Account, fault: dict) -> None:
    hosts.s3.fail(fault)
    try:
        assert_unavailable(lambda: here.post_upload(pictures.jpeg(800)))
        assert here.list() == []
    finally:
        hosts.s3.fail()
    assert here.post_upload(pictures.jpeg(800)).status_code == 201


def test_damaged_bytes_are_not_taken_for_a_photo(hosts: Hosts, here: Account) -> None:
    """A worker whose copy of the original is not what its name says tries again, and its renditions come from the true bytes."""
    photo = pictures.jpeg(900, 800, 600)
    hosts.s3.fail({"method": "GET", "part": hashlib.sha256(photo.content).hexdigest(), "damage": True, "times": 1})
    try:
        made = here.upload(photo)
        here.all_settled([made["id"]])
    finally:
        hosts.s3.fail()
    assert asking.get(made["asset_urls"]["original"]["url"]).content == photo.content


# -- what all of them say


def work_left(account: Account) -> list[str]:
    """Kinds of what is to be done. A removal of a file that was cut off is taken up again after two minutes, and is no concern here."""
    return [kind for kind in account.server.open_jobs() if not kind.endswith("cleanup")]


def assert_processed_once(account: Account, assets: list[str]) -> None:
    """Every stage of every asset has succeeded, and there is one of each; searches find each asset once."""
    for asset in assets:
        tasks = account.tasks(asset)
        assert [task for task in tasks if task["status"] != "success"] == []
        kinds = Counter(task["task_type"] for task in tasks)
        assert {kind: kinds[kind] for kind in STAGES} == dict.fromkeys(STAGES, 1), kinds
    found = account.http.get("/api/search", params={"query": "shapes", "threshold": 1, "limit": 200}).json()["data"]
    assert Counter(hit["asset"]["id"] for hit in found) == Counter(assets)


def assert_stored(hosts: Hosts, photos: list[Picture]) -> None:
    """The store has these originals, and what it has under a digest has that digest."""
    originals = hosts.engine.originals()
    for photo in photos:
        name = hashlib.sha256(photo.content).hexdigest()
        assert originals[name]() == photo.content


def assert_recovers(hosts: Hosts, here: Account, there: Account, photo: Picture) -> None:
    """Both servers take photos again, and work on them is done."""
    for account in here, there:
        wait_until(lambda: account.http.get("/api/assets").status_code, lambda status: status == 200, RECOVERY_SECONDS)
        response = wait_until(lambda: account.post_upload(photo), lambda answer: answer.status_code in (200, 201), RECOVERY_SECONDS)
    wait_until(lambda: work_left(here), lambda kinds: not kinds, LEASE_SECONDS)
    assert [task["error_message"] for task in here.tasks(response.json()["id"]) if task["status"] != "success"] == []


def assert_interruption_loses_nothing(hosts: Hosts, here: Account, there: Account, interrupt: Callable[[], None], seed: int) -> None:
    """Clients keep sending photos through both servers meanwhile, and ask again when they are told to."""
    photos = [pictures.jpeg(number, 400, 300) for number in range(seed, seed + 24)]
    refused = list[httpx.Response]()

    def send(order: tuple[int, Picture]) -> str:
        account = (here, there)[order[0] % 2]
        deadline = time.monotonic() + RECOVERY_SECONDS
        while True:
            response = account.http.post("/api/assets", data=upload_fields(order[1]), files=file_part(order[1]))
            if response.status_code in (200, 201):
                return response.json()["id"]
            assert_unavailable(lambda: response)
            refused.append(response)
            assert time.monotonic() < deadline, response.text
            time.sleep(0.2)

    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(send, enumerate(photos))
        first = next(answers)
        interrupt()
        made = [first, *answers]
    print(f"{len(refused)} requests were told to come back")
    assert {asset["id"]: asset["checksum"] for asset in there.list()} == {asset: photo.checksum for asset, photo in zip(made, photos)}
    wait_until(lambda: work_left(here), lambda kinds: not kinds, LEASE_SECONDS)
    assert_processed_once(here, made)
    assert_stored(hosts, photos)
