"""Somebody acts for the complainant: with the complainant's consent, which goes on record."""

from __future__ import annotations

from datetime import datetime

from domain.case import Case
from domain.commands import RecordConsent
from domain.errors import AlreadyDone, FieldProblem, Incomplete, NotAllowed, Refused
from domain.events import ConsentRecorded, Event
from domain.life.intake import said
from domain.life.standing import open_at, works_on
from domain.procedure import Procedure


def may_record_consent(case: Case, by: str, stage: str, procedure: Procedure) -> Refused | None:
    if refusal := open_at(case, stage) or works_on(case, by, procedure):
        return refusal
    if not case.represented:
        return NotAllowed("Nobody acts for the complainant in this case.")
    if case.consent:
        return AlreadyDone("The complainant's consent is on record.")
    return None


def record_consent(
    case: Case, command: RecordConsent, *, procedure: Procedure, now: datetime
) -> tuple[Event, ...]:
    if refusal := may_record_consent(case, command.by, command.stage, procedure):
        raise refusal
    if not said(command.consent, "consent"):
        raise Incomplete((FieldProblem("consent", "Write when and how the complainant consented."),))
    return (ConsentRecorded(at=now, by=command.by, stage=command.stage, consent=command.consent.id),)
