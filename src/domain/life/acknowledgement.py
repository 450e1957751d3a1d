"""Telling the complainant that the complaint has arrived and what happens next."""

from __future__ import annotations

from datetime import datetime

from domain.case import Case
from domain.commands import Acknowledge
from domain.errors import AlreadyDone, Refused
from domain.events import ComplaintAcknowledged, Event
from domain.life.standing import assigners, conflicted, holds_role, open_at, reviews
from domain.procedure import Procedure


def may_acknowledge(case: Case, by: str, stage: str, procedure: Procedure) -> Refused | None:
    if refusal := open_at(case, stage):
        return refusal
    if case.current.acknowledged_at is not None:
        return AlreadyDone("This complaint has been acknowledged already.")
    if refusal := conflicted(case, by):
        return refusal
    if reviews(case, by) is None:
        return None
    return holds_role(by, assigners(case, procedure), procedure)


def acknowledge(
    case: Case, command: Acknowledge, *, procedure: Procedure, now: datetime
) -> tuple[Event, ...]:
    if refusal := may_acknowledge(case, command.by, command.stage, procedure):
        raise refusal
    return (ComplaintAcknowledged(at=now, by=command.by, stage=command.stage),)
