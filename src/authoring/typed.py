"""What somebody types, as what it stands for. Each refuses what it cannot take with a sentence, as a ValueError."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Final

from domain.addresses import is_address
from domain.calendars import CALENDAR_UNITS, Limit, Unit
from domain.days import NoDay, read_day
from domain.words import in_one_line

_LIMIT: Final = re.compile(r"(\d{1,4}) (?:(working|school)[ -])?(hour|day|week|month|year)s?")


def text(typed: str) -> str:
    """Return text that is there. ValueError: it is not."""
    found = in_one_line(typed)
    if not found:
        raise ValueError("Enter an answer.")
    return found


def perhaps(typed: str) -> str:
    """Return text, or none."""
    return in_one_line(typed)


def email(typed: str) -> str:
    """Return an email address. ValueError: it is none."""
    if not is_address(typed.strip()):
        raise ValueError(f"`{typed}` is not an email address.")
    return typed.strip()


def day(typed: str) -> date:
    """Return a day as 2026-09-02. ValueError: it is none."""
    try:
        return read_day(typed.strip())
    except NoDay:
        raise ValueError("Enter a date, such as 2026-09-02.") from None


def day_after(earliest: date) -> Callable[[str], date]:
    def chosen(typed: str) -> date:
        found = day(typed)
        if found < earliest:
            raise ValueError(f"Enter a date that is not before {earliest.isoformat()}.")
        return found

    return chosen


def yes_or_no(typed: str) -> bool:
    """Return whether it is yes. ValueError: it is neither yes nor no."""
    match typed.strip().lower():
        case "yes" | "y" | "true":
            return True
        case "no" | "n" | "false":
            return False
        case _:
            raise ValueError("Enter yes or no.")


def limit(typed: str) -> Limit:
    """Return a limit such as 10 working days. ValueError: it is none."""
    parts = _LIMIT.fullmatch(" ".join(typed.lower().split()))
    if parts is None:
        raise ValueError("Enter a time, such as 10 working days, 48 working hours, 4 weeks or 1 month.")
    count, kind, noun = int(parts[1]), parts[2], parts[3]
    known: dict[tuple[str | None, str], Unit] = {
        ("working", "day"): "working-days",
        ("working", "hour"): "working-hours",
        ("school", "day"): "school-days",
        (None, "day"): "days",
        (None, "week"): "weeks",
        (None, "month"): "months",
        (None, "year"): "years",
    }
    unit = known.get((kind, noun))
    if unit is None:
        raise ValueError(
            "Hours are counted on working days. Enter, for example, 48 working hours."
            if noun == "hour"
            else "Only days and hours can be working days and hours, and only days can be school days."
        )
    if count == 0:
        raise ValueError("Enter 1 or more.")
    return Limit(count, unit)


def calendar_limit(typed: str) -> Limit:
    """Return a limit in days, weeks, months or years. ValueError: it is none."""
    found = limit(typed)
    if found.unit not in CALENDAR_UNITS:
        raise ValueError("Enter a time in days, weeks, months or years.")
    return found


def one_of(known: tuple[str, ...]) -> Callable[[str], str]:
    def chosen(typed: str) -> str:
        if typed.strip() not in known:
            raise ValueError(f"Enter one of: {', '.join(known)}.")
        return typed.strip()

    return chosen


def number_of(least: int, most: int) -> Callable[[str], int]:
    def number(typed: str) -> int:
        if not typed.strip().isdecimal() or not least <= int(typed) <= most:
            raise ValueError(f"Enter a number from {least} to {most}.")
        return int(typed)

    return number


def free_id(name: str, taken: list[str]) -> str:
    """Return the name, with a number behind it where it is taken."""
    name = name or "person"
    numbered = (f"{name}-{number}" for number in range(2, len(taken) + 3))
    return name if name not in taken else next(candidate for candidate in numbered if candidate not in taken)
