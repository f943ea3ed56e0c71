"""The published quick start: five curl calls, run with curl as they are written."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from kit import pictures
from kit.account import Account
from kit.contract import assert_complete

CALLS = {
    "list libraries": """
        curl -s "$URL/api/libraries" \\
          -H "Authorization: Bearer $API_KEY"
    """,
    "upload": """
        curl -s -X POST "$URL/api/assets" \\
          -H "Authorization: Bearer $API_KEY" \\
          -F "asset_data=@photo.jpg" \\
          -F "device_asset_id=photo-001" \\
          -F "device_id=my-device" \\
          -F "file_created_at=2024-01-15T10:30:00Z" \\
          -F "file_modified_at=2024-01-15T10:30:00Z"
    """,
    "list assets": """
        curl -s "$URL/api/assets" \\
          -H "Authorization: Bearer $API_KEY"
    """,
    "create album": """
        curl -s -X POST "$URL/api/albums" \\
          -H "Authorization: Bearer $API_KEY" \\
          -H "Content-Type: application/json" \\
          -d '{"name": "Summer holidays"}'
    """,
    "add asset": """
        curl -s -X POST "$URL/api/albums/$ALBUM_ID/assets" \\
          -H "Authorization: Bearer $API_KEY" \\
          -H "Content-Type: application/json" \\
          -d "{\\"asset_ids\\": [\\"$ASSET_ID\\"]}"
    """,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the reader of the quick start stands: beside a photo."""
    photo = pictures.jpeg(1, 1600, 1200, taken="2023:07:04 18:20:00", camera=("Acme", "Box 3"))
    (tmp_path / "photo.jpg").write_bytes(photo.content)
    return tmp_path


def call(name: str, folder: Path, **variables: str) -> Any:
    """Runs one call in a shell and returns the JSON it printed."""
    result = subprocess.run(["bash", "-c", CALLS[name]], cwd=folder, env={"PATH": "/usr/bin:/bin", **variables}, capture_output=True, check=True)
    return json.loads(result.stdout)


def test_the_five_calls_work_as_written_and_carry_every_key(fresh: Account, folder: Path) -> None:
    known = {"URL": fresh.server.url, "API_KEY": fresh.key}

    libraries = call("list libraries", folder, **known)
    assert [library["name"] for library in libraries] == ["Default Library"]
    assert_complete(libraries, {"type": "array", "items": {"$ref": "#/components/schemas/LibraryResponse"}})

    asset = call("upload", folder, **known)
    assert asset["original_file_name"] == "photo.jpg"
    assert asset["device_asset_id"] == "photo-001"
    assert (asset["width"], asset["height"]) == (1600, 1200)
    assert asset["exif"]["make"] == "Acme"
    assert asset["local_datetime"].startswith("2023-07-04T18:20:00")
    assert_complete(asset, "AssetResponse")

    page = call("list assets", folder, **known)
    assert [entry["id"] for entry in page["data"]] == [asset["id"]]
    assert page["has_more"] is False
    assert_complete(page, "AssetPage")

    album = call("create album", folder, **known)
    assert (album["name"], album["asset_count"], album["description"]) == ("Summer holidays", 0, "")
    assert_complete(album, "AlbumResponse")

    outcome = call("add asset", folder, **known, ALBUM_ID=album["id"], ASSET_ID=asset["id"])
    assert outcome == {"added_assets": [asset["id"]], "duplicate_assets": [], "not_found_assets": []}
    assert_complete(outcome, "AlbumAssetsAddResponse")


def test_the_key_of_the_first_start_opens_the_first_library(server) -> None:
    first = Account.with_key(server, "owner@example.com", server.first_key)
    assert first.sdk.users.me().email == "owner@example.com"
    assert [library.name for library in first.sdk.libraries.list()] == ["Default Library"]
    first.close()
