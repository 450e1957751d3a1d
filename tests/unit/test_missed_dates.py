"""A date that was missed stays alive until it is met: staff are told again and again, and the complainant is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from domain.acts.letters import PrepareLetter
from domain.acts.new_date import SendInterimResponse
from domain.acts.waking import BreachesAdmitted, BreachesChased, DeadlineBreached, Wake
from domain.calendars import LONDON, Limit
from domain.case import COMPLAINANT, SYSTEM
from domain.event import Event
from domain.procedure import Procedure
from domain.provisions import LastResort, MissedDates
from domain.words import Writing
from tests.rules import wakes
from tests.unit.invented import CALENDAR, MONDAY, PROCEDURE, case_of, looked_into, outcome, then, told

A_YEAR = timedelta(days=365)
MISSED_AT = datetime(2026, 11, 17, 0, 0, tzinfo=UTC)
"""The first moment after the last day of the first stage's outcome, a Monday."""


def left_alone(until: datetime, procedure: Procedure = PROCEDURE) -> tuple[Event, ...]:
    """A complaint that a reviewer has and nobody does anything about, each alarm at its own time."""
    events = looked_into(procedure)
    while (wake := wakes(case_of(events), procedure, CALENDAR)[0]).at <= until:
        events = then(events, Wake(), at=wake.at, procedure=procedure)
    return events


def chased(events: tuple[Event, ...]) -> list[BreachesChased]:
    return [event for event in events if isinstance(event, BreachesChased)]


def test_staff_are_told_weekly_for_four_weeks_and_then_every_four_weeks() -> None:
    """The distances where the procedure sets none; a public holiday or a weekend moves a telling to the next
    working day."""
    days = [event.at.astimezone(LONDON).date() for event in chased(left_alone(MISSED_AT + A_YEAR))]
    assert days[:6] == [
        date(2026, 11, 24),
        date(2026, 12, 1),
        date(2026, 12, 8),
        date(2026, 12, 15),
        date(2027, 1, 12),
        date(2027, 2, 9),
    ]
    assert len(days) == 4 + 12


def test_nobody_is_told_again_at_night_or_on_a_day_off() -> None:
    """Nine in the morning of a working day, whatever day the date was missed on."""
    for event in left_alone(MISSED_AT + A_YEAR):
        if isinstance(event, BreachesChased | BreachesAdmitted):
            assert event.at.astimezone(LONDON).hour == 9
            assert CALENDAR.is_working_day(event.at.astimezone(LONDON).date())


def test_each_time_those_are_told_whose_move_it_is_and_those_over_them() -> None:
    """The reviewer cannot be the only one who knows."""
    events = left_alone(MISSED_AT + A_YEAR)
    over = {person.id for person in PROCEDURE.holders(PROCEDURE.escalates_to)}
    for number, event in enumerate(events):
        if isinstance(event, BreachesChased):
            heard = {
                tell.person
                for tell in told(events[:number], events[: number + 1])
                if tell.person != COMPLAINANT
            }
            assert heard == {"manager-1", *over}


def test_who_is_late_is_not_the_only_one_who_hears_although_breaches_go_to_them() -> None:
    """There is somebody one level up for them too: the last resort, from the first telling on."""
    alone = tuple(
        replace(person, roles=("board",)) if person.id == "manager-2" else person
        for person in PROCEDURE.people
    )
    procedure = replace(
        PROCEDURE,
        people=alone,
        escalates_to="manager",
        last_resort=LastResort(role="governor", own_target="Ours."),
    )
    events = left_alone(MISSED_AT + timedelta(days=60), procedure)
    told_of = [
        {tell.person for tell in told(events[:number], events[: number + 1], procedure)} - {COMPLAINANT}
        for number, event in enumerate(events)
        if isinstance(event, DeadlineBreached | BreachesChased)
    ]
    assert len(told_of) > 2
    assert all(heard == {"manager-1", "chair", "governor"} for heard in told_of)


def test_who_is_late_is_told_with_the_others_whom_breaches_go_to() -> None:
    """As long as one of these is not late, nobody further up is asked."""
    procedure = replace(
        PROCEDURE, escalates_to="manager", last_resort=LastResort(role="governor", own_target="Ours.")
    )
    events = left_alone(MISSED_AT, procedure)
    heard = {tell.person for tell in told(events[:-1], events, procedure)}
    assert heard == {"manager-1", "manager-2"}


def test_the_complainant_is_told_the_next_working_morning_and_then_from_time_to_time() -> None:
    """Once when it was missed, and again with every rare telling, so that nobody thinks it is forgotten."""
    events = left_alone(MISSED_AT + A_YEAR)
    heard = [
        event.at
        for number, event in enumerate(events)
        for tell in told(events[:number], events[: number + 1])
        if tell.notice == "missed-date"
    ]
    assert heard[0] == datetime(2026, 11, 17, 9, tzinfo=UTC)
    assert heard[1] == datetime(2027, 1, 12, 9, tzinfo=UTC)
    assert len(heard) == 1 + 12


def test_a_new_date_that_is_given_first_is_what_the_complainant_hears() -> None:
    """Whoever gives the reason and a date before the morning has told them already; that the first date was missed
    stays on the case."""
    events = left_alone(MISSED_AT)
    interim = SendInterimResponse(
        by="manager-1",
        stage="first",
        respond_by=date(2026, 11, 30),
        message=Writing("interim", {"message": "We wait for the fire officer's report."}),
    )
    events = then(events, interim, at=MISSED_AT + timedelta(hours=8))
    events = then(events, Wake(), at=MISSED_AT + timedelta(days=3))
    assert not [event for event in events if isinstance(event, BreachesAdmitted)]
    assert [(breach.deadline, breach.due_at) for breach in case_of(events).breaches] == [
        ("first/respond", MISSED_AT)
    ]


def test_what_is_met_is_not_told_again() -> None:
    """The outcome ends it, and the next thing to wake for is the reply."""
    events = left_alone(MISSED_AT + timedelta(days=20))
    events = then(events, outcome("manager-1", "first"), at=MISSED_AT + timedelta(days=20))
    waking = [wake.deadline for wake in wakes(case_of(events), PROCEDURE, CALENDAR)]
    assert waking == ["first/reply"]


def test_a_second_date_that_is_missed_starts_the_weekly_telling_anew() -> None:
    """A case in which something new is missed is looked at as often as any other."""
    events = left_alone(MISSED_AT + timedelta(days=120))
    interim = SendInterimResponse(
        by="manager-1",
        stage="first",
        respond_by=date(2027, 4, 1),
        message=Writing("interim", {"message": "We wait for the fire officer's report."}),
    )
    events = then(events, interim, at=MISSED_AT + timedelta(days=121))
    events = then(events, Wake(), at=datetime(2027, 4, 1, 23, tzinfo=UTC))
    assert isinstance(events[-1], DeadlineBreached)
    (again,) = (
        wake for wake in wakes(case_of(events), PROCEDURE, CALENDAR) if wake.deadline == "first/missed"
    )
    assert again.index == 0
    assert again.at < datetime(2027, 4, 13, tzinfo=UTC)


def test_a_procedure_sets_how_often_people_are_told() -> None:
    """Every two days, twice, and then every month."""
    often = MissedDates(
        tell_again=Limit(2, "days"), times=2, then_every=Limit(1, "months"), own_target="The board's wish."
    )
    events = left_alone(MISSED_AT + timedelta(days=60), replace(PROCEDURE, missed_dates=often))
    days = [event.at.astimezone(LONDON).date() for event in chased(events)]
    assert days == [date(2026, 11, 19), date(2026, 11, 23), date(2026, 12, 23)]


def test_a_system_that_stood_still_tells_once() -> None:
    """A month without alarms is made up for by one telling, not by four."""
    events = left_alone(MISSED_AT)
    events = then(events, Wake(), at=MISSED_AT + timedelta(days=40, hours=12))
    assert len(chased(events)) == 1
    assert len([event for event in events if isinstance(event, BreachesAdmitted)]) == 1


def test_nothing_is_done_by_anybody_but_the_system() -> None:
    """A telling is nobody's act."""
    assert {event.by for event in left_alone(MISSED_AT + A_YEAR) if event.at > MONDAY} == {SYSTEM}


def test_letters_of_a_missed_date_do_not_pile_up() -> None:
    """Where it goes by post, the next one is written once the last one was posted."""
    events = left_alone(MISSED_AT + timedelta(days=1))
    events = then(
        events,
        PrepareLetter(letter="000009-0", notice="missed-date"),
        at=MISSED_AT + timedelta(days=1),
    )
    waiting = events
    while (wake := wakes(case_of(events), PROCEDURE, CALENDAR)[0]).at <= MISSED_AT + A_YEAR:
        events = then(events, Wake(), at=wake.at)
    heard = {
        tell.notice
        for number in range(len(waiting), len(events))
        for tell in told(events[:number], events[: number + 1])
    }
    assert "breach-again" in heard
    assert "missed-date" not in heard
