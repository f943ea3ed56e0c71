"""Names of files that mean harm: taken as text or refused, never followed, and given back in a header that holds."""

from __future__ import annotations

import pytest
from kit import asking, pictures
from kit.account import Account

NAMES = [
    "a" * 251 + ".jpg", "a" * 596 + ".jpg", "é" * 300 + ".jpg", "../../../etc/passwd.jpg", "..\\..\\windows\\system.jpg", "/etc/cron.d/x.jpg",
    "C:\\CON.jpg", "aux.jpg", ".hidden.jpg", "two  blanks .jpg", "-rf.jpg", "--help.jpg", "$(touch pwned).jpg", "`id`.jpg", "a;b&c|d.jpg",
    'quote".jpg', "apostrophe'.jpg", "semi;colon=x.jpg", "percent%00%2e%2e.jpg", "<script>alert(1)</script>.jpg", "%s%n.jpg",
    "\u202egpj.exe.jpg", "zero\u200bwidth.jpg", "combin\u0065\u0301.jpg", "👩\u200d👩\u200d👧.jpg", "line\nbreak.jpg", "bell\x07.jpg",
    "'; DROP TABLE asset; --.jpg", "name.jpg.exe.jpg", "...jpg", "х.jpg",
]  # fmt: skip


def test_a_name_is_only_a_name(fresh: Account) -> None:
    taken = 0
    for number, name in enumerate(NAMES):
        picture = pictures.jpeg(number, 16, 12, name=name)
        response = fresh.post_upload(picture, device_asset_id=f"{number}")
        assert response.status_code in (201, 422), (name, response.text)
        if response.status_code == 422:
            assert response.json()["error"]["code"] in ("validation_error", "unsupported_file_type")
            continue
        taken += 1
        asset = response.json()
        assert not {"/", "\\", "\n", "\x07"} & set(asset["original_file_name"]), name
        kept = asking.get(asset["asset_urls"]["original"]["url"])
        assert kept.content == picture.content
        disposition = kept.headers.get("Content-Disposition", "")
        assert "\n" not in disposition and disposition.isascii(), disposition
        assert kept.headers["X-Content-Type-Options"] == "nosniff"
    assert taken >= len(NAMES) - 4
    assert len(fresh.list()) == taken


@pytest.mark.parametrize("content", ["<svg xmlns='http://www.w3.org/2000/svg'/>", "\ufeff <!DOCTYPE html><script>", "<?xml version='1.0'?><x/>"])
@pytest.mark.parametrize("name", ["drawing.png", "drawing.jpg", "drawing.heic"])
def test_pages_and_drawings_are_refused_whatever_their_name(fresh: Account, content: str, name: str) -> None:
    response = fresh.post_upload(pictures.Picture(name, content.encode()))
    assert (response.status_code, response.json()["error"]["code"]) == (422, "unsupported_file_type")
