"""The outcome of a stage: recorded by a reviewer, agreed where the procedure asks for it, and then sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from domain.calendars import Calendar
from domain.case import Case, evolve
from domain.commands import ApproveOutcome, RecordOutcome, ReturnOutcome
from domain.errors import (
    AlreadyDone,
    FieldProblem,
    Incomplete,
    NotNow,
    NotYours,
    Refused,
    StagePassed,
    UnknownChoice,
)
from domain.events import (
    Event,
    LessonsRecorded,
    OutcomeApproved,
    OutcomeRecorded,
    OutcomeReturned,
    OutcomeSent,
)
from domain.life.actions import missing_in_actions, planned
from domain.life.closure import close
from domain.life.information import require_considered
from domain.life.redress import missing_in
from domain.life.standing import approvers, not_to_be_sent, open_at, reviews
from domain.procedure import Procedure


def may_record(case: Case, by: str, stage: str, procedure: Procedure) -> Refused | None:
    if refusal := open_at(case, stage) or reviews(case, by):
        return refusal
    if case.current.responded_at is not None:
        return AlreadyDone("The outcome of this stage has been sent.")
    if case.current.awaits_approval:
        return AlreadyDone("The outcome is recorded and waits for approval.")
    if len(case.current.reviewers) < procedure.stage(stage).review.count:
        return NotNow("Another reviewer has to be named first.")
    if case.current.acknowledged_at is None:
        return NotNow("Acknowledge the complaint first.")
    if procedure.stage(stage).approval is None:
        # What is recorded here would be sent at once.
        return not_to_be_sent(case, procedure)
    return None


def record_outcome(
    case: Case, command: RecordOutcome, *, procedure: Procedure, calendar: Calendar, now: datetime
) -> tuple[Event, ...]:
    """Incomplete: an aspect without conclusion or reasons, no response, or what the procedure asks for besides (see
    `domain.life.redress`). UnknownChoice: a conclusion, aspect or remedy that the procedure or the case does not
    have."""
    if refusal := may_record(case, command.by, command.stage, procedure):
        raise refusal
    require_considered(case)
    _require_complete(case, command, procedure, now=now)
    recorded = OutcomeRecorded(
        at=now,
        by=command.by,
        stage=command.stage,
        findings=command.findings,
        wording=command.wording.id,
        remedies=command.remedies,
        actions=planned(command),
    )
    learned = _learned(command, now)
    if procedure.stage(command.stage).approval is not None:
        return (recorded, *learned)
    after = evolve(case, recorded, ref=case.ref)
    return (recorded, *learned, *_sent(after, by=command.by, procedure=procedure, calendar=calendar, now=now))


def _learned(command: RecordOutcome, now: datetime) -> tuple[Event, ...]:
    if command.lessons is None or not str(command.lessons.words.get("lessons", "")).strip():
        return ()
    return (LessonsRecorded(at=now, by=command.by, stage=command.stage, lessons=command.lessons.id),)


def may_decide_approval(case: Case, by: str, stage: str, procedure: Procedure) -> Refused | None:
    if refusal := open_at(case, stage):
        return refusal
    current = case.current
    if current.responded_at is not None:
        return AlreadyDone("The outcome of this stage has been sent.")
    if not current.awaits_approval:
        return NotNow("There is no outcome to approve at the moment.")
    if by in current.approved_by:
        return AlreadyDone("You have approved this outcome already.")
    if by == current.recorded_by:
        return NotYours("An outcome is approved by somebody other than the person who recorded it.")
    if by not in {person.id for person in approvers(case, procedure)}:
        return NotYours("The approval of this outcome is not assigned to you.")
    return None


def may_approve(case: Case, by: str, stage: str, procedure: Procedure) -> Refused | None:
    """What can be returned can be approved too, except that the approval by which the outcome goes out waits until it
    can."""
    if refusal := may_decide_approval(case, by, stage, procedure):
        return refusal
    return not_to_be_sent(case, procedure) if _agrees_last(case, by, procedure) else None


def approve_outcome(
    case: Case, command: ApproveOutcome, *, procedure: Procedure, calendar: Calendar, now: datetime
) -> tuple[Event, ...]:
    if refusal := may_decide_approval(case, command.by, command.stage, procedure):
        raise refusal
    _require_same_wording(case, command.wording)
    approved = OutcomeApproved(at=now, by=command.by, stage=command.stage)
    if not _agrees_last(case, command.by, procedure):
        return (approved,)
    after = evolve(case, approved, ref=case.ref)
    return (approved, *_sent(after, by=command.by, procedure=procedure, calendar=calendar, now=now))


def return_outcome(
    case: Case, command: ReturnOutcome, *, procedure: Procedure, now: datetime
) -> tuple[Event, ...]:
    if refusal := may_decide_approval(case, command.by, command.stage, procedure):
        raise refusal
    _require_same_wording(case, command.wording)
    if not str(command.reason.words.get("reason", "")).strip():
        raise Incomplete((FieldProblem("reason", "Write what has to change."),))
    return (OutcomeReturned(at=now, by=command.by, stage=command.stage, reason=command.reason.id),)


def _sent(
    case: Case, *, by: str, procedure: Procedure, calendar: Calendar, now: datetime
) -> tuple[Event, ...]:
    if refusal := not_to_be_sent(case, procedure):
        raise refusal
    sent = OutcomeSent(at=now, by=by, stage=case.current.stage)
    stage = procedure.stage(case.current.stage)
    waits_for_reply = any(rule.name == "reply" for rule in stage.deadlines)
    if waits_for_reply:
        return (sent,)
    return (sent, *close(case, "exhausted", procedure=procedure, calendar=calendar, now=now))


def _agrees_last(case: Case, by: str, procedure: Procedure) -> bool:
    """Whether nobody else has to agree once `by` does, who can."""
    approval = procedure.stage(case.current.stage).approval
    if approval is not None and approval.by == "role":
        return len(case.current.approved_by) + 1 >= approval.count
    return all(person.id == by for person in approvers(case, procedure))


def _require_same_wording(case: Case, wording: str) -> None:
    if case.current.wording != wording:
        raise StagePassed("The outcome was changed since you opened it. Read it again before you decide.")


def _own_answers(case: Case, command: RecordOutcome) -> tuple[int, ...]:
    """The aspects that have a conclusion and reasons of their own."""
    together = {finding.aspect for finding in command.findings if finding.answered_with}
    return tuple(aspect for aspect in case.points if aspect not in together)


def _wrongly_together(command: RecordOutcome, procedure: Procedure) -> Iterator[FieldProblem]:
    """The aspects that are to be answered together with one that has no answer of its own. UnknownChoice: the
    procedure has each answered by itself, or the other's conclusion is not this one's."""
    by_aspect = {finding.aspect: finding for finding in command.findings}
    for finding in command.findings:
        if not finding.answered_with:
            continue
        if procedure.similar_aspects != "can-be-answered-together":
            raise UnknownChoice("Under this procedure each point is answered by itself.")
        other = by_aspect.get(finding.answered_with)
        if other is None or other is finding or other.answered_with:
            yield FieldProblem(
                f"with_{finding.aspect}",
                f"Choose a point that has an answer of its own (point {finding.aspect}).",
            )
        elif other.conclusion != finding.conclusion:
            raise UnknownChoice("Points that are answered together have the same conclusion.")


def _require_complete(case: Case, command: RecordOutcome, procedure: Procedure, *, now: datetime) -> None:
    known = {conclusion.id for conclusion in procedure.conclusions}
    expected = case.points
    answered = {finding.aspect: finding.conclusion for finding in command.findings}
    if set(answered) - set(expected) or len(answered) != len(command.findings):
        raise UnknownChoice(
            "The findings name an aspect that is not before this stage, or one of them twice."
        )
    if unknown := {chosen for chosen in answered.values() if chosen} - known:
        raise UnknownChoice(f"The procedure has no conclusion {', '.join(sorted(unknown))}.")
    reasons = tuple(command.wording.words.get("reasons", ()))
    missing = list(_wrongly_together(command, procedure))
    for aspect in _own_answers(case, command):
        if not answered.get(aspect):
            missing.append(FieldProblem(f"conclusion_{aspect}", f"Choose a conclusion on point {aspect}."))
        if len(reasons) < aspect or not str(reasons[aspect - 1]).strip():
            missing.append(
                FieldProblem(f"reasons_{aspect}", f"Give the reasons for the conclusion on point {aspect}.")
            )
    if not str(command.wording.words.get("response", "")).strip():
        missing.append(FieldProblem("response", "Write the proposed resolution and the steps that follow."))
    missing.extend(missing_in(case, command, procedure))
    missing.extend(missing_in_actions(command, procedure, now=now))
    if missing:
        raise Incomplete(tuple(missing))
