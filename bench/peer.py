"""The peer of the list: FastAPI with orjson over the same database, answering the same twenty rows in the same shape.

Started by uvicorn with one worker per core. `BENCH_DATABASE` names the file.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import sqlite3
import threading
from datetime import UTC, datetime, timedelta, timezone

import orjson
from fastapi import FastAPI
from starlette.responses import Response

app = FastAPI()
_local = threading.local()

PAGE = """
    SELECT asset.*, asset_metadata.*, asset.id AS asset_key, asset.description AS own_description,
           asset.created_at AS own_created, asset.updated_at AS own_updated
    FROM asset LEFT JOIN asset_metadata ON asset_metadata.asset_id = asset.id
    WHERE asset.library_id = ? AND asset.trashed_at IS NULL
    ORDER BY asset.local_wall DESC, asset.id DESC LIMIT ?
"""
MEASURED = (
    "altitude", "auto_stack_id", "city", "country", "description", "exposure_bias", "exposure_time", "f_number", "focal_length", "fps", "iso",
    "latitude", "lens_model", "live_photo_cid", "longitude", "make", "model", "orientation", "projection_type", "rating", "state",
)  # fmt: skip
PLACED = ("country_code", "sublocation", "place_name", "timezone", "raw_width", "raw_height")
VARIANTS = ("thumbnail", "small", "preview", "fullsize", "original")


def connection() -> sqlite3.Connection:
    if not hasattr(_local, "connection"):
        _local.connection = sqlite3.connect(f"file:{os.environ['BENCH_DATABASE']}?mode=ro", uri=True, check_same_thread=False)
        _local.connection.row_factory = sqlite3.Row
        _local.library = _local.connection.execute("SELECT id FROM library").fetchone()[0]
    return _local.connection


@app.get("/api/assets")
async def assets(limit: int = 20) -> Response:
    rows = connection().execute(PAGE, [_local.library, limit + 1]).fetchall()
    body = {"data": [shape(row) for row in rows[:limit]], "has_more": len(rows) > limit}
    return Response(orjson.dumps(body), media_type="application/json")


def instant(microseconds: int) -> str:
    return datetime.fromtimestamp(microseconds / 1e6, UTC).isoformat().replace("+00:00", "Z")


def wall(microseconds: int | None, offset: int | None) -> str | None:
    if microseconds is None:
        return None
    clock = datetime(1970, 1, 1) + timedelta(microseconds=microseconds)
    return (clock if offset is None else clock.replace(tzinfo=timezone(timedelta(seconds=offset)))).isoformat()


def key(prefix: str, value: bytes | str) -> str:
    return prefix + (value.hex() if isinstance(value, bytes) else value)


def signed(asset: str, variant: str, version: str) -> str:
    path = f"/api/assets/{asset}/variants/{variant}?v={version}"
    mac = base64.urlsafe_b64encode(hmac.digest(b"key", path.encode(), hashlib.sha256))[:22].decode()
    return f"http://localhost{path}&sig={mac}"


def shape(row: sqlite3.Row) -> dict[str, object]:
    """The full shape of the contract for one row."""
    asset, version = key("asset_", row["asset_key"]), key("asset_version_", row["current_version_id"])
    urls = {variant: {"mimetype": "image/webp", "url": signed(asset, variant, version), "width": None} for variant in VARIANTS}
    taken = {f"{name}_datetime": wall(row[f"{name}_wall"], row[f"{name}_offset"]) for name in ("original", "digitized", "modified")}
    shared = {name: row[name] for name in MEASURED} | taken | {"asset_id": asset, "created_at": instant(row["own_created"]), "updated_at": instant(row["own_updated"])}
    file = {
        "checksum": base64.b64encode(row["checksum"]).decode(),
        "checksum_sha1": base64.b64encode(row["checksum_sha1"]).decode(),
        "device_asset_id": row["device_asset_id"],
        "device_id": row["device_id"],
        "file_created_at": instant(row["file_created_at"]),
        "file_modified_at": instant(row["file_modified_at"]),
    }
    return {
        "id": asset, "created_at": instant(row["own_created"]), "updated_at": instant(row["own_updated"]), "trashed_at": None,
        "current_version_id": version, "kind": row["kind"], "mime_type": row["mime_type"], "original_file_name": row["original_file_name"],
        "file_size_bytes": row["file_size_bytes"], "local_datetime": wall(row["local_wall"], row["local_offset"]), "width": row["width"],
        "height": row["height"], "duration": row["duration"], "description": row["own_description"], "quality_score": row["quality_score"],
        "thumbhash": base64.b64encode(row["thumbhash"]).decode() if row["thumbhash"] else None, "stack_id": None, "asset_urls": urls,
        "thumbnail_url": urls["thumbnail"]["url"], "download_url": urls["original"]["url"], "faces": [], "people": [], "metrics": {},
        "metadata": shared | {name: row[name] for name in PLACED} | {"display_label": None},
        "exif": shared | {"profile_description": row["profile_description"]}, "file_data": file | {"file_size_bytes": row["uploaded_bytes"]}, **file,
    }  # fmt: skip
