"""Help from outside that the reviewers ask for: the case stays open until it has answered."""

from __future__ import annotations

from datetime import datetime

from domain.calendars import Calendar, spell_day, to_london
from domain.case import Case
from domain.commands import RecordExternalAnswer, SeekExternalAssistance
from domain.deadlines import deadlines
from domain.errors import AlreadyDone, FieldProblem, Incomplete, NotAllowed, NotNow, Refused
from domain.events import Event, ExternalAnswerRecorded, ExternalAssistanceSought
from domain.life.standing import open_at, reviews
from domain.procedure import Procedure


def may_seek(case: Case, by: str, stage: str, procedure: Procedure) -> Refused | None:
    if refusal := open_at(case, stage) or reviews(case, by):
        return refusal
    if not procedure.stage(stage).external_assistance:
        return NotAllowed("This procedure does not provide for help from outside on this stage.")
    if case.current.responded_at is not None:
        return AlreadyDone("The outcome of this stage has been sent.")
    if case.current.external:
        return AlreadyDone("Help from outside has been asked for already.")
    return None


def seek_external_assistance(
    case: Case, command: SeekExternalAssistance, *, procedure: Procedure, calendar: Calendar, now: datetime
) -> tuple[Event, ...]:
    """Incomplete: not said whom or why, or a new date that is not later than the one that it replaces."""
    if refusal := may_seek(case, command.by, command.stage, procedure):
        raise refusal
    missing = []
    if not str(command.details.words.get("whom", "")).strip():
        missing.append(FieldProblem("whom", "Write who is asked for help."))
    if not str(command.details.words.get("why", "")).strip():
        missing.append(FieldProblem("why", "Write why help from outside is needed."))
    running = [one.due.due for one in deadlines(case, procedure, calendar) if one.rule.name == "respond"]
    latest = max((*running, to_london(now).date()))
    if command.respond_by <= latest:
        missing.append(FieldProblem("respond_by", f"The new date has to be later than {spell_day(latest)}."))
    if missing:
        raise Incomplete(tuple(missing))
    return (
        ExternalAssistanceSought(
            at=now,
            by=command.by,
            stage=command.stage,
            details=command.details.id,
            respond_by=command.respond_by,
        ),
    )


def may_record_answer(case: Case, by: str, stage: str) -> Refused | None:
    if refusal := open_at(case, stage) or reviews(case, by):
        return refusal
    if case.current.external == "answered":
        return AlreadyDone("The answer from outside has been recorded already.")
    if case.current.external != "open":
        return NotNow("No help from outside has been asked for.")
    return None


def record_external_answer(case: Case, command: RecordExternalAnswer, *, now: datetime) -> tuple[Event, ...]:
    if refusal := may_record_answer(case, command.by, command.stage):
        raise refusal
    if not str(command.answer.words.get("answer", "")).strip():
        raise Incomplete((FieldProblem("answer", "Write what the answer was."),))
    return (ExternalAnswerRecorded(at=now, by=command.by, stage=command.stage, answer=command.answer.id),)
