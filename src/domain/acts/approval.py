"""Who agrees to an outcome before it goes out, or returns it with what has to change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from domain.act import Act, Scene, Shows, Traits, somebody
from domain.acts.outcome import send
from domain.case import Case
from domain.command import Events, StageCommand
from domain.errors import AlreadyDone, NotNow, NotYours, Refused, StagePassed
from domain.event import Contents, Event, StageEvent, Telling, Tells
from domain.form import Asking
from domain.outcomes import declined_in, outcome_shown
from domain.people import approvers, ids, settlers
from domain.rights import answered, not_to_be_sent, open_at
from domain.situation import Situation
from domain.words import Writing


class OutcomeApproved(StageEvent):
    def after(self, case: Case) -> Case:
        return case.on_stage(approved_by=(*case.current.approved_by, self.by))

    def tells(self, telling: Telling) -> Tells:
        return telling.done


class OutcomeReturned(StageEvent):
    """An approver wants it changed; `reason` is content. The reviewer records the outcome anew."""

    reason: str

    wrote = ("reason", "reason")

    def after(self, case: Case) -> Case:
        return case.on_stage(findings=(), approved_by=(), returned=case.current.returned + 1)

    def tells(self, telling: Telling) -> Tells:
        return (
            *telling.tell("outcome-returned", *telling.reviewers),
            *telling.tell("disagreement", *ids(settlers(telling.case, telling.procedure))),
            *telling.done,
        )


class ApproveOutcome(StageCommand):
    """`wording`: the id of the content that the approver read; an outcome that was changed since is not approved."""

    wording: str

    def decide(self, at: Situation) -> Events:
        at.require(APPROVE, self.by, self.stage)
        _require_same_wording(at.case, self.wording)
        approved = OutcomeApproved(at=at.now, by=self.by, stage=self.stage)
        if not _agrees_last(at, self.by):
            return (approved,)
        return (approved, *send(at.then(approved), by=self.by))


class ReturnOutcome(StageCommand):
    """`reason.words["reason"]`: what has to change."""

    wording: str
    reason: Writing

    def decide(self, at: Situation) -> Events:
        at.require(APPROVE, self.by, self.stage)
        _require_same_wording(at.case, self.wording)
        self.reason.require(reason="Write what needs to change.")
        return (OutcomeReturned(at=at.now, by=self.by, stage=self.stage, reason=self.reason.id),)


def not_yet(at: Situation, by: str, stage: str) -> Refused | None:
    """Return why `by` can return the outcome that waits and not approve it: the approval by which it goes out waits
    until it can. None where nothing stands against either."""
    if refusal := at.refusal(APPROVE, by, stage):
        return refusal
    return not_to_be_sent(at.case, at.procedure) if _agrees_last(at, by) else None


def _agrees_last(at: Situation, by: str) -> bool:
    """Return whether nobody else has to agree once `by` does, who can."""
    if by in ids(settlers(at.case, at.procedure)):
        return True
    approval = at.stage.approval
    if approval is not None and approval.by == "role":
        needed = len(at.case.current.approved_by) + 1 >= approval.count
        return needed or all(person.id == by for person in approvers(at.case, at.procedure))
    fellows = at.case.current.reviewers
    return all(person.id == by for person in approvers(at.case, at.procedure) if person.id in fellows)


def _require_same_wording(case: Case, wording: str) -> None:
    if case.current.wording != wording:
        raise StagePassed("The outcome has changed since you opened it. Read it again before you decide.")


def _against(at: Situation, by: str, stage: str) -> Refused | None:
    if refusal := open_at(at.case, stage) or answered(at.case):
        return refusal
    current = at.case.current
    if not current.awaits_approval:
        return NotNow("There is no outcome to approve at the moment.")
    if by in current.approved_by:
        return AlreadyDone("You have already approved this outcome.")
    if by == current.recorded_by:
        return NotYours("An outcome is approved by somebody other than the person who recorded it.")
    if by not in ids(approvers(at.case, at.procedure)):
        return NotYours("You have not been assigned to approve this outcome.")
    return None


def _asked(asking: Asking) -> ApproveOutcome | ReturnOutcome:
    by, stage = asking.by, asking.stage
    sentence = "Choose whether you approve the outcome or return it."
    if not_yet(asking.at, by, stage):
        sentence = "Tick the box to return the outcome."
    decision = asking.choice("decision", ("approve", "return"), sentence)
    wording = asking.text("wording")
    if decision == "approve":
        return ApproveOutcome(by=by, stage=stage, wording=wording)
    return ReturnOutcome(by=by, stage=stage, wording=wording, reason=asking.wrote("reason"))


def _shown(at: Situation, by: str, contents: Contents) -> Mapping[str, Any]:
    """Return the outcome that waits, and why it cannot be approved yet; empty where nothing stands against it. It can
    be returned all the same."""
    pending = at.case.current if at.case.current.awaits_approval else None
    against = not_yet(at, by, at.case.current.stage)
    return {
        "pending": outcome_shown(pending, at, contents) if pending is not None else None,
        "not_yet": "" if against is None else str(against),
    }


def _contents(at: Situation, by: str) -> tuple[str, ...]:
    return at.case.answers, at.case.current.wording, at.case.current.agreed, *declined_in(at.case)


def last_return(case: Case, events: Sequence[Event], contents: Contents) -> str:
    """Return what the last approver asked to be changed, as long as nothing was recorded anew."""
    if case.current.findings:
        return ""
    for event in reversed(events):
        if isinstance(event, OutcomeReturned) and event.stage == case.current.stage:
            return event.said(contents, case)
    return ""


def _usually(at: Situation) -> str:
    return next(iter(ids(approvers(at.case, at.procedure))), "")


APPROVE = Act(
    name="approve",
    whose="staff",
    traits=Traits(again="as-often", waits_for=somebody, about="complaint", stands_alone=True),
    against=_against,
    asked=_asked,
    choice="action",
    shows=Shows(reads=_contents, gives=_shown),
    scenes={
        "approve": Scene(
            needs=(),
            knows=(),
            fills=lambda step, at: {"decision": "approve", "wording": at.case.current.wording},
            by=_usually,
        ),
        "return": Scene(
            needs=(),
            knows=("text",),
            fills=lambda step, at: {
                "decision": "return",
                "wording": at.case.current.wording,
                "reason": step.words,
            },
            by=_usually,
        ),
    },
)
ACTS = (APPROVE,)
