"""Runs the servers of the tests until interrupted, and prints the variables that let every suite use them.

    PYTHONPATH=Tests/Python .venv-tests/bin/python -m kit
"""

from __future__ import annotations

import shlex
import signal

from .postgres import Postgres
from .s3 import S3

with Postgres() as postgres, S3() as s3:
    print(f"export BANKSIA_TEST_POSTGRES_URL={shlex.quote(postgres.url)}")
    print(f"export BANKSIA_TEST_S3_URL={shlex.quote(s3.url)}", flush=True)
    ends = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)  # only now: children inherit what is blocked
    signal.sigwait(ends)
