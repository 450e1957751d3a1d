"""What a case remembers of what was asked of the complainant, offered to them, refused them, and added by them."""

from __future__ import annotations

from datetime import date, datetime

from domain.frozen import Frozen


class Question(Frozen):
    """What the complainant was asked. `answer` is the content with the answer, empty as long as there is none."""

    id: str
    by: str
    at: datetime
    answer: str = ""
    answered_at: datetime | None = None


class Addition(Frozen):
    """What the complainant added after the complaint was in, and whether it is taken into account."""

    id: str
    at: datetime
    accepted: bool | None = None
    """None: nobody has decided yet."""
    reason: str = ""


class MediationRecord(Frozen):
    """An offer of mediation, and what became of it. `id` is the content with the offer."""

    id: str
    by: str
    at: datetime
    accepted: bool | None = None
    """None: the complainant has not answered yet."""
    answer: str = ""
    """The content with what the complainant said to it; empty: nothing."""
    ended_at: datetime | None = None
    """When it was recorded what came of it."""
    held_on: date | None = None
    """The day on which it was held; None: it was not, or not yet."""
    note: str = ""
    """The content that says what came of it."""


class DeclinedPoints(Frozen):
    """Main points that the procedure does not cover; `why` is the content that says so. `of` is the content that they
    stand in, and `stage` where they were declined: its outcome answers them. Empty in what was stored before that."""

    why: str
    points: tuple[int, ...]
    of: str = ""
    stage: str = ""


class ContactLimit(Frozen):
    """That contact with the complainant is limited, or is to be. `id` is the content that says how and why; `by` has
    proposed it."""

    id: str
    by: str
    at: datetime
    review_on: date
    """The day by which it is looked at again."""
    decided_by: str = ""
    decided_at: datetime | None = None
    """When it was decided; None: it has not been, and nothing is limited."""
    reminders: int = 0
    """How often somebody was reminded to decide on it, or to review it, and when last."""
    reminded_at: datetime | None = None
