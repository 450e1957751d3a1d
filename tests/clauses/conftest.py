"""A deployment as the persons concerned meet it: public forms, links in mails, pages, and the clock."""

from __future__ import annotations

import pytest

from tests.clauses.people import Town
from tests.integration.conftest import office
from tests.integration.test_links import Desk, desk

__all__ = ["desk", "office", "town"]


@pytest.fixture
def town(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Town:
    monkeypatch.setenv("ORGANISATIONS", "")
    return Town(desk)
