"""Two organisations whose procedures follow published frameworks, which need a file and nothing else: their whole
lives, and what the terminal says of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from authoring.holidays import calendar_for
from authoring.procedure_file import read as read_procedure
from authoring.scenario import by_default, organisation_of, play, read
from authoring.simulation import Life, Told
from cli.main import app
from domain.calendars import LONDON
from tests.agreed import assert_as_agreed

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests" / "procedures"
COUNCIL = FOLDER / "fenmoor-council.yaml"
UNIVERSITY = FOLDER / "ridgeway-university.yaml"


def lived(file: Path, scenario: Path) -> Life:
    procedure = read_procedure(file)
    calendar = calendar_for(procedure.region)
    return play(
        read(scenario, procedure=procedure), procedure=procedure, calendar=calendar, until="destroyed"
    )


def scenarios_of(file: Path) -> list[Path]:
    return [
        path for path in sorted((FOLDER / "scenarios").glob("*.yaml")) if organisation_of(path) == file.stem
    ]


LIVES = [
    pytest.param(file, path, id=path.stem) for file in (COUNCIL, UNIVERSITY) for path in scenarios_of(file)
]


def drawn(file: Path) -> str:
    """What `dueprocess check` draws of a file without mistakes."""
    result = CliRunner().invoke(app, ["check", str(file)])
    assert result.exit_code == 0, result.output
    return " ".join(result.output.replace("│", " ").split())


def test_the_council_s_file_says_what_its_framework_asks() -> None:
    """Ten working days and ten more, twenty and twenty more, the Ombudsman on the way and with a refusal, and an
    acknowledgement that sets out how the complaint is understood."""
    said = drawn(COUNCIL)
    for words in (
        "5 working days from the complaint's arrival, by a person",
        "10 working days from the acknowledgement, or by a new date given with the reason",
        "at most 20 working days from the acknowledgement, 10 working days later each time at most",
        "20 working days from the acknowledgement, or by a new date given with the reason, at most 40 working days",
        "whoever acknowledges it sets out how the complaint is understood",
        "→ The Ombudsman for Local Services, named with each new date and the outcome",
        "a complaint can be refused after it has come in, with the reasons → The Ombudsman for Local Services",
    ):
        assert words in said, words


def test_the_university_s_file_says_what_its_framework_asks() -> None:
    """21 days for each formal stage and 90 for both, a stage that can be skipped, and a letter after the end."""
    said = drawn(UNIVERSITY)
    for words in (
        "21 days from the acknowledgement, and at the latest 90 days from the request for “The formal stage”",
        "21 days from the request for this stage, and at the latest 90 days from the request for “The formal stage”",
        "skipped where Registrar decides so, with the reason",
        "owed: Completion of Procedures letter, 28 days from the closure, from: Registrar or Deputy Registrar",
        "The Adjudicator for Students (only for student); → The Admissions Ombudsman (only for applicant)",
    ):
        assert words in said, words


@pytest.mark.parametrize(("file", "scenario"), LIVES)
def test_their_lives_are_as_written_down(file: Path, scenario: Path) -> None:
    """From the first message to the destruction, with every date and how it was counted; every mail of it can be
    written."""
    life = lived(file, scenario)

    assert_as_agreed(ROOT / f"tests/golden/timelines/{file.stem}.{scenario.stem}.txt", life.timeline())
    assert life.present.erasing
    assert all(life.mail(entry).text for entry in life.entries if isinstance(entry, Told))


def test_the_ombudsman_is_named_with_every_extension_refusal_and_outcome() -> None:
    """And in no other message to the complainant before the end."""
    life = lived(COUNCIL, FOLDER / "scenarios/two-stages.yaml")
    told = [entry for entry in life.entries if isinstance(entry, Told) and entry.tell.person == "complainant"]
    naming = [entry.tell.notice for entry in told if "Ombudsman for Local Services" in life.mail(entry).text]

    assert naming == [
        "not-covered",
        "interim-response",
        "outcome",
        "interim-response",
        "outcome",
        "closure",
    ]


def test_the_earlier_of_two_limits_counts_and_says_why() -> None:
    """At the review the 90 days for both stages end before its own 21."""
    life = lived(UNIVERSITY, FOLDER / "scenarios/completion.yaml")
    assert (
        "due review/respond: Monday 22 February 2027\n"
        "        the earlier of 21 days from this stage (to Saturday 27 February 2027) and 90 days from the "
        "request for “The formal stage” (to Monday 22 February 2027): 90 days after Tuesday 24 November 2026\n"
    ) in life.timeline()


def test_a_letter_that_is_owed_after_the_end_is_chased_until_it_is_sent() -> None:
    """The student hears by when it will come, that it was missed, and has it in the end."""
    life = lived(UNIVERSITY, FOLDER / "scenarios/completion.yaml")
    told = {
        entry.tell.notice: " ".join(life.mail(entry).text.split())
        for entry in life.entries
        if isinstance(entry, Told) and entry.tell.person == "complainant"
    }
    assert (
        "We will send you our Completion of Procedures letter by the end of Saturday 20 March 2027"
        in told["closure"]
    )
    assert (
        "We should have sent you the letter that completes our procedure for your complaint"
        in told["missed-date"]
    )
    assert "You can turn to the Adjudicator until 30 March 2028." in told["completion"]
    assert "The Adjudicator for Students" in told["completion"]
    assert "The Admissions Ombudsman" not in told["completion"]


def test_a_stage_that_is_skipped_is_told_and_not_visited() -> None:
    """The applicant reads why, goes straight on to the review, and is shown the signpost for applicants."""
    life = lived(UNIVERSITY, FOLDER / "scenarios/straight-to-the-review.yaml")
    mails = [
        (entry.tell.notice, " ".join(life.mail(entry).text.split()))
        for entry in life.entries
        if isinstance(entry, Told) and entry.tell.person == "complainant"
    ]
    told = dict(mails)
    assert [record.stage for record in life.present.stages] == ["early", "review"]
    assert "will not go through this stage: The formal stage." in told["decision"]
    assert "Term begins in January, and the facts are known." in told["decision"]
    first = next(text for notice, text in mails if notice == "outcome")
    assert "you can ask for the next stage" in first
    assert "The review." in first
    assert "The formal stage" not in first
    assert "The Admissions Ombudsman" in told["closure"]
    assert "The Adjudicator for Students" not in told["closure"]


@pytest.mark.parametrize("file", [COUNCIL, UNIVERSITY], ids=lambda file: file.stem)
def test_somebody_who_waits_for_the_last_minute_comes_to_the_end(file: Path) -> None:
    """The people who know no organisation go through all of its stages."""
    from datetime import datetime

    procedure = read_procedure(file)
    script = by_default(datetime(2026, 11, 24, 15, 0, tzinfo=LONDON))
    life = play(script, procedure=procedure, calendar=calendar_for(procedure.region), until="closed")

    assert [record.stage for record in life.present.stages] == [stage.id for stage in procedure.stages]
    assert life.present.ended == "exhausted"


def test_no_python_knows_them() -> None:
    """Their names stand in their files and in these tests only."""
    names = re.compile("fenmoor|ridgeway", re.IGNORECASE)
    code = [
        *(ROOT / "src").rglob("*.py"),
        *(ROOT / "templates").rglob("*.*"),
        *(ROOT / "local").rglob("*.py"),
    ]

    assert not [path for path in code if names.search(path.read_text(encoding="utf-8"))]
