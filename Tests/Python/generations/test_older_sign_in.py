"""Older clients: signing in at the server's own provider, as an adapter does it."""

from __future__ import annotations

import gumnut
import pytest
from kit.account import Account
from kit.browser import query
from kit.person import PASSWORD, person, proof
from kit.server import Server

BACK = "http://localhost:2283/auth/login"


def client(server: Server) -> gumnut.Gumnut:
    return gumnut.Gumnut(api_key="none", base_url=server.url, max_retries=0, timeout=60, _strict_response_validation=True)


def test_somebody_is_signed_in(server: Server) -> None:
    someone, sdk = person(server), client(server)
    verifier, challenge = proof()
    url = sdk.oauth.auth_url(redirect_uri=BACK, code_challenge=challenge, code_challenge_method="S256").url
    someone.browser.open(url)
    answer = query(someone.browser.sign_in(someone.email, PASSWORD).headers["location"])
    done = sdk.oauth.exchange(code=answer["code"], state=answer["state"], code_verifier=verifier, error=None)
    assert done.user.email == someone.email
    assert Account.with_key(server, someone.email, done.access_token).sdk.users.me().id == done.user.id
    someone.browser.close()


def test_a_sign_in_that_is_over_says_so(server: Server) -> None:
    with pytest.raises(gumnut.BadRequestError) as refused:
        client(server).oauth.exchange(code="x", state="x", code_verifier=None, error=None)
    assert "start the sign-in again" in refused.value.body["detail"]


def test_the_way_out_is_told(server: Server) -> None:
    assert client(server).oauth.logout_endpoint().logout_endpoint.startswith(server.url)
