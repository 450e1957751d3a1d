"""A seventh organisation, which needs a file and nothing else: its whole life, and what the terminal says of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from authoring.compile import read_all
from authoring.holidays import calendar_for
from authoring.procedure_file import read as read_procedure
from authoring.scenario import by_default, organisation_of, play, read
from authoring.simulation import Told
from cli.main import app
from domain.calendars import LONDON
from tests.agreed import assert_as_agreed

ROOT = Path(__file__).parents[2]
TIMELINES = ROOT / "tests/golden/timelines"
FOLDER = ROOT / "tests" / "procedures"
FILE = FOLDER / "northern-isles-college.yaml"
SCENARIOS = [
    path for path in sorted((FOLDER / "scenarios").glob("*.yaml")) if organisation_of(path) == FILE.stem
]


def test_the_file_has_no_mistake() -> None:
    """`dueprocess check` draws four stages, a panel of three with its chair, and every unit that a limit can have."""
    result = CliRunner().invoke(app, ["check", str(FILE)])

    assert result.exit_code == 0, result.output
    drawn = " ".join(result.output.replace("│", " ").split())
    assert drawn.count("■") == 5
    for words in (
        "24 hours on working days",
        "the earlier of 3 working days and 3 school days",
        "5 days from the request for this stage, that day being day 1",
        "3 weeks from the request for this stage, going on to the next working day",
        "at most 2 months from the request for this stage",
        "without the days of waiting for an answer to a question (at most 10 working days each)",
        "up to 1 year at the discretion of: Principal",
        "3 × Member of the complaints panel, not involved before, headed by Chair of the complaints panel",
        "or Deputy Governor where they were involved in what happened",
        "Principal can assign someone despite a conflict of interest",
        "the reviewers can ask for help from outside",
        "going on only with the reasons for it",
        "approval 2 × Trustee",
        "late: a reply after the closure goes on at the discretion of: Principal",
        "letter: who wants to reopen an exhausted case gets a letter from: Principal or Clerk to the college",
        "kept: 7 years from the closure, and destroyed 4 weeks after",
    ):
        assert words in drawn, words


def test_it_becomes_part_of_a_bundle_with_what_it_switches_on() -> None:
    """Beside its own procedure stands the one for data protection complaints, with its own role in it."""
    current, released = read_all(FOLDER)

    slugs = [one.slug for one in current]
    assert "northern-isles-college" in slugs
    assert released == ()
    beside = current[slugs.index("northern-isles-college/data-protection")]
    assert beside.stages[0].review.role == "clerk"
    assert beside.region == "scotland"


@pytest.mark.parametrize("path", [pytest.param(one, id=one.stem) for one in SCENARIOS])
def test_its_life_is_as_written_down(path: Path) -> None:
    """Lateness, a clock that stands still, a capped date, a panel and its chair, silence, a letter, and the end seven
    years later; every mail of it can be written."""
    procedure = read_procedure(FILE)
    year = procedure.school_year
    calendar = calendar_for(procedure.region, terms=year.terms, closures=year.closures)
    life = play(read(path, procedure=procedure), procedure=procedure, calendar=calendar, until="destroyed")

    assert_as_agreed(TIMELINES / f"northern-isles-college.{path.stem}.txt", life.timeline())
    assert life.present.erasing
    assert all(life.mail(entry).text for entry in life.entries if isinstance(entry, Told))


def test_somebody_who_waits_for_the_last_minute_gets_through_all_four_stages() -> None:
    """The people who know no organisation come to its end too."""
    from datetime import datetime

    procedure = read_procedure(FILE)
    year = procedure.school_year
    calendar = calendar_for(procedure.region, terms=year.terms, closures=year.closures)
    script = by_default(datetime(2026, 11, 24, 15, 0, tzinfo=LONDON))
    life = play(script, procedure=procedure, calendar=calendar, until="closed")

    assert [record.stage for record in life.present.stages] == ["tutor", "department", "panel", "governor"]
    assert life.present.ended == "exhausted"


def test_no_python_knows_it() -> None:
    """Its names stand in its file and in these tests only."""
    names = re.compile("northern.isles|panel.chair|islands.ombudsman", re.IGNORECASE)
    code = [
        *(ROOT / "src").rglob("*.py"),
        *(ROOT / "templates").rglob("*.*"),
        *(ROOT / "local").rglob("*.py"),
    ]

    assert not [path for path in code if names.search(path.read_text(encoding="utf-8"))]
