"""The tools for language models, with the official client of the Model Context Protocol, over HTTP and over a pipe."""

from __future__ import annotations

import base64
import json
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import httpx
import httpx2
import pytest
from kit import asking, pictures
from kit.account import Account
from kit.server import Server
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

Talk = Callable[[Client], Awaitable[None]]


def over_http(server: Server, key: str, talk: Talk) -> None:
    async def run() -> None:
        async with httpx2.AsyncClient(headers={"Authorization": f"Bearer {key}"}) as http:
            async with Client(streamable_http_client(f"{server.url}/mcp", http_client=http)) as client:
                await talk(client)

    anyio.run(run)


def over_a_pipe(server: Server, key: str, talk: Talk) -> None:
    command = StdioServerParameters(command=str(server.binary), args=["mcp", "--url", server.url], env=server.environment() | {"BANKSIA_KEY": key})

    async def run() -> None:
        async with Client(command) as client:
            await talk(client)

    anyio.run(run)


async def use(client: Client, tool: str, **arguments: Any) -> Any:
    """What a tool answers, which is JSON."""
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    return json.loads(result.content[0].text)


async def refusal(client: Client, tool: str, **arguments: Any) -> str:
    result = await client.call_tool(tool, arguments)
    assert result.is_error
    return result.content[0].text.split(":")[0]


@pytest.mark.parametrize("by", [over_http, over_a_pipe])
def test_photos_are_found_looked_at_and_gathered(server: Server, fresh: Account, by: Callable[[Server, str, Talk], None]) -> None:
    asset = fresh.upload(pictures.jpeg(1, 640, 480, name="harbour.jpg", caption="Boats in the harbour"))["id"]
    fresh.all_settled([asset])

    async def talk(client: Client) -> None:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert {"list_libraries", "search_assets", "list_albums", "create_album", "view_asset"} <= tools.keys()
        assert tools["list_albums"].annotations.read_only_hint and not tools["create_album"].annotations.read_only_hint
        assert tools["add_assets_to_album"].input_schema["required"][0] == "album_id"

        library = (await use(client, "list_libraries"))[0]["id"]
        found = await use(client, "search_assets", query="harbour", library_id=library, limit=5)
        assert [hit["asset"]["id"] for hit in found["data"]] == [asset]
        picture = (await client.call_tool("view_asset", {"asset_id": asset, "size": "thumbnail"})).content[0]
        assert picture.type == "image" and max(pictures.size_of(base64.b64decode(picture.data))) == 360
        album = await use(client, "create_album", name="Boats")
        await use(client, "add_assets_to_album", album_id=album["id"], asset_ids=[asset])
        assert [row["id"] for row in (await use(client, "list_assets", album_id=album["id"]))["data"]] == [asset]

    by(server, fresh.key, talk)


def test_a_dry_run_tells_what_would_change_and_changes_nothing(server: Server, fresh: Account) -> None:
    asset = fresh.upload(pictures.jpeg(2, 64, 48))["id"]
    fresh.settled(asset)
    before = fresh.sdk.assets.retrieve(asset)

    async def talk(client: Client) -> None:
        told = await use(client, "trash_assets", ids=[asset], dry_run=True)
        assert told["dry_run"] is True
        assert [(change["event_type"], change["entity_id"]) for change in told["changes"]] == [("asset_trashed", asset)]
        told = await use(client, "create_album", name="Never", dry_run=True)
        assert told["answer"]["name"] == "Never" and [change["event_type"] for change in told["changes"]] == ["album_created"]
        assert await refusal(client, "update_album", album_id=told["answer"]["id"], name="x", dry_run=True) == "not_found"

    over_http(server, fresh.key, talk)
    assert fresh.sdk.assets.retrieve(asset) == before
    assert list(fresh.sdk.albums.list()) == []


@pytest.mark.parametrize("word", ["true", "yes", 1, ["true"]])
def test_what_is_no_truth_value_is_never_taken_for_a_real_call(server: Server, fresh: Account, word: object) -> None:
    asset = fresh.upload(pictures.jpeg(2, 64, 48))["id"]

    async def talk(client: Client) -> None:
        assert await refusal(client, "trash_assets", ids=[asset], dry_run=word) == "validation_error"

    over_http(server, fresh.key, talk)
    assert [photo["id"] for photo in fresh.list()] == [asset]


def test_the_keys_scopes_hold(server: Server, fresh: Account) -> None:
    reader = fresh.sdk.api_keys.create(name="reader", actions=["read"], library_scope_mode="all_libraries").api_key
    asset = fresh.upload(pictures.jpeg(3, 64, 48))["id"]
    stranger = Account.make(server)

    async def may_read_only(client: Client) -> None:
        assert len((await use(client, "list_assets"))["data"]) == 1
        assert await refusal(client, "create_album", name="x") == "insufficient_scope"
        assert await refusal(client, "create_album", name="x", dry_run=True) == "insufficient_scope"

    async def sees_nothing(client: Client) -> None:
        assert (await use(client, "list_assets"))["data"] == []
        assert await refusal(client, "get_asset", asset_id=asset) == "not_found"
        assert await refusal(client, "view_asset", asset_id=asset) == "not_found"

    over_http(server, reader, may_read_only)
    over_http(server, stranger.key, sees_nothing)
    stranger.close()


def test_mistakes_are_told(server: Server, fresh: Account) -> None:
    async def talk(client: Client) -> None:
        assert await refusal(client, "list_assets", colour="red") == "validation_error"
        assert await refusal(client, "get_asset") == "validation_error"
        assert await refusal(client, "list_assets", limit=5000) == "validation_error"
        assert await refusal(client, "view_asset", asset_id="asset_x", size="huge") == "bad_request"

    over_http(server, fresh.key, talk)

    def send(body: bytes, **headers: str) -> httpx.Response:
        return asking.post(f"{server.url}/mcp", content=body, headers={"Content-Type": "application/json", **headers})

    ours = {"Authorization": f"Bearer {fresh.key}"}
    assert send(b"{}").status_code == 401
    assert send(b"{", **ours).json()["error"]["code"] == -32700
    assert send(b'{"jsonrpc": "1.0", "id": 1, "method": "ping"}', **ours).json()["error"]["code"] == -32600
    assert send(b'{"jsonrpc": "2.0", "id": 1, "method": "dance"}', **ours).json()["error"]["code"] == -32601
    assert send(b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "dance"}}', **ours).json()["error"]["code"] == -32602
    assert send(b'{"jsonrpc": "2.0", "method": "notifications/initialized"}', **ours).status_code == 202
    assert send(b" " * (1 << 20) + b"{}", **ours).status_code == 413
    assert asking.get(f"{server.url}/mcp", headers=ours).status_code == 405
