"""`banksia rebuild` makes derived things again, beside a running server."""

from __future__ import annotations

import pytest
from kit import pictures
from kit.account import Account
from kit.pictures import Picture
from kit.server import Server


def test_things_are_made_again_while_the_server_runs(server: Server, fresh: Account) -> None:
    asset = fresh.upload(pictures.jpeg(1, 320, 240))["id"]
    fresh.all_settled([asset])
    before = fresh.sdk.assets.retrieve(asset)
    here = ("--library", fresh.sdk.libraries.list()[0].id)

    said = server.command("rebuild", "thumbhash", "display_proxy_generation", "--all", *here)
    assert said.splitlines()[0] == "2 jobs."
    assert said.splitlines()[-1].startswith("2 done, 0 failed.")

    kinds = [task.task_type for task in fresh.sdk.tasks.list_for_asset(asset) if task.status == "success"]
    assert kinds.count("thumbhash") == kinds.count("display_proxy_generation") == 2
    after = fresh.sdk.assets.retrieve(asset)
    assert (after.thumbhash, after.checksum, after.description) == (before.thumbhash, before.checksum, before.description)
    assert server.command("rebuild", *here) == "Nothing to do."


def test_what_fails_again_is_told(server: Server, fresh: Account) -> None:
    picture = pictures.jpeg(2, 320, 240)
    fresh.settled(fresh.upload(Picture(picture.name, picture.content[:100]))["id"])
    outcome = server.run("rebuild", "thumbhash", "--failed", "--library", fresh.sdk.libraries.list()[0].id)
    assert outcome.returncode == 1, outcome.stderr
    assert "0 done, 1 failed." in outcome.stdout


@pytest.mark.parametrize("words, named", [(["nonsense"], "nonsense"), (["--library", "x"], "--library"), (["--failed", "--all"], "Take one")])
def test_mistakes_are_named(server: Server, words: list[str], named: str) -> None:
    outcome = server.run("rebuild", *words)
    assert (outcome.returncode, named in outcome.stderr) == (64, True)
