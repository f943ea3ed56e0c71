"""A database or a store that is there but unwell: read-only, slow, without what it should have."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from kit import asking, engines, pictures
from kit.account import Account, wait_until
from kit.contract import ANSWER_SECONDS, assert_unavailable
from kit.engines import Scaled
from kit.s3 import S3
from kit.server import Server

pytestmark = pytest.mark.engine("scaled")

RECOVERY_SECONDS = 60


@pytest.fixture
def engine(server: Server) -> Scaled:
    assert isinstance(server.engine, Scaled)
    return server.engine


@contextmanager
def admin(engine: Scaled) -> Iterator[psycopg.Connection]:
    with psycopg.connect(engine.database_url, autocommit=True) as connection:
        yield connection


def hang_up_on_others(connection: psycopg.Connection) -> None:
    connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")


def test_broken_connections_are_replaced_without_a_failure_that_lasts(engine: Scaled, fresh: Account) -> None:
    made = fresh.upload(pictures.jpeg(1))
    with admin(engine) as connection:
        hang_up_on_others(connection)
    wait_until(lambda: fresh.http.get("/api/assets").status_code, lambda status: status == 200, RECOVERY_SECONDS)
    fresh.upload(pictures.jpeg(2))
    fresh.all_settled([made["id"]])


def test_a_database_that_became_read_only_still_reads_and_refuses_the_rest(engine: Scaled, fresh: Account) -> None:
    made = fresh.upload(pictures.jpeg(10))
    fresh.settled(made["id"])
    with admin(engine) as connection:
        name = connection.info.dbname
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on".encode())
        hang_up_on_others(connection)
        try:
            wait_until(lambda: fresh.http.get("/api/assets").status_code, lambda status: status == 200, RECOVERY_SECONDS)
            assert_unavailable(lambda: fresh.post_upload(pictures.jpeg(11)))
            assert_unavailable(lambda: fresh.http.post("/api/albums", json={"name": "Not now"}))
        finally:
            connection.execute("SET default_transaction_read_only = off")
            connection.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only".encode())
            hang_up_on_others(connection)
    answer = wait_until(lambda: fresh.post_upload(pictures.jpeg(11)), lambda answer: answer.status_code == 201, RECOVERY_SECONDS)
    fresh.all_settled([answer.json()["id"]])


def test_a_database_that_is_stuck_does_not_hold_requests_forever(engine: Scaled, fresh: Account) -> None:
    with psycopg.connect(engine.database_url) as connection:
        connection.execute("LOCK TABLE asset IN ACCESS EXCLUSIVE MODE")
        assert_unavailable(lambda: fresh.http.get("/api/assets", timeout=ANSWER_SECONDS + 10))
        connection.rollback()
    wait_until(lambda: fresh.http.get("/api/assets").status_code, lambda status: status == 200, RECOVERY_SECONDS)


def test_an_original_that_somebody_took_out_of_the_bucket_is_a_clear_answer(engine: Scaled, fresh: Account) -> None:
    photo = pictures.jpeg(20)
    made = fresh.upload(photo)
    fresh.all_settled([made["id"]])
    name = hashlib.sha256(photo.content).hexdigest()
    (key,) = [key for key, _ in engine.bucket.keys() if key.endswith(name)]
    bucket = engine.bucket
    bucket.client().delete_object(Bucket=bucket.name, Key=bucket.prefix + key)
    answer = asking.get(made["asset_urls"]["original"]["url"], timeout=ANSWER_SECONDS)
    assert answer.status_code in (404, 502, 503), answer.text
    assert answer.json()["error"]["code"] != "internal_error"
    bucket.client().put_object(Bucket=bucket.name, Key=bucket.prefix + key, Body=photo.content)
    assert asking.get(made["asset_urls"]["original"]["url"]).content == photo.content


def test_a_slow_store_does_not_hold_requests_forever(tmp_path: Path) -> None:
    """A server of its own, because the others share their store."""
    with S3() as store:
        made = engines.chosen.fresh(tmp_path)
        assert isinstance(made, Scaled)
        server = Server(tmp_path, engine=Scaled(made.database_url, store.bucket.below_a_fresh_prefix())).start()
        account = Account.with_key(server, "owner@example.com", server.first_key)
        try:
            store.fail({"delay": 60})
            assert_unavailable(lambda: account.post_upload(pictures.jpeg(40)))
            assert account.list() == []
            store.fail()
            assert account.post_upload(pictures.jpeg(40)).status_code == 201
        finally:
            account.close()
            assert server.stop() == 0
