"""How many requests somebody may make in a minute, and how a client learns of it."""

from __future__ import annotations

import concurrent.futures
from collections.abc import Iterator

import httpx
import pytest
from kit import asking, pictures
from kit.account import Account
from kit.contract import assert_problem
from kit.server import Server

LIMIT = 12


@pytest.fixture
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that lets through only a few requests."""
    server = Server(
        tmp_path_factory.mktemp("strict"), "--jobs", "off", "--limit-requests", str(LIMIT), "--limit-uploads", "3", "--limit-media", "3",
        "--limit-anonymous", "4",
    ).start()  # fmt: skip
    yield server
    assert server.stop() == 0, server.log_tail()


def until_refused(send, most: int) -> tuple[int, httpx.Response]:
    """How many were let through before one was not. A minute may end meanwhile, so there is a margin of a whole limit."""
    for passed in range(2 * most + 1):
        response = send()
        if response.status_code == 429:
            return passed, response
    raise AssertionError("none was refused")


def assert_refusal(response: httpx.Response, limit: int) -> None:
    assert_problem(response, 429, "rate_limited")
    assert 1 <= int(response.headers["retry-after"]) <= 60
    assert response.headers["x-ratelimit-limit"] == str(limit)
    assert response.headers["x-ratelimit-remaining"] == "0"
    assert 1 <= int(response.headers["x-ratelimit-reset"]) <= 60


def test_a_credential_is_held_off_and_another_is_not(strict: Server) -> None:
    one, two = Account.make(strict), Account.make(strict)
    first = one.http.get("/api/libraries")
    assert first.headers["x-ratelimit-limit"] == str(LIMIT)
    assert int(first.headers["x-ratelimit-remaining"]) < LIMIT
    passed, refused = until_refused(lambda: one.http.get("/api/libraries"), LIMIT)
    assert passed >= LIMIT - 1
    assert_refusal(refused, LIMIT)
    assert two.http.get("/api/libraries").status_code == 200


def test_uploads_are_counted_apart(strict: Server) -> None:
    account = Account.make(strict)
    _, refused = until_refused(lambda: account.post_upload(pictures.jpeg(1)), 3)
    assert_refusal(refused, 3)
    assert account.http.get("/api/libraries").status_code == 200


def test_media_are_counted_apart(strict: Server) -> None:
    account = Account.make(strict)
    url = account.upload(pictures.jpeg(1))["download_url"]
    _, refused = until_refused(lambda: account.http.get(url), 3)
    assert_refusal(refused, 3)
    assert account.http.get("/api/libraries").status_code == 200


def test_strangers_are_counted_by_address(strict: Server) -> None:
    def get(address: str, key: str | None = None) -> httpx.Response:
        headers = {"X-Forwarded-For": address} | ({"Authorization": f"Bearer {key}"} if key else {})
        return asking.get(strict.url + "/api/users/me", headers=headers)

    _, refused = until_refused(lambda: get("203.0.113.1", "apikey_wrong"), 4)
    assert_refusal(refused, 4)
    assert get("203.0.113.2").status_code == 401
    # What a proxy was told by its client does not count, only what the proxy says itself.
    assert get("198.51.100.1, 203.0.113.1").status_code == 429
    # Who shows a key that holds is not a stranger.
    assert get("203.0.113.1", strict.first_key).status_code == 200


def test_bursts_of_a_hundred_reads_are_fine(server: Server, fresh: Account) -> None:
    with concurrent.futures.ThreadPoolExecutor(32) as pool:
        statuses = set(pool.map(lambda _: fresh.http.get("/api/libraries").status_code, range(100)))
    assert statuses == {200}
    assert int(fresh.http.get("/api/libraries").headers["x-ratelimit-remaining"]) > 1000


@pytest.mark.engine("scaled")
def test_servers_count_together(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("two")
    one = Server(folder / "one", "--jobs", "off", "--limit-requests", str(LIMIT)).start()
    two = Server(folder / "two", "--jobs", "off", "--limit-requests", str(LIMIT), engine=one.engine).start()
    account = Account.make(one)
    urls = [one.url, two.url]
    headers = {"Authorization": f"Bearer {account.key}"}
    turns = iter(range(10_000))
    passed, refused = until_refused(lambda: asking.get(urls[next(turns) % 2] + "/api/libraries", headers=headers), LIMIT)
    assert passed >= LIMIT - 2
    assert_refusal(refused, LIMIT)
    assert two.stop() == 0 and one.stop() == 0
