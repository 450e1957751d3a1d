"""The wish to reopen what went through the whole procedure, and the letter that answers it."""

from __future__ import annotations

from domain.act import Act, Scene, nobody, somebody
from domain.case import COMPLAINANT, Case
from domain.command import Command, Events
from domain.errors import AlreadyDone, NotAllowed, NotNow, NotYours, Refused, StagePassed
from domain.event import Event
from domain.form import Asking
from domain.frozen import replace
from domain.rights import conflicted, ended_as, holds_role
from domain.situation import Situation
from domain.telling import Telling, Tells
from domain.words import Writing


class ReopeningAsked(Event):
    """The complainant asks to reopen a case that went through the whole procedure; `reasons` is content."""

    stage: str
    reasons: str

    wrote = ("reasons", "reasons")

    def after(self, case: Case) -> Case:
        return replace(
            case,
            reopening="asked",
            reopening_reasons=self.reasons,
            reopening_at=self.at,
            destroy_at=None,
        )

    def tells(self, telling: Telling) -> Tells:
        exhausted = telling.procedure.exhausted
        writers = exhausted.letter_from if exhausted is not None else ()
        return telling.tell("decision-request", *telling.only_they(*writers))


class ExhaustionConfirmed(Event):
    """The person whom the procedure names tells the complainant that it is exhausted and the matter closed."""

    stage: str

    def after(self, case: Case) -> Case:
        return replace(
            case,
            reopening="answered",
            exhaustion_confirmed_by=self.by,
            reopening_answered_at=self.at,
        )

    def tells(self, telling: Telling) -> Tells:
        return (*telling.complainant("decision"), *telling.news(*telling.coordinators), *telling.done)


class AskToReopen(Command):
    """`reasons.words["reasons"]`: why the complainant wants it reopened."""

    by: str
    stage: str
    reasons: Writing

    def decide(self, at: Situation) -> Events:
        at.require(ASK_TO_REOPEN, self.by, self.stage)
        self.reasons.require(reasons="Tell us why you would like it reopened.")
        return (ReopeningAsked(at=at.now, by=self.by, stage=self.stage, reasons=self.reasons.id),)


class ConfirmExhausted(Command):
    by: str
    stage: str

    def decide(self, at: Situation) -> Events:
        at.require(CONFIRM_EXHAUSTED, self.by, self.stage)
        return (ExhaustionConfirmed(at=at.now, by=self.by, stage=self.stage),)


def _against_asking(at: Situation, by: str, stage: str) -> Refused | None:
    if by != COMPLAINANT:
        return NotYours("Only the person who complained can ask for this.")
    if at.procedure.exhausted is None:
        return NotAllowed("This procedure does not provide for reopening a case.")
    if refusal := ended_as(at.case, stage, "exhausted"):
        return refusal
    if at.case.reopening:
        return AlreadyDone("You have asked for this already.")
    return None


def _against_confirming(at: Situation, by: str, stage: str) -> Refused | None:
    rule = at.procedure.exhausted
    if rule is None:
        return NotAllowed("There is no such letter in this procedure.")
    if refusal := conflicted(at.case, by) or holds_role(by, rule.letter_from, at.procedure):
        return refusal
    if at.case.current.stage != stage:
        return StagePassed("This case has moved on to another stage.")
    if at.case.reopening == "asked":
        return None
    if at.case.reopening:
        return AlreadyDone("The letter has been sent.")
    return NotNow("Nobody has asked for this.")


def _asked_to_reopen(asking: Asking) -> AskToReopen:
    return AskToReopen(by=asking.by, stage=asking.stage, reasons=asking.wrote("reasons"))


def _asked_to_confirm(asking: Asking) -> ConfirmExhausted:
    asking.confirm()
    return ConfirmExhausted(by=asking.by, stage=asking.stage)


ASK_TO_REOPEN = Act(
    name="reopen",
    whose="complainant",
    against=_against_asking,
    asked=_asked_to_reopen,
    again="as-often",
    waits_for=nobody,
    about="complaint",
    stands_alone=True,
    choice="action",
    shows=None,
    scenes={
        "reopen": Scene(needs=(), knows=("text",), fills=lambda step, at: {"reasons": step.words}, by=None)
    },
)
CONFIRM_EXHAUSTED = Act(
    name="exhausted",
    whose="staff",
    against=_against_confirming,
    asked=_asked_to_confirm,
    again="as-often",
    waits_for=somebody,
    about="complaint",
    stands_alone=True,
    choice="action",
    shows=None,
    scenes={"exhausted": Scene(needs=(), knows=(), fills=lambda step, at: {"confirm": "yes"}, by=None)},
)
ACTS = (ASK_TO_REOPEN, CONFIRM_EXHAUSTED)
