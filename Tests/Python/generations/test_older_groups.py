"""Older clients: albums, stacks, people, faces and the feed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import gumnut
import pytest
from kit.things import BOX, Things

from .conftest import GENERATION


def test_every_created_album_is_new(things: Things) -> None:
    albums = things.owner.sdk.albums
    first, second = albums.create(name="Coast"), albums.create(name="Coast")
    assert first.id != second.id
    # Two albums may bear one name, also afterwards.
    assert albums.update(albums.create(name="Hills").id, name="Coast").name == "Coast"
    assert albums.create(name="").name == "New Album"


def test_albums_from_creation_to_deletion(things: Things) -> None:
    albums, first, second = things.owner.sdk.albums, things.asset, things.other_asset
    album = albums.create(name="Coast", description="By the sea")
    outcome = albums.assets_associations.add(album.id, asset_ids=[first, second, "asset_" + "2" * 22])
    assert (outcome.added_assets, outcome.duplicate_assets, outcome.not_found_assets) == ([first, second], [], ["asset_" + "2" * 22])
    assert albums.assets_associations.add(album.id, asset_ids=[first]).duplicate_assets == [first]
    assert (albums.retrieve(album.id).asset_count, albums.retrieve(album.id).description) == (2, "By the sea")
    assert [found.id for found in albums.list(asset_id=first)] == [album.id]
    assert [found.id for found in albums.list(ids=[album.id])] == [album.id]
    assert {asset.id for asset in things.owner.sdk.assets.list(album_id=album.id)} == {first, second}
    albums.assets_associations.remove(album.id, asset_ids=[first])
    assert albums.retrieve(album.id).asset_count == 1
    assert albums.update(album.id, description="Elsewhere").description == "Elsewhere"
    albums.delete(album.id)
    with pytest.raises(gumnut.NotFoundError):
        albums.retrieve(album.id)


@pytest.mark.since("0.154.0")
def test_a_cover_is_pinned(things: Things) -> None:
    albums = things.owner.sdk.albums
    albums.assets_associations.add(things.album, asset_ids=[things.other_asset])
    assert albums.update(things.album, album_cover_asset_id=things.other_asset).album_cover_asset_id == things.other_asset


@pytest.mark.before("0.68.0")
def test_the_photos_of_an_album_in_one_list(things: Things) -> None:
    (photo,) = things.owner.sdk.albums.assets_associations.list(things.album)
    assert photo.id == things.asset


def test_links_between_albums_and_photos(things: Things) -> None:
    links = things.owner.sdk.album_assets
    (link,) = links.list(album_id=things.album)
    assert (link.album_id, link.asset_id) == (things.album, things.asset)
    assert links.get(link.id).asset_id == things.asset
    assert [found.id for found in links.list(asset_id=things.asset)] == [found.id for found in links.list(ids=[link.id])] == [link.id]


def test_people_from_creation_to_deletion(things: Things) -> None:
    people = things.owner.sdk.people
    ada = people.create(name="  Ada ", birth_date=date(1990, 5, 17), is_favorite=True)
    assert (ada.name, ada.birth_date, ada.is_favorite) == ("Ada", date(1990, 5, 17), True)
    unnamed = people.create()
    assert [person.id for person in people.list()] == [ada.id]
    assert {person.id for person in people.list(name_filter="all")} == {ada.id, unnamed.id}
    assert [person.id for person in people.list(name="ada")] == [ada.id]
    assert people.update(ada.id, name="Ada L.", is_hidden=True).is_hidden
    # Until 0.172 lists show hidden people, too.
    assert [person.id for person in people.list()] == [ada.id]
    assert people.retrieve(ada.id).name == "Ada L."
    people.delete(unnamed.id)
    assert [person.id for person in people.list(ids=[ada.id, unnamed.id])] == [ada.id]


@pytest.mark.since("0.80.0")
def test_people_are_merged(things: Things) -> None:
    people, face = things.owner.sdk.people, things.face
    kept = people.create(name="Kept")
    assert people.merge(kept.id, source_person_ids=[things.person]).id == kept.id
    assert things.owner.sdk.faces.retrieve(face).person_id == kept.id
    with pytest.raises(gumnut.NotFoundError):
        people.retrieve(things.person)


def test_faces_are_listed_assigned_and_deleted(things: Things) -> None:
    faces, face = things.owner.sdk.faces, things.face
    assert dict(faces.retrieve(face).bounding_box) == BOX
    assert [found.id for found in faces.list(asset_id=things.asset)] == [found.id for found in faces.list(ids=[face])] == [face]
    assert [found.id for found in faces.list(person_id=things.person)] == [face]
    assert faces.update(face, person_id=things.other_person).person_id == things.other_person
    assert things.owner.sdk.people.retrieve(things.other_person).asset_count == 1
    assert faces.update(face, person_id=None).person_id is None
    faces.delete(face)
    assert list(faces.list()) == []


@pytest.mark.since("0.154.0")
def test_a_face_is_drawn(things: Things) -> None:
    face = things.owner.sdk.faces.create(asset_id=things.asset, bounding_box=BOX, person_id=things.person)
    assert (face.asset_id, face.person_id, face.confidence) == (things.asset, things.person, None)


@pytest.mark.since("0.154.0")
def test_stacks_from_creation_to_dissolution(things: Things) -> None:
    stacks, members = things.owner.sdk.stacks, things.stacked
    stack = stacks.create_stack(asset_ids=members[:2], primary_asset_id=members[1])
    assert (stack.origin, stack.asset_count, stack.primary_asset_id) == ("user", 2, members[1])
    assert stacks.add_assets_to_stack(stack.id, asset_ids=[members[2]]).asset_count == 3
    assert stacks.set_cover(stack.id, primary_asset_id=members[0]).primary_asset_id == members[0]
    assert [found.id for found in stacks.list_stacks(ids=[stack.id])] == [stack.id]
    stacks.remove_assets(stack.id, asset_ids=[members[2]])
    assert stacks.retrieve_stack(stack.id).asset_count == 2
    stacks.delete(stack.id)
    with pytest.raises(gumnut.NotFoundError):
        stacks.retrieve_stack(stack.id)
    assert {asset.stack_id for asset in things.owner.sdk.assets.list()} == {None}


def test_the_feed_is_read_in_order_from_any_place(things: Things) -> None:
    feed = things.owner.sdk.events
    _ = things.asset, things.album_asset, things.face
    things.owner.all_settled([things.asset])
    told = feed.get(limit=200)
    kinds = [event.event_type for event in told.data]
    expected = ["asset_created", "metadata_updated", "album_created", "album_asset_added", "person_created", "face_created", "face_updated"]
    assert [kind for kind in kinds if kind in expected] == expected
    assert not told.has_more
    assert [event.created_at for event in told.data] == sorted(event.created_at for event in told.data)
    for place, event in enumerate(told.data):
        assert "|" not in event.cursor
        rest = feed.get(after_cursor=event.cursor, limit=200).data
        assert [later.cursor for later in rest] == [later.cursor for later in told.data[place + 1 :]]
    assert {event.event_type for event in feed.get(entity_types="face").data} == {"face_created", "face_updated"}


def test_the_feed_stops_before_a_time(things: Things) -> None:
    """Until 0.168 clients take the newest event's time as the end of a read."""
    feed = things.owner.sdk.events
    things.owner.all_settled([things.asset])
    first = feed.get(limit=1).data[0]
    assert feed.get(created_at_lt=first.created_at).data == []
    later = datetime.now(UTC) + timedelta(days=1)
    assert len(feed.get(created_at_lt=later).data) == len(feed.get().data)
    assert feed.get(created_at_gte=later).data == []
    assert GENERATION < (0, 168)
