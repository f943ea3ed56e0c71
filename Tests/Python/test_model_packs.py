"""Model packs that are installed by a command: from a hub that answers as Hugging Face's does, over real HTTP."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from kit import pictures
from kit.account import Account, wait_until
from kit.server import FIRST_USER, Server

NAME = "ViT-Tiny__random"
ROOT = Path(__file__).parent.parent.parent
PYTHON = ROOT / ".venv-models" / "bin" / "python"
"""What packs are built with: it has onnx."""
PIECE = 30_000


class Hub:
    """One repository of `immich-app`. Each file arrives in pieces: a request gets no more than `allowance` bytes of it."""

    def __init__(self, repository: Path) -> None:
        self.repository, self.allowance, self.ranges = repository, sys.maxsize, list[str]()
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path == f"/api/models/immich-app/{NAME}/tree/main?recursive=true":
                    self.say(200, json.dumps(hub.listing()).encode())
                elif self.path.startswith(f"/immich-app/{NAME}/resolve/main/"):
                    # Large files are sent from somewhere else.
                    self.send_response(302)
                    self.send_header("Location", self.path.replace("/resolve/main/", "/stored/"))
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                elif self.path.startswith(f"/immich-app/{NAME}/stored/"):
                    content = (hub.repository / self.path.split("/stored/")[1]).read_bytes()
                    asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
                    hub.ranges += [asked[0]] if asked else []
                    self.say(206 if asked else 200, content[int(asked[1]) if asked else 0 :])
                else:
                    self.say(404, b"{}")

            def say(self, status: int, content: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content[: hub.allowance])
                self.close_connection = len(content) > hub.allowance

            def log_message(self, *_: Any) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def listing(self) -> list[dict[str, Any]]:
        return [self.entry(path) for path in sorted(self.repository.rglob("*")) if path.is_file()]

    def entry(self, path: Path) -> dict[str, Any]:
        content = path.read_bytes()
        blob = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
        entry = {"type": "file", "path": path.relative_to(self.repository).as_posix(), "size": len(content), "oid": blob}
        if path.suffix == ".onnx":
            entry["lfs"] = {"oid": hashlib.sha256(content).hexdigest(), "size": len(content), "pointerSize": 130}
        return entry


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    repository = tmp_path / NAME
    subprocess.run([PYTHON, ROOT / "Tests" / "Reference" / "clip_export.py", "make", repository, "5"], check=True, capture_output=True)
    made = Hub(repository)
    yield made
    made.http.shutdown()
    made.http.server_close()


def test_a_published_model_is_installed_by_its_name_and_answers(tmp_path: Path, hub: Hub) -> None:
    server = Server(tmp_path / "server").start()
    try:
        first = Account.with_key(server, FIRST_USER, server.first_key)
        asset = first.upload(pictures.jpeg(1))["id"]
        first.settled(asset)
        hub.allowance = PIECE
        broken_off = 0
        while (result := server.run("models", "install", NAME, "--hub", hub.url)).returncode != 0:
            broken_off += 1
            assert broken_off < 50, result.stderr
        assert broken_off > 0 and f"bytes={PIECE}-" in hub.ranges
        assert "vit-tiny__random" in server.command("models", "list")
        server.command("models", "use", "vit-tiny__random")
        wait_until(lambda: server.command("models", "list"), lambda said: "* vit-tiny__random" in said)
        hits = first.http.get("/api/search", params={"query": "a dog", "threshold": 1}).json()["data"]
        assert [hit["asset"]["id"] for hit in hits] == [asset]
        first.close()
    finally:
        assert server.stop() == 0


def test_what_a_hub_does_not_have_is_no_pack(tmp_path: Path, hub: Hub) -> None:
    server = Server(tmp_path / "server")
    result = server.run("models", "install", "ViT-Other", "--hub", hub.url)
    assert result.returncode != 0 and "answers 404" in result.stderr
    (hub.repository / "textual" / "tokenizer.json").unlink()
    result = server.run("models", "install", NAME, "--hub", hub.url)
    assert result.returncode != 0 and "textual/tokenizer.json" in result.stderr
