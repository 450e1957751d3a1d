"""Whole lives of the five procedures over the days on which counting goes wrong.

Each life is a readable file in tests/golden/timelines: when a rule changes, its difference shows what the change
means for people. A missing file is a failure; `UPDATE_GOLDEN=1 make test` writes them anew, to be read.
"""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import pytest

from adapters import procedures
from domain.calendars import LONDON
from tests.golden.player import live

TIMELINES = Path(__file__).parent / "timelines"

ORGANISATIONS = sorted(path.stem for path in (Path(__file__).parents[2] / "procedures").glob("*.yaml"))

OCCASIONS = {
    "christmas": datetime(2026, 12, 15, 18, 40, tzinfo=LONDON),
    "easter": datetime(2026, 3, 26, 16, 50, tzinfo=LONDON),
    "clock-change": datetime(2026, 10, 23, 15, 10, tzinfo=LONDON),
    "leap-day": datetime(2028, 2, 24, 9, 0, tzinfo=LONDON),
}


@pytest.mark.parametrize("occasion", OCCASIONS)
@pytest.mark.parametrize("organisation", ORGANISATIONS)
def test_a_life_is_as_written_down(organisation: str, occasion: str) -> None:
    """Every event, notice and date of a life is the one that was read and agreed to."""
    procedure = procedures.load(organisation)
    # The form that starts lowest on the ladder shows the most of it.
    order = [stage.id for stage in procedure.stages]
    form = min(procedure.forms, key=lambda form: order.index(form.starts_at)).id
    life = live(procedure, procedures.calendar_of(procedure), form=form, submitted_at=OCCASIONS[occasion])
    _agrees_with_golden(life.timeline(), TIMELINES / f"{organisation}.{occasion}.txt")
    assert life.case is not None
    assert life.case.erasing


def _agrees_with_golden(text: str, path: Path) -> None:
    if os.environ.get("UPDATE_GOLDEN") == "1":
        path.write_text(text, encoding="utf-8")
    assert path.exists(), f"{path.name} is missing; UPDATE_GOLDEN=1 writes it"
    assert path.read_text(encoding="utf-8") == text
