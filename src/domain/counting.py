"""Counting time: working days, school days, hours on working days, days, weeks, months and years.

Day 1 is the first counted day after the event, and the last day counts to its end. Every answer carries the
days that were skipped and one sentence on how it was counted. Moments come and go as in `domain.calendars`.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import assert_never

from domain.calendars import (
    LONDON,
    MIDNIGHT,
    MONTHS,
    ONE_DAY,
    SATURDAY,
    BeyondHorizon,
    Calendar,
    Due,
    Limit,
    Period,
    SkippedDay,
    TermsUnknown,
    end_of,
    spell_day,
    spell_limit,
    to_london,
)

REMINDER_HOUR = time(9)


def count(
    limits: tuple[Limit, ...], start: datetime, *, calendar: Calendar, paused: tuple[Period, ...] = ()
) -> Due:
    """Return the end of the shortest of `limits`, counted from the moment `start`, which may be in any time zone. No
    day counts that lies in one of `paused`; of days, weeks, months and years each such day moves the end on by one.

    School days are working days, so a number of them never ends before the same number of working days: where
    terms are not known but another limit ends by then, that one is the earlier whatever the terms may be.

    ValueError: no limits. NaiveInstant: `start` has no time zone. BeyondHorizon, TermsUnknown: the count runs
    over a day that the calendar does not know; days, weeks, months and years that do not roll need none.
    """
    if not limits:
        raise ValueError("There is no limit to count.")
    local = to_london(start)
    if len(limits) == 1:
        return _count_one(limits[0], local, calendar, paused)
    ends: list[Due] = []
    floors: list[tuple[Due, TermsUnknown]] = []
    said: list[str] = []
    for limit in limits:
        try:
            end = _count_one(limit, local, calendar, paused)
        except TermsUnknown as terms_unknown:
            floor = _count_one(replace(limit, unit="working-days"), local, calendar, paused)
            floors.append((floor, terms_unknown))
            said.append(f"{spell_limit(limit)} (terms unknown, not before {_spell_end(floor)})")
        else:
            ends.append(end)
            said.append(f"{spell_limit(limit)} (to {_spell_end(end)})")
    if not ends:
        raise floors[0][1]
    earliest = min(ends, key=_when)
    for floor, error in floors:
        if _when(floor) < _when(earliest):
            raise error
    listed = f"{', '.join(said[:-1])} and {said[-1]}"
    choice = "earliest" if said[2:] else "earlier"
    return replace(earliest, counted=f"the {choice} of {listed}: {earliest.counted}")


def before(due: date, days: int, *, calendar: Calendar) -> datetime:
    """Return nine in the morning, so many working days before the day `due`; with 0, on that day itself, or on the
    last working day before it where it is none. May lie before the event. Where no holidays are known, every weekday
    is a working day: a date that can be counted can be reminded of.

    ValueError: `days` is negative.
    """
    if days < 0:
        raise ValueError(f"A reminder goes out before the day, not {-days} days after it.")
    day = due
    for _ in range(days):
        day = _last_working_day(day - ONE_DAY, calendar)
    return datetime.combine(_last_working_day(day, calendar), REMINDER_HOUR, LONDON)


def _count_one(limit: Limit, local: datetime, calendar: Calendar, paused: tuple[Period, ...]) -> Due:
    match limit.unit:
        case "working-hours":
            return _count_hours(limit, local, calendar, paused)
        case "working-days" | "school-days":
            return _count_days(limit, local.date(), calendar, paused)
        case "days" | "weeks" | "months" | "years":
            return _count_period(limit, local.date(), calendar, paused)
        case _:
            assert_never(limit.unit)


def _why_paused(day: date, paused: tuple[Period, ...]) -> str | None:
    return next((period.name for period in paused if day in period), None)


def _count_days(limit: Limit, event: date, calendar: Calendar, paused: tuple[Period, ...]) -> Due:
    """Count working days or school days."""
    if limit.count == 0:
        return _whole_day(event, (), counted=f"the end of {spell_day(event)}")
    why_not = calendar.why_not_school if limit.unit == "school-days" else calendar.why_not_working
    steps: list[SkippedDay] = []
    day = event if limit.day_one == "same-day" else event + ONE_DAY
    day_one = day
    for number in range(1, limit.count + 1):
        while (reason := why_not(day) or _why_paused(day, paused)) is not None:
            steps.append(SkippedDay(day, reason))
            day += ONE_DAY
        if number == 1:
            day_one = day
        if number < limit.count:
            day += ONE_DAY
    joint = "beginning with" if limit.day_one == "same-day" else "after"
    return _whole_day(
        day,
        tuple(steps),
        counted=f"{spell_limit(limit)} {joint} {spell_day(event)},"
        f" day 1 being {spell_day(day_one, year=day_one.year != event.year)}",
    )


def _count_hours(limit: Limit, local: datetime, calendar: Calendar, paused: tuple[Period, ...]) -> Due:
    """Count hours on working days: a working day has the 24 hours of the clock on the wall.

    The clocks change on Sundays, which are never working days: no counted hour is skipped or repeated.
    """
    steps: list[SkippedDay] = []
    day = local.date()
    passed = datetime.combine(day, local.time()) - datetime.combine(day, MIDNIGHT)
    left = timedelta(hours=limit.count)
    first: date | None = None
    while True:
        if (reason := calendar.why_not_working(day) or _why_paused(day, paused)) is not None:
            steps.append(SkippedDay(day, reason))
        else:
            first = first or day
            if left <= ONE_DAY - passed:
                break
            left -= ONE_DAY - passed
        passed = timedelta()
        day += ONE_DAY
    # Both on the wall: an aware datetime adds up clock time, and takes the offset of where it arrives.
    due_at = datetime.combine(day, MIDNIGHT, LONDON) + passed + left
    started = spell_day(local.date())
    counted = f"{spell_limit(limit)} after {local:%H:%M} on {started}"
    if first != local.date():
        counted += f", from the start of {spell_day(first, year=first.year != local.year)}"
    return Due(day, due_at, steps=tuple(steps), counted=counted)


def _count_period(limit: Limit, event: date, calendar: Calendar, paused: tuple[Period, ...]) -> Due:
    """Return days, weeks, months or years."""
    end, counted = _end_of_period(limit, event)
    steps: list[SkippedDay] = []
    day = event + ONE_DAY
    while day <= end:
        if (reason := _why_paused(day, paused)) is not None:
            steps.append(SkippedDay(day, reason))
            end += ONE_DAY
        day += ONE_DAY
    if limit.roll:
        ended_on = end
        while (reason := calendar.why_not_working(end) or _why_paused(end, paused)) is not None:
            steps.append(SkippedDay(end, reason))
            end += ONE_DAY
        if end != ended_on:
            counted += f", moved on from {spell_day(ended_on)}, which is not a working day"
    return _whole_day(end, tuple(steps), counted=counted)


def _end_of_period(limit: Limit, event: date) -> tuple[date, str]:
    """Return the last day of a calendar period before any rolling, and how it was found."""
    if limit.count == 0:
        return event, f"the end of {spell_day(event)}"
    same_day = limit.day_one == "same-day"
    counted = f"{spell_limit(limit)} {'beginning with' if same_day else 'after'} {spell_day(event)}"
    if same_day:
        counted += ", which is day 1"
    # A period that begins with the event's day is over before that day comes round again.
    overlap = ONE_DAY if same_day else timedelta()
    if limit.unit == "days":
        return event + timedelta(days=limit.count) - overlap, counted
    if limit.unit == "weeks":
        return event + timedelta(weeks=limit.count) - overlap, counted
    months = limit.count * 12 if limit.unit == "years" else limit.count
    years, month = divmod(event.month - 1 + months, 12)
    year, month = event.year + years, month + 1
    last_of_month = monthrange(year, month)[1]
    if event.day <= last_of_month:
        return date(year, month, event.day) - overlap, counted
    # There is no such day to stop before: the month's last day is the period's in either case.
    counted += f", to the last day of {MONTHS[month - 1]} {year}, which is shorter"
    return date(year, month, last_of_month), counted


def _whole_day(day: date, steps: tuple[SkippedDay, ...], *, counted: str) -> Due:
    return Due(day, end_of(day), steps=steps, counted=counted)


def _last_working_day(day: date, calendar: Calendar) -> date:
    while is_day_off(day, calendar):
        day -= ONE_DAY
    return day


def is_day_off(day: date, calendar: Calendar) -> bool:
    """Return whether nobody is written to on this day to be reminded: it is no working day or, where no holidays are
    known, no weekday."""
    try:
        return not calendar.is_working_day(day)
    except BeyondHorizon:
        return day.weekday() >= SATURDAY


def _when(end: Due) -> datetime:
    return end.due_at


def _spell_end(end: Due) -> str:
    spelt = spell_day(end.due)
    return spelt if end.due_at == end_of(end.due) else f"{end.due_at:%H:%M} on {spelt}"
