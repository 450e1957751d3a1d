"""The holidays or terms by which a date is counted are not known yet: the complaint is taken all the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from adapters import procedures
from domain.acts.acknowledgement import Acknowledge
from domain.acts.assignment import AssignReviewers
from domain.acts.intake import SubmitComplaint
from domain.acts.recounting import DatesAwaited, DatesCounted, Recount
from domain.acts.reply import Reply
from domain.acts.waking import Wake
from domain.calendars import LONDON, Calendar, Limit
from domain.case import COMPLAINANT, Case, replay
from domain.command import Command
from domain.deadlines import is_late
from domain.effect import Tell
from domain.event import Event
from domain.procedure import DATA_PROTECTION
from domain.words import Writing
from tests.rules import consequences, decide, situation, wakes
from tests.unit.invented import (
    CALENDAR,
    MONDAY,
    PROCEDURE,
    REF,
    WITH_DISCRETION,
    outcome,
    submitted,
    with_rule,
)

SHORT = replace(CALENDAR, known_until=date(2026, 11, 3))
"""Known for two days after the complaint: no date of the first stage can be counted."""
OWN = sorted(path.stem for path in (Path(__file__).parents[2] / "procedures").glob("*.yaml"))
TUESDAY = MONDAY + timedelta(days=1)


def then(
    events: tuple[Event, ...], command: Command, at: datetime, calendar: Calendar = SHORT
) -> tuple[Event, ...]:
    fresh = decide(replay(REF, events), command, ref=REF, procedure=PROCEDURE, calendar=calendar, now=at)
    return (*events, *fresh)


def case_of(events: tuple[Event, ...]) -> Case:
    return replay(REF, events)


def told(events: tuple[Event, ...], number: int, calendar: Calendar) -> set[tuple[str, str]]:
    """Who is told what with the last `number` events."""
    before, fresh = events[:-number], events[-number:]
    follows = consequences(replay(REF, before), fresh, ref=REF, procedure=PROCEDURE, calendar=calendar)
    return {(one.effect.notice, one.effect.person) for one in follows if isinstance(one.effect, Tell)}


def test_a_date_that_cannot_be_counted_is_not_guessed() -> None:
    """It runs, and is neither promised nor missed."""
    at = situation(case_of(submitted()), PROCEDURE, SHORT, now=MONDAY)
    assert at.uncounted == ("first/acknowledge",)
    assert at.promised == ()
    assert at.missed == ()


def test_the_case_has_a_next_wake_all_the_same_and_staff_are_told_of_it() -> None:
    """Every four weeks, by day, those who coordinate and those over them hear that the calendar has to be extended."""
    events = submitted()
    for _ in range(3):
        (wake,) = wakes(case_of(events), PROCEDURE, SHORT)
        assert wake.at.astimezone(LONDON).hour == 9
        assert wake.at.weekday() < 5
        events = then(events, Wake(), wake.at)
        assert isinstance(events[-1], DatesAwaited)
        assert ("dates-unknown", "office-1") in told(events, 1, SHORT)
    assert case_of(events).is_open
    assert not case_of(events).breaches


def test_once_the_holidays_are_known_the_date_is_counted_and_told() -> None:
    """The complainant and those whose move it is hear of it, and from then on it runs like any other."""
    events = then(submitted(), Recount(promised=(), uncounted=("first/acknowledge",)), TUESDAY, CALENDAR)
    assert isinstance(events[-1], DatesCounted)
    assert {("dates-known", COMPLAINANT), ("dates-known", "office-1")} <= told(events, 1, CALENDAR)
    at = situation(case_of(events), PROCEDURE, CALENDAR, now=TUESDAY)
    assert [promise.deadline for promise in at.promised] == ["first/acknowledge"]


def test_while_nothing_new_is_known_nothing_is_told() -> None:
    """Counting again by the same calendar says nothing."""
    events = submitted()
    assert events == then(events, Recount(promised=(), uncounted=("first/acknowledge",)), TUESDAY)


def test_the_whole_stage_can_be_worked_on_without_any_date() -> None:
    """It is acknowledged, assigned, answered and replied to: nobody waits for a list of holidays."""
    events = then(submitted(), Acknowledge(by="office-1", stage="first"), TUESDAY)
    events = then(events, AssignReviewers(by="office-1", stage="first", reviewers=("manager-1",)), TUESDAY)
    events = then(events, outcome("manager-1", "first"), TUESDAY)
    assert case_of(events).current.responded_at is not None
    events = then(events, Reply(by=COMPLAINANT, stage="first", answer="satisfied"), TUESDAY)
    assert case_of(events).ended == "satisfied"


def test_silence_ends_nothing_whose_time_cannot_be_counted() -> None:
    """As long as nobody knows when the time for the reply is over, it is not."""
    events = then(submitted(), Acknowledge(by="office-1", stage="first"), TUESDAY)
    events = then(events, AssignReviewers(by="office-1", stage="first", reviewers=("manager-1",)), TUESDAY)
    events = then(events, outcome("manager-1", "first"), TUESDAY)
    events = then(events, Wake(), datetime(2027, 11, 1, tzinfo=UTC))
    assert case_of(events).is_open


def test_nobody_is_late_for_a_day_that_nobody_can_name() -> None:
    """Whether a complaint comes in time is not guessed to its disadvantage."""
    limited = with_rule(WITH_DISCRETION, "submit", within=(Limit(10, "working-days"),))
    happened, now = date(2026, 10, 30), datetime(2027, 3, 1, 9, tzinfo=UTC)
    assert is_late(limited, "first", happened, CALENDAR, now=now)
    assert not is_late(limited, "first", happened, SHORT, now=now)


@pytest.mark.parametrize("slug", [slug for one in OWN for slug in (one, f"{one}/{DATA_PROTECTION}")])
def test_what_ships_is_taken_in_and_runs_on_after_the_last_holiday_that_is_known(slug: str) -> None:
    """Whatever a form takes: a limit in months ends where no holiday is known, and is reminded of before."""
    procedure = procedures.load(slug)
    calendar = procedures.calendar_of(procedure)
    came = datetime.combine(calendar.known_until, time(10), UTC)
    for form, days in ((form, days) for form in procedure.forms for days in (-31, -3, 0, 310)):
        now = came + timedelta(days=days)
        submit = SubmitComplaint(
            by=COMPLAINANT,
            organisation=slug,
            form=form.id,
            answers=Writing("answers", {"email": "someone@example.org"}),
            aspects=1,
        )
        events = decide(None, submit, ref=REF, procedure=procedure, calendar=calendar, now=now)
        while (due := wakes(case_of(events), procedure, calendar)) and now < came + timedelta(days=700):
            now = max(due[0].at, now)
            woken = decide(case_of(events), Wake(), ref=REF, procedure=procedure, calendar=calendar, now=now)
            events = (*events, *woken)
        assert due or not case_of(events).is_open
