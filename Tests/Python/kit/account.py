"""A person with a library and a key, and what suites do with them again and again."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx
from gumnut import Gumnut

from .pictures import Picture
from .server import Server

TASK_SECONDS = 180
"""Longest wait for background work on one asset; a debug build on two busy cores needs a few seconds."""

_numbers = itertools.count(1)
Value = TypeVar("Value")


@dataclass(frozen=True)
class Account:
    """One user of the server under test."""

    server: Server
    email: str
    key: str
    http: httpx.Client
    """Plain requests with the key; redirects are not followed, because the contract has none."""
    sdk: Gumnut
    """The official client with strict validation of answers and without repetition."""

    @staticmethod
    def make(server: Server) -> Account:
        """A new user with the default library and a full-access key, made with the binary's own commands."""
        email = f"person-{next(_numbers)}@example.com"
        server.command("user", "add", email)
        return Account.with_key(server, email, server.command("key", "create", "--user", email))

    @staticmethod
    def with_key(server: Server, email: str, key: str) -> Account:
        """The same user with another credential."""
        headers = {"Authorization": f"Bearer {key}"}
        http = httpx.Client(base_url=server.url, headers=headers, timeout=60)
        sdk = Gumnut(api_key=key, base_url=server.url, max_retries=0, timeout=60, _strict_response_validation=True)
        return Account(server, email, key, http, sdk)

    def close(self) -> None:
        self.http.close()
        self.sdk.close()

    def upload(self, picture: Picture, **fields: str) -> dict[str, Any]:
        """Uploads a picture and returns the asset; it has to be accepted."""
        response = self.post_upload(picture, **fields)
        assert response.status_code in (200, 201), response.text
        return response.json()

    def post_upload(self, picture: Picture, **fields: str) -> httpx.Response:
        return self.http.post("/api/assets", data=upload_fields(picture, **fields), files=file_part(picture))

    def tasks(self, asset: str) -> list[dict[str, Any]]:
        response = self.http.get(f"/api/tasks/asset/{asset}")
        assert response.status_code == 200, response.text
        return response.json()

    def settled(self, asset: str) -> list[dict[str, Any]]:
        """The asset's tasks, once none of them is waiting or running."""
        return wait_until(
            lambda: self.tasks(asset), lambda tasks: tasks and all(task["status"] in ("success", "failure") for task in tasks)
        )

    def all_settled(self, assets: Iterable[str]) -> None:
        """Returns when background work on all of them has succeeded."""
        for asset in assets:
            failed = [task for task in self.settled(asset) if task["status"] != "success"]
            assert failed == []

    def list(self, **query: Any) -> list[dict[str, Any]]:
        response = self.http.get("/api/assets", params={"limit": 200, **query})
        assert response.status_code == 200, response.text
        return response.json()["data"]


def upload_fields(picture: Picture, **changes: str) -> dict[str, str]:
    """The text fields of an upload, with the changes a test wants."""
    return {
        "device_asset_id": picture.name,
        "device_id": "tests",
        "file_created_at": "2024-03-01T09:00:00Z",
        "file_modified_at": "2024-03-01T09:00:00Z",
        **changes,
    }


def file_part(picture: Picture) -> dict[str, tuple[str, bytes, str]]:
    return {"asset_data": (picture.name, picture.content, "application/octet-stream")}


def wait_until(read: Callable[[], Value], is_enough: Callable[[Value], Any], seconds: float = TASK_SECONDS) -> Value:
    """Reads again and again until the value is good enough; fails at the deadline with the last value."""
    deadline = time.monotonic() + seconds
    while True:
        value = read()
        if is_enough(value):
            return value
        assert time.monotonic() < deadline, f"not within {seconds} s; last seen: {value}"
        time.sleep(0.05)
