"""Signing in: the three calls of an adapter's login, the pages behind them, and another server as the provider."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import secrets
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from gumnut import Gumnut
from kit import asking
from kit.account import Account
from kit.browser import Browser, Form, forms, query
from kit.contract import assert_complete, assert_problem
from kit.person import PASSWORD, Person, person, proof, set_password, setup_path
from kit.server import Server

BACK = "http://localhost:2283/auth/login"


def sdk(server: Server) -> Gumnut:
    return Gumnut(api_key="none", base_url=server.url, max_retries=0, timeout=60, _strict_response_validation=True)


def start(server: Server, challenge: str | None = None, redirect_uri: str = BACK) -> str:
    extra = {"code_challenge": challenge, "code_challenge_method": "S256"} if challenge else {}
    return sdk(server).oauth.auth_url(redirect_uri=redirect_uri, **extra).url


def exchange(server: Server, **body: object) -> httpx.Response:
    return asking.post(server.url + "/api/oauth/exchange", json=body)


def come_back(response: httpx.Response) -> dict[str, str]:
    """What the browser was sent back to the program with."""
    assert response.has_redirect_location, response.text
    assert response.headers["location"].startswith(BACK)
    return query(response.headers["location"])


@pytest.fixture(scope="module")
def visitor(server: Server) -> Iterator[Person]:
    person_ = person(server)
    yield person_
    person_.browser.close()


# The built-in sign-in, as an adapter uses it.


def test_a_login_of_an_adapter_works_out_of_the_box(server: Server) -> None:
    someone = person(server)
    verifier, challenge = proof()
    url = start(server, challenge)
    asked = query(url)
    assert url.startswith(server.url)
    assert (asked["response_type"], asked["scope"], asked["code_challenge"]) == ("code", "openid email profile", challenge)
    assert len(asked["state"]) >= 22 and len(asked["nonce"]) >= 22

    someone.browser.open(url)
    answer = come_back(someone.browser.sign_in(someone.email, PASSWORD))
    assert answer["state"] == asked["state"]

    done = sdk(server).oauth.exchange(code=answer["code"], state=answer["state"], code_verifier=verifier, error=None)
    assert (done.user.email, done.user.is_active) == (someone.email, True)
    program = Account.with_key(server, someone.email, done.access_token)
    assert program.sdk.users.me().id == done.user.id
    assert [library.name for library in program.sdk.libraries.list()] == ["Default Library"]
    assert_problem(program.http.get("/api/api-keys/"), 403, "first_party_session_required")


def test_who_is_signed_in_is_not_asked_again(server: Server, visitor: Person) -> None:
    visitor.sign_in()
    verifier, challenge = proof()
    answer = come_back(visitor.browser.open(start(server, challenge)))
    response = exchange(server, code=answer["code"], state=answer["state"], code_verifier=verifier)
    assert response.status_code == 200
    assert_complete(response.json(), "ExchangeResponse")


def test_a_client_without_a_challenge_is_served_too(server: Server, visitor: Person) -> None:
    visitor.sign_in()
    answer = come_back(visitor.browser.open(start(server)))
    assert exchange(server, **answer).status_code == 200


def test_a_state_is_good_once(server: Server, visitor: Person) -> None:
    visitor.sign_in()
    answer = come_back(visitor.browser.open(start(server)))
    assert exchange(server, **answer).status_code == 200
    again = exchange(server, **answer)
    assert_problem(again, 400, "invalid_oauth_state", "state")
    assert "start the sign-in again" in again.json()["detail"]


@pytest.mark.parametrize("state", [None, "", "unknown", "x" * 43, "é" * 43, "x" * 10_000])
def test_an_unknown_state_is_400(server: Server, state: str | None) -> None:
    assert_problem(exchange(server, code="x", state=state), 400, "invalid_oauth_state", "state")


def test_a_missing_state_is_400(server: Server) -> None:
    assert_problem(exchange(server, code="x"), 400, "invalid_oauth_state", "state")
    assert_problem(asking.post(server.url + "/api/oauth/exchange"), 400, "invalid_oauth_state", "state")


def test_an_error_of_the_provider_is_400_and_ends_the_sign_in(server: Server) -> None:
    state = query(start(server))["state"]
    response = exchange(server, code=None, state=state, error="access_denied")
    assert_problem(response, 400, "oauth_provider_error")
    assert "access_denied" in response.json()["detail"]
    assert_problem(exchange(server, code="x", state=state), 400, "invalid_oauth_state", "state")
    assert_problem(exchange(server, error="<script>"), 400, "oauth_provider_error")


def test_a_sign_in_that_comes_back_without_a_code_is_400(server: Server) -> None:
    assert_problem(exchange(server, state=query(start(server))["state"]), 400, "bad_request", "code")


def test_a_code_that_does_not_fit_is_400(server: Server, visitor: Person) -> None:
    visitor.sign_in()
    assert_problem(exchange(server, state=query(start(server))["state"], code="made-up"), 400, "oauth_provider_error")
    # A code of another sign-in: the nonce tells.
    other = come_back(visitor.browser.open(start(server, proof()[1])))
    assert_problem(exchange(server, state=query(start(server))["state"], code=other["code"]), 400, "oauth_provider_error")


def test_a_wrong_verifier_is_400(server: Server, visitor: Person) -> None:
    visitor.sign_in()
    for wrong in (None, "", proof()[0], "short"):
        answer = come_back(visitor.browser.open(start(server, proof()[1])))
        assert_problem(exchange(server, **answer, code_verifier=wrong), 400, "oauth_provider_error", "code_verifier")
        assert_problem(exchange(server, **answer, code_verifier=wrong), 400, "invalid_oauth_state", "state")


def test_a_code_is_good_once(server: Server, visitor: Person) -> None:
    visitor.sign_in()
    verifier, challenge = proof()
    url = start(server, challenge)
    answer = come_back(visitor.browser.open(url))
    assert exchange(server, **answer, code_verifier=verifier).status_code == 200
    assert exchange(server, **answer, code_verifier=verifier).status_code == 400


@pytest.mark.parametrize("uri", [
    "https://evil.example.com/", "http://localhost.evil.example.com/x", "http://localhost:1@evil.example.com/", "javascript:alert(1)",
    "http://localhost:80\\@evil.example.com/", "http://localhost:x/", "http://localhost:1/#x", "//localhost:1/", "http://localhost:1/ x", "x",
])  # fmt: skip
def test_only_listed_redirects_are_served(server: Server, uri: str) -> None:
    response = asking.get(server.url + "/api/oauth/auth-url", params={"redirect_uri": uri})
    assert_problem(response, 400, "bad_request", "redirect_uri")


@pytest.mark.parametrize(("query_", "field"), [
    ({}, "redirect_uri"),
    ({"redirect_uri": ""}, "redirect_uri"),
    ({"redirect_uri": BACK, "code_challenge": "short"}, "code_challenge"),
    ({"redirect_uri": BACK, "code_challenge": "x" * 42 + "~"}, "code_challenge"),
    ({"redirect_uri": BACK, "code_challenge": "x" * 43, "code_challenge_method": "plain"}, "code_challenge_method"),
])  # fmt: skip
def test_a_start_with_wrong_values_is_422(server: Server, query_: dict[str, str], field: str) -> None:
    assert_problem(asking.get(server.url + "/api/oauth/auth-url", params=query_), 422, "validation_error", field)


def test_values_of_the_wrong_type_are_422(server: Server) -> None:
    for field in ("code", "state", "error", "code_verifier"):
        assert_problem(exchange(server, **{field: 1}), 422, "validation_error", field)


def test_bodies_that_cannot_be_read(server: Server) -> None:
    url = server.url + "/api/oauth/exchange"
    assert_problem(asking.post(url, content=b"{", headers={"Content-Type": "application/json"}), 400, "malformed_body")
    assert_problem(exchange(server, state="\u0000"), 400, "malformed_body")
    assert_problem(asking.post(url, content=b"[]", headers={"Content-Type": "application/json"}), 400, "malformed_body")
    assert_problem(asking.post(url, content=b"x=1", headers={"Content-Type": "text/plain"}), 415, "unsupported_media_type")
    big = json.dumps({"code": "x" * 1_100_000}).encode()
    assert_problem(asking.post(url, content=big, headers={"Content-Type": "application/json"}), 413, "payload_too_large")


def test_the_way_out_is_a_page_that_asks(server: Server) -> None:
    someone = person(server)
    someone.sign_in()
    url = sdk(server).oauth.logout_endpoint().logout_endpoint
    assert url.startswith(server.url)
    someone.browser.open(url)
    assert someone.email in someone.browser.page.text
    someone.browser.submit(someone.browser.form("/signin/out"))
    assert someone.email not in someone.browser.open(url).text


def test_a_deactivated_account_gets_a_token_that_is_good_for_nothing(server: Server) -> None:
    someone = person(server)
    someone.sign_in()
    answer = come_back(someone.browser.open(start(server)))
    server.command("user", "deactivate", someone.email)
    done = exchange(server, **answer).json()
    assert done["user"]["is_active"] is False
    program = Account.with_key(server, someone.email, done["access_token"])
    assert_problem(program.http.get("/api/users/me"), 401, "account_inactive")
    someone.browser.open(server.url + "/signin")
    assert someone.browser.sign_in(someone.email, PASSWORD).status_code == 401


def test_signing_out_everywhere_ends_tokens_and_what_is_under_way(server: Server) -> None:
    someone = person(server)
    someone.sign_in()
    done = exchange(server, **come_back(someone.browser.open(start(server)))).json()
    program = Account.with_key(server, someone.email, done["access_token"])
    assert program.http.get("/api/users/me").status_code == 200
    code = come_back(someone.browser.open(start(server)))
    server.command("user", "sign-out", someone.email)
    assert_problem(program.http.get("/api/users/me"), 401, "invalid_token")
    assert_problem(exchange(server, **code), 400, "oauth_provider_error")
    assert someone.email not in someone.browser.open(server.url + "/signin/account").text


def test_a_whole_visit(server: Server) -> None:
    """From the operator's link over password, phone and program to the way out, page by page."""
    email = f"whole-{secrets.token_hex(4)}@example.com"
    server.command("user", "add", email)
    browser = Browser(server.url)
    browser.open(server.url + setup_path(server, email))
    account_page = browser.submit(browser.forms()[0], new=PASSWORD, again=PASSWORD)
    assert email in account_page.text
    browser.open(server.url + "/signin/code/setup")
    secret = shown_secret(browser)
    assert browser.submit(browser.forms()[0], old=PASSWORD, code=one_time_code(secret)).status_code == 200
    browser.submit(browser.form("/signin/out"))

    verifier, challenge = proof()
    page = browser.open(start(server, challenge))
    assert "localhost:2283" in page.headers["content-security-policy"], "the form leads there in the end"
    assert browser.sign_in(email, PASSWORD).status_code == 200
    answer = come_back(browser.submit(browser.form("/signin/code"), code=one_time_code(secret, 1)))
    done = sdk(server).oauth.exchange(code=answer["code"], state=answer["state"], code_verifier=verifier, error=None)
    program = Account.with_key(server, email, done.access_token)
    assert program.sdk.users.me().email == email

    browser.open(sdk(server).oauth.logout_endpoint().logout_endpoint)
    browser.submit(browser.form("/signin/out"))
    assert browser.open(start(server, challenge)).status_code == 200, "nobody is signed in"
    assert program.sdk.users.me().email == email, "a program's token is its own"
    browser.close()


def shown_secret(browser: Browser) -> str:
    found = re.search(r'id="secret">([A-Z2-7]+)<', browser.page.text)
    assert found is not None
    return found[1]


# The pages.


def test_pages_need_no_script_and_allow_none(server: Server, visitor: Person) -> None:
    page = asking.get(server.url + "/signin")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src" not in policy and "frame-ancestors 'none'" in policy
    assert "<script" not in page.text and "style=" not in page.text
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "access-control-allow-origin" not in page.headers
    assert asking.get(server.url + "/pages/style.css").headers["content-type"].startswith("text/css")


def test_cookies_are_out_of_reach_for_scripts(server: Server) -> None:
    someone = person(server)
    someone.browser.open(server.url + "/signin")
    form = someone.browser.form("/signin")
    response = someone.browser.client.post(form.action, data=form.fields | {"email": someone.email, "password": PASSWORD})
    cookies = response.headers.get_list("set-cookie")
    assert cookies and all("HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie for cookie in cookies)
    secure = asking.get(server.url + "/signin", headers={"X-Forwarded-Proto": "https"}).headers["set-cookie"]
    assert secure.startswith("__Host-") and "Secure" in secure


def test_a_session_of_a_page_is_a_first_party_session(server: Server) -> None:
    someone = person(server)
    someone.sign_in()
    own = {"Sec-Fetch-Site": "same-origin"}
    assert someone.browser.client.get(server.url + "/api/api-keys/", headers=own).status_code == 200
    for site in ("cross-site", "same-site", "none"):
        response = someone.browser.client.get(server.url + "/api/api-keys/", headers={"Sec-Fetch-Site": site})
        assert_problem(response, 401, "unauthorized")
    assert_problem(someone.browser.client.get(server.url + "/api/api-keys/"), 401, "unauthorized")


def test_a_form_from_elsewhere_does_nothing(server: Server) -> None:
    someone = person(server)
    someone.sign_in()
    form = Form(server.url + "/signin/out", {"form": "x" * 43})
    assert someone.browser.submit(form).status_code == 400
    stranger = Browser(server.url)
    stranger.open(server.url + "/signin")
    assert someone.browser.submit(Form(form.action, {"form": stranger.forms()[0].fields["form"]})).status_code == 400
    assert someone.email in someone.browser.open(server.url + "/signin/account").text
    for site, status in (("cross-site", 400), ("same-site", 400), ("same-origin", 303)):
        page = forms(someone.browser.page)
        out = next(form for form in page if form.action.endswith("/signin/out"))
        response = someone.browser.client.post(out.action, data=out.fields, headers={"Sec-Fetch-Site": site})
        assert response.status_code == status, site
    stranger.close()


def test_every_form_asks_where_it_comes_from(server: Server) -> None:
    someone = person(server)
    someone.sign_in()
    paths = ("/signin", "/signin/code", "/signin/out", "/signin/password", "/signin/code/setup", "/signin/code/remove")
    for path in (*paths, setup_path(server, someone.email)):
        full = {"email": someone.email, "password": PASSWORD, "old": PASSWORD, "new": PASSWORD + "x", "again": PASSWORD + "x", "code": "1"}
        assert someone.browser.client.post(server.url + path, data=full).status_code == 400, path
        assert someone.browser.client.post(server.url + path, data=full | {"form": "\0"}).status_code == 400, path
        assert someone.browser.client.post(server.url + path, json=full).status_code in (400, 415), path
    assert someone.email in someone.browser.open(server.url + "/signin/account").text


def test_a_session_over_tls_has_one_name(server: Server) -> None:
    """Only TLS can have set a cookie with that name; another one, from a neighbour without TLS, is not looked at."""
    someone = person(server)
    someone.sign_in()
    session = someone.browser.client.cookies["banksia-session"]
    headers = {"Sec-Fetch-Site": "same-origin", "X-Forwarded-Proto": "https"}
    plain = asking.get(server.url + "/api/users/me", headers=headers | {"Cookie": f"banksia-session={session}"})
    assert_problem(plain, 401, "unauthorized")
    named = asking.get(server.url + "/api/users/me", headers=headers | {"Cookie": f"__Host-banksia-session={session}"})
    assert named.status_code == 200


def test_a_wrong_password_says_no_more_than_that(server: Server) -> None:
    someone = person(server)
    texts = set()
    for email, password in ((someone.email, "wrong wrong wrong"), ("nobody@example.com", PASSWORD), ("x", ""), (someone.email, "x" * 5000)):
        someone.browser.open(server.url + "/signin")
        response = someone.browser.sign_in(email, password)
        assert response.status_code == 401
        texts.add(re.search(r'role="alert">([^<]*)<', response.text)[1])
    assert len(texts) == 1


def test_guessing_is_held_off(server: Server) -> None:
    someone = person(server)
    someone.browser.client.headers["X-Forwarded-For"] = "203.0.113.7"
    someone.browser.open(server.url + "/signin")
    for _ in range(5):
        assert someone.browser.sign_in(someone.email, "wrong wrong wrong").status_code == 401
    held = someone.browser.sign_in(someone.email, PASSWORD)
    assert held.status_code == 429
    assert "Try again" in held.text
    # Somebody else is not bothered.
    assert person(server).sign_in().status_code == 200


def test_what_people_type_is_never_markup(server: Server) -> None:
    browser = Browser(server.url)
    browser.open(server.url + "/signin?next=%22%3E%3Cscript%3Ex")
    page = browser.sign_in('"><script>alert(1)</script>', "x")
    assert "<script>" not in page.text
    browser.close()


@pytest.mark.parametrize("target", ["https://evil.example.com/", "//evil.example.com/", "/\\evil.example.com", "/signin/\\..", "x"])
def test_a_sign_in_leads_nowhere_else(server: Server, target: str) -> None:
    someone = person(server)
    someone.browser.open(server.url + "/signin")
    form = someone.browser.form("/signin")
    response = someone.browser.client.post(form.action, data=form.fields | {"email": someone.email, "password": PASSWORD, "next": target})
    assert (response.status_code, response.headers["location"]) == (303, "/signin/account")


def test_a_setup_link_is_good_once(server: Server) -> None:
    email = person(server).email
    first, second = setup_path(server, email), setup_path(server, email)
    browser = Browser(server.url)
    assert browser.open(server.url + first).status_code == 404
    browser.open(server.url + second)
    form = browser.forms()[0]
    assert browser.submit(form, new="short", again="short").status_code == 422
    assert browser.submit(form, new=PASSWORD, again=PASSWORD + "x").status_code == 400
    assert browser.submit(form, new="another password", again="another password").status_code == 200
    assert browser.submit(form, new=PASSWORD, again=PASSWORD).status_code == 404
    assert browser.open(server.url + "/signin/setup/made-up").status_code == 404
    browser.close()


def test_a_password_is_changed_by_who_knows_it(server: Server) -> None:
    someone, elsewhere = person(server), Browser(server.url)
    elsewhere.open(server.url + "/signin")
    elsewhere.sign_in(someone.email, PASSWORD)
    someone.sign_in()
    change = someone.browser.form("/signin/password")
    assert someone.browser.submit(change, old="wrong wrong wrong", new="a new password", again="a new password").status_code == 401
    assert someone.browser.submit(change, old=PASSWORD, new="a new password", again="a new password").status_code == 200
    assert someone.email in someone.browser.open(server.url + "/signin/account").text
    assert someone.email not in elsewhere.open(server.url + "/signin/account").text
    elsewhere.open(server.url + "/signin")
    assert elsewhere.sign_in(someone.email, PASSWORD).status_code == 401
    assert elsewhere.sign_in(someone.email, "a new password").status_code == 200
    elsewhere.close()


def one_time_code(secret: str, steps: int = 0) -> str:
    message = struct.pack(">Q", int(time.time()) // 30 + steps)
    digest = hmac.new(base64.b32decode(secret + "=" * (-len(secret) % 8)), message, hashlib.sha1).digest()
    start_ = digest[19] & 15
    return f"{(struct.unpack('>I', digest[start_ : start_ + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def test_a_code_can_be_asked_for_too(server: Server) -> None:
    someone = person(server)
    someone.sign_in()
    someone.browser.open(server.url + "/signin/code/setup")
    secret = shown_secret(someone.browser)
    wrong = "000000" if one_time_code(secret) != "000000" else "111111"
    assert someone.browser.submit(someone.browser.forms()[0], old=PASSWORD, code=wrong).status_code == 401
    used = one_time_code(secret)
    assert someone.browser.submit(someone.browser.forms()[0], old="wrong wrong wrong", code=used).status_code == 401
    assert someone.browser.submit(someone.browser.forms()[0], old=PASSWORD, code=used).status_code == 200

    other = Browser(server.url)
    other.open(server.url + "/signin")
    page = other.sign_in(someone.email, PASSWORD)
    assert page.status_code == 200 and "session" not in "".join(other.client.cookies.keys())
    assert other.submit(other.forms()[0], code=used).status_code == 401, "a code is good once"
    assert other.submit(other.forms()[0], code=one_time_code(secret, 1)).status_code == 200
    assert someone.email in other.page.text

    assert other.submit(other.form("/signin/code/remove"), old=PASSWORD).status_code == 200
    someone.browser.client.cookies.clear()
    assert someone.email in someone.sign_in().text
    other.close()


def test_a_new_link_helps_who_lost_the_phone(server: Server) -> None:
    someone = person(server)
    someone.sign_in()
    someone.browser.open(server.url + "/signin/code/setup")
    code = one_time_code(shown_secret(someone.browser))
    assert someone.browser.submit(someone.browser.forms()[0], old=PASSWORD, code=code).status_code == 200
    set_password(server, someone.email)
    someone.browser.client.cookies.clear()
    assert someone.email in someone.sign_in().text


def test_the_authorization_page_sends_problems_where_they_belong(server: Server, visitor: Person) -> None:
    good = query(start(server))
    page = server.url + "/signin/authorize"
    for change in ({"client_id": "nobody"}, {"redirect_uri": "https://evil.example.com/"}, {"redirect_uri": ""}):
        response = asking.get(page, params=good | change)
        assert response.status_code == 400 and "location" not in response.headers
    for change, error in (
        ({"response_type": "token"}, "unsupported_response_type"), ({"scope": "email"}, "invalid_scope"),
        ({"code_challenge_method": "plain"}, "invalid_request"), ({"prompt": "none"}, "login_required"),
        ({"nonce": "x" * 513}, "invalid_request"),
    ):  # fmt: skip
        response = asking.get(page, params=good | change)
        assert query(response.headers["location"])["error"] == error
        assert query(response.headers["location"])["state"] == good["state"]
    assert asking.get(page, params=good | {"nonce": "\0"}).status_code == 400
    visitor.sign_in()
    assert "<form" in visitor.browser.client.get(page, params=good | {"prompt": "login"}).text


# Another server as the provider.


@dataclass
class Pair:
    """A server that signs people in at another one."""

    server: Server
    provider: Server


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("pair")
    provider = Server(folder / "provider", "--jobs", "off").start()
    client_id, secret = provider.command("client", "add", "Photos", "--redirect", BACK).splitlines()
    server = Server(
        folder / "server", "--jobs", "off", "--oidc-issuer", provider.url, "--oidc-client-id", client_id, "--oidc-client-secret", secret
    ).start()
    yield Pair(server, provider)
    assert server.stop() == 0, server.log_tail()
    if provider.is_running():
        assert provider.stop() == 0, provider.log_tail()


def login(pair: Pair, someone: Person) -> httpx.Response:
    verifier, challenge = proof()
    someone.browser.open(start(pair.server, challenge))
    response = someone.browser.page
    if not response.has_redirect_location:
        response = someone.browser.sign_in(someone.email, PASSWORD)
    return exchange(pair.server, **come_back(response), code_verifier=verifier)


def test_the_first_sign_in_makes_an_account_with_a_library(pair: Pair) -> None:
    someone = person(pair.provider)
    first = login(pair, someone)
    assert first.status_code == 200, first.text
    program = Account.with_key(pair.server, someone.email, first.json()["access_token"])
    assert program.sdk.users.me().email == someone.email
    assert [library.name for library in program.sdk.libraries.list()] == ["Default Library"]
    again = login(pair, someone)
    assert again.json()["user"]["id"] == first.json()["user"]["id"]
    assert first.json()["user"]["clerk_user_id"].startswith("intuser_")
    assert first.json()["user"]["clerk_user_id"] != first.json()["user"]["id"]


def test_an_account_that_waits_for_somebody_becomes_theirs(pair: Pair) -> None:
    someone = person(pair.provider)
    waiting = pair.server.command("user", "add", someone.email)
    assert login(pair, someone).json()["user"]["id"] == waiting


def test_an_address_that_another_identity_has_is_409(pair: Pair) -> None:
    someone = person(pair.provider)
    assert login(pair, someone).status_code == 200
    assert pair.server.rows(f"SELECT COUNT(*) FROM identity WHERE issuer = '{pair.provider.url}'")[0][0] >= 1
    # The same address, once more, under another name of the provider.
    replace_subject(pair, someone.email)
    response = login(pair, someone)
    assert_problem(response, 409, "identity_conflict")
    assert response.headers["x-should-retry"] == "false"


def replace_subject(pair: Pair, email: str) -> None:
    """As if the provider had given the address to somebody else."""
    write(pair.server, f"UPDATE identity SET subject = 'gone' WHERE user_id = (SELECT id FROM \"user\" WHERE email = '{email}')")


def write(server: Server, statement: str) -> None:
    engine = server.engine
    if hasattr(engine, "database_url"):
        import psycopg

        with psycopg.connect(engine.database_url) as connection:
            connection.execute(statement.encode())
    else:
        import sqlite3

        connection = sqlite3.connect(server.data / "banksia.sqlite", timeout=30)
        with connection:
            connection.execute(statement)
        connection.close()


def test_an_identity_whose_account_was_deleted_is_401(pair: Pair) -> None:
    someone = person(pair.provider)
    assert login(pair, someone).status_code == 200
    write(pair.server, f"UPDATE identity SET user_id = NULL WHERE user_id = (SELECT id FROM \"user\" WHERE email = '{someone.email}')")
    assert_problem(login(pair, someone), 401, "unauthorized")


def test_a_deactivated_account_still_gets_a_token(pair: Pair) -> None:
    someone = person(pair.provider)
    assert login(pair, someone).status_code == 200
    write(pair.server, f"UPDATE \"user\" SET is_active = FALSE WHERE email = '{someone.email}'")
    response = login(pair, someone)
    assert response.status_code == 200 and response.json()["user"]["is_active"] is False
    headers = {"Authorization": f"Bearer {response.json()['access_token']}"}
    assert_problem(asking.get(pair.server.url + "/api/users/me", headers=headers), 401, "account_inactive")


def test_the_provider_speaks_openid(pair: Pair) -> None:
    described = asking.get(pair.provider.url + "/.well-known/openid-configuration").json()
    assert described["issuer"] == pair.provider.url
    assert described["id_token_signing_alg_values_supported"] == ["RS256"]
    key = asking.get(described["jwks_uri"]).json()["keys"][0]
    assert (key["kty"], key["alg"], key["use"]) == ("RSA", "RS256", "sig") and "d" not in key
    assert sdk(pair.server).oauth.logout_endpoint().logout_endpoint == described["end_session_endpoint"]


def test_the_token_endpoint_knows_its_clients(pair: Pair) -> None:
    url = pair.provider.url + "/signin/token"
    form = {"grant_type": "authorization_code", "code": "x", "redirect_uri": BACK, "client_id": "nobody", "client_secret": "x"}
    refused = asking.post(url, data=form)
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")
    assert asking.post(url, data=form, auth=("nobody", "x")).status_code == 401
    assert asking.post(url, data=form, headers={"Authorization": "Basic %%%"}).status_code == 401
    assert asking.post(url, data=form | {"grant_type": "password"}).json()["error"] == "unsupported_grant_type"
    assert asking.post(url, json=form).status_code == 415
    client_id, secret = pair.provider.command("client", "add", "Other", "--redirect", BACK).splitlines()
    grant = asking.post(url, data=form, auth=(client_id, secret))
    assert (grant.status_code, grant.json()["error"]) == (400, "invalid_grant")


def test_a_program_asks_about_a_person(pair: Pair) -> None:
    client_id, secret = pair.provider.command("client", "add", "Other", "--redirect", BACK).splitlines()
    someone = person(pair.provider)
    someone.sign_in()
    asked = {"response_type": "code", "client_id": client_id, "redirect_uri": BACK, "scope": "openid", "state": "s", "nonce": "n"}
    url = str(httpx.URL(pair.provider.url + "/signin/authorize", params=asked))
    code = come_back(someone.browser.open(url))["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK}
    tokens = asking.post(pair.provider.url + "/signin/token", data=form, auth=(client_id, secret)).json()
    claims = json.loads(base64.urlsafe_b64decode(tokens["id_token"].split(".")[1] + "=="))
    assert (claims["iss"], claims["aud"], claims["nonce"], claims["email"]) == (pair.provider.url, client_id, "n", someone.email)
    about = asking.get(pair.provider.url + "/signin/userinfo", headers={"Authorization": f"Bearer {tokens['access_token']}"}).json()
    assert (about["sub"], about["email"]) == (claims["sub"], someone.email)
    # What tells about a person opens nothing.
    response = asking.get(pair.provider.url + "/api/users/me", headers={"Authorization": f"Bearer {tokens['access_token']}"})
    assert_problem(response, 401, "invalid_token")
    assert asking.post(pair.provider.url + "/signin/token", data=form, auth=(client_id, secret)).json()["error"] == "invalid_grant"


def test_a_provider_that_is_away_is_503(tmp_path: Path) -> None:
    with httpx.Client(timeout=60) as client:
        server = Server(tmp_path, "--jobs", "off", "--oidc-issuer", "http://127.0.0.1:9", "--oidc-client-id", "x").start()
        response = client.get(server.url + "/api/oauth/auth-url", params={"redirect_uri": BACK})
        assert_problem(response, 503, "service_unavailable")
        assert 1 <= int(response.headers["retry-after"]) <= 60
        assert_problem(client.get(server.url + "/api/oauth/logout-endpoint"), 503, "service_unavailable")
    assert server.stop() == 0


def test_without_any_provider_it_is_503(tmp_path: Path) -> None:
    server = Server(tmp_path, "--jobs", "off", "--sign-in", "off").start()
    assert_problem(asking.get(server.url + "/api/oauth/auth-url", params={"redirect_uri": BACK}), 503, "service_unavailable")
    assert_problem(asking.get(server.url + "/api/oauth/logout-endpoint"), 503, "service_unavailable")
    assert_problem(exchange(server, code="x", state="x"), 503, "service_unavailable")
    assert server.stop() == 0


def test_a_listed_redirect_is_enough(tmp_path: Path) -> None:
    server = Server(tmp_path, "--jobs", "off", "--oauth-redirects", "https://photos.example.org/auth/login, app.immich:///oauth-callback").start()
    for uri, status in (
        ("https://photos.example.org/auth/login", 200), ("app.immich:///oauth-callback", 200), (BACK, 400),
        ("https://photos.example.org/auth/login2", 400), ("https://photos.example.org/", 400),
    ):  # fmt: skip
        assert asking.get(server.url + "/api/oauth/auth-url", params={"redirect_uri": uri}).status_code == status, uri
    assert server.stop() == 0


def test_the_first_start_prints_a_link(tmp_path: Path) -> None:
    server = Server(tmp_path, "--jobs", "off").start()
    link = re.search(r"^Set your password: (\S+)$", server.said, re.MULTILINE)
    assert link is not None and link[1].startswith(server.url)
    browser = Browser(server.url)
    browser.open(link[1])
    assert "owner@example.com" in browser.submit(browser.forms()[0], new=PASSWORD, again=PASSWORD).text
    own = {"Sec-Fetch-Site": "same-origin"}
    assert browser.client.get(server.url + "/api/users/me", headers=own).json()["email"] == "owner@example.com"
    browser.close()
    assert server.stop() == 0
    assert "password" not in server.start().said, "only the first start makes an account"
    assert server.stop() == 0


def test_where_the_own_sign_in_is_off_there_are_no_pages(tmp_path: Path) -> None:
    server = Server(tmp_path, "--jobs", "off", "--sign-in", "off").start()
    assert "Set your password" not in server.said
    for path in ("/signin", "/signin/account", setup_path(server, "owner@example.com"), "/signin/authorize", "/.well-known/openid-configuration"):
        assert asking.get(server.url + path).status_code == 404, path
    assert asking.post(server.url + "/signin", data={"email": "x"}).status_code == 404
    assert server.stop() == 0


def test_commands_do_not_need_the_provider(tmp_path: Path) -> None:
    server = Server(tmp_path, "--jobs", "off")
    server.data.mkdir(parents=True, exist_ok=True)
    (server.data / "banksia.conf").write_text("oidc-issuer = http://127.0.0.1:9\noidc-client-id = x\n")
    result = server.run("user", "add", "ana@example.com")
    assert result.returncode == 0, result.stderr
    server.start()
    assert "without TLS" in server.log_tail()
    assert server.stop() == 0
