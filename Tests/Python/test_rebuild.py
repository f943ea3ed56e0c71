"""`banksia rebuild` makes derived things again, beside a running server."""

from __future__ import annotations

import io
import shutil
import signal
import subprocess
from pathlib import Path

import pytest
from kit import pictures
from kit.account import Account, wait_until
from kit.pictures import Picture
from kit.server import FIRST_USER, Server


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


def test_reading_a_moving_picture_again_makes_no_film_of_it(server: Server, fresh: Account) -> None:
    frames = [pictures.drawing(number, 64, 48) for number in range(3)]
    content = io.BytesIO()
    frames[0].save(content, "GIF", save_all=True, append_images=frames[1:], duration=200)
    asset = fresh.upload(Picture("waves.gif", content.getvalue()))["id"]
    fresh.all_settled([asset])
    before = fresh.sdk.assets.retrieve(asset)
    assert before.duration is None
    server.command("rebuild", "video_metadata_extract", "--all", "--library", fresh.sdk.libraries.list()[0].id)
    assert fresh.sdk.assets.retrieve(asset) == before


def test_metadata_that_could_not_be_read_are_read_when_they_can(tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("ffmpeg", "ffprobe"):
        (tools / name).symlink_to(shutil.which(name) or name)
    server = Server(tmp_path / "server")
    server.engine.environment["PATH"] = str(tools)
    server.start()
    owner = Account.with_key(server, FIRST_USER, server.first_key)
    told = owner.upload(pictures.jpeg(4, 320, 240, taken="2019:06:10 12:00:00", camera=("Pentax", "K-70")))
    assert (told["width"], told["metadata"]["model"]) == (320, None)
    owner.close()
    server.stop()

    del server.engine.environment["PATH"]
    server.start()
    owner = Account.with_key(server, FIRST_USER, server.first_key)
    read = wait_until(lambda: owner.list(include="metadata")[0], lambda asset: asset["metadata"]["model"])
    assert (read["metadata"]["model"], read["local_datetime"]) == ("K-70", "2019-06-10T12:00:00")
    owner.close()
    assert server.stop() == 0


def test_what_fails_again_is_told(server: Server, fresh: Account) -> None:
    picture = pictures.jpeg(2, 320, 240)
    fresh.settled(fresh.upload(Picture(picture.name, picture.content[:100]))["id"])
    outcome = server.run("rebuild", "thumbhash", "--failed", "--library", fresh.sdk.libraries.list()[0].id)
    assert outcome.returncode == 1, outcome.stderr
    assert "0 done, 1 failed." in outcome.stdout


def test_one_that_is_broken_off_goes_on_with_the_next_server(tmp_path: Path) -> None:
    """What it had begun is given back: whoever comes next does all of it."""
    server = Server(tmp_path).start()
    first = Account.with_key(server, FIRST_USER, server.first_key)
    assets = [first.upload(pictures.jpeg(number, 320, 240))["id"] for number in range(40)]
    first.all_settled(assets)
    server.stop()
    command = [server.binary, "rebuild", "display_proxy_generation", "--all", "--data", server.data]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=server.environment()) as rebuild:
        assert rebuild.stdout is not None and rebuild.stdout.readline() == "40 jobs.\n"
        rebuild.send_signal(signal.SIGINT)
        # The signal itself ends it if it comes before anybody listens for it.
        assert rebuild.wait(60) in (130, -signal.SIGINT)
    server.start()
    try:
        first = Account.with_key(server, FIRST_USER, first.key)
        first.all_settled(assets)
        done = [task for asset in assets for task in first.tasks(asset) if task["task_type"] == "display_proxy_generation"]
        assert len(done) == 80 and {task["status"] for task in done} == {"success"}
    finally:
        assert server.stop() == 0


@pytest.mark.parametrize("words, named", [(["nonsense"], "nonsense"), (["--library", "x"], "--library"), (["--failed", "--all"], "Take one")])
def test_mistakes_are_named(server: Server, words: list[str], named: str) -> None:
    outcome = server.run("rebuild", *words)
    assert (outcome.returncode, named in outcome.stderr) == (64, True)
