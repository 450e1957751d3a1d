"""What was learned from a complaint, whatever its outcome: recorded with an outcome or at any time after it."""

from __future__ import annotations

from datetime import datetime

from domain.case import Case
from domain.commands import RecordLessons
from domain.errors import FieldProblem, Incomplete, NotNow, NotYours, Refused
from domain.events import Event, LessonsRecorded
from domain.procedure import Procedure


def may_record_lessons(case: Case, by: str, procedure: Procedure) -> Refused | None:
    if case.erasing:
        return NotNow("The destruction of this case has begun.")
    answered = [record for record in case.stages if record.responded_at is not None]
    if not answered:
        return NotNow("What was learned is recorded with the outcome or after it.")
    person = procedure.person(by)
    coordinates = person is not None and procedure.coordinator in person.roles
    if not coordinates and not any(by in record.reviewers for record in answered):
        return NotYours("What was learned is recorded by those who dealt with the case.")
    return None


def record_lessons(
    case: Case, command: RecordLessons, *, procedure: Procedure, now: datetime
) -> tuple[Event, ...]:
    if refusal := may_record_lessons(case, command.by, procedure):
        raise refusal
    if not str(command.lessons.words.get("lessons", "")).strip():
        raise Incomplete((FieldProblem("lessons", "Write what was learned."),))
    stage = case.current.stage
    return (LessonsRecorded(at=now, by=command.by, stage=stage, lessons=command.lessons.id),)
