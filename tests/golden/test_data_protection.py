"""A data protection complaint's whole life, over the days on which counting goes wrong.

The rules are the same at every organisation that switches them on, so one stands for all.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters import procedures
from authoring.scenario import play, read
from tests.agreed import assert_as_agreed

ROOT = Path(__file__).parents[2]
TIMELINES = Path(__file__).parent / "timelines"

OCCASIONS = ("christmas", "easter", "clock-change", "leap-day")


@pytest.mark.parametrize("occasion", OCCASIONS)
def test_a_data_protection_complaint_s_life_is_as_written_down(occasion: str) -> None:
    """Every event, notice and date of a life is the one that was read and agreed to."""
    procedure = procedures.load("leadership-east/data-protection")
    script = read(ROOT / "scenarios" / f"{occasion}.yaml", procedure=procedure)
    life = play(script, procedure=procedure, calendar=procedures.calendar_of(procedure), until="destroyed")
    assert_as_agreed(TIMELINES / f"data-protection.{occasion}.txt", life.timeline())
    assert life.present.erasing
