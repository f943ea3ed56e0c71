"""What a database repeats (counters, copies of columns, positions) counted anew out of the rows that it stands for."""

from __future__ import annotations

from .server import Program

WRONG: dict[str, str] = {
    "bytes of a library": """
        SELECT library.name, library_usage.stored_bytes FROM library JOIN library_usage ON library_usage.library_id = library.id
        WHERE library_usage.stored_bytes <> COALESCE((SELECT SUM(asset_version.size_bytes) FROM asset_version
            JOIN asset ON asset.id = asset_version.asset_id WHERE asset.library_id = library.id), 0)""",
    "live assets of a library": """
        SELECT library.name, library_usage.live_assets FROM library JOIN library_usage ON library_usage.library_id = library.id
        WHERE library_usage.live_assets <>
            (SELECT COUNT(*) FROM asset WHERE asset.library_id = library.id AND asset.trashed_at IS NULL)""",
    "live assets of an album": """
        SELECT album.name, album.live_assets FROM album WHERE album.live_assets <> (SELECT COUNT(*) FROM album_asset
            JOIN asset ON asset.id = album_asset.asset_id WHERE album_asset.album_id = album.id AND asset.trashed_at IS NULL)""",
    "what a link to an album repeats": """
        SELECT album.name FROM album_asset JOIN album ON album.id = album_asset.album_id JOIN asset ON asset.id = album_asset.asset_id
        WHERE album_asset.library_id <> asset.library_id OR album.library_id <> asset.library_id
            OR album_asset.local_wall <> asset.local_wall
            OR (CASE WHEN album_asset.is_live THEN 1 ELSE 0 END) <> (CASE WHEN asset.trashed_at IS NULL THEN 1 ELSE 0 END)""",
    "a pinned cover that is no member": """
        SELECT album.name FROM album WHERE album.cover_asset_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM album_asset
            WHERE album_asset.album_id = album.id AND album_asset.asset_id = album.cover_asset_id)""",
    "assets of a person": """
        SELECT person.name, person.asset_count FROM person WHERE person.asset_count <> (SELECT COUNT(DISTINCT face.asset_id) FROM face
            JOIN asset ON asset.id = face.asset_id WHERE face.person_id = person.id AND asset.trashed_at IS NULL)""",
    "the library of a face or its person": """
        SELECT face.x FROM face JOIN asset ON asset.id = face.asset_id LEFT JOIN person ON person.id = face.person_id
        WHERE face.library_id <> asset.library_id OR person.library_id <> face.library_id""",
    "a face given back to whom it was taken from": """
        SELECT face.x FROM face JOIN face_detachment ON face_detachment.face_id = face.id
        WHERE face_detachment.person_id = face.person_id""",
    "a stack of fewer than two": """
        SELECT stack.origin FROM stack WHERE (SELECT COUNT(*) FROM asset WHERE asset.stack_id = stack.id) < 2""",
    "a stack in another library, or none": """
        SELECT asset.original_file_name FROM asset LEFT JOIN stack ON stack.id = asset.stack_id
        WHERE asset.stack_id IS NOT NULL AND (stack.id IS NULL OR stack.library_id <> asset.library_id)""",
    "a cover that is not in its stack": """
        SELECT stack.origin FROM stack JOIN asset ON asset.id = stack.primary_asset_id
        WHERE asset.stack_id IS NULL OR asset.stack_id <> stack.id""",
    "the version an asset shows": """
        SELECT asset.original_file_name FROM asset LEFT JOIN asset_version ON asset_version.id = asset.current_version_id
        WHERE asset_version.id IS NULL OR asset_version.asset_id <> asset.id OR asset_version.kind <> asset.kind
            OR asset_version.size_bytes <> asset.file_size_bytes OR asset_version.position <>
                (SELECT MAX(other.position) FROM asset_version AS other WHERE other.asset_id = asset.id)""",
    "an upload at position 0": """
        SELECT asset.original_file_name FROM asset WHERE 1 <> (SELECT COUNT(*) FROM asset_version
            WHERE asset_version.asset_id = asset.id AND asset_version.position = 0 AND asset_version.checksum = asset.checksum)""",
    "the library of a vector": """
        SELECT asset.original_file_name FROM asset_embedding JOIN asset ON asset.id = asset_embedding.asset_id
        WHERE asset_embedding.library_id <> asset.library_id""",
    "the library of a task": """
        SELECT job.kind FROM job JOIN asset ON asset.id = job.subject WHERE job.scope <> asset.library_id""",
    "words of an asset": """
        SELECT asset.original_file_name FROM asset LEFT JOIN asset_words ON asset_words.asset_id = asset.id
        WHERE asset_words.number IS NULL""",
    "metadata of an asset": """
        SELECT asset.original_file_name FROM asset LEFT JOIN asset_metadata ON asset_metadata.asset_id = asset.id
        WHERE asset_metadata.asset_id IS NULL""",
    "the number of events": """
        SELECT event_counter.last FROM event_counter WHERE event_counter.last <> (SELECT COUNT(*) FROM event
            WHERE event.library_id = event_counter.library_id)""",
}
"""Selects what does not agree. Each is understood by both engines."""


def disagreements(program: Program) -> list[str]:
    """What is written down differently from what it stands for; nobody may be writing meanwhile."""
    return [f"{what}: {row}" for what, sql in WRONG.items() for row in program.rows(sql)]


def referenced(program: Program) -> set[str]:
    """SHA-256 in hex of every file that some row needs."""
    return {bytes(checksum).hex() for (checksum,) in program.rows("SELECT DISTINCT checksum FROM asset_version")}
