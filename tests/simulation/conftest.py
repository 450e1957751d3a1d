"""The simulation runs in a process that has procedures and templates compiled."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulation.ground import prepare


@pytest.fixture(scope="session", autouse=True)
def ground(compiled: Path) -> Path:
    """After `compiled`, which makes the procedures importable."""
    return prepare()
