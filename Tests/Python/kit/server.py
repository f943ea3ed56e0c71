"""The built binary as a process of its own, on a free port and a data folder of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
BINARY = Path(os.environ.get("BANKSIA_BINARY", ROOT / ".build" / "debug" / "banksia")).resolve()
FIRST_USER = "owner@example.com"

START_SECONDS = 60
STOP_SECONDS = 20


class Server:
    """One server over one data folder. It can be stopped or killed and started again; each start may change the port."""

    def __init__(self, folder: Path, *options: str, binary: Path = BINARY) -> None:
        self.binary = binary
        self.data = folder / "data"
        self.log = folder / "server.log"
        self.url = ""
        self.first_key = ""
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Server:
        """Starts the process and returns when it has said where it listens (and, the first time, its key)."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [self.binary, "serve", "--data", self.data, "--port", "0", *self._options],
                stdout=subprocess.PIPE, stderr=log, stdin=subprocess.DEVNULL, env=environment(),
            )  # fmt: skip
        said = self._first_lines()
        address = re.search(r"^Listening on (http://\S+)$", said, re.MULTILINE)
        if address is None:
            raise RuntimeError(f"the server did not start; it said:\n{said}\n{self.log_tail()}")
        self.url = address.group(1)
        if key := re.search(r"^API key: (apikey_\S+)$", said, re.MULTILINE):
            self.first_key = key.group(1)
        return self

    def _first_lines(self) -> str:
        """What the process prints until it listens and, on an empty folder, has shown the key; or until it ends."""
        process, lines = self.process, list[str]()
        wants_key = not self.first_key
        done = threading.Event()

        def read() -> None:
            assert process.stdout is not None
            for line in process.stdout:
                lines.append(line.decode())
                text = "".join(lines)
                if "Listening on" in text and (not wants_key or "API key:" in text):
                    done.set()
            done.set()

        threading.Thread(target=read, daemon=True).start()
        if not done.wait(START_SECONDS):
            self.kill()
        return "".join(lines)

    @property
    def process(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "the server was not started"
        return self._process

    def stop(self) -> int:
        """Asks the server to end and returns its status; a server that does not end in time is killed, and says so."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise RuntimeError(f"the server did not stop within {STOP_SECONDS} s\n{self.log_tail()}") from None

    def kill(self) -> None:
        """kill -9, as a power cut would."""
        self.process.kill()
        self.process.wait()

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def children(self) -> list[int]:
        """Process ids of everything the server has started, grandchildren included."""
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
        """Memory of the server process itself, without its children."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"^VmRSS:\s+(\d+) kB$", status, re.MULTILINE)
        assert found is not None
        return int(found.group(1)) * 1024

    def unfinished_files(self) -> list[Path]:
        """Files of uploads and of work that have not ended; there must be none when nothing is going on."""
        folders = {"staging", "scratch"}
        return [
            path for path in self.data.rglob("*")
            if path.suffix != ".lock"  # says which process a staging folder is used by; holds no bytes
            and folders & set(path.relative_to(self.data).parts[:-1]) and path.is_file()
        ]  # fmt: skip

    def command(self, *words: str) -> str:
        """Runs a command of the binary on the data folder and returns what it printed, without the last line break."""
        result = subprocess.run(
            [self.binary, *words, "--data", self.data], capture_output=True, text=True, timeout=60, env=environment(), check=False
        )
        if result.returncode != 0:
            raise RuntimeError(f"banksia {' '.join(words)} ended with {result.returncode}:\n{result.stderr}")
        return result.stdout.rstrip("\n")

    def log_tail(self, characters: int = 4000) -> str:
        return self.log.read_text(errors="replace")[-characters:] if self.log.exists() else ""


def environment() -> dict[str, str]:
    """Ours, without settings that would reach the binary by accident."""
    return {name: value for name, value in os.environ.items() if not name.startswith("BANKSIA_")}
