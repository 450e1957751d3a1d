"""Moments as people write them: a day, or a day and a time in London."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from domain.calendars import LONDON, spell_day

_WHEN = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(Z|[+-]\d\d:\d\d)?)?")


class NoMoment(ValueError):
    """What was written is no moment; `str()` is a sentence."""


def read_moment(when: str) -> tuple[datetime, str]:
    """Return the moment that `when` means in London, and what has to be said about it.

    NoMoment: it is none, or one that the clocks skip."""
    parts = _WHEN.fullmatch(when.strip())
    if parts is None:
        raise NoMoment(f"`{when}` is not a date or time. Enter 2026-12-21 or 2026-12-21T16:45, for example.")
    day_part, time_part, offset = parts.groups()
    try:
        moment = datetime.fromisoformat(f"{day_part}T{time_part or '00:00'}{offset or ''}")
        if moment.tzinfo is not None:
            return moment.astimezone(LONDON), ""
        local = moment.replace(tzinfo=LONDON)
        again = local.astimezone(UTC).astimezone(LONDON)
        other = local.replace(fold=1)
    except (ValueError, OverflowError) as error:
        raise NoMoment(f"`{when}` is not a real date or time.") from error
    if again.replace(tzinfo=None) != moment:
        raise NoMoment(
            f"There is no {moment:%H:%M} on {spell_day(moment.date())} in London: the clocks go forward over it."
        )
    if other.utcoffset() != local.utcoffset():
        return local, "the clocks go back, so this time comes twice: counted from the first"
    return local, "" if time_part else "no time given: counted from the start of the day"
