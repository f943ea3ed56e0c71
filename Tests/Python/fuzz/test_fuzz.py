"""Schemathesis reads the served document and sends what nobody thought of: no 500, no answer that the document does not
describe, nothing without a credential that needs one.

It runs in an environment of its own (`.venv-fuzz`) for `FUZZ_SECONDS`, with the seed `FUZZ_SEED`.
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

SECONDS = int(os.environ.get("FUZZ_SECONDS", "40"))
SEED = int(os.environ.get("FUZZ_SEED", "20240517"))
GRACE_SECONDS = 60
"""What it may take longer than told: it ends with the test case it is at."""

CHECKS = [
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance", "unsupported_method", "allow_header_conformance", "ignored_auth",
]  # fmt: skip
"""What is looked at. Not whether bad values are refused and good ones taken: the contract takes more than its schema says
(§1: unknown keys, comma-delimited lists, empty strings), and less (§4: what no schema can say)."""


def test_nothing_unexpected_is_answered(server: Server, tmp_path: Path) -> None:
    account = Account.make(server)
    session = Account.with_key(server, account.email, server.command("session", "create", "--user", account.email))
    Things(account, session, account.sdk.libraries.list()[0].id, "fuzz").make_everything()
    command = [
        str(Path(sys.executable).with_name("st")), "run", f"{server.url}/openapi.json", "--url", server.url,
        "--header", f"Authorization: Bearer {session.key}", "--checks", ",".join(CHECKS), "--seed", str(SEED),
        "--max-time", str(SECONDS), "--workers", "1", "--max-failures", "40", "--no-color", "--warnings", "off",
        "--generation-database", "none", "--suppress-health-check", "all", "--output-sanitize", "false",
    ]  # fmt: skip
    outcome = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=SECONDS + GRACE_SECONDS, check=False)
    print(outcome.stdout[-60_000:], outcome.stderr[-4_000:])
    assert outcome.returncode == 0
    assert server.is_running()
