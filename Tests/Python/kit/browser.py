"""A browser as far as sign-in pages need one: cookies, links, forms, redirects; no scripts, as our pages want it."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx


@dataclass
class Form:
    """A form on a page, with what it holds already."""

    action: str
    fields: dict[str, str]


class Browser:
    """Keeps cookies, and follows redirects as long as they stay on servers it was told of."""

    def __init__(self, *origins: str) -> None:
        self.origins = origins
        self.client = httpx.Client(timeout=60)
        self.page: httpx.Response | None = None

    def open(self, url: str) -> httpx.Response:
        return self._follow(self.client.get(url))

    def submit(self, form: Form, **values: str) -> httpx.Response:
        return self._follow(self.client.post(form.action, data=form.fields | values))

    def _follow(self, response: httpx.Response) -> httpx.Response:
        for _ in range(10):
            if not response.has_redirect_location:
                break
            target = urljoin(str(response.url), response.headers["location"])
            if not target.startswith(self.origins):
                break
            response = self.client.get(target)
        self.page = response
        return response

    def forms(self) -> list[Form]:
        """The forms of the page that is shown."""
        assert self.page is not None
        return forms(self.page)

    def form(self, path: str) -> Form:
        """The form that leads to a path."""
        return next(form for form in self.forms() if urlsplit(form.action).path == path)

    def sign_in(self, email: str, password: str) -> httpx.Response:
        """Fills in the form that is shown."""
        return self.submit(self.form("/signin"), email=email, password=password)

    def close(self) -> None:
        self.client.close()


def forms(page: httpx.Response) -> list[Form]:
    found = []
    for attributes, inner in re.findall(r"<form([^>]*)>(.*?)</form>", page.text, re.DOTALL):
        action = re.search(r'action="([^"]*)"', attributes)
        fields = {}
        for field in re.findall(r"<input([^>]*)>", inner):
            name, value = re.search(r'name="([^"]*)"', field), re.search(r'value="([^"]*)"', field)
            assert name is not None
            fields[name[1]] = html.unescape(value[1]) if value else ""
        found.append(Form(urljoin(str(page.url), html.unescape(action[1]) if action else ""), fields))
    return found


def query(url: str) -> dict[str, str]:
    """The parameters of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
