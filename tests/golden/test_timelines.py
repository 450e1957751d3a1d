"""Whole lives at the five organisations, over the days on which counting goes wrong and as people make them.

Each scenario that ships (scenarios/) is played: at its organisation, or at all of them where it names none. Each
life is a readable file in tests/golden/timelines: when a rule changes, its difference shows what the change means
for people. A missing file is a failure; `UPDATE_GOLDEN=1 make test` writes them anew, to be read.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters import procedures
from authoring.scenario import organisation_of, play, read
from authoring.simulation import Told
from tests.agreed import assert_as_agreed

ROOT = Path(__file__).parents[2]
TIMELINES = Path(__file__).parent / "timelines"

ORGANISATIONS = sorted(path.stem for path in (ROOT / "procedures").glob("*.yaml"))


def lives() -> Iterator[tuple[str, Path]]:
    for path in sorted((ROOT / "scenarios").glob("*.yaml")):
        named = organisation_of(path)
        for organisation in (named,) if named else ORGANISATIONS:
            yield organisation, path


@pytest.mark.parametrize(
    ("organisation", "path"), [pytest.param(*one, id=f"{one[0]}.{one[1].stem}") for one in lives()]
)
def test_a_life_is_as_written_down(organisation: str, path: Path) -> None:
    """Every event, notice and date of a life is the one that was read and agreed to, every mail of it can be
    written, and it ends with the case's destruction."""
    procedure = procedures.load(organisation)
    script = read(path, procedure=procedure)
    life = play(script, procedure=procedure, calendar=procedures.calendar_of(procedure), until="destroyed")

    assert_as_agreed(TIMELINES / f"{organisation}.{path.stem}.txt", life.timeline())
    assert life.present.erasing
    assert all(life.mail(entry).text for entry in life.entries if isinstance(entry, Told))
