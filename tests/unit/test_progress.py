"""Keeping the complainant informed: an obligation that begins anew each time it is met."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.acts.assignment import AssignReviewers
from domain.acts.new_date import SendInterimResponse
from domain.acts.progress import ReportProgress
from domain.acts.waking import Wake
from domain.case import COMPLAINANT
from domain.command import Command
from domain.deadlines import deadlines
from domain.errors import AlreadyDone, Incomplete, NotAllowed, NotNow, NotYours
from domain.event import Event
from domain.words import Writing
from tests.rules import available, wakes
from tests.unit.invented import (
    CALENDAR,
    MONDAY,
    PROCEDURE,
    case_of,
    looked_into,
    outcome,
    submitted,
    then,
    told,
    with_progress,
)

DAY = timedelta(days=1)
INFORMING = with_progress(PROCEDURE)


def acknowledged() -> tuple[Event, ...]:
    """On Monday 2 November, and with a reviewer."""
    return looked_into(INFORMING)


def report(text: str = "We asked the trainer.", *, by: str = "manager-1") -> ReportProgress:
    return ReportProgress(by=by, stage="first", message=Writing("progress", {"message": text}))


def do(events: tuple[Event, ...], command: Command, *, days: float) -> tuple[Event, ...]:
    return then(events, command, at=MONDAY + days * DAY, procedure=INFORMING)


def due(events: tuple[Event, ...], name: str = "first/progress") -> date:
    found = {one.name: one.due.due for one in deadlines(case_of(events), INFORMING, CALENDAR)}
    return found[name]


def test_it_counts_from_the_acknowledgement_and_then_from_each_report() -> None:
    """Two weeks after the last time, the answer's date staying where it is."""
    events = acknowledged()
    assert due(events) == date(2026, 11, 16)
    answer = due(events, "first/respond")
    events = do(events, report(), days=9)
    assert due(events) == date(2026, 11, 25)
    assert due(events, "first/respond") == answer


def test_a_new_date_is_news_too() -> None:
    """Who has just been told of a new date and the reason need not be told again."""
    message = Writing("interim", {"message": "The trainer is ill."})
    interim = SendInterimResponse(
        by="manager-1", stage="first", respond_by=date(2026, 12, 18), message=message
    )
    assert due(do(acknowledged(), interim, days=10)) == date(2026, 11, 26)


def test_a_new_date_is_offered_once_there_is_one_to_move() -> None:
    """The answer counts from the acknowledgement: until then there is no date, and no page offers another."""
    assign = AssignReviewers(by="office-1", stage="first", reviewers=("manager-1",))
    events = do(submitted(), assign, days=0)
    early = SendInterimResponse(
        by="manager-1",
        stage="first",
        respond_by=date(2026, 12, 18),
        message=Writing("interim", {"message": "The trainer is ill."}),
    )
    assert "interim" not in available(case_of(events), by="manager-1", procedure=INFORMING)
    with pytest.raises(NotNow, match="Acknowledge the complaint first"):
        do(events, early, days=1)
    assert "interim" in available(case_of(acknowledged()), by="manager-1", procedure=INFORMING)


def test_silence_is_a_breach_each_time() -> None:
    """A missed report is recorded once, and the next one that is missed again."""
    message = Writing("interim", {"message": "The trainer is ill."})
    interim = SendInterimResponse(by="manager-1", stage="first", respond_by=date(2027, 3, 1), message=message)
    events = do(acknowledged(), interim, days=0.5)
    for _ in range(2):
        events = do(events, Wake(), days=30)
    assert [one.deadline for one in case_of(events).breaches] == ["first/progress"]
    events = do(events, report(), days=31)
    events = do(events, Wake(), days=60)
    assert [one.deadline for one in case_of(events).breaches] == ["first/progress"] * 2


def test_each_one_is_reminded_of() -> None:
    """The reminder goes out before each report, not only before the first."""
    events = do(acknowledged(), Wake(), days=11)
    events = do(events, report(), days=11.5)
    (wake,) = (one for one in wakes(case_of(events), INFORMING, CALENDAR) if one.deadline == "first/progress")
    assert (wake.occasion, wake.at) == ("remind", datetime(2026, 11, 26, 9, tzinfo=UTC))


def test_the_complainant_is_told() -> None:
    """The message goes to the complainant, and the one who wrote it hears that it was sent."""
    events = acknowledged()
    heard = told(events, do(events, report(), days=1), INFORMING)
    assert [(one.person, one.notice) for one in heard] == [(COMPLAINANT, "progress"), ("manager-1", "done")]


def test_it_is_for_the_reviewer_until_the_answer_and_where_the_procedure_asks_for_it() -> None:
    """Nobody else, not afterwards, not without words, and not where it is no obligation."""
    events = acknowledged()
    assert "progress" in available(case_of(events), by="manager-1", procedure=INFORMING)
    assert "progress" not in available(case_of(events), by="manager-1", procedure=PROCEDURE)
    with pytest.raises(NotYours):
        do(events, report(by="office-1"), days=1)
    with pytest.raises(Incomplete):
        do(events, report(" "), days=1)
    with pytest.raises(NotAllowed):
        then(events, report(), at=MONDAY + DAY, procedure=PROCEDURE)
    answered = do(events, outcome("manager-1", "first"), days=2)
    with pytest.raises(AlreadyDone):
        do(answered, report(), days=3)
