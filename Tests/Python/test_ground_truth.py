"""The whole photo corpus at once: sixteen clients send it, the server lives on, and describes it as another reader does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from kit import asking, pictures, truth
from kit.account import Account, wait_until
from kit.server import Server

pytestmark = pytest.mark.engine("embedded")  # what is decoded and read does not depend on where it is kept

CLIENTS = 16
SETTLING_SECONDS = 600
"""Longest wait for background work on all of it; a debug build on two cores needs a tenth of that."""


@dataclass(frozen=True)
class Told:
    """What the server and the other reader say about one file."""

    path: str
    answer: httpx.Response
    expected: dict[str, Any]

    @property
    def is_taken(self) -> bool:
        return self.answer.status_code in (200, 201)


@dataclass(frozen=True)
class Corpus:
    account: Account
    folder: Path
    files: list[Told]

    @property
    def taken(self) -> list[tuple[Told, str]]:
        """With the asset's id. Some files are there twice under two names, and one asset."""
        return [(file, file.answer.json()["id"]) for file in self.files if file.is_taken]


@pytest.fixture(scope="module")
def corpus(server: Server, fixtures: Path) -> Iterator[Corpus]:
    expected = json.loads((fixtures / "expected-metadata.json").read_text())["files"]
    account = Account.make(server)

    def upload(path: str) -> Told:
        file = fixtures / path
        return Told(path, account.post_upload(pictures.Picture(file.name, file.read_bytes())), expected[path])

    with ThreadPoolExecutor(CLIENTS) as clients:
        files = list(clients.map(upload, sorted(expected)))
    yield Corpus(account, fixtures, files)
    account.close()


def test_only_what_is_no_picture_is_refused(corpus: Corpus) -> None:
    refused = {file.path: file.answer.json()["error"]["code"] for file in corpus.files if not file.is_taken}
    empty = [file.path for file in corpus.files if not file.expected]
    others = [file.path for file in corpus.files if file.expected.get("MIMEType") in ("application/rdf+xml", "image/svg+xml")]
    assert refused == dict.fromkeys(empty, "validation_error") | dict.fromkeys(others, "unsupported_file_type")
    assert {file.answer.status_code for file in corpus.files if not file.is_taken} == {422}


def test_what_was_sent_is_what_comes_back(corpus: Corpus) -> None:
    with asking.client() as anyone:
        for file, _ in corpus.taken:
            kept = anyone.get(file.answer.json()["asset_urls"]["original"]["url"])
            assert kept.content == (corpus.folder / file.path).read_bytes(), file.path
            assert kept.headers["X-Content-Type-Options"] == "nosniff"
            assert kept.headers["Content-Type"].startswith(("image/", "video/")) and "svg" not in kept.headers["Content-Type"]


def test_all_of_it_is_worked_on_and_every_failure_has_its_reason(corpus: Corpus, server: Server) -> None:
    account = corpus.account
    wait_until(lambda: tasks(account, "pending") + tasks(account, "started"), lambda found: found == [], SETTLING_SECONDS)
    assert server.is_running()
    failed = {task["asset_id"]: task for task in tasks(account, "failure", task_type="display_proxy_generation")}
    print(*(f"{file.path}: {failed[asset]['error_message']}" for file, asset in corpus.taken if asset in failed), sep="\n")
    assert all(task["error_message"] for task in failed.values())
    assert {file.path for file, asset in corpus.taken if asset in failed and not file.path.startswith(DAMAGED)} == set()


DAMAGED = ("bad/", "exif/broken/", "formats/raw/pruned-", "formats/heif-sequence/")
"""Where files lie of which no picture can be made."""


def tasks(account: Account, status: str, **query: str) -> list[dict[str, Any]]:
    response = account.http.get("/api/tasks/", params={"status": status, "limit": 200, **query})
    assert response.status_code == 200, response.text
    return response.json()


def test_every_disagreement_with_the_other_reader_has_its_reason(corpus: Corpus) -> None:
    found = list[truth.Difference]()
    for file, asset in corpus.taken:
        corpus.account.settled(asset)
        found += truth.differences(file.path, corpus.account.http.get(f"/api/assets/{asset}").json(), file.expected)
    for it in found:
        print(f"{it}: {truth.reason(it) or 'NO REASON'}")
    assert [str(it) for it in found if truth.reason(it) is None] == []
    given = {truth.reason(it) for it in found}
    assert given == {*truth.RULES, *truth.FILES.values()}, "a reason that explains nothing is no reason"
