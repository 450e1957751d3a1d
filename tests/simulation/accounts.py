"""What is known of each case by whoever watches over a world, and what was found wrong."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field

from domain.acts.documents import DocumentAdded
from domain.case import Case
from domain.effect import SetAlarm, Tell
from domain.records import FIRST_LINK


@dataclass(frozen=True, slots=True)
class Violation:
    """What was not as it must be. It holds no more than ids."""

    rule: str
    ref: str
    detail: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.ref} {self.detail}".strip()


@dataclass(slots=True)
class Account:
    """What is known of a case: its events as they were written, and what they make of it."""

    ref: str
    case: Case | None = None
    version: int = 0
    head: str = FIRST_LINK
    tells: dict[str, Tell] = field(default_factory=dict)
    alarms: dict[str, SetAlarm] = field(default_factory=dict)
    announced_at: float = 0.0
    destroyed: bool = False
    destroyed_at: float = 0.0
    begun: bool = False
    states: list[tuple[Case, tuple[str, ...]]] = field(default_factory=list)
    """The case after each transaction, and who did what it stored."""
    looked_at: tuple[int, int] = (-1, 0)
    """What the case's partition had seen of writes when it was last found at rest, and of how many deployments."""
    writes: int = 0
    documents: dict[str, DocumentAdded] = field(default_factory=dict)
    written_at: dict[str, float] = field(default_factory=dict)
    """When each effect was put into the outbox, or put back."""
    stored_at: float = 0.0
    open_since: float = 0.0

    def copied(self) -> Account:
        new = copy.copy(self)
        new.tells, new.alarms, new.states = dict(self.tells), dict(self.alarms), [*self.states]
        new.documents, new.written_at = dict(self.documents), dict(self.written_at)
        return new
