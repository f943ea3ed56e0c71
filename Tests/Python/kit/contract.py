"""Holds answers against `api/openapi.yaml`: every documented key is there, and failures have the contract's envelope."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from typing import Any

import httpx
import yaml

from .server import ROOT

ANSWER_SECONDS = 45
"""Longest time in which a request has to be answered while the database or the store is gone: a store gets half a minute."""


@cache
def document() -> dict[str, Any]:
    return yaml.load((ROOT / "api" / "openapi.yaml").read_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def missing_keys(value: Any, schema: dict[str, Any] | str, path: str = "$") -> list[str]:
    """Paths of documented keys that an answer lacks. A null is enough: it stands for "nothing" (contract §0, rule 3)."""
    schema = resolved(schema)
    if value is None:
        return []
    if isinstance(value, list):
        return [lack for index, element in enumerate(value) for lack in missing_keys(element, schema.get("items", {}), f"{path}[{index}]")]
    if not isinstance(value, dict):
        return []
    lacks = list[str]()
    properties = properties_of(schema)
    for key, inner in properties.items():
        lacks += missing_keys(value[key], inner, f"{path}.{key}") if key in value else [f"{path}.{key}"]
    rest = schema.get("additionalProperties")
    if isinstance(rest, dict):
        for key in value.keys() - properties.keys():
            lacks += missing_keys(value[key], rest, f"{path}.{key}")
    return lacks


def resolved(schema: dict[str, Any] | str) -> dict[str, Any]:
    """A schema by name, or behind a reference."""
    if isinstance(schema, str):
        return document()["components"]["schemas"][schema]
    if "$ref" in schema:
        return resolved(schema["$ref"].rsplit("/", 1)[1])
    return schema


def properties_of(schema: dict[str, Any]) -> dict[str, Any]:
    """Its properties, with those of the schemas it is composed of."""
    properties = dict(schema.get("properties", {}))
    for part in schema.get("allOf", []) + schema.get("oneOf", [])[:1] + schema.get("anyOf", [])[:1]:
        properties |= properties_of(resolved(part))
    return properties


def assert_complete(value: Any, schema: dict[str, Any] | str) -> None:
    """The answer has every key its schema documents, at every depth."""
    assert missing_keys(value, schema) == []


def assert_problem(response: httpx.Response, status: int, code: str, field: str | None = None) -> dict[str, Any]:
    """The answer is this failure, in the contract's envelope (§4), and names its request; returns the inner error."""
    assert response.status_code == status, f"{response.request.method} {response.request.url}: {response.status_code} {response.text}"
    body = response.json()
    assert set(body) == {"error", "detail"}
    error = body["error"]
    assert set(error) == {"code", "message", "details", "request_id"}
    assert error["code"] == code
    assert body["detail"] == error["message"] != ""
    assert error["request_id"] == response.headers["X-Request-Id"]
    if field is not None:
        assert error["details"]["field"] == field
        assert error["details"]["issue"]
    if status == 409:
        assert response.headers["X-Should-Retry"] == ("true" if code == "concurrent_modification" else "false")
    if status == 401:
        assert response.headers["WWW-Authenticate"].split()[0] == "Bearer"
    return error


def assert_unavailable(request: Callable[[], httpx.Response], or_status: int | None = None) -> None:
    """The answer says that a part is gone, in the contract's envelope, in time, and when to ask again."""
    began = time.monotonic()
    response = request()
    assert time.monotonic() - began < ANSWER_SECONDS
    if response.status_code == or_status:
        return
    assert response.status_code in (502, 503), f"{response.status_code} {response.text}"
    assert response.json()["error"]["code"] in ("storage_unavailable", "service_unavailable")
    assert 0 < int(response.headers["Retry-After"]) <= 60
