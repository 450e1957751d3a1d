"""`dueprocess simulate`: lives from scenarios, and what is said of scenarios that cannot be."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from adapters import procedures
from authoring.moments import read_moment
from authoring.scenario import WHEN, by_default, play
from authoring.simulation import Told
from authoring.steps import BESIDES, scenes
from cli.main import app
from domain.case import Case, replay
from domain.event import Event
from domain.records import FIRST_LINK, chained, from_record
from domain.registry import event_in
from domain.step import Step

ROOT = Path(__file__).parents[2]

SOUND = """\
title: Two weeks in winter
organisation: leadership-east
steps:
  - at: 2026-12-15T18:40
    act: submit
    aspects: [One., Two.]
  - after: 1 working day
    act: acknowledge
    by: programmes-office-primary
  - after: 1 hour
    act: assign
  - just_before: respond
    act: respond
    findings:
      - {conclusion: upheld, reasons: A.}
      - {conclusion: not-upheld, reasons: B.}
  - after: 1 day
    act: reply
    answer: satisfied
"""


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["simulate", *map(str, arguments)])


def file_of(folder: Path, text: str) -> Path:
    path = folder / "story.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_scenario_is_played_at_the_times_that_it_gives(tmp_path: Path) -> None:
    """Working days, hours and deadlines are counted from what happened last, over Christmas too."""
    result = run("leadership-east", "--scenario", file_of(tmp_path, SOUND))

    assert result.exit_code == 0, result.output
    moments = [line for line in result.output.splitlines() if not line.startswith(" ")]
    assert moments == [
        "Tuesday 15 December 2026 18:40  complainant: ComplaintSubmitted stage-1",
        "Wednesday 16 December 2026 18:40  Programmes Administrator: ComplaintAcknowledged stage-1",
        "Wednesday 16 December 2026 19:40  Programmes Administrator: ReviewerAssigned stage-1",
        "Tuesday 29 December 2026 09:00  system: DeadlineReminded stage-1/respond",
        "Thursday 31 December 2026 09:00  system: DeadlineReminded stage-1/respond",
        "Monday 4 January 2027 23:50  Programmes Manager (primary): OutcomeRecorded stage-1",
        "Monday 4 January 2027 23:50  Programmes Manager (primary): OutcomeSent stage-1",
        "Tuesday 5 January 2027 23:50  complainant: ComplainantSatisfied stage-1",
        "Tuesday 5 January 2027 23:50  system: CaseEnded stage-1 satisfied",
    ]


@pytest.mark.parametrize("org", sorted(path.stem for path in (ROOT / "procedures").glob("*.yaml")))
def test_a_whole_life_takes_less_than_a_second(org: str) -> None:
    """From the complaint to the destruction, with every mail composed."""
    procedure = procedures.load(org)
    start = time.process_time()
    script = by_default(read_moment("2026-12-15T18:40")[0])
    life = play(script, procedure=procedure, calendar=procedures.calendar_of(procedure), until="destroyed")
    mails = [life.mail(entry) for entry in life.entries if isinstance(entry, Told)]

    assert life.present.erasing
    assert mails
    assert time.process_time() - start < 1


def test_mails_are_printed_in_full() -> None:
    """With --mails each notice is followed by its mail: address, subject, text."""
    result = run("creative-alliance", "--start", "2026-12-15T18:40", "--mails")

    assert "      | To: The complainant <complainant@example.example>" in result.output
    assert "      | Subject: " in result.output
    assert "https://creative-alliance.example/l/..." in result.output


def test_json_holds_the_whole_timeline() -> None:
    """Events, mails and dates in their order, for programs."""
    result = run(
        "dynamic-training", "--start", "2026-11-28T11:15", "--until", "destroyed", "--json", "--mails"
    )
    told = json.loads(result.output)

    assert told["destroyed"] is True
    kinds = [entry["entry"] for entry in told["timeline"]]
    assert {"event", "mail", "date", "kept"} == set(kinds)
    dates = [entry for entry in told["timeline"] if entry["entry"] == "date"]
    assert dates[0]["due"] == "2026-12-04"
    assert "5 working days after Saturday 28 November 2026" in dates[0]["counted"]
    assert any("48 hours on working days" in date["counted"] for date in dates)
    mail = next(entry for entry in told["timeline"] if entry["entry"] == "mail")
    assert mail["subject"]


def test_a_history_is_a_chain_that_replays_and_is_never_written_anew(tmp_path: Path) -> None:
    """--history stores the events with their hashes and the case that they make, and refuses a file that exists."""
    path = tmp_path / "history.json"
    assert run("alliance-for-learning", "--start", "2026-12-15T18:40", "--history", path).exit_code == 0

    stored = json.loads(path.read_text(encoding="utf-8"))
    head = FIRST_LINK
    events: list[Event] = []
    for record in stored["events"]:
        assert record["previous"] == head
        head = chained(record["fact"], head)
        assert record["hash"] == head
        events.append(event_in(record["fact"]))
    assert replay(stored["reference"], events) == from_record((Case,), stored["case"])

    before = path.read_bytes()
    again = run("alliance-for-learning", "--start", "2026-12-15T18:40", "--history", path)
    assert again.exit_code == 2
    assert "will not be replaced" in again.output
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("change", "line", "message"),
    [
        (("act: acknowledge", "act: acknowlege"), 8, "did you mean `acknowledge`?"),
        (("    by: programmes-office-primary", "    by: nobody"), 9, "`by`: there is no `nobody`"),
        (("after: 1 working day", "after: a while"), 7, "`a while` is not a time to wait"),
        (("at: 2026-12-15T18:40", "at: 2026-02-30"), 4, "is not a real date"),
        (("    aspects: [One., Two.]", "    answer: satisfied"), 6, "`submit` has no key `answer`"),
        (("    answer: satisfied\n", ""), 17, "`reply` needs the key `answer`"),
        (("conclusion: not-upheld", "conclusion: maybe"), 16, "there is no conclusion `maybe`"),
        (("just_before: respond", "just_before: lunch"), 12, "unknown value `lunch`"),
        (("after: 1 hour", "after: 1 hour\n    at: 2026-12-20"), 10, "already has a time"),
        (("organisation: leadership-east", "organisation: elsewhere"), 2, "this scenario is for `elsewhere`"),
        (("title: Two", "tittle: Two"), 1, "unknown key `tittle`"),
        (("aspects: [One., Two.]", "answers: {shoe_size: large}"), 6, "no question `shoe_size`"),
        (("aspects: [One., Two.]", "answers: {email: nowhere}"), 6, "`email`"),
        (("act: reply", "act: submit"), 18, "a case begins with one `submit`"),
    ],
)
def test_mistakes_are_told_with_their_line(
    tmp_path: Path, change: tuple[str, str], line: int, message: str
) -> None:
    """A scenario is read as strictly as a procedure file."""
    path = file_of(tmp_path, SOUND.replace(*change))
    result = run("leadership-east", "--scenario", path)

    assert result.exit_code == 1
    told = [one for one in result.output.splitlines() if message in one]
    assert told, result.output
    assert told[0].startswith(f"{path}:{line}: ")


@pytest.mark.parametrize(
    ("change", "line", "message"),
    [
        (("after: 1 hour", "at: 2026-12-01"), 10, "before what happened last"),
        (("- {conclusion: not-upheld, reasons: B.}", ""), 12, "Choose a conclusion on point 2."),
        (("just_before: respond", "just_before: reply"), 12, "the deadline `reply` does not run"),
        (
            ("act: assign", "act: assign\n    refused: NotNow"),
            10,
            "should be refused as NotNow, but was done",
        ),
        (("act: assign", "act: approve\n    refused: NotYours"), 10, "but was refused as NotNow"),
    ],
)
def test_a_step_that_cannot_be_done_is_told_with_its_line(
    tmp_path: Path, change: tuple[str, str], line: int, message: str
) -> None:
    """What the rules refuse is no traceback and no silent nothing."""
    path = file_of(tmp_path, SOUND.replace(*change))
    result = run("leadership-east", "--scenario", path)

    assert result.exit_code == 1
    assert result.output.startswith(f"{path}:{line}: ")
    assert message in result.output


def test_every_act_and_key_is_documented() -> None:
    """scenarios/README.md names each act, each key of a step and each way to say when."""
    text = (ROOT / "scenarios" / "README.md").read_text(encoding="utf-8")
    keys = {name for name in Step.__dataclass_fields__ if name not in ("act", "at")}

    for name in (*scenes(), *BESIDES, *WHEN, *keys):
        assert f"`{name}" in text, name
