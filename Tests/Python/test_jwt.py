"""Tokens that other programs get by OAuth: what they may do, and what they may not."""

from __future__ import annotations

import base64
import json

import pytest
from kit import pictures
from kit.account import Account
from kit.contract import assert_problem


def delegated(account: Account) -> Account:
    """The same user, seen through a token."""
    token = account.server.command("session", "create", "--user", account.email, "--delegated")
    return Account.with_key(account.server, account.email, token)


def test_a_token_reaches_all_libraries_of_the_user(fresh: Account) -> None:
    program = delegated(fresh)
    library = fresh.sdk.libraries.create(name="Second")
    assert library.id in {each.id for each in program.sdk.libraries.list()}
    asset = program.upload(pictures.jpeg(1), library_id=library.id)
    assert program.sdk.assets.retrieve(asset["id"]).id == asset["id"]
    assert program.sdk.users.me().email == fresh.email


def test_a_token_manages_no_keys(fresh: Account) -> None:
    program = delegated(fresh)
    assert_problem(program.http.get("/api/api-keys/"), 403, "first_party_session_required")
    assert_problem(program.http.post("/api/api-keys/", json={"name": "x"}), 403, "first_party_session_required")
    key = fresh.http.post("/api/api-keys/", json={"name": "x"}).json()
    assert_problem(program.http.patch(f"/api/api-keys/{key['id']}", json={"name": "y"}), 403, "first_party_session_required")
    assert_problem(program.http.delete(f"/api/api-keys/{key['id']}"), 403, "first_party_session_required")


def test_a_young_token_is_not_renewed(fresh: Account) -> None:
    assert "x-new-access-token" not in delegated(fresh).http.get("/api/users/me").headers
    assert "x-new-access-token" not in fresh.http.get("/api/users/me").headers


def test_a_token_says_whose_it_is_and_how_long_it_lives(fresh: Account) -> None:
    payload = delegated(fresh).key.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert claims["sub"] == fresh.sdk.users.me().id
    assert claims["exp"] - claims["iat"] >= 30 * 86_400
    assert {"iss", "aud", "jti"} <= claims.keys()


@pytest.mark.parametrize("spoil", [
    lambda token: token[:-2] + ("AA" if token[-2:] != "AA" else "BB"),
    lambda token: token.rsplit(".", 1)[0] + ".",
    lambda token: token + "x",
    lambda token: token.replace(".", "", 1),
    lambda token: "x" * 5000,
])  # fmt: skip
def test_a_spoilt_token_is_401(fresh: Account, spoil) -> None:
    response = Account.with_key(fresh.server, fresh.email, spoil(delegated(fresh).key)).http.get("/api/users/me")
    assert_problem(response, 401, "invalid_token")
    assert response.headers["www-authenticate"].startswith("Bearer")
