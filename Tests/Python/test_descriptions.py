"""Descriptions by a vision model: a real server on this machine that answers as one, and sees what it is sent."""

from __future__ import annotations

import base64
import io
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from kit import pictures
from kit.account import Account, wait_until
from kit.pictures import Picture
from kit.server import Server
from kit.things import rendering
from PIL import Image

Answer = tuple[int, dict[str, str], bytes]
KEY = "a-very-secret-key"


def says(words: str | None) -> Answer:
    return 200, {"Content-Type": "application/json"}, json.dumps({"choices": [{"message": {"role": "assistant", "content": words}}]}).encode()


class Model:
    """A vision model that says the same of every picture until it is told otherwise."""

    def __init__(self) -> None:
        self.asked = list[tuple[str, dict[str, str], bytes]]()
        self.answer: Callable[[int], Answer] = lambda _: says("A lighthouse.")
        model = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                model.asked.append((self.path, dict(self.headers), body))
                status, headers, content = model.answer(len(model.asked))
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(content))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: Any) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}/v1"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def behaving(self, *answers: Answer) -> None:
        """These answers one after the other, the last of them for ever."""
        self.asked.clear()
        self.answer = lambda number: answers[min(number, len(answers)) - 1]

    def thinking(self, until: threading.Event, first: Answer, then: Answer) -> None:
        """The first answer not before `until`, from then on the other one."""
        self.asked.clear()
        self.answer = lambda number: first if number == 1 and until.wait(20) else then


@pytest.fixture(scope="module")
def model() -> Iterator[Model]:
    model = Model()
    yield model
    model.http.shutdown()


@pytest.fixture(scope="module")
def described(model: Model, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Account]]:
    server = Server(tmp_path_factory.mktemp("described"))
    # In the file, so that commands know it too.
    settings = {"url": model.url, "key": KEY, "model": "seer", "language": "Latin", "per-minute": "6000", "timeout": "20"}
    server.data.mkdir(parents=True, exist_ok=True)
    (server.data / "banksia.conf").write_text("".join(f"describe-{name} = {value}\n" for name, value in settings.items()))
    server.start()
    account = Account.make(server)
    yield server, account
    account.close()
    assert server.stop() == 0
    assert KEY not in server.log.read_text()


def task(account: Account, asset: str) -> dict[str, Any]:
    """The task of describing, once it is over. It follows another one, so it may not be there yet."""
    (found,) = wait_until(
        lambda: [task for task in account.tasks(asset) if task["task_type"] == "asset_description"],
        lambda tasks: tasks and all(task["status"] in ("success", "failure") for task in tasks),
    )
    account.settled(asset)
    return found


def test_a_picture_is_described_without_telling_whose_it_is(described: tuple[Server, Account], model: Model) -> None:
    _, account = described
    model.behaving(says("  A lighthouse\n\nin the *fog*. "))
    asset = account.upload(pictures.jpeg(1, 1600, 1200, name="secretname.jpg", caption="secretcaption"))["id"]
    assert task(account, asset)["status"] == "success"
    told = account.sdk.assets.retrieve(asset)
    assert told.description == "A lighthouse in the *fog*."
    assert told.metadata is not None and told.metadata.description == "secretcaption"

    ((path, headers, body),) = model.asked
    assert (path, headers["Authorization"]) == ("/v1/chat/completions", f"Bearer {KEY}")
    question = json.loads(body)
    assert question["model"] == "seer"
    text, shown = question["messages"][0]["content"]
    assert text["text"].endswith("Answer in Latin.")
    jpeg = base64.b64decode(shown["image_url"]["url"].removeprefix("data:image/jpeg;base64,"))
    picture = Image.open(io.BytesIO(jpeg))
    assert (picture.format, picture.size, dict(picture.getexif())) == ("JPEG", (768, 576), {})
    for secret in (b"secretname", b"secretcaption", asset.encode(), account.email.encode()):
        assert secret not in body and secret not in jpeg

    # All words stand with the photo: nearer than any picture comes by what it shows.
    hits = account.sdk.search.search(query="lighthouse").data
    assert [hit.asset.id for hit in hits if hit.distance is not None and hit.distance < 0.3] == [asset]

    # Renditions that are made anew are no reason to ask again, an edited version is.
    server = described[0]
    server.command("rebuild", "display_proxy_generation", "--all", "--library", account.sdk.libraries.list()[0].id)
    account.settled(asset)
    assert len(model.asked) == 1
    model.behaving(says("A cat."))
    account.http.post(f"/api/assets/{asset}/versions", **rendering(1)).raise_for_status()
    wait_until(lambda: account.sdk.assets.retrieve(asset).description, lambda words: words == "A cat.")
    account.settled(asset)


def test_an_answer_that_comes_after_an_edit_is_not_taken_for_the_edits(described: tuple[Server, Account], model: Model) -> None:
    _, account = described
    edited = threading.Event()
    model.thinking(edited, says("A dog."), says("A cat."))
    asset = account.upload(pictures.jpeg(8))["id"]
    wait_until(lambda: len(model.asked), lambda questions: questions == 1)
    account.http.post(f"/api/assets/{asset}/versions", **rendering(1)).raise_for_status()
    edited.set()
    wait_until(lambda: account.sdk.assets.retrieve(asset).description, lambda words: words == "A cat.")
    account.settled(asset)
    assert account.sdk.assets.retrieve(asset).description == "A cat."
    assert len(model.asked) == 2


def test_a_model_that_wants_a_pause_is_asked_again(described: tuple[Server, Account], model: Model) -> None:
    _, account = described
    model.behaving((429, {"Retry-After": "1"}, b"{}"), (500, {}, b"oops"), says("At last."))
    asset = account.upload(pictures.jpeg(2))["id"]
    done = task(account, asset)
    assert (done["status"], account.sdk.assets.retrieve(asset).description) == ("success", "At last.")
    assert len(model.asked) == 3 and done["retry_count"] == 2
    assert "status 500" in done["error_message"]


@pytest.mark.parametrize("answer, status, description", [(says(None), "success", ""), ((400, {}, b"no"), "failure", None)], ids=["declined", "refused"])
def test_what_a_model_will_not_describe_is_not_asked_again(
    described: tuple[Server, Account], model: Model, answer: Answer, status: str, description: str | None
) -> None:
    _, account = described
    model.behaving(answer)
    asset = account.upload(pictures.jpeg(3 if description is None else 4))["id"]
    assert task(account, asset)["status"] == status
    assert account.sdk.assets.retrieve(asset).description == description
    assert len(model.asked) == 1


def test_answers_beyond_reason_are_bounded(described: tuple[Server, Account], model: Model) -> None:
    _, account = described
    moved = (302, {"Location": f"{model.url}/elsewhere"}, b"")
    model.behaving(moved, (200, {}, b"[" * 1_000_000), (200, {}, b"<html>"), says("word " * 10_000))
    asset = account.upload(pictures.jpeg(5))["id"]
    assert task(account, asset)["status"] == "success"
    assert {path for path, _, _ in model.asked} == {"/v1/chat/completions"}
    words = account.sdk.assets.retrieve(asset).description
    assert words is not None and 1900 < len(words) <= 2000


def test_what_has_no_picture_is_never_sent(described: tuple[Server, Account], model: Model) -> None:
    server, _ = described
    account = Account.make(server)  # a rebuild asks again for what was refused elsewhere
    model.behaving(says("Nothing."))
    picture = pictures.jpeg(6)
    asset = account.upload(Picture(picture.name, picture.content[:100]))["id"]
    account.settled(asset)
    here = ("--library", account.sdk.libraries.list()[0].id)
    assert server.run("rebuild", "asset_description", *here).returncode == 1
    assert task(account, asset)["status"] == "failure"
    assert model.asked == []
    account.close()


def test_without_an_address_nothing_is_described(server: Server, fresh: Account) -> None:
    asset = fresh.upload(pictures.jpeg(7))["id"]
    fresh.all_settled([asset])
    assert fresh.sdk.assets.retrieve(asset).description is None
    assert [task for task in fresh.tasks(asset) if task["task_type"] == "asset_description"] == []
    assert server.command("rebuild", "asset_description", "--all", "--library", fresh.sdk.libraries.list()[0].id) == "Nothing to do."
    said = server.run("doctor", "--describe-url", "http://localhost:1/v1")
    assert said.returncode != 0 and "describe-model" in said.stderr + said.stdout
