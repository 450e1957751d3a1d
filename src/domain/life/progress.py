"""Telling the complainant how it is going, as often as the procedure asks for."""

from __future__ import annotations

from datetime import datetime

from domain.case import Case
from domain.commands import ReportProgress
from domain.errors import AlreadyDone, FieldProblem, Incomplete, NotAllowed, Refused
from domain.events import Event, ProgressReported
from domain.life.standing import open_at, reviews
from domain.procedure import Procedure


def may_report_progress(case: Case, by: str, stage: str, procedure: Procedure) -> Refused | None:
    if refusal := open_at(case, stage) or reviews(case, by):
        return refusal
    if case.current.responded_at is not None:
        return AlreadyDone("The outcome of this stage has been sent.")
    if all(rule.name != "progress" for rule in procedure.stage(stage).deadlines):
        return NotAllowed("This procedure does not ask for progress reports on this stage.")
    return None


def report_progress(
    case: Case, command: ReportProgress, *, procedure: Procedure, now: datetime
) -> tuple[Event, ...]:
    """Incomplete: the message is empty."""
    if refusal := may_report_progress(case, command.by, command.stage, procedure):
        raise refusal
    if not str(command.message.words.get("message", "")).strip():
        raise Incomplete((FieldProblem("message", "Write what has been done and what comes next."),))
    return (ProgressReported(at=now, by=command.by, stage=command.stage, message=command.message.id),)
