"""The built binary as processes of its own: servers on free ports, workers, each with a data folder of its own."""

from __future__ import annotations

import atexit
import os
import re
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import Any, Self

from . import engines
from .engines import Engine, Reader
from .services import ROOT

BINARY = Path(os.environ.get("BANKSIA_BINARY", ROOT / ".build" / "debug" / "banksia")).resolve()
FIRST_USER = "owner@example.com"

START_SECONDS = 120
STOP_SECONDS = 60
COMMAND_SECONDS = 120

_started = set["Program"]()


@atexit.register
def _kill_what_failed_tests_left() -> None:
    for program in running():
        program.kill()


def running() -> list[Program]:
    """All that run in the background now."""
    return [program for program in _started if program.is_running()]


class Program:
    """The binary, running in the background over a data folder. It can be stopped or killed and started again."""

    def __init__(self, folder: Path, *options: str, binary: Path = BINARY, engine: Engine | None = None) -> None:
        """`engine`: what it shares with others; by itself it takes a fresh one of the kind this run is about."""
        folder.mkdir(parents=True, exist_ok=True)
        self.binary = binary
        self.data = folder / "data"
        self.log = folder / "log"
        self.engine = engine or engines.chosen.fresh(self.data)
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def process(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "it was not started"
        return self._process

    def stop(self) -> int:
        """Asks it to end and returns its status; one that does not end in time is killed, and says so."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise RuntimeError(f"{self} did not stop within {STOP_SECONDS} s\n{self.log_tail()}") from None

    def kill(self) -> None:
        """kill -9, as a power cut would."""
        self.process.kill()
        self.process.wait()

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def children(self) -> list[int]:
        """Process ids of everything it has started, grandchildren included."""
        parents: dict[int, list[int]] = {}
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:  # it ended while we looked
                continue
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
        found, open_ends = list[int](), [self.process.pid]
        while open_ends:
            below = parents.get(open_ends.pop(), [])
            found += below
            open_ends += below
        return found

    def resident_bytes(self) -> int:
        """Memory of the process itself, without its children."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"^VmRSS:\s+(\d+) kB$", status, re.MULTILINE)
        assert found is not None
        return int(found.group(1)) * 1024

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The answer of its database to a SELECT."""
        return self.engine.rows(sql)

    def open_jobs(self) -> list[str]:
        """Kinds of the background work that waits or is under way, but for what is done from time to time.

        In one look: who asks state by state misses a job that goes from one to the other in between.
        """
        periodic = "('original_sweep', 'trash_purge')"
        return [kind for (kind,) in self.rows(f"SELECT kind FROM job WHERE status IN ('pending', 'started') AND NOT paused AND kind NOT IN {periodic}")]

    def originals(self) -> dict[str, Reader]:
        """Every original in its store by SHA-256 in hex, with a function that reads the bytes."""
        return self.engine.originals()

    def temporary_files(self) -> list[str]:
        """Files of uploads and of work that have not ended, here and in the store; there must be none when nothing is going on."""
        return self.engine.temporary_files(self.data)

    def command(self, *words: str) -> str:
        """Runs a command of the binary on the same data and returns what it printed, without the last line break."""
        result = self.run(*words)
        if result.returncode != 0:
            raise RuntimeError(f"banksia {' '.join(words)} ended with {result.returncode}:\n{result.stderr}")
        return result.stdout.rstrip("\n")

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Runs a command of the binary on the same data, whatever comes of it."""
        return subprocess.run(
            [self.binary, *words, "--data", self.data], capture_output=True, text=True, timeout=COMMAND_SECONDS, env=self.environment(), check=False
        )

    def environment(self) -> dict[str, str]:
        return environment() | self.engine.environment

    def log_tail(self, characters: int = 4000) -> str:
        return self.log.read_text(errors="replace")[-characters:] if self.log.exists() else ""

    def _launch(self, command: str, *options: str) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [self.binary, command, "--data", self.data, *options, *self._options],
                stdout=subprocess.PIPE, stderr=log, stdin=subprocess.DEVNULL, env=self.environment(),
            )  # fmt: skip
        _started.add(self)


class Server(Program):
    """One server. Each start may change its port."""

    def __init__(self, folder: Path, *options: str, binary: Path = BINARY, engine: Engine | None = None) -> None:
        super().__init__(folder, *options, binary=binary, engine=engine)
        self.url = ""
        self.first_key = ""
        self.said = ""
        """What the last start said on standard output."""

    def start(self) -> Self:
        """Starts the process and returns when it has said where it listens, and its key if it made one."""
        self._launch("serve", "--port", "0")
        self.said = said = self._first_lines()
        address = re.search(r"^Listening on (http://\S+)$", said, re.MULTILINE)
        if address is None:
            raise RuntimeError(f"the server did not start; it said:\n{said}\n{self.log_tail()}")
        self.url = address.group(1)
        if key := re.search(r"^API key: (apikey_\S+)$", said, re.MULTILINE):
            self.first_key = key.group(1)
        return self

    def _first_lines(self) -> str:
        """What the process prints until it listens, or until it ends. The key, if any, is printed before the address."""
        process, said = self.process, list[bytes]()
        done = threading.Event()

        def read() -> None:
            assert process.stdout is not None
            # One read is one write of the server, and what follows the address is written with it.
            while some := os.read(process.stdout.fileno(), 65536):
                said.append(some)
                if b"Listening on" in b"".join(said):
                    done.set()
            done.set()

        threading.Thread(target=read, daemon=True).start()
        if not done.wait(START_SECONDS):
            self.kill()
        return b"".join(said).decode()


class Worker(Program):
    """Background work only. It says nothing; whether it works is seen by what gets done."""

    def start(self) -> Self:
        """Starts the process and returns when it can be told to stop."""
        self._launch("worker")
        status = Path(f"/proc/{self.process.pid}/status")
        deadline = time.monotonic() + START_SECONDS
        while self.is_running() and not minds(status.read_text(), signal.SIGTERM):
            assert time.monotonic() < deadline, f"{self} does not come up\n{self.log_tail()}"
            time.sleep(0.01)
        return self


def minds(status: str, number: signal.Signals) -> bool:
    """Whether a process, by its `/proc/PID/status`, does something else on a signal than end (proc_pid_status(5))."""
    masks = re.findall(r"^Sig(?:Blk|Ign|Cgt):\s+([0-9a-f]+)$", status, re.MULTILINE)
    return any(int(mask, 16) >> (number - 1) & 1 for mask in masks)


def environment() -> dict[str, str]:
    """Ours, without settings that would reach the binary by accident. Text in pictures is read where a suite is about that: it costs
    more than everything else that is done for a photo."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("BANKSIA_")}
    return ours | {"BANKSIA_READ_TEXT": "off"}
