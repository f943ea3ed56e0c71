"""Feedback for the operator."""

from __future__ import annotations

import json

import gumnut
import pytest
from kit.account import Account
from kit.contract import assert_complete, assert_problem
from kit.server import Server


def stored(server: Server) -> list[dict]:
    return json.loads(server.command("feedback", "list", "--json", "--limit", "10000"))


def test_what_is_said_reaches_the_operator_and_nobody_else(fresh: Account, server: Server) -> None:
    words = f"Größe ändern? \x1b[31m for {fresh.email}"
    assert fresh.sdk.feedback.submit(feedback_type="suggestion", message=words, task_completed=False, tool_names=["resize", "crop"]).status == "submitted"
    assert fresh.sdk.feedback.submit(feedback_type="bug", message=f"Second of {fresh.email}").status == "submitted"
    own = [entry for entry in stored(server) if entry["email"] == fresh.email]
    assert [entry["message"] for entry in own] == [f"Second of {fresh.email}", words]
    assert (own[1]["task_completed"], own[1]["tool_names"], own[1]["feedback_type"]) == (False, ["resize", "crop"], "suggestion")
    assert (own[0].get("task_completed"), own[0]["tool_names"]) == (None, [])
    shown = server.command("feedback", "list")
    assert "Größe ändern?" in shown and "\x1b" not in shown


def test_the_answer_is_accepted_and_complete(account: Account) -> None:
    response = account.http.post("/api/feedback", json={"feedback_type": "other", "message": "x", "tool_names": None, "task_completed": None})
    assert (response.status_code, response.json()) == (202, {"status": "submitted"})
    assert_complete(response.json(), "FeedbackResult")
    assert account.http.post("/api/feedback", json={"feedback_type": "other", "message": "x" * 10_000}).status_code == 202


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"feedback_type": "praise"}, "feedback_type"), ({"feedback_type": None}, "feedback_type"), ({"feedback_type": 1}, "feedback_type"),
        ({"message": ""}, "message"), ({"message": " \n"}, "message"), ({"message": None}, "message"), ({"message": "x" * 10_001}, "message"),
        ({"tool_names": ["x"] * 51}, "tool_names"), ({"tool_names": ["x" * 256]}, "tool_names"), ({"tool_names": "x"}, "tool_names"),
        ({"task_completed": "yes"}, "task_completed"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(account: Account, change: dict, field: str) -> None:
    body = {"feedback_type": "bug", "message": "It broke."} | change
    assert_problem(account.http.post("/api/feedback", json=body), 422, "validation_error", field)


def test_it_needs_a_credential_that_may_write(fresh: Account, server: Server) -> None:
    body = {"feedback_type": "bug", "message": "x"}
    reader = Account.with_key(server, fresh.email, server.command("key", "create", "--user", fresh.email, "--actions", "read"))
    assert_problem(reader.http.post("/api/feedback", json=body), 403, "insufficient_scope")
    reader.close()
    with pytest.raises(gumnut.AuthenticationError):
        gumnut.Gumnut(api_key="nonsense", base_url=server.url, max_retries=0).feedback.submit(feedback_type="bug", message="x")


def test_a_body_that_is_none_is_refused(account: Account) -> None:
    assert_problem(account.http.post("/api/feedback"), 422, "validation_error", "feedback_type")
    assert_problem(account.http.post("/api/feedback", content=b"[]", headers={"Content-Type": "application/json"}), 400, "malformed_body")
    assert_problem(account.http.post("/api/feedback", content=b"x", headers={"Content-Type": "text/plain"}), 415, "unsupported_media_type")
