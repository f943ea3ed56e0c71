"""The binary's commands, beside a running server."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from kit import asking, pictures
from kit.account import Account
from kit.contract import assert_problem
from kit.server import BINARY, FIRST_USER, Server, environment


def run(*words: str, **extra: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([BINARY, *words], capture_output=True, text=True, timeout=60, env=environment() | extra, check=False)


def test_a_second_server_on_the_same_folder_is_refused(server: Server) -> None:
    second = server.run("serve", "--port", "0")
    assert second.returncode != 0
    assert "Another server is running" in second.stderr


def test_all_mistakes_in_the_settings_are_told_at_once() -> None:
    result = run("serve", "--port", "nonsense", "--log-level", "loud", BANKSIA_WORKERS="0", BANKSIA_TYPO="1")
    assert result.returncode != 0
    for word in ("port", "log-level", "workers", "BANKSIA_TYPO"):
        assert word in result.stderr


def test_settings_explain_themselves_and_where_they_come_from(tmp_path: Path) -> None:
    (tmp_path / "banksia.conf").write_text("port = 9000 # of the file\n")
    result = run("config", "--json", "--data", str(tmp_path), BANKSIA_HOST="127.0.0.2")
    entries = {entry["key"]: entry for entry in json.loads(result.stdout)}
    assert (entries["port"]["value"], entries["port"]["source"]) == ("9000", "file")
    assert (entries["host"]["value"], entries["host"]["source"]) == ("127.0.0.2", "environment")
    assert entries["data"]["source"] == "flag"
    assert all(entry["meaning"] for entry in entries.values())
    assert "port = 9000" in run("config", "--explain", "--data", str(tmp_path)).stdout


def test_the_doctor_finds_everything_the_set_up_installed(server: Server) -> None:
    result = server.run("doctor", "--json")
    findings = {finding["part"]: finding for finding in json.loads(result.stdout)}
    assert all(finding["isAvailable"] for finding in findings.values()), findings
    assert result.returncode == 0


def test_without_models_the_doctor_says_what_is_lost_and_the_server_runs(tmp_path: Path) -> None:
    missing = ["--models", str(tmp_path / "none"), "--runtime", str(tmp_path / "none.so")]
    server = Server(tmp_path, *missing)
    result = server.run("doctor", "--json", *missing)
    assert result.returncode == 1
    lost = [finding for finding in json.loads(result.stdout) if not finding["isAvailable"]]
    assert {finding["part"] for finding in lost} >= {"ONNX Runtime", "model pack"}
    assert all(finding["lostWithout"] for finding in lost)
    server.start()
    try:
        answer = asking.get(server.url + "/api/libraries", headers={"Authorization": f"Bearer {server.first_key}"})
        assert answer.status_code == 200
        first = Account.with_key(server, FIRST_USER, server.first_key)
        name = first.upload(pictures.jpeg(1, name="lighthouse.jpg"))["id"]
        found = first.http.get("/api/search", params={"query": "the old lighthouse"}).json()["data"]
        assert [hit["asset"]["id"] for hit in found] == [name]
        # Nothing can look for this one.
        assert_problem(first.http.get("/api/search", params={"query": "🦄"}), 503, "service_unavailable")
        first.close()
    finally:
        assert server.stop() == 0


def test_the_default_pack_is_listed(server: Server) -> None:
    assert "* lite2-minilm-a2" in server.command("models", "list")


def test_an_account_and_a_session_are_made_while_the_server_runs(fresh: Account) -> None:
    session = Account.with_key(fresh.server, fresh.email, fresh.server.command("session", "create", "--user", fresh.email))
    assert session.sdk.users.me().email == fresh.email
    with pytest.raises(RuntimeError):
        fresh.server.command("user", "add", fresh.email)
    with pytest.raises(RuntimeError):
        fresh.server.command("key", "create", "--user", "nobody@example.com")


def test_the_first_key_is_told_even_when_the_port_is_taken(server: Server, tmp_path: Path) -> None:
    new = Server(tmp_path)
    taken = new.run("serve", "--port", str(urlsplit(server.url).port))
    assert taken.returncode != 0
    found = re.search(r"^API key: (\S+)$", taken.stdout, re.MULTILINE)
    assert found is not None
    new.start()
    try:
        assert asking.get(new.url + "/api/users/me", headers={"Authorization": f"Bearer {found[1]}"}).json()["email"] == FIRST_USER
    finally:
        assert new.stop() == 0


def test_a_restart_keeps_everything_and_shows_no_key_again(tmp_path: Path) -> None:
    server = Server(tmp_path).start()
    key = server.first_key
    assert server.stop() == 0
    server.start()
    try:
        assert server.first_key == key
        assert asking.get(server.url + "/api/libraries", headers={"Authorization": f"Bearer {key}"}).status_code == 200
    finally:
        assert server.stop() == 0
