"""Suites for the older generations of the official client: 0.66.2, 0.80.0 and 0.154.0, each in an environment of its own,
because all are called `gumnut`. A test runs with every generation that has what it is about, with strict validation of
answers, and `test_every_method.py` looks at the end whether each method of the client has been called.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from importlib.metadata import version
from typing import Any

import gumnut.resources
import pytest
from gumnut._resource import SyncAPIResource
from kit.account import Account
from kit.things import Things

GENERATION = tuple(int(part) for part in version("gumnut-sdk").split("."))

called = set[str]()
"""Methods of the client that have been called and returned."""


def resources() -> Iterator[type[SyncAPIResource]]:
    """Every class of the client that has methods for operations."""
    for module in pkgutil.walk_packages(gumnut.resources.__path__, "gumnut.resources."):
        for _, kind in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if issubclass(kind, SyncAPIResource) and kind is not SyncAPIResource and kind.__module__ == module.name:
                yield kind


def methods() -> dict[str, tuple[type, Callable[..., Any]]]:
    """The methods of the client, by a name like `Albums.create`."""
    return {
        f"{kind.__name__.removesuffix('Resource')}.{name}": (kind, function)
        for kind in resources()
        for name, function in vars(kind).items()
        if inspect.isfunction(function) and not name.startswith("_")
    }


def watched(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def calling(*arguments: Any, **options: Any) -> Any:
        answer = function(*arguments, **options)
        called.add(name)
        return answer

    return calling


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "since(version): runs only with this generation of the client and newer ones")
    config.addinivalue_line("markers", "before(version): runs only with generations older than this")
    for name, (kind, function) in methods().items():
        setattr(kind, function.__name__, watched(name, function))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests of what a client does not have are left out; they are not skipped, since nothing is missing."""
    others = [item for item in items if not fits(item)]
    config.hook.pytest_deselected(items=others)
    items[:] = [item for item in items if item not in others]


def fits(item: pytest.Item) -> bool:
    def bound(name: str, otherwise: str) -> tuple[int, ...]:
        mark = item.get_closest_marker(name)
        return tuple(int(part) for part in (mark.args[0] if mark else otherwise).split("."))

    return bound("since", "0.0.0") <= GENERATION < bound("before", "9.0.0")


@pytest.fixture
def things(fresh: Account) -> Things:
    """A fresh user's library, with whatever a test asks for, made without the client."""
    session = Account.with_key(fresh.server, fresh.email, fresh.server.command("session", "create", "--user", fresh.email))
    return Things(fresh, session, fresh.sdk.libraries.list()[0].id, "thing")
