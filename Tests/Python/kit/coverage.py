"""Which operations of the contract a run has driven, and with what: every request of the process is watched.

An operation counts when an answer said that it was done (2xx), and only with the client it is for: the official one, which
names itself in its requests, wherever the document says that it has a method for it, and plain HTTP for the others.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import httpx

from .contract import document

METHODS = ("get", "head", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Operation:
    """One operation, as the document describes it."""

    id: str
    method: str
    path: str
    details: dict[str, Any] = field(repr=False, hash=False, compare=False)

    @property
    def has_sdk_method(self) -> bool:
        return "x-sdk-method" in self.details

    @property
    def is_addition(self) -> bool:
        """Whether it is Banksia's own, beyond the contract."""
        return "x-banksia-addition" in self.details

    @property
    def pattern(self) -> re.Pattern[str]:
        parts = (r"[^/]+" if part.startswith("{") else re.escape(part) for part in self.path.rstrip("/").split("/"))
        return re.compile("/".join(parts) + "/?")

    @property
    def query_parameters(self) -> set[str]:
        """The names of what may stand behind the question mark."""
        known = document()["components"]["parameters"]
        given = (known[entry["$ref"].rsplit("/", 1)[1]] if "$ref" in entry else entry for entry in self.details.get("parameters", []))
        return {entry["name"] for entry in given if entry["in"] == "query"}

    def address(self, **parameters: str) -> str:
        """Its path with values for the parameters."""
        return self.path.format(**parameters)


@cache
def operations() -> tuple[Operation, ...]:
    """All operations, those with fixed segments before those with parameters in the same place."""
    found = [
        Operation(details["operationId"], method.upper(), path, details)
        for path, item in document()["paths"].items()
        for method, details in item.items()
        if method in METHODS
    ]
    return tuple(sorted(found, key=lambda operation: operation.path.count("{")))


def operation(name: str) -> Operation:
    (found,) = (operation for operation in operations() if operation.id == name)
    return found


@cache
def _patterns() -> tuple[tuple[Operation, re.Pattern[str]], ...]:
    return tuple((operation, operation.pattern) for operation in operations())


def operation_of(method: str, path: str) -> Operation | None:
    """What a request asks for, if the document knows it."""
    for operation, pattern in _patterns():
        if operation.method == method and pattern.fullmatch(path):
            return operation
    return None


class Coverage:
    """What a run has driven so far."""

    def __init__(self) -> None:
        self._driven = set[tuple[str, bool]]()

    def watch(self) -> None:
        """Looks at every request that this process sends from now on."""
        send = httpx.Client.send

        def watched(client: httpx.Client, request: httpx.Request, **options: Any) -> httpx.Response:
            response = send(client, request, **options)
            self.note(request, response)
            return response

        httpx.Client.send = watched  # type: ignore[method-assign]

    def note(self, request: httpx.Request, response: httpx.Response) -> None:
        if response.is_success and (operation := operation_of(request.method, request.url.path)) is not None:
            self._driven.add((operation.id, "X-Stainless-Package-Version" in request.headers))

    def missing(self) -> list[str]:
        """Operations that nothing has driven as it should."""
        return [operation.id for operation in operations() if (operation.id, operation.has_sdk_method) not in self._driven]

    def __str__(self) -> str:
        missing = self.missing()
        covered = f"operations covered: {len(operations()) - len(missing)} of {len(operations())}"
        return covered if not missing else f"{covered}; not: {', '.join(missing)}"


coverage = Coverage()
"""Of this run."""
