"""Somebody with an account and a password, before a browser of their own."""

from __future__ import annotations

import base64
import hashlib
import itertools
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from .browser import Browser
from .server import Server

PASSWORD = "a long enough password"

_numbers = itertools.count(1)


@dataclass
class Person:
    """Somebody with an account and a password, before a browser of their own."""

    server: Server
    email: str
    browser: Browser

    def sign_in(self) -> httpx.Response:
        """Whoever is signed in stays so."""
        page = self.browser.open(self.server.url + "/signin")
        return page if self.email in page.text else self.browser.sign_in(self.email, PASSWORD)


def person(server: Server, email: str | None = None, password: str = PASSWORD) -> Person:
    """A new account whose password is set by the operator's link, in another browser than theirs."""
    if email is None:
        email = f"visitor-{next(_numbers)}-{secrets.token_hex(4)}@example.com"
        server.command("user", "add", email)
    set_password(server, email, password)
    return Person(server, email, Browser(server.url))


def setup_path(server: Server, email: str) -> str:
    return urlsplit(server.command("user", "password", email)).path


def set_password(server: Server, email: str, password: str = PASSWORD) -> None:
    browser = Browser(server.url)
    browser.open(server.url + setup_path(server, email))
    assert browser.submit(browser.forms()[0], new=password, again=password).status_code == 200
    browser.close()


def proof() -> tuple[str, str]:
    """A verifier and its challenge."""
    verifier = secrets.token_urlsafe(48)
    return verifier, base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
