"""Stacks: made, joined, covered, dissolved."""

from __future__ import annotations

from collections.abc import Iterator

import gumnut
import pytest
from kit import pictures
from kit.account import Account
from kit.contract import assert_complete, assert_problem
from kit.server import Server


@pytest.fixture(scope="module")
def owner(server: Server) -> Iterator[Account]:
    """Who makes the stacks of these tests."""
    account = Account.make(server)
    yield account
    account.close()


def photos(account: Account, count: int) -> list[str]:
    """So many assets, taken a minute apart, the earliest first."""
    made = list[str]()
    for number in range(count):
        seed = next(SEEDS)
        made.append(account.upload(pictures.jpeg(seed, taken=f"2024:05:01 12:{number:02}:00"))["id"])
    return made


SEEDS = iter(range(50_000, 60_000))


def members(account: Account, stack: str) -> list[str]:
    return account.sdk.stacks.list_stacks(ids=[stack], include=["asset_ids"]).data[0].asset_ids


def stack_of(account: Account, asset: str) -> str | None:
    return account.http.get(f"/api/assets/{asset}").json()["stack_id"]


def test_a_stack_is_made_shown_and_listed(owner: Account) -> None:
    first, second, third = photos(owner, 3)
    response = owner.http.post("/api/stacks", json={"asset_ids": [third, first, first], "primary_asset_id": third})
    assert response.status_code == 201
    stack = response.json()
    assert_complete(stack, "StackResponse")
    assert (stack["asset_count"], stack["origin"], stack["primary_asset_id"], stack["asset_ids"]) == (2, "user", third, None)
    assert owner.http.get(f"/api/stacks/{stack['id']}").json() == stack
    assert members(owner, stack["id"]) == [first, third]
    assert (stack_of(owner, first), stack_of(owner, second)) == (stack["id"], None)
    assert [entry.id for entry in owner.sdk.stacks.list_stacks(primary_asset_id=third).data] == [stack["id"]]
    assert owner.sdk.stacks.list_stacks(ids=[stack["id"]], origin="auto_burst").data == []
    assert owner.sdk.stacks.list_stacks(ids=["nonsense"]).data == []
    assert {asset["id"] for asset in owner.list(stack_id=stack["id"])} <= {first, third}


def test_pages_are_in_the_order_of_ids_and_leave_nothing_out(fresh: Account) -> None:
    made = [fresh.sdk.stacks.create_stack(asset_ids=photos(fresh, 2)).id for _ in range(5)]
    page = fresh.sdk.stacks.list_stacks(limit=2)
    seen = [stack.id for stack in page.data]
    while page.has_more:
        page = fresh.sdk.stacks.list_stacks(limit=2, starting_after_id=seen[-1])
        seen += [stack.id for stack in page.data]
    assert len(seen) == 5 and set(seen) == set(made)
    assert [stack.id for stack in fresh.sdk.stacks.list_stacks(limit=200).data] == seen
    for cursor in ("nonsense", "asset_stack_" + "2" * 22):
        assert_problem(fresh.http.get("/api/stacks", params={"starting_after_id": cursor}), 400, "invalid_cursor", "starting_after_id")


def test_a_member_moves_over_and_a_cover_brings_its_stack(owner: Account) -> None:
    assets = photos(owner, 7)
    three = owner.sdk.stacks.create_stack(asset_ids=assets[:3]).id
    covered = owner.sdk.stacks.create_stack(asset_ids=assets[3:5], primary_asset_id=assets[3]).id
    made = owner.sdk.stacks.create_stack(asset_ids=[assets[2], assets[3], assets[5]]).id
    assert members(owner, made) == assets[2:6]
    assert members(owner, three) == assets[:2]
    assert_problem(owner.http.get(f"/api/stacks/{covered}"), 404, "not_found")
    grown = owner.sdk.stacks.add_assets_to_stack(made, asset_ids=[assets[1], assets[6]])
    assert grown.asset_count == 6
    assert_problem(owner.http.get(f"/api/stacks/{three}"), 404, "not_found")
    assert stack_of(owner, assets[0]) is None


def test_adding_what_is_there_changes_nothing(owner: Account) -> None:
    assets = photos(owner, 2)
    made = owner.sdk.stacks.create_stack(asset_ids=assets)
    assert owner.sdk.stacks.add_assets_to_stack(made.id, asset_ids=assets).model_dump() == made.model_dump()


def test_taking_out_clears_the_cover_and_dissolves_what_is_too_small(owner: Account) -> None:
    assets = photos(owner, 3)
    stack = owner.sdk.stacks.create_stack(asset_ids=assets, primary_asset_id=assets[0]).id
    owner.sdk.stacks.remove_assets(stack, asset_ids=[assets[0], "nonsense"])
    left = owner.sdk.stacks.retrieve_stack(stack)
    assert (left.asset_count, left.primary_asset_id) == (2, None)
    owner.sdk.stacks.remove_assets(stack, asset_ids=[assets[0]])
    assert owner.sdk.stacks.retrieve_stack(stack) == left
    owner.sdk.stacks.remove_assets(stack, asset_ids=[assets[2]])
    with pytest.raises(gumnut.NotFoundError):
        owner.sdk.stacks.retrieve_stack(stack)
    assert [stack_of(owner, asset) for asset in assets] == [None] * 3


def test_the_cover_is_pinned_by_hand(owner: Account) -> None:
    inside, other, outside = photos(owner, 3)
    stack = owner.sdk.stacks.create_stack(asset_ids=[inside, other])
    assert stack.primary_asset_id is None
    pinned = owner.sdk.stacks.set_cover(stack.id, primary_asset_id=other)
    assert pinned.primary_asset_id == other and pinned.updated_at > stack.updated_at
    assert owner.sdk.stacks.set_cover(stack.id, primary_asset_id=other) == pinned
    for wrong in (outside, "nonsense", "asset_" + "2" * 22):
        assert_problem(owner.http.patch(f"/api/stacks/{stack.id}", json={"primary_asset_id": wrong}), 422, "validation_error", "primary_asset_id")
    for body in ({}, {"primary_asset_id": None}, {"primary_asset_id": 5}):
        assert_problem(owner.http.patch(f"/api/stacks/{stack.id}", json=body), 422, "validation_error", "primary_asset_id")


def test_a_dissolved_stack_leaves_its_assets(owner: Account) -> None:
    assets = photos(owner, 2)
    stack = owner.sdk.stacks.create_stack(asset_ids=assets).id
    owner.sdk.stacks.delete(stack)
    assert_problem(owner.http.delete(f"/api/stacks/{stack}"), 404, "not_found")
    assert [stack_of(owner, asset) for asset in assets] == [None, None]


def test_what_cannot_be_stacked_is_refused(fresh: Account, account: Account) -> None:
    owner = fresh
    mine, second = photos(owner, 2)
    foreign = photos(account, 1)[0]
    other = owner.sdk.libraries.create(name="Another").id
    home = next(library.id for library in owner.sdk.libraries.list() if library.id != other)

    def create(**body: object) -> object:
        return owner.http.post("/api/stacks", json={"library_id": home, **body})

    assert_problem(create(asset_ids=[mine]), 422, "validation_error", "asset_ids")
    assert_problem(create(asset_ids=[mine, mine]), 422, "validation_error", "asset_ids")
    assert_problem(create(asset_ids=[]), 422, "validation_error", "asset_ids")
    assert_problem(create(), 422, "validation_error", "asset_ids")
    assert_problem(create(asset_ids=[f"asset_{number:0>22}" for number in range(201)]), 422, "validation_error", "asset_ids")
    for unknown in (foreign, "nonsense", "asset_" + "2" * 22, home):
        assert_problem(create(asset_ids=[mine, unknown]), 404, "not_found", "asset_ids")
    assert_problem(create(asset_ids=[mine, second], primary_asset_id=foreign), 422, "validation_error", "primary_asset_id")
    assert_problem(owner.http.post("/api/stacks", json={"library_id": other, "asset_ids": [mine, second]}), 404, "not_found", "asset_ids")
    assert_problem(owner.http.post("/api/stacks", json={"library_id": "lib_x", "asset_ids": [mine, second]}), 404, "not_found")
    assert stack_of(owner, mine) is None


@pytest.mark.parametrize(("query", "field"), [({"origin": "mine"}, "origin"), ({"include": "faces"}, "include"), ({"limit": "201"}, "limit"), ({"limit": "0"}, "limit")])
def test_a_wrong_filter_is_refused(account: Account, query: dict[str, str], field: str) -> None:
    assert_problem(account.http.get("/api/stacks", params=query), 422, "validation_error", field)


def test_the_stacks_of_others_are_not_there(fresh: Account, account: Account) -> None:
    stack = fresh.sdk.stacks.create_stack(asset_ids=photos(fresh, 2)).id
    asset = photos(account, 1)[0]
    for response in (
        account.http.get(f"/api/stacks/{stack}"),
        account.http.delete(f"/api/stacks/{stack}"),
        account.http.patch(f"/api/stacks/{stack}", json={"primary_asset_id": asset}),
        account.http.post(f"/api/stacks/{stack}/assets", json={"asset_ids": [asset]}),
        account.http.request("DELETE", f"/api/stacks/{stack}/assets", json={"asset_ids": [asset]}),
        account.http.get("/api/stacks/nonsense"),
    ):
        assert_problem(response, 404, "not_found")
    assert account.sdk.stacks.list_stacks(ids=[stack]).data == []


def test_the_feed_tells_of_stacks_in_order(fresh: Account) -> None:
    first, second, third = photos(fresh, 3)
    before = fresh.sdk.events.get(limit=200).next_cursor
    stack = fresh.sdk.stacks.create_stack(asset_ids=[first, second]).id
    fresh.sdk.stacks.add_assets_to_stack(stack, asset_ids=[third])
    fresh.sdk.stacks.delete(stack)
    events = fresh.sdk.events.get(after_cursor=before, limit=200, entity_types=["asset", "stack"]).data
    told = [(event.event_type, event.entity_id, event.payload) for event in events if event.event_type != "asset_updated" or event.payload]
    assert told == [
        ("stack_created", stack, None),
        ("asset_updated", first, {"stack_id": stack}), ("asset_updated", second, {"stack_id": stack}),
        ("asset_updated", third, {"stack_id": stack}), ("stack_updated", stack, None),
        ("asset_updated", first, {"stack_id": None}), ("asset_updated", second, {"stack_id": None}), ("asset_updated", third, {"stack_id": None}),
        ("stack_deleted", stack, None),
    ]  # fmt: skip
