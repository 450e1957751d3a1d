"""A deadline as people are told of it: by when, how it was counted, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from domain.calendars import Due, spell_day
from domain.deadlines import Deadline
from domain.frozen import Frozen
from domain.words import listed

_WEEKEND = ("Saturday", "Sunday")


class Promise(Frozen):
    """A deadline as it stands at a moment. Receipts store promises: a field that is added needs a default."""

    name: str
    """`<stage>/<deadline>`."""
    due: date
    """The last day."""
    due_at: datetime
    """The first moment that is too late."""
    how: str = ""
    """How it was counted, without a full stop; empty where there is nothing to count."""
    own_target: str = ""
    """What the procedure says where the date is the organisation's own choice."""
    source: str = ""
    met: bool = False
    over: bool = False

    @property
    def deadline(self) -> str:
        """Which of the stage's deadlines it is."""
        return self.name.rpartition("/")[2]


def promise(deadline: Deadline, *, now: datetime) -> Promise:
    """Return the deadline as people see it at `now`."""
    return Promise(
        name=deadline.name,
        due=deadline.due.due,
        due_at=deadline.due.due_at,
        how=explain(deadline.due),
        own_target=deadline.rule.own_target,
        source=deadline.rule.source,
        met=deadline.is_met,
        over=deadline.due.due_at <= now and not deadline.is_met,
    )


def explain(due: Due) -> str:
    """Return how a date was counted and what was skipped, in one sentence without its full stop; empty where the count
    is only the end of the day itself."""
    if due.counted == f"the end of {spell_day(due.due)}":
        return ""
    # A date that somebody gave is not said twice.
    counted = due.counted.removesuffix(f": {spell_day(due.due)}")
    skipped = _skipped(due)
    return f"{counted}, skipping {listed(skipped)}" if skipped else counted


def _skipped(due: Due) -> list[str]:
    """Return the skipped days, weekends together and days with one reason together, in the order in which they
    come."""
    weekends = [step for step in due.steps if step.reason in _WEEKEND]
    days: dict[str, list[date]] = {}
    for step in due.steps:
        days.setdefault("weekend" if step.reason in _WEEKEND else step.reason, []).append(step.day)
    said = []
    for reason, skipped in days.items():
        kind, _, name = reason.partition(": ")
        if reason == "weekend":
            is_one = (weekends[-1].day - weekends[0].day).days <= 1
            said.append("a weekend" if is_one else "weekends")
        elif kind == "not in term":
            said.append(f"the days {name} ({_spell_days(skipped)})")
        else:
            said.append(f"{name or kind} ({_spell_days(skipped)})")
    return said


def _spell_days(days: Sequence[date]) -> str:
    if len(days) == 1:
        return spell_day(days[0], year=False)
    return f"{spell_day(days[0], year=False)} to {spell_day(days[-1], year=False)}"
