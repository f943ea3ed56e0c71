"""Schemathesis reads the served document and sends what nobody thought of: no 500, no answer that the document does not
describe, nothing without a credential that needs one (`schemathesis.toml`).

In a test run it sends what follows from the document alone: its examples, and each value at and beyond its bounds. With
`FUZZ_SECONDS`, as in `make fuzz`, also what chance and `FUZZ_SEED` make of it, and chains of requests, for that long. So a fault
that only chance finds is found where someone looks for it, and never stands in the way of a change that has nothing to do with it.

It runs in an environment of its own (`.venv-fuzz`).
One worker: with two, the Python 3.11 of Debian 12 now and then fails by itself ("AST constructor recursion depth mismatch":
its parser counts the depth of all threads in one place).
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from kit.account import Account
from kit.server import Server
from kit.things import Things

SECONDS = int(os.environ.get("FUZZ_SECONDS", "0"))
SEED = int(os.environ.get("FUZZ_SEED", "20240517"))
GRACE_SECONDS = 300
"""What it may take longer than told: it ends with the test case it is at, and what follows from the document takes its time."""


def test_nothing_unexpected_is_answered(server: Server, tmp_path: Path) -> None:
    account = Account.make(server)
    session = Account.with_key(server, account.email, server.command("session", "create", "--user", account.email))
    Things(account, session, account.sdk.libraries.list()[0].id, "fuzz").make_everything()
    command = [
        str(Path(sys.executable).with_name("st")), "--config-file", str(Path(__file__).with_name("schemathesis.toml")),
        "run", f"{server.url}/openapi.json", "--url", server.url, "--header", f"Authorization: Bearer {session.key}",
        "--seed", str(SEED), "--workers", "1", "--max-failures", "40", "--no-color", "--warnings", "off",
        "--generation-database", "none", "--suppress-health-check", "all", "--output-sanitize", "false",
        *(["--max-time", str(SECONDS)] if SECONDS else ["--phases", "examples,coverage"]),
    ]  # fmt: skip
    outcome = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=SECONDS + GRACE_SECONDS, check=False)
    print(outcome.stdout[-60_000:], outcome.stderr[-4_000:])
    assert outcome.returncode == 0
    assert server.is_running()
