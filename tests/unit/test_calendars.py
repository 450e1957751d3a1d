"""Counting time, with real dates and against an independent slow counter.

Easter 2026: Good Friday 3 April, Easter Monday 6 April. Christmas 2026: Friday 25 December, and Monday 28 for
Boxing Day. The clocks change on 29 March and 25 October 2026. 2028 is a leap year.
"""

# what is expected comes first

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from domain import calendars
from domain.calendars import (
    LONDON,
    BeyondHorizon,
    Calendar,
    CalendarError,
    DayOne,
    Due,
    Limit,
    NaiveInstant,
    Period,
    SkippedDay,
    TermsUnknown,
    Unit,
    end_of,
    last_day_before,
    spell_day,
    spell_limit,
    to_london,
)
from domain.counting import before, count

# The shared machine is slow at times; how long an example takes says nothing about the counting.
unhurried = settings(deadline=None)

HOLIDAYS = (
    (date(2026, 1, 1), "New Year's Day"),
    (date(2026, 4, 3), "Good Friday"),
    (date(2026, 4, 6), "Easter Monday"),
    (date(2026, 5, 4), "Early May bank holiday"),
    (date(2026, 5, 25), "Spring bank holiday"),
    (date(2026, 8, 31), "Summer bank holiday"),
    (date(2026, 12, 25), "Christmas Day"),
    (date(2026, 12, 28), "Boxing Day (substitute day)"),
    (date(2027, 1, 1), "New Year's Day"),
    (date(2027, 3, 26), "Good Friday"),
    (date(2027, 3, 29), "Easter Monday"),
    (date(2027, 5, 3), "Early May bank holiday"),
    (date(2027, 5, 31), "Spring bank holiday"),
    (date(2027, 8, 30), "Summer bank holiday"),
    (date(2027, 12, 27), "Christmas Day (substitute day)"),
    (date(2027, 12, 28), "Boxing Day (substitute day)"),
    (date(2028, 1, 3), "New Year's Day (substitute day)"),
    (date(2028, 4, 14), "Good Friday"),
    (date(2028, 4, 17), "Easter Monday"),
    (date(2028, 5, 1), "Early May bank holiday"),
    (date(2028, 5, 29), "Spring bank holiday"),
    (date(2028, 8, 28), "Summer bank holiday"),
    (date(2028, 12, 25), "Christmas Day"),
    (date(2028, 12, 26), "Boxing Day"),
)
TERMS = (
    Period(date(2026, 1, 5), date(2026, 2, 13), "first half of spring term 2026"),
    Period(date(2026, 2, 23), date(2026, 3, 27), "second half of spring term 2026"),
    Period(date(2026, 4, 13), date(2026, 7, 21), "summer term 2026"),
    Period(date(2026, 9, 2), date(2026, 10, 23), "first half of autumn term 2026"),
    Period(date(2026, 11, 2), date(2026, 12, 18), "second half of autumn term 2026"),
    Period(date(2027, 1, 4), date(2027, 3, 25), "spring term 2027"),
    Period(date(2027, 4, 12), date(2027, 7, 21), "summer term 2027"),
)
CLOSURES = (
    Period(date(2026, 6, 26), date(2026, 6, 26), "training day"),
    Period(date(2027, 2, 15), date(2027, 2, 19), "half-term"),
)
WORKING = Calendar("england-and-wales", HOLIDAYS, known_from=date(2026, 1, 1), known_until=date(2028, 12, 31))
SCHOOL = Calendar(
    "england-and-wales",
    HOLIDAYS,
    known_from=date(2026, 1, 1),
    known_until=date(2028, 12, 31),
    terms=TERMS,
    closures=CLOSURES,
)


def london(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=LONDON)


def count_one(
    number: int, unit: Unit, start: datetime, *, day_one: DayOne = "next-day", roll: bool = False
) -> Due:
    return count((Limit(number, unit, day_one=day_one, roll=roll),), start, calendar=SCHOOL)


# Working days


def test_day_1_is_the_day_after_and_the_last_day_counts_to_its_end() -> None:
    """One working day from a Tuesday evening ends when Wednesday does."""
    assert (
        Due(
            date(2026, 12, 16),
            london(2026, 12, 17),
            steps=(),
            counted="1 working day after Tuesday 15 December 2026, day 1 being Wednesday 16 December",
        )
    ) == count_one(1, "working-days", london(2026, 12, 15, 18, 40))


def test_the_minute_of_the_event_does_not_matter_to_whole_days() -> None:
    """The first and the last minute of one day lead to the same end."""
    early = count_one(10, "working-days", london(2026, 12, 15, 0, 0))
    late = count_one(10, "working-days", london(2026, 12, 15, 23, 59))
    assert early == late


def test_ten_working_days_over_christmas_name_every_day_skipped() -> None:
    """Weekends, Christmas Day, the substitute for Boxing Day and New Year's Day are each explained."""
    due = count_one(10, "working-days", london(2026, 12, 18, 9, 0))
    assert (date(2027, 1, 6), london(2027, 1, 7)) == (due.due, due.due_at)
    assert (
        SkippedDay(date(2026, 12, 19), "Saturday"),
        SkippedDay(date(2026, 12, 20), "Sunday"),
        SkippedDay(date(2026, 12, 25), "public holiday: Christmas Day"),
        SkippedDay(date(2026, 12, 26), "Saturday"),
        SkippedDay(date(2026, 12, 27), "Sunday"),
        SkippedDay(date(2026, 12, 28), "public holiday: Boxing Day (substitute day)"),
        SkippedDay(date(2027, 1, 1), "public holiday: New Year's Day"),
        SkippedDay(date(2027, 1, 2), "Saturday"),
        SkippedDay(date(2027, 1, 3), "Sunday"),
    ) == due.steps
    assert "10 working days after Friday 18 December 2026, day 1 being Monday 21 December" == due.counted


def test_thirty_working_days_from_a_december_evening() -> None:
    """A complaint of 15 December 2026 is to be answered by 29 January 2027."""
    due = count_one(30, "working-days", london(2026, 12, 15, 18, 40))
    assert (date(2027, 1, 29), london(2027, 1, 30)) == (due.due, due.due_at)


def test_three_working_days_over_easter() -> None:
    """From Maundy Thursday 2026 the next three working days are Tuesday to Thursday."""
    due = count_one(3, "working-days", london(2026, 4, 2, 16, 50))
    assert date(2026, 4, 9) == due.due
    assert ["public holiday: Good Friday", "Saturday", "Sunday", "public holiday: Easter Monday"] == [
        step.reason for step in due.steps
    ]


def test_day_1_is_told_with_its_year_when_that_is_another() -> None:
    """Nobody has to guess which January is meant."""
    due = count_one(1, "working-days", london(2026, 12, 31, 12, 0))
    assert "1 working day after Thursday 31 December 2026, day 1 being Monday 4 January 2027" == due.counted


def test_from_a_day_off_the_next_working_day_is_day_1() -> None:
    """What happens on a Saturday is counted from Monday on."""
    due = count_one(1, "working-days", london(2026, 11, 28, 11, 0))
    assert (date(2026, 11, 30), (SkippedDay(date(2026, 11, 29), "Sunday"),)) == (due.due, due.steps)


def test_no_working_days_end_with_the_day_itself() -> None:
    """A count of 0 is the end of the event's own day, even of a Sunday."""
    due = count_one(0, "working-days", london(2026, 11, 29, 11, 0))
    assert (date(2026, 11, 29), london(2026, 11, 30), ()) == (due.due, due.due_at, due.steps)
    assert "the end of Sunday 29 November 2026" == due.counted


def test_the_same_day_can_be_day_1() -> None:
    """Three working days that begin with a Tuesday end on Thursday."""
    due = count_one(3, "working-days", london(2026, 12, 15, 9, 0), day_one="same-day")
    assert date(2026, 12, 17) == due.due
    assert (
        "3 working days beginning with Tuesday 15 December 2026, day 1 being Tuesday 15 December"
        == due.counted
    )


def test_a_same_day_that_is_a_day_off_cannot_be_day_1() -> None:
    """One working day that begins with a Saturday is Monday, and both days before are explained."""
    due = count_one(1, "working-days", london(2026, 11, 28, 9, 0), day_one="same-day")
    assert date(2026, 11, 30) == due.due
    assert (SkippedDay(date(2026, 11, 28), "Saturday"), SkippedDay(date(2026, 11, 29), "Sunday")) == due.steps


# School days


def test_three_school_days_over_half_term_end_a_week_later_than_working_days() -> None:
    """From the last day before half-term, school days begin with the Monday after it."""
    due = count_one(3, "school-days", london(2026, 10, 23, 15, 10))
    gap = "not in term: between first half of autumn term 2026 and second half of autumn term 2026"
    assert date(2026, 11, 4) == due.due
    assert ("Saturday", "Sunday", gap, gap, gap, gap, gap, "Saturday", "Sunday") == tuple(
        step.reason for step in due.steps
    )
    assert "3 school days after Friday 23 October 2026, day 1 being Monday 2 November" == due.counted


def test_a_closure_in_term_is_no_school_day() -> None:
    """A training day is skipped under its own name."""
    due = count_one(1, "school-days", london(2026, 6, 25, 10, 0))
    assert date(2026, 6, 29) == due.due
    assert SkippedDay(date(2026, 6, 26), "closed: training day") == due.steps[0]


def test_a_public_holiday_in_term_is_no_school_day() -> None:
    """The May bank holiday is one even though the school's calendar says nothing of it."""
    assert "public holiday: Early May bank holiday" == SCHOOL.why_not_school(date(2026, 5, 4))


def test_the_first_and_the_last_day_of_a_term_are_school_days() -> None:
    """A term includes both its ends, the first term of all and the last too."""
    assert SCHOOL.is_school_day(date(2026, 1, 5))
    assert SCHOOL.is_school_day(date(2027, 7, 21))
    assert SCHOOL.is_school_day(date(2026, 9, 2))
    assert SCHOOL.is_school_day(date(2026, 10, 23))
    assert not SCHOOL.is_school_day(date(2026, 9, 1))


def test_terms_may_be_listed_in_any_order_and_overlap() -> None:
    """How a school sorts its list, or repeats itself in it, changes no day."""
    muddled = Calendar(
        "england-and-wales",
        HOLIDAYS,
        known_from=date(2026, 1, 1),
        known_until=date(2028, 12, 31),
        terms=(
            *reversed(TERMS),
            Period(date(2026, 1, 5), date(2026, 3, 27), "spring term 2026"),
            Period(date(2027, 4, 1), date(2027, 7, 23), "summer term 2027, days for staff included"),
        ),
        closures=CLOSURES,
    )
    assert muddled.is_school_day(date(2026, 2, 16))
    assert "not in term: between spring term 2026 and summer term 2026" == muddled.why_not_school(
        date(2026, 3, 30)
    )
    assert muddled.is_school_day(date(2027, 7, 23))


@pytest.mark.parametrize("day", [date(2026, 1, 2), date(2027, 7, 22), date(2027, 7, 24)])
def test_outside_the_known_terms_nobody_can_tell_a_school_day(day: date) -> None:
    """Before the first term and after the last the calendar refuses, on weekends too."""
    with pytest.raises(TermsUnknown) as refused:
        SCHOOL.is_school_day(day)
    assert (
        "The terms are known from Monday 5 January 2026 to Wednesday 21 July 2027,"
        f" so school days cannot be counted over {spell_day(day)}." == str(refused.value)
    )


def test_school_days_do_not_run_on_past_the_last_known_term() -> None:
    """Two school days from the last but one day of the last term are refused, one is not."""
    assert date(2027, 7, 21) == count_one(1, "school-days", london(2027, 7, 20, 9, 0)).due
    with pytest.raises(TermsUnknown) as refused:
        count_one(2, "school-days", london(2027, 7, 20, 9, 0))
    assert date(2027, 7, 22) == refused.value.day


def test_without_terms_there_are_no_school_days() -> None:
    """A calendar without terms says so."""
    with pytest.raises(TermsUnknown, match=r"^No terms are known, so school days cannot be counted over"):
        count((Limit(1, "school-days"),), london(2026, 5, 6, 9, 0), calendar=WORKING)


# Hours on working days


def test_forty_eight_hours_from_friday_afternoon_end_on_tuesday_afternoon() -> None:
    """Friday 15:00 leaves nine hours; Monday has 24, Tuesday the last 15."""
    due = count_one(48, "working-hours", london(2026, 12, 4, 15, 0))
    assert (date(2026, 12, 8), london(2026, 12, 8, 15, 0)) == (due.due, due.due_at)
    assert (SkippedDay(date(2026, 12, 5), "Saturday"), SkippedDay(date(2026, 12, 6), "Sunday")) == due.steps
    assert "48 hours on working days after 15:00 on Friday 4 December 2026" == due.counted


def test_forty_eight_hours_from_saturday_end_with_tuesday() -> None:
    """From a day off, the hours start with Monday; the first moment too late is Wednesday's midnight."""
    due = count_one(48, "working-hours", london(2026, 11, 28, 11, 20))
    assert (date(2026, 12, 1), london(2026, 12, 2)) == (due.due, due.due_at)
    assert (SkippedDay(date(2026, 11, 28), "Saturday"), SkippedDay(date(2026, 11, 29), "Sunday")) == due.steps
    assert (
        "48 hours on working days after 11:20 on Saturday 28 November 2026,"
        " from the start of Monday 30 November" == due.counted
    )


def test_forty_eight_hours_from_christmas_eve_end_on_wednesday() -> None:
    """Christmas Day, the weekend and the substitute day for Boxing Day have no hours."""
    due = count_one(48, "working-hours", london(2026, 12, 24, 15, 0))
    assert london(2026, 12, 30, 15, 0) == due.due_at
    assert [25, 26, 27, 28] == [step.day.day for step in due.steps]


def test_hours_that_fill_a_day_end_with_it_and_not_after_the_weekend() -> None:
    """Nine hours from Friday 15:00 are over at Friday's midnight."""
    due = count_one(9, "working-hours", london(2026, 12, 4, 15, 0))
    assert (date(2026, 12, 4), london(2026, 12, 5), ()) == (due.due, due.due_at, due.steps)


def test_hours_keep_seconds() -> None:
    """The instant is exact."""
    start = datetime(2026, 12, 1, 10, 0, 59, 123456, tzinfo=LONDON)
    assert start + timedelta(days=1) == count_one(24, "working-hours", start).due_at


@pytest.mark.parametrize(
    ("friday", "offset"), [(date(2026, 3, 27), timedelta(hours=1)), (date(2026, 10, 23), timedelta(0))]
)
def test_hours_across_a_clock_change_end_at_the_same_time_of_day(friday: date, offset: timedelta) -> None:
    """The changed Sunday has no hours: 24 from Friday 15:00 end on Monday 15:00, by the new clock."""
    due = count_one(24, "working-hours", london(friday.year, friday.month, friday.day, 15, 0))
    assert (friday + timedelta(days=3), 15, offset) == (due.due, due.due_at.hour, due.due_at.utcoffset())


def test_autumns_repeated_hour_leads_to_one_end() -> None:
    """Half past one comes twice on 25 October 2026; hours start with Monday after either."""
    once = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    again = once + timedelta(hours=1)
    assert (1, 1) == (to_london(once).hour, to_london(again).hour)
    dues = [count_one(48, "working-hours", moment).due_at for moment in (once, again)]
    assert [london(2026, 10, 28), london(2026, 10, 28)] == dues


# Days, weeks, months and years


@pytest.mark.parametrize(
    ("number", "unit", "start", "due"),
    [
        (14, "days", date(2026, 12, 15), date(2026, 12, 29)),
        (2, "weeks", date(2026, 12, 15), date(2026, 12, 29)),
        (8, "weeks", date(2026, 12, 15), date(2027, 2, 9)),
        (1, "months", date(2026, 12, 18), date(2027, 1, 18)),
        (1, "months", date(2027, 1, 31), date(2027, 2, 28)),
        (1, "months", date(2028, 1, 31), date(2028, 2, 29)),
        (1, "months", date(2026, 3, 31), date(2026, 4, 30)),
        (2, "months", date(2027, 12, 31), date(2028, 2, 29)),
        (4, "months", date(2026, 12, 18), date(2027, 4, 18)),
        (12, "months", date(2026, 12, 31), date(2027, 12, 31)),
        (1, "years", date(2028, 2, 29), date(2029, 2, 28)),
        (4, "years", date(2028, 2, 29), date(2032, 2, 29)),
        (5, "years", date(2027, 3, 15), date(2032, 3, 15)),
        (0, "months", date(2027, 1, 31), date(2027, 1, 31)),
    ],
)
def test_a_calendar_period_ends_on_the_same_day_or_the_months_last(
    number: int, unit: Unit, start: date, due: date
) -> None:
    """Weeks, months and years end on the same calendar day, or the month's last day where there is none."""
    end = count_one(number, unit, london(start.year, start.month, start.day, 23, 58))
    assert (due, end_of(due), ()) == (end.due, end.due_at, end.steps)


@pytest.mark.parametrize(
    ("number", "unit", "start", "due"),
    [
        (30, "days", date(2026, 6, 1), date(2026, 6, 30)),
        (1, "days", date(2026, 6, 1), date(2026, 6, 1)),
        (1, "weeks", date(2026, 6, 1), date(2026, 6, 7)),
        (1, "months", date(2026, 6, 1), date(2026, 6, 30)),
        (1, "months", date(2026, 3, 31), date(2026, 4, 30)),
        (1, "months", date(2026, 3, 30), date(2026, 4, 29)),
        (1, "months", date(2027, 1, 28), date(2027, 2, 27)),
        (1, "months", date(2027, 1, 29), date(2027, 2, 28)),
        (1, "months", date(2027, 1, 31), date(2027, 2, 28)),
        (1, "months", date(2027, 2, 1), date(2027, 2, 28)),
        (1, "years", date(2026, 9, 1), date(2027, 8, 31)),
    ],
)
def test_a_calendar_period_that_begins_with_the_day_ends_a_day_sooner(
    number: int, unit: Unit, start: date, due: date
) -> None:
    """With the event's own day as day 1, a month from the 1st is that month, and a week has seven days."""
    start_at = london(start.year, start.month, start.day, 12, 0)
    assert due == count_one(number, unit, start_at, day_one="same-day").due


def test_a_calendar_period_tells_how_it_was_counted() -> None:
    """Plain periods, shorter months and the day that is day 1 each have their words."""
    assert "4 weeks after Friday 5 February 2027" == count_one(4, "weeks", london(2027, 2, 5)).counted
    assert (
        "1 month after Sunday 31 January 2027, to the last day of February 2027, which is shorter"
        == count_one(1, "months", london(2027, 1, 31)).counted
    )
    assert (
        "30 days beginning with Monday 1 June 2026, which is day 1"
        == count_one(30, "days", london(2026, 6, 1), day_one="same-day").counted
    )
    assert "the end of Monday 1 June 2026" == count_one(0, "days", london(2026, 6, 1)).counted


def test_a_calendar_period_stays_on_a_day_off_unless_it_is_to_roll() -> None:
    """Two weeks from 12 December 2026 end on the Saturday after Christmas, or roll to Tuesday the 29th."""
    start = london(2026, 12, 12, 10, 0)
    assert date(2026, 12, 26) == count_one(2, "weeks", start).due
    rolled = count_one(2, "weeks", start, roll=True)
    assert date(2026, 12, 29) == rolled.due
    assert ("Saturday", "Sunday", "public holiday: Boxing Day (substitute day)") == tuple(
        step.reason for step in rolled.steps
    )
    assert (
        "2 weeks after Saturday 12 December 2026, moved on from Saturday 26 December 2026,"
        " which is not a working day" == rolled.counted
    )


def test_a_calendar_period_that_ends_on_a_working_day_has_nothing_to_roll() -> None:
    """Rolling changes neither date nor words where it is not needed."""
    start = london(2026, 12, 1, 10, 0)
    assert count_one(2, "weeks", start) == count_one(2, "weeks", start, roll=True)


# The earlier of several


def test_the_earlier_of_working_and_school_days_is_kept_and_says_of_what() -> None:
    """Three working days end before three school days over half-term, and the sentence names both."""
    limits = (Limit(3, "school-days"), Limit(3, "working-days"))
    due = count(limits, london(2026, 10, 23, 15, 10), calendar=SCHOOL)
    assert (date(2026, 10, 28), ("Saturday", "Sunday")) == (
        due.due,
        tuple(step.reason for step in due.steps),
    )
    assert (
        "the earlier of 3 school days (to Wednesday 4 November 2026) and 3 working days (to Wednesday 28"
        " October 2026): 3 working days after Friday 23 October 2026, day 1 being Monday 26 October"
        == due.counted
    )


def test_the_earliest_of_three_may_be_an_hour() -> None:
    """Hours are compared by the instant, and shown with it."""
    limits = (Limit(1, "months"), Limit(48, "working-hours"), Limit(2, "working-days"))
    due = count(limits, london(2026, 12, 1, 15, 0), calendar=SCHOOL)
    assert london(2026, 12, 3, 15, 0) == due.due_at
    assert (
        "the earliest of 1 month (to Friday 1 January 2027), 48 hours on working days (to 15:00 on Thursday 3"
        " December 2026) and 2 working days (to Thursday 3 December 2026): 48 hours on working days after"
        " 15:00 on Tuesday 1 December 2026" == due.counted
    )


def test_of_two_that_end_together_the_first_explains_the_date() -> None:
    """In term time three working days and three school days are the same three days."""
    limits = (Limit(3, "working-days"), Limit(3, "school-days"))
    due = count(limits, london(2026, 11, 10, 9, 0), calendar=SCHOOL)
    assert date(2026, 11, 13) == due.due
    assert due.counted.endswith(
        ": 3 working days after Tuesday 10 November 2026, day 1 being Wednesday 11 November"
    )


def test_unknown_terms_do_not_matter_where_working_days_end_first_anyway() -> None:
    """School days cannot end before as many working days: without terms the earlier is sure all the same."""
    limits = (Limit(3, "working-days"), Limit(3, "school-days"))
    due = count(limits, london(2027, 8, 4, 9, 0), calendar=SCHOOL)
    assert date(2027, 8, 9) == due.due
    assert (
        "the earlier of 3 working days (to Monday 9 August 2027) and 3 school days (terms unknown, not before"
        " Monday 9 August 2027): 3 working days after Wednesday 4 August 2027, day 1 being Thursday 5 August"
        == due.counted
    )


def test_unknown_terms_matter_where_school_days_could_end_first() -> None:
    """Three school days might end before five working days, so without terms nobody can tell."""
    limits = (Limit(5, "working-days"), Limit(3, "school-days"))
    with pytest.raises(TermsUnknown):
        count(limits, london(2027, 8, 4, 9, 0), calendar=SCHOOL)


def test_no_limits_are_refused() -> None:
    """Something without any limit has no due date."""
    with pytest.raises(ValueError, match="no limit"):
        count((), london(2026, 6, 1), calendar=WORKING)


# The horizon


def test_a_count_may_end_on_the_last_known_day_and_not_beyond() -> None:
    """From Thursday 28 December 2028 one working day is known; the second would lie in 2029."""
    start = london(2028, 12, 28, 9, 0)
    assert date(2028, 12, 29) == count_one(1, "working-days", start).due
    with pytest.raises(BeyondHorizon) as refused:
        count_one(2, "working-days", start)
    assert (date(2029, 1, 1), "england-and-wales", date(2028, 12, 31)) == (
        refused.value.day,
        refused.value.region,
        refused.value.known_until,
    )
    assert (
        "The public holidays of england-and-wales are known from Thursday 1 January 2026 to Sunday 31"
        " December 2028, so nothing can be counted over Monday 1 January 2029." == str(refused.value)
    )


@pytest.mark.parametrize("unit", ["working-days", "school-days", "working-hours"])
@pytest.mark.parametrize("start", [london(2025, 6, 2, 9), london(2029, 6, 4, 9)])
def test_units_that_need_holidays_are_refused_on_either_side_of_what_is_known(
    unit: Unit, start: datetime
) -> None:
    """Neither before the first known day nor after the last is anything guessed."""
    with pytest.raises(BeyondHorizon):
        count_one(1, unit, start)


@pytest.mark.parametrize("unit", ["days", "weeks", "months", "years"])
def test_calendar_periods_need_no_horizon_unless_they_roll(unit: Unit) -> None:
    """Five years of keeping a case reach beyond every horizon; rolling there is refused."""
    start = london(2030, 6, 3, 9)
    assert start.date() < count_one(5, unit, start).due
    with pytest.raises(BeyondHorizon):
        count_one(5, unit, start, roll=True)


# Moments


def test_an_events_day_is_the_day_in_london() -> None:
    """Half past eleven at night in UTC is already tomorrow in a London summer, and still today in winter."""
    summer = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    winter = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    assert date(2026, 7, 1) == count_one(0, "days", summer).due
    assert date(2026, 11, 30) == count_one(0, "days", winter).due


def test_one_moment_is_due_at_one_moment_whatever_zone_it_came_in() -> None:
    """The same instant from Tokyo, New York and UTC is counted alike, and the answer is London's."""
    moment = datetime(2026, 3, 26, 16, 50, tzinfo=UTC)
    zones = (UTC, ZoneInfo("Asia/Tokyo"), ZoneInfo("America/New_York"), timezone(timedelta(hours=-12)))
    dues = [count_one(3, "working-days", moment.astimezone(zone)) for zone in zones]
    assert [dues[0]] * len(zones) == dues
    assert dues[0].due_at.tzinfo is LONDON


@pytest.mark.parametrize(
    ("start", "due_at"),
    [
        (london(2026, 3, 26, 12), datetime(2026, 3, 28, 0, 0, tzinfo=UTC)),
        (london(2026, 3, 27, 12), datetime(2026, 3, 30, 23, 0, tzinfo=UTC)),
        (london(2026, 10, 22, 12), datetime(2026, 10, 23, 23, 0, tzinfo=UTC)),
        (london(2026, 10, 23, 12), datetime(2026, 10, 27, 0, 0, tzinfo=UTC)),
    ],
)
def test_midnight_has_the_right_offset_on_each_side_of_a_clock_change(
    start: datetime, due_at: datetime
) -> None:
    """The end of a day is London's midnight: 00:00 UTC in winter, 23:00 UTC in summer."""
    assert due_at == count_one(1, "working-days", start).due_at


@pytest.mark.parametrize(
    ("sunday", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 7), 24)]
)
def test_the_end_of_a_day_on_which_the_clocks_change_is_its_midnight(sunday: date, hours: int) -> None:
    """A calendar period may end on such a Sunday, which is an hour shorter or longer than others."""
    week_before = sunday - timedelta(days=7)
    due = count_one(1, "weeks", london(week_before.year, week_before.month, week_before.day, 10))
    assert sunday == due.due
    began = end_of(sunday - timedelta(days=1)).astimezone(UTC)
    assert timedelta(hours=hours) == due.due_at.astimezone(UTC) - began


def test_a_moment_without_a_zone_is_refused() -> None:
    """Nobody knows which moment a naive datetime means."""
    naive = datetime(2026, 12, 21, 16, 45)  # noqa: DTZ001
    with pytest.raises(NaiveInstant) as refused:
        count((Limit(1, "days"),), naive, calendar=WORKING)
    assert "2026-12-21T16:45:00 has no time zone, so it is not known which moment is meant." == str(
        refused.value
    )


def test_every_error_of_a_calendar_is_a_calendar_error() -> None:
    """One except clause catches all of them."""
    for error in (BeyondHorizon, TermsUnknown, NaiveInstant):
        assert issubclass(error, CalendarError)


# Reminders


@pytest.mark.parametrize(
    ("due", "days", "at"),
    [
        (date(2026, 12, 17), 2, london(2026, 12, 15, 9)),
        (date(2027, 1, 5), 2, london(2026, 12, 31, 9)),
        (date(2026, 4, 7), 1, london(2026, 4, 2, 9)),
        (date(2026, 3, 30), 1, london(2026, 3, 27, 9)),
        (date(2026, 12, 17), 0, london(2026, 12, 17, 9)),
        (date(2026, 12, 26), 1, london(2026, 12, 24, 9)),
        (date(2026, 12, 26), 0, london(2026, 12, 24, 9)),
    ],
)
def test_a_reminder_goes_at_nine_on_a_working_day_before(due: date, days: int, at: datetime) -> None:
    """So many working days before the day, weekends and holidays not counted; London's nine o'clock."""
    assert at == before(due, days, calendar=WORKING)


def test_a_reminder_goes_at_londons_nine_in_summer_and_in_winter() -> None:
    """The Friday before the clocks go forward is still on winter time, the Monday after on summer time."""
    assert timedelta(0) == before(date(2026, 3, 30), 1, calendar=WORKING).utcoffset()
    assert timedelta(hours=1) == before(date(2026, 3, 31), 1, calendar=WORKING).utcoffset()


def test_a_reminder_after_the_day_is_refused() -> None:
    """Minus one day before is not before."""
    with pytest.raises(ValueError, match="not 1 days after"):
        before(date(2026, 6, 1), -1, calendar=WORKING)


def test_a_reminder_goes_on_a_weekday_where_no_holidays_are_known() -> None:
    """A limit in months ends on a known day in 2031, and is reminded of on the Friday before that Monday."""
    assert london(2031, 5, 30, 9) == before(date(2031, 6, 2), 1, calendar=WORKING)


# Types


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        (Limit(1, "working-days"), "1 working day"),
        (Limit(3, "school-days"), "3 school days"),
        (Limit(48, "working-hours"), "48 hours on working days"),
        (Limit(1, "months"), "1 month"),
        (Limit(0, "days"), "0 days"),
        (Limit(5, "years"), "5 years"),
    ],
)
def test_a_limit_is_told_as_people_say_it(limit: Limit, words: str) -> None:
    """One is singular, anything else plural."""
    assert words == spell_limit(limit)


@pytest.mark.parametrize(
    "fields",
    [
        {"count": -1, "unit": "days"},
        {"count": 5001, "unit": "years"},
        {"count": 1, "unit": "fortnights"},
        {"count": 1, "unit": "working-days", "roll": True},
        {"count": 1, "unit": "working-hours", "day_one": "same-day"},
        {"count": 0, "unit": "working-hours"},
        {"count": 0, "unit": "days", "day_one": "same-day"},
    ],
)
def test_a_limit_that_makes_no_sense_is_refused(fields: dict[str, object]) -> None:
    """What a procedure file may say wrongly is an error of validation, not a wrong date later."""
    with pytest.raises(ValidationError):
        TypeAdapter(Limit).validate_python(fields)


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    """Swapped dates in a list of terms are found."""
    with pytest.raises(ValueError, match="autumn term ends on 2026-09-02, before it begins on 2026-12-18"):
        Period(date(2026, 12, 18), date(2026, 9, 2), "autumn term")


def test_the_longest_limit_can_be_counted() -> None:
    """The highest count that is allowed does not run past the end of dates."""
    assert 7026 == count_one(calendars.MOST, "years", london(2026, 6, 1)).due.year


def test_limits_and_calendars_survive_repr_and_validation() -> None:
    """A procedure is compiled to Python source and checked by pydantic; both give back what went in."""
    limit = Limit(2, "weeks", day_one="same-day", roll=True)
    names = {"Limit": Limit, "Period": Period, "Calendar": Calendar, "datetime": dt}
    assert SCHOOL.is_school_day(date(2026, 9, 2))
    for value in (limit, SCHOOL):
        assert value == eval(repr(value), names)
    assert limit == TypeAdapter(Limit).validate_python(
        {"count": 2, "unit": "weeks", "day_one": "same-day", "roll": True}
    )
    assert SCHOOL == TypeAdapter(Calendar).validate_json(TypeAdapter(Calendar).dump_json(SCHOOL))


# Properties, against rules and a counter written a second time, slowly

# Fourteen months with Easter and Christmas; forty school days after them are still in known terms.
seconds = st.integers(0, 420 * 24 * 60 * 60)
moments = seconds.map(lambda passed: datetime(2026, 1, 6, tzinfo=UTC) + timedelta(seconds=passed))
numbers = st.integers(0, 40)
units: st.SearchStrategy[Unit] = st.sampled_from(get_args(Unit))


@st.composite
def limits(draw: st.DrawFn) -> Limit:
    """Any limit that makes sense, of up to 40."""
    unit = draw(units)
    day_one: DayOne = "next-day" if unit == "working-hours" else draw(st.sampled_from(get_args(DayOne)))
    lowest = 1 if unit == "working-hours" or day_one == "same-day" else 0
    # Months and years that roll would leave the holidays that are known.
    roll = draw(st.booleans()) if unit in ("days", "weeks") else False
    return Limit(draw(st.integers(lowest, 40)), unit, day_one=day_one, roll=roll)


def is_slow_working_day(day: date) -> bool:
    return day.strftime("%a") not in ("Sat", "Sun") and day not in [holiday for holiday, _ in HOLIDAYS]


def is_slow_school_day(day: date) -> bool:
    in_term = [term for term in TERMS if term.first <= day <= term.last]
    closed = [closure for closure in CLOSURES if closure.first <= day <= closure.last]
    return is_slow_working_day(day) and bool(in_term) and not closed


def days_from(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


@unhurried
@given(moments, st.integers(1, 40), st.sampled_from(get_args(DayOne)))
@pytest.mark.parametrize(
    ("unit", "is_counted"), [("working-days", is_slow_working_day), ("school-days", is_slow_school_day)]
)
def test_exactly_so_many_days_are_counted_and_every_other_one_is_a_step(
    unit: Unit, is_counted: Callable[[date], bool], start: datetime, number: int, day_one: DayOne
) -> None:
    """The days up to the last fall into so many counted ones, the last among them, and the steps."""
    due = count_one(number, unit, start, day_one=day_one)
    event = start.astimezone(LONDON).date()
    passed = days_from(event if day_one == "same-day" else event + timedelta(days=1), due.due)
    assert number == sum(is_counted(day) for day in passed)
    assert is_counted(due.due)
    assert [day for day in passed if not is_counted(day)] == [step.day for step in due.steps]


@unhurried
@given(
    st.integers(0, 420 * 96).map(
        lambda quarters: datetime(2026, 1, 6, tzinfo=UTC) + quarters * timedelta(minutes=15)
    ),
    st.integers(1, 72),
)
def test_exactly_so_many_hours_pass_on_working_days(start: datetime, number: int) -> None:
    """Going on by quarters of an hour that really pass, so many hours of working days lie before the end."""
    due_at = count_one(number, "working-hours", start).due_at.astimezone(UTC)
    quarters, moment = 0, start
    while quarters < number * 4:
        quarters += is_slow_working_day(moment.astimezone(LONDON).date())
        moment += timedelta(minutes=15)
    assert moment == due_at


@unhurried
@given(moments, numbers, st.sampled_from(["months", "years"]))
def test_months_and_years_end_in_the_right_month_on_the_same_day_or_its_last(
    start: datetime, number: int, unit: Unit
) -> None:
    """So many months on, the day is the same, or the month is over before it."""
    due = count_one(number, unit, start).due
    event = start.astimezone(LONDON).date()
    months = number * (12 if unit == "years" else 1)
    assert months == (due.year - event.year) * 12 + due.month - event.month
    assert due.day == event.day or event.day > due.day == monthrange(due.year, due.month)[1]


@unhurried
@given(moments, limits())
def test_adding_one_more_never_ends_sooner(start: datetime, limit: Limit) -> None:
    """A longer limit of any kind ends later."""
    longer = Limit(limit.count + 1, limit.unit, day_one=limit.day_one, roll=limit.roll)
    shorter_due, longer_due = (count((one,), start, calendar=SCHOOL) for one in (limit, longer))
    if limit.roll:  # both may roll to the same day
        assert shorter_due.due_at <= longer_due.due_at
    else:
        assert shorter_due.due_at < longer_due.due_at


@unhurried
@given(moments, moments, limits())
def test_a_later_start_is_never_due_earlier(one: datetime, other: datetime, limit: Limit) -> None:
    """What happens later is due at the same moment or later."""
    earlier, later = sorted((one, other))
    assert count((limit,), earlier, calendar=SCHOOL).due_at <= count((limit,), later, calendar=SCHOOL).due_at


@unhurried
@given(moments, limits())
def test_nothing_is_due_before_it_happened(start: datetime, limit: Limit) -> None:
    """The first moment too late is always after the event."""
    assert start < count((limit,), start, calendar=SCHOOL).due_at


@unhurried
@given(moments, numbers)
def test_school_days_never_end_before_as_many_working_days(start: datetime, number: int) -> None:
    """Every school day is a working day."""
    assert count_one(number, "working-days", start).due <= count_one(number, "school-days", start).due


@unhurried
@given(moments, limits())
def test_counting_from_the_same_day_never_ends_later(start: datetime, limit: Limit) -> None:
    """To count the event's own day makes a limit shorter, if anything."""
    same_day, next_day = (
        count((Limit(limit.count or 1, unit, day_one=day_one),), start, calendar=SCHOOL).due
        for unit in [limit.unit if limit.unit != "working-hours" else "working-days"]
        for day_one in ("same-day", "next-day")
    )
    assert same_day <= next_day


@unhurried
@given(moments, st.lists(limits(), min_size=1, max_size=4))
def test_the_earlier_of_several_is_the_first_to_end(start: datetime, several: list[Limit]) -> None:
    """However many limits there are, the due date is that of the shortest."""
    dues = [count((limit,), start, calendar=SCHOOL) for limit in several]
    assert min(due.due_at for due in dues) == count(tuple(several), start, calendar=SCHOOL).due_at


@unhurried
@given(moments, limits())
def test_the_last_day_is_the_day_of_the_last_moment_in_time(start: datetime, limit: Limit) -> None:
    """A microsecond before it is too late, London's calendar shows the day that was named."""
    due = count((limit,), start, calendar=SCHOOL)
    last_moment = due.due_at.astimezone(UTC) - timedelta(microseconds=1)
    assert due.due == last_moment.astimezone(LONDON).date() == last_day_before(due.due_at)


@pytest.mark.parametrize(
    ("too_late", "last"),
    [
        (datetime(2026, 12, 15, 0, 0, tzinfo=LONDON), date(2026, 12, 14)),
        (datetime(2026, 12, 15, 0, 0, 1, tzinfo=LONDON), date(2026, 12, 15)),
        (datetime(2026, 7, 14, 23, 0, tzinfo=UTC), date(2026, 7, 14)),
        (datetime(2026, 7, 14, 22, 30, tzinfo=UTC), date(2026, 7, 14)),
        (datetime(2026, 7, 14, 23, 30, tzinfo=UTC), date(2026, 7, 15)),
    ],
)
def test_the_last_day_in_time_is_londons(too_late: datetime, last: date) -> None:
    """What ends at midnight ends on the day before; what ends at an hour ends on its own day."""
    assert last_day_before(too_late) == last


@unhurried
@given(st.dates(date(2026, 6, 1), date(2028, 12, 31)), numbers)
def test_so_many_working_days_lie_between_a_reminder_and_its_day(due: date, days: int) -> None:
    """From the reminder's day on, which is a working day, there are so many until the due day itself."""
    at = before(due, days, calendar=WORKING)
    assert is_slow_working_day(at.date())
    left = [day for day in days_from(at.date(), due - timedelta(days=1)) if is_slow_working_day(day)]
    assert max(days, 0 if is_slow_working_day(due) else 1) == len(left)
