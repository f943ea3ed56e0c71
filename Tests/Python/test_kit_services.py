"""The servers that other tests rely on: that they are what they claim, refuse what they should, and end in time."""

from __future__ import annotations

import base64
import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, FlexibleChecksumError
from kit import asking
from kit.account import wait_until
from kit.postgres import Postgres
from kit.s3 import S3, Bucket


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with Postgres() as server:
        yield server


@pytest.fixture(scope="module")
def s3() -> Iterator[S3]:
    with S3() as server:
        yield server


def test_postgres_has_vectors_and_trigrams(postgres: Postgres) -> None:
    with postgres.database() as url, psycopg.connect(url) as connection:
        connection.execute("CREATE EXTENSION vector")
        connection.execute("CREATE EXTENSION pg_trgm")
        connection.execute("CREATE TABLE picture (id integer PRIMARY KEY, embedding vector(3) NOT NULL)")
        connection.execute("CREATE INDEX ON picture USING hnsw (embedding vector_cosine_ops)")
        connection.execute("INSERT INTO picture VALUES (1, '[1,0,0]'), (2, '[0,1,0]')")
        nearest = connection.execute("SELECT id, embedding <=> '[0,2,0]' FROM picture ORDER BY 2 LIMIT 1").fetchone()
        assert nearest == (2, 0.0)
        assert connection.info.server_version >= 150000


def test_postgres_wants_the_password(postgres: Postgres) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(postgres.url.replace(postgres.password, "wrong"))


def test_databases_are_separate_and_dropped_although_somebody_is_connected(postgres: Postgres) -> None:
    with postgres.database() as first, postgres.database() as second:
        left_open = psycopg.connect(first, autocommit=True)
        left_open.execute("CREATE TABLE here (id integer)")
        with psycopg.connect(second) as other:
            assert other.execute("SELECT to_regclass('here')").fetchone() == (None,)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(first)
    left_open.close()


@pytest.mark.parametrize("end", [Postgres.stop, Postgres.kill, lambda server: server.stop("immediate")])
def test_postgres_keeps_what_was_committed(end: Callable[[Postgres], None]) -> None:
    with Postgres() as server:
        with psycopg.connect(server.url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        end(server)
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(server.url)
        server.start()
        with psycopg.connect(server.url) as connection:
            assert connection.execute("SELECT number FROM kept").fetchone() == (7,)


def test_s3_takes_the_right_keys_only(s3: S3) -> None:
    s3.client().put_object(Bucket=s3.bucket.name, Key="photo", Body=b"bytes")
    assert s3.bucket.read("photo") == b"bytes"
    for wrong in replace(s3.bucket, secret_key="0" * 40), replace(s3.bucket, access_key="AKIA0000000000000000"):
        for request in (
            lambda: wrong.read("photo"),
            lambda: wrong.client().put_object(Bucket=wrong.name, Key="photo", Body=b"other"),
            lambda: wrong.client().delete_object(Bucket=wrong.name, Key="photo"),
            lambda: list(wrong.keys()),
        ):
            assert status_of(request) == 403
    assert s3.bucket.read("photo") == b"bytes"


def test_s3_refuses_who_does_not_sign(s3: S3) -> None:
    for method in "GET", "PUT", "DELETE", "HEAD":
        assert asking.request(method, f"{s3.bucket.endpoint}/{s3.bucket.name}/photo").status_code == 403


def test_s3_refuses_a_body_that_is_not_what_its_checksum_says(s3: S3) -> None:
    right = base64.b64encode(hashlib.sha256(b"bytes").digest()).decode()
    wrong = base64.b64encode(hashlib.sha256(b"other").digest()).decode()
    put = lambda **headers: s3.client().put_object(Bucket=s3.bucket.name, Key="checked", Body=b"bytes", **headers)
    assert status_of(lambda: put(ChecksumSHA256=wrong)) == 400
    assert status_of(lambda: put(ContentMD5=base64.b64encode(bytes(16)).decode())) == 400
    assert status_of(lambda: s3.bucket.read("checked")) == 404
    put(ChecksumSHA256=right)
    assert s3.bucket.read("checked") == b"bytes"


def test_s3_keeps_its_objects_while_it_is_stopped(s3: S3) -> None:
    client = s3.client()
    client.put_object(Bucket=s3.bucket.name, Key="kept", Body=b"bytes")
    s3.stop()
    with pytest.raises(EndpointConnectionError):
        s3.bucket.read("kept")
    s3.start()
    assert s3.bucket.read("kept") == b"bytes"


def test_s3_fails_on_demand(s3: S3) -> None:
    s3.client().put_object(Bucket=s3.bucket.name, Key="fault", Body=b"0123456789")
    s3.fail({"method": "GET", "part": "fault", "status": 503, "code": "SlowDown", "times": 1})
    assert status_of(lambda: s3.bucket.read("fault")) == 503
    assert s3.bucket.read("fault") == b"0123456789"
    s3.fail({"method": "GET", "truncate": True})
    with pytest.raises(Exception, match="(?i)incomplete|connection"):
        s3.bucket.read("fault")
    s3.fail({"method": "GET", "damage": True})
    with pytest.raises(FlexibleChecksumError):
        s3.bucket.read("fault")
    s3.fail()
    assert s3.bucket.read("fault") == b"0123456789"


def test_two_s3_servers_know_nothing_of_each_other(s3: S3) -> None:
    s3.client().put_object(Bucket=s3.bucket.name, Key="first", Body=b"bytes")
    with S3() as second:
        assert second.bucket.endpoint != s3.bucket.endpoint
        assert status_of(lambda: second.bucket.read("first")) == 404
        assert status_of(lambda: replace(second.bucket, secret_key=s3.bucket.secret_key).read("first")) == 403


def test_the_url_of_a_bucket_says_all_of_it(s3: S3) -> None:
    awkward = Bucket("https://store.example:9000", "photos", "A/K+ID", "s/e:c@r?e t", "eu-west-3", "one/two/")
    for bucket in s3.bucket, s3.bucket.below_a_fresh_prefix(), awkward:
        assert Bucket.at(bucket.url) == bucket


PARENT = """
import sys, time
from kit.postgres import Postgres
from kit.s3 import S3
postgres, s3 = Postgres().start(), S3().start()
print(postgres._process.pid, s3._process.pid, flush=True)
time.sleep(600)
"""


def test_servers_end_with_a_parent_that_is_killed() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parent)
    assert parent.stdout is not None
    pids = [int(pid) for pid in parent.stdout.readline().split()]
    assert len(pids) == 2 and all(is_alive(pid) for pid in pids)
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    wait_until(lambda: [pid for pid in pids if is_alive(pid)], lambda left: not left, seconds=20)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def status_of(request: Callable[[], object]) -> int:
    """Of a request that S3 refuses."""
    with pytest.raises(ClientError) as refused:
        request()
    return refused.value.response["ResponseMetadata"]["HTTPStatusCode"]
