"""A clock that stands still while somebody is waited for: no day is added by restarting it, and none is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.acts.assignment import AssignReviewers
from domain.acts.consent import RecordConsent
from domain.acts.new_date import SendInterimResponse
from domain.acts.questions import AnswerQuestions, AskQuestion
from domain.acts.recounting import Recount
from domain.acts.reply import Reply
from domain.acts.written_form import AskForWrittenForm, SendWrittenForm, WaiveWrittenForm
from domain.calendars import LONDON, Calendar, DayOne, Limit, Period, Unit
from domain.case import COMPLAINANT, Case
from domain.command import Command
from domain.counting import count
from domain.deadlines import deadlines
from domain.errors import Incomplete
from domain.event import Event
from domain.ladder import Pause
from domain.procedure import WrittenForm
from domain.words import Writing
from tests.rules import decide, promised, wakes
from tests.unit.invented import (
    CALENDAR,
    PROCEDURE,
    REF,
    case_of,
    looked_into,
    outcome,
    then,
    with_pause,
    with_rule,
)

PAUSING = with_pause(PROCEDURE)

quick = settings(max_examples=60, deadline=None)

REGION = Calendar(
    "anywhere",
    ((date(2026, 12, 25), "Christmas Day"), (date(2027, 1, 1), "New Year's Day")),
    known_from=date(2026, 1, 1),
    known_until=date(2028, 12, 31),
    terms=(Period(date(2026, 1, 5), date(2028, 6, 30), "the term"),),
    closures=(Period(date(2026, 10, 26), date(2026, 10, 30), "half-term"),),
)

starts = st.integers(0, 200 * 24 * 60).map(
    lambda minutes: datetime(2026, 7, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
waits = st.lists(
    st.tuples(st.integers(1, 60), st.integers(0, 12)).map(
        lambda one: (timedelta(days=one[0]), timedelta(days=one[0] + one[1]))
    ),
    max_size=4,
)


def periods(start: datetime, waiting: list[tuple[timedelta, timedelta]]) -> tuple[Period, ...]:
    day = start.astimezone(LONDON).date()
    return tuple(Period(day + first, day + last, "waiting") for first, last in waiting)


@quick
@given(starts, st.integers(1, 30), waits, st.sampled_from(("working-days", "school-days")))
def test_so_many_days_count_as_without_a_pause(
    start: datetime, number: int, waiting: list[tuple[timedelta, timedelta]], unit: Unit
) -> None:
    """Up to the last day there are as many counted days outside the pauses as the limit has: none added, none lost."""
    paused = periods(start, waiting)
    due = count((Limit(number, unit),), start, calendar=REGION, paused=paused)
    counts = REGION.is_working_day if unit == "working-days" else REGION.is_school_day
    first = start.astimezone(LONDON).date() + timedelta(days=1)
    days = [first + timedelta(days=one) for one in range((due.due - first).days + 1)]
    counted = [day for day in days if counts(day) and not any(day in one for one in paused)]

    assert len(counted) == number
    assert counted[-1] == due.due
    assert [step.day for step in due.steps] == [day for day in days if day not in counted]


@quick
@given(starts, st.integers(1, 8), waits, st.sampled_from(("days", "weeks", "months", "years")), st.booleans())
def test_a_calendar_period_moves_on_by_each_day_of_waiting(
    start: datetime, number: int, waiting: list[tuple[timedelta, timedelta]], unit: Unit, same_day: bool
) -> None:
    """Its end lies as many days later as days were waited for within it."""
    paused = periods(start, waiting)
    day_one: DayOne = "same-day" if same_day else "next-day"
    limit = Limit(1 if unit == "years" else number, unit, day_one=day_one)
    plain = count((limit,), start, calendar=REGION)
    due = count((limit,), start, calendar=REGION, paused=paused)
    first = start.astimezone(LONDON).date() + timedelta(days=1)
    days = [first + timedelta(days=one) for one in range((due.due - first).days + 1)]
    waited = [day for day in days if any(day in one for one in paused)]

    assert (due.due - plain.due).days == len(waited)
    assert [step.day for step in due.steps] == waited
    assert not any(due.due in one for one in paused)


@quick
@given(starts, st.integers(1, 100), waits)
def test_hours_do_not_run_on_days_of_waiting(
    start: datetime, number: int, waiting: list[tuple[timedelta, timedelta]]
) -> None:
    """So many hours pass on working days on which nobody was waited for."""
    paused = periods(start, waiting)
    due = count((Limit(number, "working-hours"),), start, calendar=REGION, paused=paused)
    local, end = start.astimezone(LONDON).replace(tzinfo=None), due.due_at.replace(tzinfo=None)
    passed, day = timedelta(), local.date()
    while day <= end.date():
        midnight = datetime.combine(day, datetime.min.time())
        if REGION.is_working_day(day) and not any(day in one for one in paused):
            passed += min(end, midnight + timedelta(days=1)) - max(local, midnight)
        day += timedelta(days=1)

    assert passed == timedelta(hours=number)


def begun() -> tuple[Event, ...]:
    """Acknowledged and assigned on Monday 2 November: ten working days end on Monday the 16th."""
    return looked_into(PAUSING)


def ask(events: tuple[Event, ...], at: datetime, question: str = "question-1") -> tuple[Event, ...]:
    asked = AskQuestion(by="manager-1", stage="first", question=Writing(question, {"question": "When?"}))
    return then(events, asked, at=at, procedure=PAUSING)


def answered(events: tuple[Event, ...], at: datetime, question: str = "question-1") -> tuple[Event, ...]:
    answers = Writing(f"answer-{question}", {question: "Then."})
    return then(
        events, AnswerQuestions(by=COMPLAINANT, stage="first", answers=answers), at=at, procedure=PAUSING
    )


def due_of(case: Case) -> date:
    return next(one.due.due for one in deadlines(case, PAUSING, CALENDAR) if one.rule.name == "respond")


def on(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)


def test_the_days_between_question_and_answer_do_not_count() -> None:
    """Asked on Tuesday, answered on Thursday: Wednesday and Thursday are not counted, and it says so."""
    events = begun()
    assert due_of(case_of(events)) == date(2026, 11, 16)
    events = answered(ask(events, on(3)), on(5))
    assert due_of(case_of(events)) == date(2026, 11, 18)
    (respond,) = (one for one in deadlines(case_of(events), PAUSING, CALENDAR) if one.rule.name == "respond")
    waited = [step.day.day for step in respond.due.steps if "answer to our question" in step.reason]
    assert waited == [4, 5]


def test_an_answer_on_the_same_day_holds_nothing() -> None:
    """Nothing is gained by asking what is answered at once."""
    assert due_of(case_of(answered(ask(begun(), on(3, 9)), on(3, 17)))) == date(2026, 11, 16)


def test_no_wait_holds_the_time_for_ever() -> None:
    """Without an answer the clock goes on after the longest time that the procedure allows: five working days."""
    events = ask(begun(), on(3))
    assert due_of(case_of(events)) == date(2026, 11, 23)
    # An answer that comes later than that changes nothing any more.
    assert due_of(case_of(answered(events, on(12)))) == date(2026, 11, 23)
    assert [one.at.date() for one in wakes(case_of(events), PAUSING, CALENDAR)] == [date(2026, 11, 18)]


def test_two_questions_at_once_hold_the_time_once() -> None:
    """A day on which two answers are waited for is one day."""
    events = ask(ask(begun(), on(3)), on(4), "question-2")
    events = answered(answered(events, on(5)), on(6), "question-2")
    assert due_of(case_of(events)) == date(2026, 11, 19)


def test_the_days_of_waiting_for_consent_do_not_count() -> None:
    """Somebody writes for the complainant: the time stands still until the consent is recorded, for five working days
    at most, and each day says why."""
    events = looked_into(PAUSING, by="office-1")
    # On Monday it came in; without a word the time goes on on the next Tuesday.
    assert due_of(case_of(events)) == date(2026, 11, 23)
    words = Writing("consent", {"consent": "By telephone."})
    consent = RecordConsent(by="manager-1", stage="first", consent=words)
    events = then(events, consent, at=on(4), procedure=PAUSING)
    assert due_of(case_of(events)) == date(2026, 11, 18)
    (respond,) = (one for one in deadlines(case_of(events), PAUSING, CALENDAR) if one.rule.name == "respond")
    waited = [step.day.day for step in respond.due.steps if "consent" in step.reason]
    assert waited == [3, 4]


def test_the_days_of_waiting_for_the_complaint_in_writing_do_not_count() -> None:
    """From when the form was asked for until it came, or until it was decided to go on without; asked for once more,
    what was waited for before still does not count."""
    pause = Pause(waiting_for=("written-form",), at_most=Limit(5, "working-days"), source="2")
    writing = replace(
        with_rule(PROCEDURE, "respond", pause=pause),
        forms=tuple(
            replace(form, written=WrittenForm(remind_after=Limit(5, "working-days"), source="1"))
            for form in PROCEDURE.forms
        ),
    )

    def last_day(events: tuple[Event, ...]) -> date:
        found = deadlines(case_of(events), writing, CALENDAR)
        return next(one.due.due for one in found if one.rule.name == "respond")

    def act(events: tuple[Event, ...], command: Command, day: int) -> tuple[Event, ...]:
        return then(events, command, at=on(day), procedure=writing)

    events = looked_into(writing, by="office-1")
    assert last_day(events) == date(2026, 11, 16)
    reason = Writing("ask-form", {"reason": "We have only a scrap of paper."})
    asked = act(events, AskForWrittenForm(by="office-1", stage="first", reason=reason), 3)
    assert last_day(asked) == date(2026, 11, 23)
    answers = Writing("written", {"name": "Canary"})
    here = SendWrittenForm(by=COMPLAINANT, stage="first", answers=answers, aspects=2)
    assert last_day(act(asked, here, 5)) == date(2026, 11, 18)
    waived = WaiveWrittenForm(by="office-1", stage="first", goes_on=True, reason=reason)
    without = act(asked, waived, 4)
    assert last_day(without) == date(2026, 11, 17)
    again = act(without, AskForWrittenForm(by="office-1", stage="first", reason=reason), 5)
    assert last_day(act(again, here, 6)) == date(2026, 11, 18)


def test_what_the_procedure_does_not_name_holds_nothing() -> None:
    """Where only answers are waited for, consent that is not there leaves the date as it is."""
    answers_alone = with_rule(
        PAUSING,
        "respond",
        pause=Pause(waiting_for=("answers",), at_most=Limit(5, "working-days"), source="2"),
    )
    found = deadlines(case_of(looked_into(answers_alone, by="office-1")), answers_alone, CALENDAR)
    assert next(one.due.due for one in found if one.rule.name == "respond") == date(2026, 11, 16)


def test_where_the_procedure_says_nothing_no_clock_stands_still() -> None:
    """The same question under the procedure without a pause leaves the date as it is."""
    events = ask(begun(), on(3))
    found = deadlines(case_of(events), PROCEDURE, CALENDAR)
    assert next(one.due.due for one in found if one.rule.name == "respond") == date(2026, 11, 16)


@quick
@given(st.lists(st.tuples(st.integers(0, 13), st.integers(0, 13)), max_size=4))
def test_the_date_is_within_what_was_waited_for(waiting: list[tuple[int, int]]) -> None:
    """It never ends before the date without questions, and never later by more than the working days of waiting. To
    count it again with the same calendar moves nothing."""
    events = begun()
    acts = sorted(
        (on(3) + timedelta(days=day), answer, f"question-{number}")
        for number, (asked, waited) in enumerate(waiting)
        for answer, day in ((0, asked), (1, asked + waited))
    )
    for at, is_answer, question in acts:
        events = (answered if is_answer else ask)(events, at, question)
    case = case_of(events)
    longest = sum(waited for _, waited in waiting)

    assert date(2026, 11, 16) <= due_of(case) <= date(2026, 11, 16) + timedelta(days=2 * longest + 7)
    dates = Recount(promised=promised(case, PAUSING, CALENDAR))
    assert decide(case, dates, ref=REF, procedure=PAUSING, calendar=CALENDAR, now=on(4)) == ()


@quick
@given(st.dates(date(2026, 10, 1), date(2027, 3, 1)), st.booleans())
def test_an_extension_never_shortens(day: date, waits_too: bool) -> None:
    """Whatever day is given: it is later than the date that ran, or it is refused and the date stays."""
    events = ask(begun(), on(3)) if waits_too else begun()
    before = due_of(case_of(events))
    message = Writing("interim", {"message": "More time is needed."})
    command = SendInterimResponse(by="manager-1", stage="first", respond_by=day, message=message)
    try:
        events = then(events, command, at=on(4), procedure=PAUSING)
    except Incomplete:
        assert day <= before
    else:
        assert due_of(case_of(events)) == day > before


def test_who_goes_on_says_why_where_the_procedure_asks_for_it() -> None:
    """Without reasons it is refused and names the field; to be satisfied takes none."""
    events = then(begun(), outcome("manager-1", "first"), at=on(4), procedure=PAUSING)
    with pytest.raises(Incomplete) as caught:
        then(events, Reply(by=COMPLAINANT, stage="first", answer="escalate"), at=on(5), procedure=PAUSING)
    assert [one.field for one in caught.value.missing] == ["reasons"]
    satisfied = Reply(by=COMPLAINANT, stage="first", answer="satisfied")
    assert case_of(then(events, satisfied, at=on(5), procedure=PAUSING)).ended == "satisfied"


def test_several_reviewers_have_somebody_who_heads_them() -> None:
    """Who leaves out the head is told whom it takes; the head stands first, whatever the order on the page."""
    events = then(begun(), outcome("manager-1", "first"), at=on(4), procedure=PAUSING)
    why = Writing("why", {"reasons": "It is not settled."})
    reply = Reply(by=COMPLAINANT, stage="first", answer="escalate", reasons=why)
    events = then(events, reply, at=on(5), procedure=PAUSING)

    def assign(*reviewers: str) -> AssignReviewers:
        return AssignReviewers(by="office-1", stage="second", reviewers=reviewers)

    with pytest.raises(Incomplete, match="One of them has to be the head of the board"):
        then(events, assign("board-1", "manager-2"), at=on(6), procedure=PAUSING)
    events = then(events, assign("board-1", "board-2"), at=on(6), procedure=PAUSING)
    assert case_of(events).current.reviewers == ("board-2", "board-1")
