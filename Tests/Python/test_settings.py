"""The settings table as an operator meets it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from kit.server import BINARY, ROOT


def banksia(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("BANKSIA_")}
    return subprocess.run([BINARY, *arguments], env={**clean, **environment}, capture_output=True, text=True, timeout=60, check=False)


def explained(*arguments: str, **environment: str) -> dict[str, tuple[str, str]]:
    answer = banksia("config", "--json", *arguments, **environment)
    assert answer.returncode == 0, answer.stderr
    return {row["key"]: (row["value"], row["source"]) for row in json.loads(answer.stdout)}


def test_the_page_of_the_operating_guide_is_the_table() -> None:
    page = (ROOT / "docs" / "operating" / "settings.md").read_text()
    assert banksia("config", "--markdown").stdout == page, "run `banksia config --markdown > docs/operating/settings.md`"


def test_a_flag_wins_over_the_environment_over_the_file_over_the_default(tmp_path: Path) -> None:
    (tmp_path / "banksia.conf").write_text("port = 1111  # a comment\nhost = 10.0.0.1\nlog-level = debug\n")
    rows = explained("--data", str(tmp_path), "--port", "3333", BANKSIA_PORT="2222", BANKSIA_HOST="10.0.0.2")
    assert rows["port"] == ("3333", "flag")
    assert rows["host"] == ("10.0.0.2", "environment")
    assert rows["log-level"] == ("debug", "file")
    assert rows["first-user"][1] == "default"


def test_all_mistakes_are_reported_together(tmp_path: Path) -> None:
    (tmp_path / "banksia.conf").write_text("colour = blue\n")
    answer = banksia(
        "serve", "--data", str(tmp_path), "--port", "70000", "--public-url", "ftp://x", "--nonsense", "1", BANKSIA_WORKERS="many", BANKSIA_TYPO="1"
    )
    assert answer.returncode != 0
    for mistake in ("port", "public-url", "--nonsense", "workers", "BANKSIA_TYPO", "colour"):
        assert mistake in answer.stderr, mistake
