"""The whole file of a case in one piece, for those who answer for it; and the complainant's copy of what is theirs."""

from __future__ import annotations

from datetime import datetime

from domain.case import Case
from domain.commands import ExportCase
from domain.errors import FieldProblem, Incomplete, NotNow, Refused
from domain.events import COMPLAINANT, CaseExported, Event
from domain.life.standing import conflicted, holds_role, works_on
from domain.procedure import Procedure


def may_export(case: Case, by: str, procedure: Procedure) -> Refused | None:
    """For as long as the case exists: the complainant their copy; those who handle the case, and the role that answers
    for the records, all of it."""
    if case.erasing:
        return NotNow("The destruction of this case has begun.")
    if by == COMPLAINANT:
        return None
    if refusal := conflicted(case, by):
        return refusal
    records = procedure.records
    if records is not None and holds_role(by, (records.role,), procedure) is None:
        return None
    return works_on(case, by, procedure)


def export_case(case: Case, command: ExportCase, *, procedure: Procedure, now: datetime) -> tuple[Event, ...]:
    """Incomplete: somebody who is not the complainant does not say what for."""
    if refusal := may_export(case, command.by, procedure):
        raise refusal
    whole = command.by != COMPLAINANT
    if whole and not str(command.reason.words.get("reason", "")).strip():
        raise Incomplete((FieldProblem("reason", "Write what the file is for."),))
    return (CaseExported(at=now, by=command.by, export=command.reason.id, whole=whole),)
