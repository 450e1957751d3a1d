"""After the closure: a reply that comes too late, and the wish to reopen what went through the whole procedure."""

from __future__ import annotations

from datetime import datetime

from domain.case import Case, evolve
from domain.commands import AskLate, AskToReopen, ConfirmExhausted, DecideLateReply
from domain.errors import (
    AlreadyDone,
    FieldProblem,
    Incomplete,
    NotAllowed,
    NotNow,
    NotYours,
    Refused,
    StagePassed,
)
from domain.events import (
    COMPLAINANT,
    CaseReopened,
    ComplaintEscalated,
    Event,
    ExhaustionConfirmed,
    LateReplyAsked,
    LateReplyDecided,
    ReopeningAsked,
)
from domain.life.intake import stage_begins
from domain.life.standing import conflicted, holds_role
from domain.procedure import Procedure


def may_ask_late(case: Case, by: str, stage: str, procedure: Procedure) -> Refused | None:
    if by != COMPLAINANT:
        return NotYours("Only the person who complained can ask for this.")
    if procedure.late_reply is None or not procedure.stage(case.current.stage).next:
        return NotAllowed("This procedure does not provide for an answer after the time for it.")
    if refusal := _ended(case, stage, "lapsed"):
        return refusal
    if case.late_reply:
        return AlreadyDone("You have asked for this already.")
    return None


def ask_late(case: Case, command: AskLate, *, procedure: Procedure, now: datetime) -> tuple[Event, ...]:
    if refusal := may_ask_late(case, command.by, command.stage, procedure):
        raise refusal
    if not str(command.reasons.words.get("reasons", "")).strip():
        raise Incomplete((FieldProblem("reasons", "Tell us why you write now."),))
    return (LateReplyAsked(at=now, by=command.by, stage=command.stage, reasons=command.reasons.id),)


def may_decide_late_reply(case: Case, by: str, stage: str, procedure: Procedure) -> Refused | None:
    if procedure.late_reply is None:
        return NotAllowed("There is no late answer to decide on.")
    if refusal := conflicted(case, by) or holds_role(by, (procedure.late_reply.role,), procedure):
        return refusal
    if case.current.stage != stage:
        return StagePassed("This case has moved on to another stage.")
    if case.late_reply == "asked":
        return None
    return AlreadyDone("It has been decided.") if case.late_reply else NotNow("Nobody has asked for this.")


def decide_late_reply(
    case: Case, command: DecideLateReply, *, procedure: Procedure, now: datetime
) -> tuple[Event, ...]:
    """Accepted, the case is open again, on its next stage."""
    if refusal := may_decide_late_reply(case, command.by, command.stage, procedure):
        raise refusal
    if not str(command.reason.words.get("reason", "")).strip():
        raise Incomplete((FieldProblem("reason", "Write the reason for your decision."),))
    stage = procedure.stage(command.stage)
    decided = LateReplyDecided(
        at=now, by=command.by, stage=stage.id, accepted=command.accepted, reason=command.reason.id
    )
    if not command.accepted:
        return (decided,)
    reopened = CaseReopened(at=now, by=command.by, stage=stage.id)
    escalated = ComplaintEscalated(
        at=now,
        by=COMPLAINANT,
        stage=stage.id,
        to_stage=stage.next,
        reasons=case.late_reply_reasons,
        aspects=case.current.aspects,
    )
    following = case
    for event in (decided, reopened, escalated):
        following = evolve(following, event, ref=case.ref)
    return (decided, reopened, escalated, *stage_begins(following, procedure=procedure, now=now))


def may_ask_to_reopen(case: Case, by: str, stage: str, procedure: Procedure) -> Refused | None:
    if by != COMPLAINANT:
        return NotYours("Only the person who complained can ask for this.")
    if procedure.exhausted is None:
        return NotAllowed("This procedure does not provide for reopening a case.")
    if refusal := _ended(case, stage, "exhausted"):
        return refusal
    if case.reopening:
        return AlreadyDone("You have asked for this already.")
    return None


def ask_to_reopen(
    case: Case, command: AskToReopen, *, procedure: Procedure, now: datetime
) -> tuple[Event, ...]:
    if refusal := may_ask_to_reopen(case, command.by, command.stage, procedure):
        raise refusal
    if not str(command.reasons.words.get("reasons", "")).strip():
        raise Incomplete((FieldProblem("reasons", "Tell us why you would like it reopened."),))
    return (ReopeningAsked(at=now, by=command.by, stage=command.stage, reasons=command.reasons.id),)


def may_confirm_exhausted(case: Case, by: str, stage: str, procedure: Procedure) -> Refused | None:
    if procedure.exhausted is None:
        return NotAllowed("There is no such letter in this procedure.")
    if refusal := conflicted(case, by) or holds_role(by, procedure.exhausted.letter_from, procedure):
        return refusal
    if case.current.stage != stage:
        return StagePassed("This case has moved on to another stage.")
    if case.reopening == "asked":
        return None
    return (
        AlreadyDone("The letter has been sent.") if case.reopening else NotNow("Nobody has asked for this.")
    )


def confirm_exhausted(
    case: Case, command: ConfirmExhausted, *, procedure: Procedure, now: datetime
) -> tuple[Event, ...]:
    if refusal := may_confirm_exhausted(case, command.by, command.stage, procedure):
        raise refusal
    return (ExhaustionConfirmed(at=now, by=command.by, stage=command.stage),)


def _ended(case: Case, stage: str, how: str) -> Refused | None:
    """Whether the case closed on `stage` in this way."""
    if case.current.stage != stage:
        return StagePassed("This case has moved on to another stage.")
    if case.is_open or case.ended != how:
        return NotNow("This cannot be asked for as the case stands.")
    return None
