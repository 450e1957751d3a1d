"""A holiday is announced, or a term changes, while a case runs: its dates move, and both are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.acts.acknowledgement import Acknowledge
from domain.acts.recounting import DatesRecounted, Recount
from domain.calendars import Calendar
from domain.case import COMPLAINANT, Case, evolve, replay
from domain.effect import SetAlarm, Tell
from domain.event import Event
from tests.rules import consequences, decide, promised, wakes
from tests.unit.invented import CALENDAR, MONDAY, PROCEDURE, REF, submitted


def with_holiday(day: date) -> Calendar:
    return replace(CALENDAR, holidays=(*CALENDAR.holidays, (day, "A day of thanks")))


def opened() -> Case:
    return replay(REF, submitted())


def recounted(case: Case, before: Calendar, after: Calendar, now: datetime) -> tuple[Event, ...]:
    command = Recount(promised=promised(case, PROCEDURE, before))
    return decide(case, command, ref=REF, procedure=PROCEDURE, calendar=after, now=now)


def first_counted_day(case: Case) -> date:
    """The first working day after the complaint, on which some date counts."""
    day = case.opened_at.date()
    while True:
        day = date.fromordinal(day.toordinal() + 1)
        if CALENDAR.is_working_day(day):
            return day


def test_a_new_holiday_moves_a_date_and_both_are_kept() -> None:
    """The event has the old date and the new one, and the case keeps them."""
    case = opened()
    calendar = with_holiday(first_counted_day(case))
    old = {one.deadline: one.due_at for one in promised(case, PROCEDURE, CALENDAR)}
    new = {one.deadline: one.due_at for one in promised(case, PROCEDURE, calendar)}

    (event,) = recounted(case, CALENDAR, calendar, MONDAY)
    assert isinstance(event, DatesRecounted)
    after = evolve(case, event, ref=REF)

    assert after.moved == event.moves
    assert {one.deadline: one.was for one in event.moves} == {
        name: at for name, at in old.items() if new[name] != at
    }
    assert {one.deadline: one.now for one in event.moves} == {
        name: at for name, at in new.items() if old[name] != at
    }


def test_those_concerned_are_told_and_alarms_are_set_for_the_new_dates() -> None:
    """The complainant and whoever has to act get a mail each; each running date gets an alarm of its own."""
    case = opened()
    calendar = with_holiday(first_counted_day(case))
    events = recounted(case, CALENDAR, calendar, MONDAY)
    rules = {"ref": REF, "procedure": PROCEDURE, "calendar": calendar}

    effects = [one.effect for one in consequences(case, events, **rules)]  # type: ignore[arg-type]

    told = [one.person for one in effects if isinstance(one, Tell)]
    assert told[0] == COMPLAINANT
    assert len(told) > 1
    assert {one.notice for one in effects if isinstance(one, Tell)} == {"dates-recounted"}
    assert {one.at for one in effects if isinstance(one, SetAlarm)} == {
        one.at for one in wakes(evolve(case, events[0], ref=REF), PROCEDURE, calendar)
    }


def test_nothing_happens_where_no_date_moves() -> None:
    """The same calendar, or a holiday on a day that counts nowhere."""
    case = opened()

    assert recounted(case, CALENDAR, CALENDAR, MONDAY) == ()
    assert recounted(case, CALENDAR, with_holiday(date(2028, 12, 1)), MONDAY) == ()


def test_a_date_that_is_over_is_not_moved() -> None:
    """What was missed stays missed."""
    case = opened()
    calendar = with_holiday(first_counted_day(case))

    assert recounted(case, CALENDAR, calendar, datetime(2028, 1, 1, tzinfo=UTC)) == ()


def test_a_date_that_was_kept_is_not_moved() -> None:
    """An acknowledgement that went out is not counted again."""
    case = opened()
    by = PROCEDURE.holders(PROCEDURE.coordinator)[0].id
    acknowledge = Acknowledge(by=by, stage=case.current.stage)
    for event in decide(case, acknowledge, ref=REF, procedure=PROCEDURE, calendar=CALENDAR, now=MONDAY):
        case = evolve(case, event, ref=REF)
    for event in recounted(case, CALENDAR, with_holiday(first_counted_day(case)), MONDAY):
        assert isinstance(event, DatesRecounted)
        assert not any(one.deadline.endswith("/acknowledge") for one in event.moves)


@given(st.dates(date(2026, 11, 1), date(2027, 2, 28)))
@settings(max_examples=60, deadline=None)
def test_a_holiday_more_never_shortens_and_recounting_twice_is_once(day: date) -> None:
    """Whatever day is added: no date comes earlier, and after the recount nothing is left to count."""
    case, calendar = opened(), with_holiday(day)

    events = recounted(case, CALENDAR, calendar, MONDAY)

    for event in events:
        assert isinstance(event, DatesRecounted)
        assert all(one.now > one.was for one in event.moves)
        case = evolve(case, event, ref=REF)
    assert recounted(case, calendar, calendar, MONDAY) == ()
    # And back again, should it be called off.
    back = recounted(case, calendar, CALENDAR, MONDAY)
    assert len(back) == len(events)


@pytest.mark.parametrize("deadline", ["elsewhere/respond", "first/unknown"])
def test_a_date_that_no_longer_exists_is_passed_over(deadline: str) -> None:
    """A promise that the case has no deadline for moves nothing."""
    from domain.deadlines import Promised

    stale = Recount(promised=(Promised(deadline=deadline, due_at=datetime(2027, 5, 1, tzinfo=UTC)),))

    assert decide(opened(), stale, ref=REF, procedure=PROCEDURE, calendar=CALENDAR, now=MONDAY) == ()
