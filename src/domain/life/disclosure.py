"""Passing on who the complainant is, or what was told in confidence: never without a record of to whom and why."""

from __future__ import annotations

from datetime import datetime

from domain.case import Case
from domain.commands import RecordDisclosure
from domain.errors import FieldProblem, Incomplete, Refused
from domain.events import Event, InformationDisclosed
from domain.life.standing import open_at, works_on
from domain.procedure import Procedure


def may_disclose(case: Case, by: str, stage: str, procedure: Procedure) -> Refused | None:
    return open_at(case, stage) or works_on(case, by, procedure)


def record_disclosure(
    case: Case, command: RecordDisclosure, *, procedure: Procedure, now: datetime
) -> tuple[Event, ...]:
    """Incomplete: it is not said to whom, or why."""
    if refusal := may_disclose(case, command.by, command.stage, procedure):
        raise refusal
    words = command.disclosure.words
    missing = []
    if not str(words.get("to", "")).strip():
        missing.append(FieldProblem("to", "Write who is told, by role or description."))
    if not str(words.get("reason", "")).strip():
        missing.append(FieldProblem("reason", "Write why it cannot be avoided."))
    if missing:
        raise Incomplete(tuple(missing))
    return (
        InformationDisclosed(
            at=now,
            by=command.by,
            stage=command.stage,
            what=command.what,
            disclosure=command.disclosure.id,
        ),
    )
