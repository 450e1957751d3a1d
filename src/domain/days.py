"""A day as people write it: in three boxes of a page, or as ISO text.

NoDay, a ValueError, is the only error; `str()` is a sentence for the person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

PARTS: Final = ("day", "month", "year")
"""The boxes, in the order in which a page has them. Those of `on` are called `on.day`, `on.month` and `on.year`."""

EARLIEST_YEAR: Final = 1900

REAL_DAY_WANTED: Final = "Enter a real date, with a day, month and year."

PAST_DAY_WANTED: Final = "The date must be today or in the past."


class NoDay(ValueError):
    """What was written is no day, or one that nobody means."""


def wanted(what: str) -> str:
    """Write the sentence that asks for a day: Enter the new date, like 27 3 2026."""
    return f"Enter {what}, like 27 3 2026."


def read_day(text: str) -> date:
    """Return the day that ISO text (2026-03-27) means. NoDay: there is no such day, it lies before 1900, or the text
    is in another of ISO's ways to write one."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise NoDay(REAL_DAY_WANTED) from None
    if text != day.isoformat():
        raise NoDay(REAL_DAY_WANTED)
    if day.year < EARLIEST_YEAR:
        raise NoDay(f"Enter a date in {EARLIEST_YEAR} or later.")
    return day


def in_boxes(typed: Mapping[str, Sequence[str]], name: str) -> str:
    """Return what stands in the boxes of `name`, as the ISO text that it is if it is a day; empty: nothing stands
    there."""
    day, month, year = (" ".join(typed.get(f"{name}.{part}", ())).strip() for part in PARTS)
    return f"{year}-{month.zfill(2)}-{day.zfill(2)}" if day or month or year else ""


def read_boxes(typed: Mapping[str, Sequence[str]], name: str) -> date | None:
    """Return the day that stands in the boxes of `name`; None: there is none, as for `read_day`."""
    try:
        return read_day(in_boxes(typed, name))
    except NoDay:
        return None
