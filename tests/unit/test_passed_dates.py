"""No mail promises a date that has passed: it says what should have been done."""

from __future__ import annotations

import dataclasses
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.cases.particulars import particulars_of
from adapters.post.messages import compose, needs, recipient_of
from authoring.procedure_file import read
from domain.acts.acknowledgement import Acknowledge
from domain.acts.intake import SubmitComplaint
from domain.acts.kind import ChangeKind
from domain.acts.lateness import DecideLateness
from domain.acts.questions import AskQuestion
from domain.acts.taking_up import TakeUp
from domain.calendars import MONTHS
from domain.case import COMPLAINANT, Case, replay
from domain.command import Command
from domain.effect import Tell
from domain.frozen import replace
from domain.notices import Notice
from domain.people import ids, those_who_assign
from domain.procedure import Procedure
from domain.words import Writing
from tests.rules import decide, situation
from tests.unit.invented import CALENDAR, MONDAY, REF, WITH_CONCERNS, after, case_of, submitted, with_pause

ROOT = Path(__file__).parents[2]
FILES = sorted((*ROOT.glob("procedures/*.yaml"), *ROOT.glob("tests/procedures/*.yaml")))

_DATE = re.compile(rf"(\d+) ({'|'.join(MONTHS)}) (\d{{4}})")

WORDS: dict[str, Any] = {"name": "A learner", "understood": "It.", "reason": "Because.", "question": "When?"}


def mail(case: Case, notice: Notice, what: str, procedure: Procedure, *, content: str = "") -> str:
    """What the complainant is told now, in one line."""
    tell = Tell(person=COMPLAINANT, notice=notice, stage=case.current.stage, what=what, content=content)
    at = situation(case, procedure, CALENDAR, now=MONDAY)
    contents = dict.fromkeys(needs(tell, case), WORDS)
    to = recipient_of(tell, case, procedure, contents)
    return " ".join(compose(tell, to, at=at, contents=contents, link=None).text.split())


def promised(text: str) -> list[date]:
    """The dates by which something will be done, as a mail says it."""
    will = (sentence for sentence in re.split(r"(?<=[.:]) ", text) if " will " in sentence)
    return [
        date(int(year), MONTHS.index(month) + 1, int(day))
        for sentence in will
        for day, month, year in _DATE.findall(sentence)
    ]


def entered(procedure: Procedure, *, days: int) -> Case:
    """A letter that lay so long before staff entered it."""
    form = next(one for one in procedure.forms if one.kind == "complaint")
    command = SubmitComplaint(
        organisation=procedure.slug,
        form=form.id,
        answers=Writing("answers", {**WORDS, "email": "a@home.example"}),
        aspects=1,
        by=procedure.holders(procedure.coordinator)[0].id,
        route="letter",
        received_at=MONDAY - timedelta(days=days),
    )
    return replay(REF, decide(None, command, ref=REF, procedure=procedure, calendar=CALENDAR, now=MONDAY))


def do(case: Case, command: Command, procedure: Procedure) -> Case:
    return after(case, command, at=MONDAY, procedure=procedure)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_lay_for_weeks_is_promised_nothing_that_has_passed(path: Path) -> None:
    """Neither when it is taken in nor when it is acknowledged."""
    procedure = read(path)
    case = entered(procedure, days=120)
    if case.current.acknowledged_at is None:
        receipt = mail(case, "receipt", "ComplaintSubmitted", procedure)
        assert all(day >= MONDAY.date() for day in promised(receipt))
        owed = "We should have told you that we are dealing with your complaint by"
        assert (owed in receipt) == (not case.waits_for_form)
        by = ids(those_who_assign(case, procedure))[0]
        command = Acknowledge(by=by, stage=case.current.stage, understood=Writing("understood", WORDS))
        case = do(case, command, procedure)
    acknowledged = mail(case, "acknowledgement", "ComplaintAcknowledged", procedure)
    assert all(day >= MONDAY.date() for day in promised(acknowledged))


def test_what_becomes_a_concern_after_the_time_for_one_is_promised_nothing_that_has_passed() -> None:
    """The answer to a concern was due two weeks after it came in: it says so, and that it is owed."""
    case = entered(WITH_CONCERNS, days=30)
    command = ChangeKind(by="office-1", stage="first", kind="concern", reason=Writing("why", WORDS))
    text = mail(do(case, command, WITH_CONCERNS), "kind-changed", "KindChanged", WITH_CONCERNS, content="why")
    assert promised(text) == []
    assert "We should have sent you the outcome of your concern by" in text


def test_who_is_told_of_a_reopening_is_told_that_it_came_late() -> None:
    """Whether it is considered is decided anew, and they can say what kept them."""
    case = case_of(submitted(incident_on=date(2026, 9, 1)))
    why = Writing("why", {"reason": "Because."})
    case = after(
        case,
        DecideLateness(by="deputy", stage="first", accepted=False, reason=why),
        TakeUp(by="office-1", stage="first", reason=why),
        at=MONDAY,
    )
    text = mail(case, "reopened", "CaseTakenUp", WITH_CONCERNS, content="why")
    assert "decide whether we can consider it" in text


def test_what_is_asked_is_sent_although_nobody_knows_how_long_the_time_stands_still() -> None:
    """The holidays of the days until then are not known yet: the mail does not wait for them."""
    procedure = with_pause(WITH_CONCERNS)
    case = do(entered(procedure, days=0), Acknowledge(by="office-1", stage="first"), procedure)
    case = replace(case, stages=(replace(case.current, reviewers=("manager-1",)),))
    ask = AskQuestion(by="manager-1", stage="first", question=Writing("question", WORDS))
    case = do(case, ask, procedure)
    known = dataclasses.replace(CALENDAR, known_until=date(2026, 11, 5))
    at = situation(case, procedure, known, now=MONDAY)
    tell = Tell(
        person=COMPLAINANT, notice="question", stage="first", what="QuestionAsked", content="question"
    )
    assert particulars_of(tell, at)["waits_until"] is None
