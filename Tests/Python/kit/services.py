"""Where `scripts/setup test` has put the servers of the tests, and what every one of them needs."""

from __future__ import annotations

import ctypes
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / ".venv-services"
"""The environment with the servers' programs (`scripts/requirements/services.txt`)."""

START_SECONDS = 60

_PR_SET_PDEATHSIG = 1  # prctl(2)
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(stop: signal.Signals) -> Callable[[], None]:
    """What a child calls before it executes: the kernel sends it this signal when the thread that started it is gone."""

    def ask() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(stop), 0, 0, 0)

    return ask


def free_port() -> int:
    """A port nobody listens at. A server takes it a moment later, and says so in its log if somebody was faster."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(answers: Callable[[], bool], is_alive: Callable[[], bool], what: str, log: Path) -> None:
    """Returns when a service answers; fails with the end of its log when it ended or took too long."""
    deadline = time.monotonic() + START_SECONDS
    while not answers():
        if not is_alive() or time.monotonic() > deadline:
            said = log.read_text(errors="replace")[-4000:] if log.exists() else ""
            raise RuntimeError(f"{what} did not start; its log ends with\n{said}")
        time.sleep(0.02)
