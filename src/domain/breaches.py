"""What became of the dates of a case: reminded of, missed, counted anew, or held while somebody was awaited."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from domain.frozen import Frozen

Awaited = Literal["consent", "written-form", "mediation"]
"""What the complainant can be awaited for besides answers to questions."""


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


class Wait(Frozen):
    """That the complainant was awaited for something. `until`: when that ended; None: it has not."""

    what: Awaited
    since: datetime
    until: datetime | None = None
