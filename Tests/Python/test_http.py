"""What holds for every request: ping, the document, request ids, slashes, unknown paths, browsers."""

from __future__ import annotations

import re

import httpx
import pytest
from kit import asking
from kit.account import Account
from kit.contract import assert_complete, assert_problem, document


@pytest.fixture
def anyone(server) -> httpx.Client:
    """A client without a credential."""
    with asking.client(base_url=server.url) as client:
        yield client


def test_ping_needs_no_credential_and_answers_four_letters(anyone: httpx.Client, account: Account) -> None:
    response = anyone.get("/api/server/ping")
    assert (response.status_code, response.text) == (200, "pong")
    assert response.headers["Content-Type"].startswith("text/plain")
    assert account.sdk.ping.get() == "pong"


def test_the_document_is_served_as_json(anyone: httpx.Client) -> None:
    response = anyone.get("/openapi.json")
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("application/json")
    served = response.json()
    assert served["paths"].keys() == document()["paths"].keys()
    assert served["components"]["schemas"].keys() == document()["components"]["schemas"].keys()


def test_the_signed_in_user_has_every_key(account: Account) -> None:
    me = account.sdk.users.me()
    assert (me.email, me.is_active, me.face_detection_preference) == (account.email, True, True)
    assert (me.demo_mode_enabled, me.favorite_display_mode, me.face_detection_available) == (False, "favorite", True)
    assert 0 < me.storage_limit_bytes < 2**53
    assert me.created_at.utcoffset() is not None
    assert_complete(account.http.get("/api/users/me").json(), "UserResponse")


@pytest.mark.parametrize("path", ["/api/libraries", "/api/assets", "/api/api-keys", "/api/tasks", "/api/users/me", "/api/server/ping"])
def test_a_trailing_slash_makes_no_difference(account: Account, path: str) -> None:
    without, with_slash = account.http.get(path), account.http.get(path + "/")
    assert without.status_code == with_slash.status_code == 200
    assert without.text == with_slash.text


def test_a_request_id_is_echoed_when_well_formed_and_made_otherwise(account: Account) -> None:
    answers = {given: account.http.get("/api/users/me", headers={"X-Request-Id": given}).headers["X-Request-Id"] for given in ("mine-1", "x" * 128, "y" * 129)}
    assert answers["mine-1"] == "mine-1"
    assert answers["x" * 128] == "x" * 128
    assert answers["y" * 129] != "y" * 129
    assert re.fullmatch(r"[!-~]{1,128}", account.http.get("/api/users/me").headers["X-Request-Id"])


def test_an_unknown_path_and_a_wrong_method_have_the_envelope(account: Account) -> None:
    assert_problem(account.http.get("/api/nothing/here"), 404, "not_found")
    response = account.http.put("/api/libraries")
    assert_problem(response, 405, "method_not_allowed")
    assert {"GET", "POST"} <= {method.strip() for method in response.headers["Allow"].split(",")}


def test_no_credential_a_wrong_one_and_a_malformed_one_are_401(anyone: httpx.Client) -> None:
    for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic Zm9v"}, {"Authorization": "Bearer apikey_" + "2" * 22 + "_" + "A" * 43}):
        response = anyone.get("/api/libraries", headers=headers)
        assert response.status_code == 401
        assert_problem(response, 401, response.json()["error"]["code"])
        assert response.json()["error"]["code"] in ("unauthorized", "invalid_token")


def test_unknown_parameters_and_keys_are_passed_over(account: Account) -> None:
    assert account.http.get("/api/assets", params={"no_such": "1"}).status_code == 200
    assert account.http.post("/api/albums", json={"name": "Extra", "no_such": 1}).status_code == 201


def test_bodies_of_the_wrong_form_are_refused(account: Account) -> None:
    post = account.http.post
    assert_problem(post("/api/albums", content=b"{", headers={"Content-Type": "application/json"}), 400, "malformed_body")
    assert_problem(post("/api/albums", content=b"[1]", headers={"Content-Type": "application/json"}), 400, "malformed_body")
    assert_problem(post("/api/albums", content=b"name=x", headers={"Content-Type": "text/plain"}), 415, "unsupported_media_type")
    large = b'{"name": "' + b"x" * (1 << 20) + b'"}'
    assert_problem(post("/api/albums", content=large, headers={"Content-Type": "application/json"}), 413, "payload_too_large")


def test_a_browser_may_call_from_anywhere(anyone: httpx.Client, account: Account) -> None:
    wanted = {"authorization", "content-type", "accept", "range", "x-request-id", "x-stainless-lang"}
    preflight = anyone.options(
        "/api/assets",
        headers={"Origin": "https://demo.example", "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": ", ".join(sorted(wanted))},
    )
    assert preflight.status_code in (200, 204)
    assert preflight.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in preflight.headers
    allowed = {method.strip() for method in preflight.headers["Access-Control-Allow-Methods"].split(",")}
    assert {"GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS"} <= allowed
    headers = {name.strip().lower() for name in preflight.headers["Access-Control-Allow-Headers"].split(",")}
    assert wanted <= headers

    answer = account.http.get("/api/libraries", headers={"Origin": "https://demo.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    exposed = {name.strip().lower() for name in answer.headers["Access-Control-Expose-Headers"].split(",")}
    assert {"x-request-id", "x-new-access-token", "retry-after", "content-disposition", "content-range", "etag"} <= exposed
