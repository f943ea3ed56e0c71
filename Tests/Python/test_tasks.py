"""Background work as it can be watched."""

from __future__ import annotations

from datetime import datetime

import gumnut
import pytest
from kit import pictures
from kit.account import Account
from kit.contract import assert_complete, assert_problem


def test_an_upload_starts_work_that_succeeds(fresh: Account) -> None:
    asset = fresh.upload(pictures.jpeg(1))["id"]
    tasks = fresh.settled(asset)
    assert {task["status"] for task in tasks} == {"success"}
    assert {"embedding", "thumbhash", "display_proxy_generation"} <= {task["task_type"] for task in tasks}
    for task in tasks:
        assert task["asset_id"] == asset
        assert task["celery_task_id"] == task["id"] and task["id"].startswith("btask_")
        created, started, completed = (datetime.fromisoformat(task[key]) for key in ("created_at", "started_at", "completed_at"))
        assert created <= started <= completed
        assert created.utcoffset() is not None
    assert_complete(tasks, {"type": "array", "items": {"$ref": "#/components/schemas/TaskResponse"}})


def test_the_three_reads_agree(fresh: Account) -> None:
    asset = fresh.upload(pictures.jpeg(2))["id"]
    fresh.settled(asset)
    of_asset = fresh.sdk.tasks.list_for_asset(asset)
    assert {task.id for task in fresh.sdk.tasks.list()} == {task.id for task in of_asset}
    for task in of_asset:
        assert fresh.sdk.tasks.get(task.id) == task


def test_tasks_are_listed_newest_first_by_status_kind_and_library(fresh: Account) -> None:
    assets = [fresh.upload(pictures.jpeg(10 + number))["id"] for number in range(3)]
    fresh.all_settled(assets)
    thumbhashes = fresh.sdk.tasks.list(task_type="thumbhash")
    assert [task.asset_id for task in thumbhashes] == assets[::-1]
    assert fresh.sdk.tasks.list(status="failure") == []
    assert len(fresh.sdk.tasks.list(limit=2)) == 2
    library = fresh.sdk.libraries.list()[0].id
    assert len(fresh.sdk.tasks.list(library_id=library, status="success", task_type="embedding")) == 3
    whole = fresh.sdk.tasks.list(limit=200)
    for kind in {task.task_type for task in whole}:
        same = [task.id for task in whole if task.task_type == kind]
        assert [task.id for task in fresh.sdk.tasks.list(task_type=kind, limit=200)] == same, kind


def test_only_ones_own_tasks_are_seen(fresh: Account, account: Account) -> None:
    asset = account.upload(pictures.jpeg(3))["id"]
    task = account.settled(asset)[0]["id"]
    assert fresh.sdk.tasks.list() == []
    assert_problem(fresh.http.get(f"/api/tasks/{task}"), 404, "not_found")
    assert_problem(fresh.http.get(f"/api/tasks/asset/{asset}"), 404, "not_found")
    assert_problem(fresh.http.get("/api/tasks", params={"library_id": account.sdk.libraries.list()[0].id}), 404, "not_found")
    with pytest.raises(gumnut.NotFoundError):
        account.sdk.tasks.get("btask_" + "2" * 22)


def test_a_wrong_filter_is_refused(account: Account) -> None:
    assert_problem(account.http.get("/api/tasks", params={"status": "asleep"}), 422, "validation_error", "status")
    assert_problem(account.http.get("/api/tasks", params={"task_type": "napping"}), 422, "validation_error", "task_type")


def test_a_file_that_cannot_be_decoded_is_kept_and_its_tasks_say_why(fresh: Account) -> None:
    good = pictures.jpeg(4, 800, 600).content
    for name, content in (("cut.jpg", good[: len(good) // 2]), ("noise.jpg", bytes(range(256)) * 40), ("wrong.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 100)):
        broken = pictures.Picture(name, content)
        response = fresh.post_upload(broken)
        assert response.status_code == 201, response.text
        asset = response.json()
        failed = [task for task in fresh.settled(asset["id"]) if task["status"] == "failure"]
        assert failed, name
        assert all(task["error_message"] for task in failed)
        assert fresh.http.get(asset["asset_urls"]["original"]["url"]).content == content
        assert fresh.http.get(asset["asset_urls"]["thumbnail"]["url"]).status_code == 404
        assert fresh.http.get(f"/api/assets/{asset['id']}").json()["checksum"] == broken.checksum
