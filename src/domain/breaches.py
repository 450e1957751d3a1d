"""What became of the dates of a case: reminded of, missed, or counted anew."""

from __future__ import annotations

from datetime import datetime

from domain.frozen import Frozen


class DateMoved(Frozen):
    """The first moment that is too late for `deadline`, as it was counted before and as it is counted now."""

    deadline: str
    was: datetime
    now: datetime


class Reminded(Frozen):
    """A reminder that went out."""

    deadline: str
    index: int
    at: datetime


class Breach(Frozen):
    """A deadline that passed unmet, and the instant that was missed. It stays on the case for good."""

    deadline: str
    due_at: datetime
    at: datetime | None = None
    """When it was recorded; None, of what was stored before this was kept: when it was missed."""
    admitted_at: datetime | None = None
    """When the complainant was told."""
