"""A start with settings that cannot work: it ends by itself, says what to change, and shows no secret."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from kit import engines
from kit.engines import Scaled
from kit.server import Server
from kit.services import free_port

pytestmark = pytest.mark.engine("scaled")

SECRET = "hush-hush"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Scaled]:
    """One that would work."""
    made = engines.chosen.fresh(tmp_path)
    assert isinstance(made, Scaled)
    yield made


def refused(folder: Path, engine: Scaled, **environment: str) -> str:
    """What the binary says on its way out."""
    engine.environment |= environment
    try:
        result = Server(folder, engine=engine).run("serve", "--port", "0")
    except subprocess.TimeoutExpired as waited:
        pytest.fail(f"it went on for {waited.timeout} s: {waited.stderr!r}")
    assert result.returncode not in (0, -6, -11), result.stderr
    assert "Listening on" not in result.stdout
    assert SECRET not in result.stderr + result.stdout
    return result.stderr


def database(engine: Scaled, **changes: object) -> str:
    """The URL of its database with other parts."""
    parts = urlsplit(engine.database_url)
    user, password = changes.get("user", parts.username), changes.get("password", parts.password)
    return parts._replace(
        netloc=f"{user}:{password}@{parts.hostname}:{changes.get('port', parts.port)}",
        path=f"/{changes['name']}" if "name" in changes else parts.path, query=str(changes.get("query", "")),
    ).geturl()  # fmt: skip


def test_a_wrong_password_of_the_database(tmp_path: Path, engine: Scaled) -> None:
    said = refused(tmp_path, engine, BANKSIA_DATABASE=database(engine, password=SECRET))
    assert "database" in said and "password" in said


def test_a_database_that_is_not_there(tmp_path: Path, engine: Scaled) -> None:
    said = refused(tmp_path, engine, BANKSIA_DATABASE=database(engine, name="not_there"))
    assert "database" in said and "not_there" in said


def test_a_database_server_that_does_not_listen(tmp_path: Path, engine: Scaled) -> None:
    said = refused(tmp_path, engine, BANKSIA_DATABASE=database(engine, port=free_port()))
    assert "database" in said and "refused" in said.lower()


def test_a_database_server_without_tls_where_tls_is_wanted(tmp_path: Path, engine: Scaled) -> None:
    said = refused(tmp_path, engine, BANKSIA_DATABASE=database(engine, query="sslmode=require"))
    assert "SSL" in said or "TLS" in said


def test_a_user_of_the_database_who_may_not_make_tables(tmp_path: Path, engine: Scaled) -> None:
    role = urlsplit(engine.database_url).path.strip("/") + "_reader"
    with psycopg.connect(engine.database_url, autocommit=True) as admin:
        admin.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{SECRET}'".encode())
        try:
            said = refused(tmp_path, engine, BANKSIA_DATABASE=database(engine, user=role, password=SECRET))
            assert "permission" in said or "vector" in said
        finally:
            admin.execute(f"DROP ROLE {role}".encode())


def test_a_schema_newer_than_the_binary(tmp_path: Path, engine: Scaled) -> None:
    server = Server(tmp_path, engine=engine).start()
    assert server.stop() == 0
    with psycopg.connect(engine.database_url, autocommit=True) as admin:
        admin.execute("INSERT INTO schema_migration SELECT '9999-Later', applied_at FROM schema_migration LIMIT 1")
    said = refused(tmp_path, engine)
    assert "newer" in said


def test_a_wrong_secret_of_the_store(tmp_path: Path, engine: Scaled) -> None:
    said = refused(tmp_path, engine, BANKSIA_S3_SECRET_KEY=SECRET)
    assert "s3" in said.lower() or "store" in said.lower()


def test_a_key_of_the_store_that_nobody_knows(tmp_path: Path, engine: Scaled) -> None:
    said = refused(tmp_path, engine, BANKSIA_S3_ACCESS_KEY="AKIA0000000000000000")
    assert "s3" in said.lower() or "store" in said.lower()


def test_a_bucket_that_is_not_there(tmp_path: Path, engine: Scaled) -> None:
    said = refused(tmp_path, engine, BANKSIA_STORE="s3://not-there/prefix")
    assert "not-there" in said or "bucket" in said


def test_a_store_that_does_not_listen(tmp_path: Path, engine: Scaled) -> None:
    address = f"http://127.0.0.1:{free_port()}"
    said = refused(tmp_path, engine, BANKSIA_S3_ENDPOINT=address)
    assert address in said or "store" in said.lower()


def test_a_bucket_without_keys(tmp_path: Path, engine: Scaled) -> None:
    said = refused(tmp_path, engine, BANKSIA_S3_ACCESS_KEY="", BANKSIA_S3_SECRET_KEY="")
    assert "access key" in said


def test_the_doctor_names_the_part_that_does_not_answer(tmp_path: Path, engine: Scaled) -> None:
    well = Server(tmp_path, engine=engine)
    broken = Scaled(database(engine, port=free_port()), engine.bucket)
    result = Server(tmp_path / "other", engine=broken).run("doctor", "--json")
    assert result.returncode != 0
    assert "database" in (result.stdout + result.stderr).lower()
    assert engine.bucket.secret_key not in result.stdout + result.stderr
    assert well.run("config", "--explain").stdout.count(engine.bucket.secret_key) == 0
