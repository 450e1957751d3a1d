"""Calendars: which days count, how long something may take, and how days and limits are written.

Where a calendar knows too little, the answer is an error, never a guess:

    CalendarError
    ├── BeyondHorizon   the public holidays of that day are not known
    ├── TermsUnknown    the day lies before the first known term or after the last
    └── NaiveInstant    a moment without a time zone

A moment may come in any time zone; its day is the day in London, and every moment that leaves this module is
London's. Nothing here reads a clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Final, Literal
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

Unit = Literal["working-days", "school-days", "working-hours", "days", "weeks", "months", "years"]

DayOne = Literal["next-day", "same-day"]

CALENDAR_UNITS: Final[tuple[Unit, ...]] = ("days", "weeks", "months", "years")
"""What is counted without knowing any holidays, unless it rolls."""

MOST = 5_000
"""The highest count of a limit: far more than any policy asks for, and far from where dates end."""

OPENING_HOUR = time(9)
"""What came on a day of which nobody knows the hour is taken to have come when the organisation opened: what counts
hours from then ends early rather than late."""

MIDNIGHT = time(0)
ONE_DAY = timedelta(days=1)
_NOUNS: Mapping[Unit, str] = {
    "working-days": "working day",
    "school-days": "school day",
    "working-hours": "hour",
    "days": "day",
    "weeks": "week",
    "months": "month",
    "years": "year",
}
SATURDAY = 5
# Not strftime: its names depend on the machine's locale.
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@dataclass(frozen=True, slots=True)
class Limit:
    """How long something may take. ValueError: the parts do not make sense together."""

    count: int
    """0 to 5,000. 0 is the end of the event's own day."""
    unit: Unit
    """`working-hours` are hours on working days, 24 each; the others are what they say."""
    _: KW_ONLY
    day_one: DayOne = "next-day"
    """`same-day`: the event's own day is day 1 ("30 days beginning when it was received"); where that day is
    not one of those counted, the first one after it is."""
    roll: bool = False
    """A period of days, weeks, months or years that ends on a day off goes on to the next working day."""

    def __post_init__(self) -> None:
        if not 0 <= self.count <= MOST:
            raise ValueError(f"A limit counts from 0 to {MOST:,}, not {self.count:,}.")
        if self.roll and self.unit not in CALENDAR_UNITS:
            raise ValueError(f"{self.unit} never end on a day off, so there is nothing to roll.")
        if self.unit == "working-hours" and self.day_one == "same-day":
            raise ValueError("Hours count from the moment itself, so they have no day 1.")
        if self.count == 0 and (self.unit == "working-hours" or self.day_one == "same-day"):
            raise ValueError("No hours, and no days with a day 1 among them, cannot be: count from 1.")


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, both within. ValueError: it ends before it begins."""

    first: date
    """The first day."""
    last: date
    """The last day, within the period."""
    name: str
    """What it is called where a day is explained."""

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"{self.name} ends on {self.last}, before it begins on {self.first}.")

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Calendar:
    """Which days are working days and school days in one region. Ask it about days, never about moments."""

    # No slots: the look-ups below are made once and kept.

    region: str
    holidays: tuple[tuple[date, str], ...]
    _: KW_ONLY
    known_from: date
    known_until: date
    """The horizon: the last day of which it is known whether it is a public holiday."""
    terms: tuple[Period, ...] = ()
    """Half-term is a gap between two terms, or a closure."""
    closures: tuple[Period, ...] = ()

    def why_not_working(self, day: date) -> str | None:
        """Return why `day` is not a working day; None: it is one. BeyondHorizon: the calendar cannot tell."""
        if not self.known_from <= day <= self.known_until:
            raise BeyondHorizon(day, self.region, known_from=self.known_from, known_until=self.known_until)
        if day.weekday() >= SATURDAY:
            return _WEEKDAYS[day.weekday()]
        holiday = self._holiday_names.get(day)
        return None if holiday is None else f"public holiday: {holiday}"

    def why_not_school(self, day: date) -> str | None:
        """Return why `day` is not a school day; None: it is one.

        BeyondHorizon, TermsUnknown: the calendar cannot tell.
        """
        not_working = self.why_not_working(day)
        terms = self._terms_in_order
        if not terms or day < terms[0].first or day > max(term.last for term in terms):
            raise TermsUnknown(day, self.terms)
        if not_working is not None:
            return not_working
        if not any(day in term for term in terms):
            # Terms may overlap, so the one before is not simply the last that has begun.
            before_it = max((term for term in terms if term.last < day), key=lambda term: term.last)
            after_it = next(term for term in terms if term.first > day)
            return f"not in term: between {before_it.name} and {after_it.name}"
        closure = next((closure for closure in self.closures if day in closure), None)
        return None if closure is None else f"closed: {closure.name}"

    def is_working_day(self, day: date) -> bool:
        """Return whether it is a weekday that is no public holiday. BeyondHorizon: the calendar cannot tell."""
        return self.why_not_working(day) is None

    def is_school_day(self, day: date) -> bool:
        """Return whether it is a working day in term and in no closure.

        BeyondHorizon, TermsUnknown: the calendar cannot tell."""
        return self.why_not_school(day) is None

    @cached_property
    def _holiday_names(self) -> Mapping[date, str]:
        return dict(self.holidays)

    @cached_property
    def _terms_in_order(self) -> tuple[Period, ...]:
        return tuple(sorted(self.terms, key=lambda term: term.first))


@dataclass(frozen=True, slots=True)
class SkippedDay:
    """One day that was skipped, and why."""

    day: date
    reason: str


@dataclass(frozen=True, slots=True)
class Due:
    """When something is due, and how that was found."""

    due: date
    """The last day: the day of the last instant that is in time."""
    due_at: datetime
    """The first moment that is too late, in London."""
    _: KW_ONLY
    steps: tuple[SkippedDay, ...]
    """Each day that was skipped, in order."""
    counted: str
    """How it was counted, as a sentence without its full stop."""


class CalendarError(Exception):
    """Root of what a calendar cannot answer; `str()` is a sentence for a person."""


class BeyondHorizon(CalendarError):
    """The calendar does not know the public holidays of that day."""

    def __init__(self, day: date, region: str, *, known_from: date, known_until: date) -> None:
        super().__init__(
            f"The public holidays of {region} are known from {spell_day(known_from)}"
            f" to {spell_day(known_until)}, so nothing can be counted over {spell_day(day)}."
        )
        self.day = day
        self.region = region
        self.known_from = known_from
        self.known_until = known_until


class TermsUnknown(CalendarError):
    """The day lies before the first known term or after the last."""

    def __init__(self, day: date, terms: tuple[Period, ...] = ()) -> None:
        known = "No terms are known"
        if terms:
            first, last = min(term.first for term in terms), max(term.last for term in terms)
            known = f"The terms are known from {spell_day(first)} to {spell_day(last)}"
        super().__init__(f"{known}, so school days cannot be counted over {spell_day(day)}.")
        self.day = day


class NaiveInstant(CalendarError):
    """A moment without a time zone could be any of two dozen."""

    def __init__(self, instant: datetime) -> None:
        super().__init__(f"{instant.isoformat()} has no time zone, so it is not known which moment is meant.")
        self.instant = instant


def end_of(day: date) -> datetime:
    """Return the first moment after `day` in London."""
    return datetime.combine(day + ONE_DAY, MIDNIGHT, LONDON)


def opening_of(day: date) -> datetime:
    """Return the moment in London that stands for `day` where nobody knows the hour."""
    return datetime.combine(day, OPENING_HOUR, LONDON)


def last_day_before(instant: datetime) -> date:
    """Return the day in London of the last moment before `instant`: of the first moment that is too late, the last day
    that is in time. NaiveInstant: it has no time zone."""
    return to_london(instant - timedelta(microseconds=1)).date()


def to_london(instant: datetime) -> datetime:
    """Return the same moment on London's clocks. NaiveInstant: it has no time zone."""
    if instant.utcoffset() is None:
        raise NaiveInstant(instant)
    return instant.astimezone(LONDON)


def spell_day(day: date, *, year: bool = True) -> str:
    """Return a day as people write it: Tuesday 15 December 2026."""
    spelt = f"{_WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"
    return f"{spelt} {day.year}" if year else spelt


def spell_limit(limit: Limit) -> str:
    """Return a limit's length as people write it: 10 working days."""
    amount = f"{limit.count} {_NOUNS[limit.unit]}{'' if limit.count == 1 else 's'}"
    return f"{amount} on working days" if limit.unit == "working-hours" else amount
