"""The two ways a server keeps what it knows, and how a test looks into either.

`embedded` is SQLite and folders in the data folder; `scaled` is PostgreSQL and S3. A whole pytest run takes one of them
(`--engine`); a test that must know what is stored asks its engine and need not know which one that is.
"""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

import psycopg

from .postgres import Postgres, database
from .s3 import S3, Bucket

ORIGINAL = re.compile(r"(?:^|/)originals/(?:.*/)?([0-9a-f]{64})$")
"""How an original is named in either store: by the SHA-256 of its bytes."""

TEMPORARY = {"staging", "scratch"}
"""Folders of uploads and work that have not ended."""

Reader = Callable[[], bytes]


class Engine(Protocol):
    """What is behind one server, or behind several that share everything."""

    environment: dict[str, str]
    """Settings that let the binary use it."""
    kind: str

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The answer of the database itself to a SELECT that both kinds understand."""

    def execute(self, sql: str) -> None:
        """Changes the database behind the binary's back."""

    def originals(self) -> dict[str, Reader]:
        """Every stored original by its SHA-256 in hex, with a function that reads its bytes."""

    def temporary_files(self, data: Path) -> list[str]:
        """What lies in a program's data folder or in the store of uploads and work that have not ended."""


class Embedded:
    """SQLite and folders."""

    kind = "embedded"

    def __init__(self, data: Path) -> None:
        self.environment = dict[str, str]()
        self._data = data

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        connection = sqlite3.connect(f"file:{self._data / 'banksia.sqlite'}?mode=ro", uri=True)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def execute(self, sql: str) -> None:
        connection = sqlite3.connect(self._data / "banksia.sqlite", timeout=10, isolation_level=None)
        try:
            connection.execute(sql)
        finally:
            connection.close()

    def originals(self) -> dict[str, Reader]:
        return {found[1]: path.read_bytes for path in self._data.rglob("*") if (found := ORIGINAL.search(path.as_posix()))}

    def temporary_files(self, data: Path) -> list[str]:
        return [str(path) for path in files_below(data, TEMPORARY)]


class Scaled:
    """A database and a prefix in a bucket."""

    kind = "scaled"

    def __init__(self, database_url: str, bucket: Bucket) -> None:
        self.database_url = database_url
        self.bucket = bucket
        self.environment = {
            "BANKSIA_DATABASE": database_url,
            "BANKSIA_STORE": f"s3://{bucket.name}/{bucket.prefix}".rstrip("/"),
            "BANKSIA_S3_ENDPOINT": bucket.endpoint,
            "BANKSIA_S3_REGION": bucket.region,
            "BANKSIA_S3_ACCESS_KEY": bucket.access_key,
            "BANKSIA_S3_SECRET_KEY": bucket.secret_key,
            "BANKSIA_S3_PATH_STYLE": "on",
        }

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database_url) as connection:
            return connection.execute(sql.encode()).fetchall()

    def execute(self, sql: str) -> None:
        with psycopg.connect(self.database_url) as connection:
            connection.execute(sql.encode())

    def originals(self) -> dict[str, Reader]:
        return {found[1]: lambda key=key: self.bucket.read(key) for key, _ in self.bucket.keys() if (found := ORIGINAL.search(key))}

    def temporary_files(self, data: Path) -> list[str]:
        stored = self.originals()
        # A whole original is no leftover: programs keep some at hand.
        local = [str(path) for path in files_below(data, TEMPORARY | {"files"}) if digest(path) not in stored]
        objects = [key for key, _ in self.bucket.keys() if TEMPORARY & set(key.split("/")[:-1])]
        return local + objects + [f"{key} (multipart upload)" for key in self.bucket.unfinished_uploads()]


def files_below(data: Path, folders: set[str]) -> Iterator[Path]:
    """Files at any depth in folders of these names."""
    for path in data.rglob("*"):
        # A lock says which process a staging folder is used by; it holds no bytes.
        if folders & set(path.relative_to(data).parts[:-1]) and path.suffix != ".lock" and path.is_file():
            yield path


def digest(path: Path) -> str | None:
    """SHA-256 in hex; None when the file has gone meanwhile."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return None


class Engines:
    """Makes the engines of one test run, all of one kind, and cleans up behind them."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._made = ExitStack()
        self._services: tuple[str, Bucket] | None = None

    def fresh(self, data: Path) -> Engine:
        """An empty engine for a server with this data folder."""
        if self.kind == "embedded":
            return Embedded(data)
        admin_url, bucket = self._shared_services()
        return Scaled(self._made.enter_context(database(admin_url)), bucket.below_a_fresh_prefix())

    def close(self) -> None:
        self._made.close()

    def _shared_services(self) -> tuple[str, Bucket]:
        """Those that `scripts/test` or the environment names, else servers of our own."""
        if self._services is None:
            admin_url = os.environ.get("BANKSIA_TEST_POSTGRES_URL") or self._made.enter_context(Postgres()).url
            bucket_url = os.environ.get("BANKSIA_TEST_S3_URL") or self._made.enter_context(S3()).url
            self._services = admin_url, Bucket.at(bucket_url)
        return self._services


chosen = Engines("embedded")
"""Of this run; set once, before the first server, by `choose`."""


def choose(kind: str) -> None:
    global chosen
    chosen = Engines(kind)
