"""Background work that waits until a test has looked: this finds tests that compare two reads without having waited in between.

Such a test passes nearly always, since the work is done before the first read or after the second. With `pytest --hold 2` no
job about an asset begins before the test's second read; then, and after each read that follows, all work gets done. A test
that takes its chances there fails every time.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import suppress
from typing import Any

import httpx
import psycopg

from .server import Program, running

PATIENCE = 12.0
"""Longest time, in seconds, that one test is held up: work that is stopped for its own reasons never ends."""
IS_FIRST = """
    new.scope IS NOT NULL AND new.kind <> 'asset_storage_cleanup' AND NOT EXISTS (
        SELECT 1 FROM job WHERE job.subject = new.subject AND job.kind = new.kind AND job.id <> new.id)
"""
"""What follows an upload, and not what is done once more because somebody wants it and waits."""
HOLD = {
    "embedded": f"""
        CREATE TRIGGER IF NOT EXISTS hold AFTER INSERT ON job WHEN {IS_FIRST}
        BEGIN UPDATE job SET paused = TRUE WHERE id = new.id; END
    """,
    "scaled": f"""
        CREATE OR REPLACE FUNCTION hold() RETURNS trigger AS
        $$ BEGIN new.paused := new.paused OR {IS_FIRST}; RETURN new; END $$ LANGUAGE plpgsql;
        CREATE OR REPLACE TRIGGER hold BEFORE INSERT ON job FOR EACH ROW EXECUTE FUNCTION hold()
    """,
}
LET_GO = "UPDATE job SET paused = FALSE WHERE paused AND status = 'pending'"
OPEN = "SELECT count(*) FROM job WHERE status IN ('pending', 'started') AND NOT paused AND run_at <= {until}"
SOON = 3_000_000
"""Work that is to begin within so many microseconds is waited for as well."""


class Hold:
    """What holds work in one run, and lets go of it."""

    def __init__(self, reads: int) -> None:
        self._reads = reads
        self._seen = 0
        self._patience = PATIENCE
        self._held = set[str]()

    def next_test(self) -> None:
        self._seen, self._patience = 0, PATIENCE

    def watch(self) -> None:
        """Looks at every request that this process sends from now on, and at every look into a database."""
        send, rows = httpx.Client.send, Program.rows

        def sent(client: httpx.Client, request: httpx.Request, **options: Any) -> httpx.Response:
            is_about_work = "/tasks" in request.url.path
            self._hold()
            if is_about_work:
                self._let_go()
            response = send(client, request, **options)
            if response.is_success and not is_about_work and (request.method == "GET" or "/search" in request.url.path):
                self._seen += 1
                if self._seen >= self._reads:
                    self._finish()
            return response

        def looked(program: Program, sql: str) -> list[tuple[Any, ...]]:
            self._let_go()
            return rows(program, sql)

        httpx.Client.send, Program.rows = sent, looked  # type: ignore[method-assign]

    def _hold(self) -> None:
        for program in running():
            place = repr(sorted(program.engine.environment.items())) + str(program.data)
            if place not in self._held:
                self._held.add(place)
                program.engine.execute(HOLD[program.engine.kind])

    def _let_go(self) -> None:
        for program in running():
            # Some tests take the database away.
            with suppress(psycopg.Error, sqlite3.Error):
                program.engine.execute(LET_GO)

    def _finish(self) -> None:
        begin = time.monotonic()
        while time.monotonic() - begin < self._patience:
            self._let_go()
            sql = OPEN.format(until=time.time_ns() // 1000 + SOON)
            with suppress(psycopg.Error, sqlite3.Error):
                if not any(program.engine.rows(sql)[0][0] for program in running()):
                    return
            time.sleep(0.03)
        self._patience = 0.1
