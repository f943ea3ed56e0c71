"""The last test of a run: every operation of the contract was driven, with the official client wherever it has a method."""

from __future__ import annotations

import pytest
from kit.coverage import coverage, operation_of, operations


def test_a_request_leads_to_its_operation() -> None:
    assert len([operation for operation in operations() if not operation.is_addition]) == 96
    asked = {
        ("GET", "/api/assets/counts"): "count_assets",
        ("GET", "/api/assets/asset_2"): "get_asset",
        ("POST", "/api/api-keys"): "create_api_key",
        ("POST", "/api-keys/"): "legacy_create_api_key",
        ("GET", "/api/tasks/asset/asset_2"): "list_asset_tasks",
        ("HEAD", "/api/faces/face_2/variants/thumbnail"): "head_face_variant",
    }
    assert {request: operation.id for request in asked if (operation := operation_of(*request))} == asked
    assert operation_of("PUT", "/api/assets") is operation_of("GET", "/api/nothing") is None


@pytest.mark.last
def test_every_operation_was_driven(capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\n{coverage}")
    assert coverage.missing() == []
