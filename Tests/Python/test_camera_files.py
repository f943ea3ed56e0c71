"""Camera files of real cameras: kept as they are, described, and shown; those without pixels fail with a reason."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from kit import asking, pictures
from kit.account import Account
from PIL import Image, ImageStat

WHOLE = ["canon_eos_6d.dng", "colorchart.dng", "derived-cfa-parrots.dng"]
PRUNED = ["pruned-CanonRaw.cr3", "pruned-FujiFilm.raf", "pruned-sample.arw", "pruned-sample.cr2", "pruned-sample.nef"]


def upload(account: Account, folder: Path, name: str) -> dict:
    asset = account.upload(pictures.Picture(name, (folder / "formats" / "raw" / name).read_bytes()))
    account.settled(asset["id"])
    return account.http.get(f"/api/assets/{asset['id']}").json()


@pytest.mark.parametrize("name", WHOLE)
def test_a_camera_file_is_shown(fresh: Account, fixtures: Path, name: str) -> None:
    asset = upload(fresh, fixtures, name)
    assert asset["thumbhash"] is not None
    urls = asset["asset_urls"]
    for variant in ("thumbnail", "preview", "fullsize"):
        answer = asking.get(urls[variant]["url"])
        assert answer.status_code == 200, answer.text
        shown = Image.open(io.BytesIO(answer.content)).convert("RGB")
        # The whole picture in its own shape, and neither black nor blown out.
        assert shown.width / shown.height == pytest.approx(asset["width"] / asset["height"], rel=0.03)
        brightness = ImageStat.Stat(shown.convert("L"))
        assert 20 < brightness.mean[0] < 235 and brightness.stddev[0] > 10
    original = asking.get(urls["original"]["url"]).content
    assert original == (fixtures / "formats" / "raw" / name).read_bytes()


@pytest.mark.parametrize("name", PRUNED)
def test_what_has_no_pixels_is_kept_and_described(fresh: Account, fixtures: Path, name: str) -> None:
    asset = upload(fresh, fixtures, name)
    assert asset["metadata"]["make"]
    tasks = {task["task_type"]: task for task in fresh.http.get(f"/api/tasks/asset/{asset['id']}").json()}
    proxies = tasks["display_proxy_generation"]
    # Some keep the camera's own picture, which is as good as any.
    assert proxies["status"] == "success" or proxies["error_message"]
    assert asking.get(asset["asset_urls"]["original"]["url"]).status_code == 200
