"""What holds on every path of the contract: browsers may ask first, slashes do not matter, other methods are refused."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from kit import asking
from kit.contract import assert_problem
from kit.coverage import Operation, operations

PATHS = sorted({operation.path for operation in operations()})
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}


def address(path: str) -> str:
    """The path with something in place of its parameters."""
    return path.replace("{", "some_").replace("}", "")


def methods(path: str) -> set[str]:
    return {operation.method for operation in operations() if operation.path == path}


@pytest.fixture(scope="module")
def anyone(server) -> Iterator[httpx.Client]:
    """A client without a credential."""
    with asking.client(base_url=server.url) as client:
        yield client


@pytest.mark.parametrize("path", PATHS)
def test_a_browser_may_ask_first(anyone: httpx.Client, path: str) -> None:
    headers = {"Origin": "https://demo.example", "Access-Control-Request-Headers": "authorization, content-type, range, x-stainless-lang"}
    for method in methods(path):
        answer = anyone.options(address(path), headers=headers | {"Access-Control-Request-Method": method})
        assert answer.is_success, answer.text
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert method in [allowed.strip() for allowed in answer.headers["Access-Control-Allow-Methods"].split(",")]
        allowed = {name.strip() for name in answer.headers["Access-Control-Allow-Headers"].lower().split(",")}
        assert {"authorization", "content-type", "range", "x-stainless-lang"} <= allowed


@pytest.mark.parametrize("path", PATHS)
def test_a_page_may_read_every_answer(anyone: httpx.Client, path: str) -> None:
    answer = anyone.request(min(methods(path)), address(path), headers={"Origin": "https://demo.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "x-request-id" in answer.headers["Access-Control-Expose-Headers"].lower()


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.id)
def test_a_slash_at_the_end_makes_no_difference(anyone: httpx.Client, operation: Operation) -> None:
    path = address(operation.path).rstrip("/")
    without, with_slash = (anyone.request(operation.method, path + slash) for slash in ("", "/"))
    assert without.status_code == with_slash.status_code
    assert not without.is_redirect
    # A provider may have no address for signing out; everything else is there, if only for those who may.
    assert without.status_code not in (404, 405) or operation.id == "get_oauth_logout_endpoint"
    if without.is_error and without.content:
        assert without.json()["error"]["code"] == with_slash.json()["error"]["code"]


@pytest.mark.parametrize("path", PATHS)
def test_other_methods_are_refused_with_those_that_are_known(anyone: httpx.Client, path: str) -> None:
    known = methods(path)
    for method in METHODS - known - {"HEAD"}:
        answer = anyone.request(method, address(path))
        assert_problem(answer, 405, "method_not_allowed")
        allowed = {allowed.strip() for allowed in answer.headers["Allow"].split(",")}
        assert known <= allowed <= known | {"HEAD", "OPTIONS"}
