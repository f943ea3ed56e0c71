"""Fills a data folder with a hundred thousand assets by copying the rows of one real upload.

The rows are copied column by column as the schema has them, so a migration that adds a column needs no change here.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from kit import pictures
from numpy.typing import NDArray

from . import subject

Key = bytes | str
"""An id as the database keeps it."""

TAKEN = "2020-01-01T00:00:00"
"""The local time of the photo that the others are copied from."""
PHOTO = pictures.jpeg(1, 1200, 900, taken=TAKEN.replace("-", ":").replace("T", " "), offset="+01:00", camera=("Acme", "Box 3"))


def fill(folder: Path, count: int) -> str:
    """Makes a data folder with `count` assets in one library; returns the key of its owner."""
    with subject.server(folder) as server, subject.client(server) as http:
        upload_settled(http)
        key, data = server.first_key, server.data
    with sqlite3.connect(data / "banksia.sqlite") as database:
        multiply(database, count - 1)
    return key


def upload_settled(http: httpx.Client) -> str:
    """Uploads the photo; returns its id when the work behind it is done."""
    asset = subject.upload(http, PHOTO)["id"]
    while any(task["status"] in ("pending", "started") for task in http.get(f"/api/tasks/asset/{asset}").json()):
        time.sleep(0.05)
    return asset


def multiply(database: sqlite3.Connection, copies: int, minutes: int = 1, vectors: NDArray[np.float32] | None = None) -> list[Key]:
    """Adds copies of the only asset, each some minutes older than the one before and with a vector of its own if there are
    some; returns their ids."""
    database.row_factory = sqlite3.Row
    asset, version = only(database, "asset"), only(database, "asset_version")
    numbers = range(1, copies + 1)
    assets = [renewed_id(asset["id"]) for _ in numbers]
    versions = [renewed_id(version["id"]) for _ in numbers]
    digests = [hashlib.sha256(str(number).encode()).digest() for number in numbers]
    insert(database, "asset", asset, ({
        "id": own, "current_version_id": current, "checksum": digest, "checksum_sha1": digest[:20],
        "local_wall": asset["local_wall"] - number * minutes * 60_000_000, "device_asset_id": f"photo-{number}", "original_file_name": f"photo-{number}.jpg",
    } for number, own, current, digest in zip(numbers, assets, versions, digests)))  # fmt: skip
    insert(database, "asset_version", version, ({"id": current, "asset_id": own, "checksum": digest} for own, current, digest in zip(assets, versions, digests)))
    insert(database, "asset_metadata", only(database, "asset_metadata"), ({"asset_id": own} for own in assets))
    insert(database, "asset_words", only(database, "asset_words"), ({"number": None, "asset_id": own} for own in assets))
    for rendition in database.execute("SELECT * FROM asset_rendition").fetchall():
        insert(database, "asset_rendition", rendition, ({"version_id": current} for current in versions))
    if embedding := database.execute("SELECT * FROM asset_embedding").fetchone():
        insert(database, "asset_embedding", embedding, (
            {"id": own, "asset_id": own, "sequence": embedding["sequence"] + number, "vector": embedding["vector"] if vectors is None else vectors[number].tobytes()}
            for number, own in zip(numbers, assets)))  # fmt: skip
        database.execute("UPDATE embedding_counter SET last = last + ?", [copies])
    database.execute("UPDATE library_usage SET live_assets = live_assets + ?", [copies])
    return assets


def only(database: sqlite3.Connection, table: str) -> sqlite3.Row:
    (row,) = database.execute(f"SELECT * FROM {table}").fetchall()
    return row


def insert(database: sqlite3.Connection, table: str, model: sqlite3.Row, changes: Any) -> None:
    """Rows like `model`, each with its changes."""
    columns = model.keys()
    statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
    original = dict(model)
    database.executemany(statement, ([(original | change)[column] for column in columns] for change in changes))


def renewed_id(example: Key) -> Key:
    """A random id of the form that the database keeps."""
    if isinstance(example, bytes):
        return os.urandom(len(example))
    random = os.urandom(16).hex()
    return f"{random[:8]}-{random[8:12]}-{random[12:16]}-{random[16:20]}-{random[20:]}" if "-" in example else random
