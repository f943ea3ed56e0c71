"""One server for all suites; users are cheap, so each module has its own, and a test that counts takes a fresh one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from kit import engines
from kit.account import Account
from kit.coverage import coverage
from kit.hold import Hold
from kit.server import BINARY, ROOT, Server

_running = list[Server]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--engine", choices=["embedded", "scaled"], default="embedded", help="SQLite and a folder, or PostgreSQL and S3")
    parser.addoption("--hold", type=int, metavar="READS", help="hold background work until a test has read so often (see kit/hold.py)")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "engine(kind): runs only with this --engine")
    config.addinivalue_line("markers", "last: runs after everything else, because it looks back at the run")
    engines.choose(config.getoption("--engine"))
    coverage.watch()
    if reads := config.getoption("--hold"):
        config.pluginmanager.register(Holding(Hold(reads)))


class Holding:
    """Tells what holds background work where a test begins."""

    def __init__(self, hold: Hold) -> None:
        self._hold = hold
        hold.watch()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self) -> None:
        self._hold.next_test()


def pytest_unconfigure() -> None:
    engines.chosen.close()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests that are about one engine are left out of runs with the other; they are not skipped, since nothing is missing."""
    kind = config.getoption("--engine")
    others = [item for item in items if (mark := item.get_closest_marker("engine")) is not None and mark.args != (kind,)]
    config.hook.pytest_deselected(items=others)
    items[:] = sorted((item for item in items if item not in others), key=lambda item: item.get_closest_marker("last") is not None)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server under test. At the end it has to stop by itself, in order."""
    assert BINARY.exists(), f"{BINARY} is missing: build it, or name another with BANKSIA_BINARY"
    server = Server(tmp_path_factory.mktemp("banksia"), "--log-level", "debug").start()
    _running.append(server)
    yield server
    _running.remove(server)
    assert server.stop() == 0, server.log_tail()


@pytest.fixture(scope="module")
def account(server: Server) -> Iterator[Account]:
    """A user whom the tests of a module share."""
    account = Account.make(server)
    yield account
    account.close()


@pytest.fixture
def fresh(server: Server) -> Iterator[Account]:
    """A user with an empty library, for one test."""
    account = Account.make(server)
    yield account
    account.close()


@pytest.fixture(scope="session")
def fixtures() -> Path:
    """The photo corpus; a test that needs it is skipped without."""
    folder = Path(os.environ.get("BANKSIA_FIXTURES", ROOT.parent / "shared" / "fixtures"))
    if not (folder / "scenes" / "captions.json").exists():
        pytest.skip(f"no photo corpus at {folder}; BANKSIA_FIXTURES names another place")
    return folder


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    """A failed test shows the end of the server's log."""
    report = yield
    if report.failed:
        for server in _running:
            report.sections.append(("server log", server.log_tail(2000)))
    return report
