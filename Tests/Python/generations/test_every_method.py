"""The last test of a run: each method of the client has been called."""

from __future__ import annotations

import pytest

from .conftest import GENERATION, called, methods


@pytest.mark.last
def test_every_method_of_the_client_was_called(capsys: pytest.CaptureFixture[str]) -> None:
    known = methods()
    with capsys.disabled():
        print(f"\nclient {'.'.join(map(str, GENERATION))}: {len(called)} of {len(known)} methods called")
    assert sorted(known.keys() - called) == []
