"""The complainant's answer to an outcome: content with it, on to the next stage, or nothing at all. Staff enter it for
somebody who has no email address."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from domain.calendars import Calendar
from domain.case import Case, evolve
from domain.commands import Reply
from domain.errors import CaseClosed, FieldProblem, Incomplete, NotNow, NotYours, Refused, UnknownChoice
from domain.events import (
    COMPLAINANT,
    SYSTEM,
    ComplainantDissatisfied,
    ComplainantSatisfied,
    ComplaintEscalated,
    Event,
    StageLapsed,
)
from domain.life.closure import close
from domain.life.intake import stage_begins
from domain.life.standing import open_at, works_on
from domain.procedure import Procedure


def may_reply(case: Case, by: str, stage: str) -> Refused | None:
    if by != COMPLAINANT:
        return NotYours("Only the person who complained can answer.")
    return _can_be_answered(case, stage)


def may_enter_reply(case: Case, by: str, stage: str, procedure: Procedure) -> Refused | None:
    """Whether `by` can enter what the complainant answered by letter or telephone: whoever has no email address gets no
    link to answer with."""
    if not case.by_letter:
        return NotYours("The complainant has a link of their own to answer with.")
    return works_on(case, by, procedure) or _can_be_answered(case, stage)


def _can_be_answered(case: Case, stage: str) -> Refused | None:
    if not case.is_open and case.ended == "lapsed":
        return CaseClosed("The time for an answer is over, and the case is closed.")
    if refusal := open_at(case, stage):
        return refusal
    if case.current.responded_at is None:
        return NotNow("There is no outcome to answer yet.")
    return None


def reply(
    case: Case, command: Reply, *, procedure: Procedure, calendar: Calendar, now: datetime
) -> tuple[Event, ...]:
    """Incomplete: it goes on to the next stage without the reasons that the procedure asks for. UnknownChoice: with an
    aspect that this stage has not answered."""
    if command.by == COMPLAINANT:
        refusal = may_reply(case, command.by, command.stage)
    else:
        refusal = may_enter_reply(case, command.by, command.stage, procedure)
    if refusal:
        raise refusal
    stage = procedure.stage(command.stage)
    reasons = command.reasons.id if command.reasons is not None else ""
    match command.answer:
        case "satisfied":
            satisfied = ComplainantSatisfied(at=now, by=command.by, stage=stage.id)
            return (satisfied, *close(case, "satisfied", procedure=procedure, calendar=calendar, now=now))
        case "escalate" if stage.next:
            if stage.reasons_to_go_on == "required" and not _says_why(command):
                raise Incomplete((FieldProblem("reasons", "Tell us why you are not satisfied."),))
            going_on = tuple(sorted(set(command.aspects))) or case.points
            if set(going_on) - set(case.points):
                raise UnknownChoice(
                    "Only points that this stage has answered go on to the next.", field="points"
                )
            escalated = ComplaintEscalated(
                at=now,
                by=command.by,
                stage=stage.id,
                to_stage=stage.next,
                reasons=reasons,
                aspects=() if len(going_on) == case.aspects else going_on,
            )
            following = evolve(case, escalated, ref=case.ref)
            return (escalated, *stage_begins(following, procedure=procedure, now=now))
        case "escalate":
            dissatisfied = ComplainantDissatisfied(at=now, by=command.by, stage=stage.id, reasons=reasons)
            return (dissatisfied, *close(case, "exhausted", procedure=procedure, calendar=calendar, now=now))
        case _:
            assert_never(command.answer)


def _says_why(command: Reply) -> bool:
    return command.reasons is not None and bool(str(command.reasons.words.get("reasons", "")).strip())


def lapse(case: Case, *, procedure: Procedure, calendar: Calendar, now: datetime) -> tuple[Event, ...]:
    """The time for an answer is over, and nothing was said."""
    lapsed = StageLapsed(at=now, by=SYSTEM, stage=case.current.stage)
    return (lapsed, *close(case, "lapsed", procedure=procedure, calendar=calendar, now=now))
