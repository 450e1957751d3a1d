"""The wish to reopen what went through the whole procedure, and the letter that answers it."""

from __future__ import annotations

from domain.act import Act, Scene, Traits, nobody, somebody, writing
from domain.case import COMPLAINANT, Case
from domain.command import Events, StageCommand
from domain.errors import AlreadyDone, NotAllowed, NotNow, NotYours, Refused, StagePassed
from domain.event import StageEvent, Telling, Tells
from domain.form import Asking
from domain.frozen import replace
from domain.rights import conflicted, ended_as, holds_role
from domain.situation import Situation
from domain.words import Writing


class ReopeningAsked(StageEvent):
    """The complainant asks to reopen a case that went through the whole procedure; `reasons` is content."""

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


class ExhaustionConfirmed(StageEvent):
    """The person whom the procedure names tells the complainant that it is exhausted and the matter closed."""

    def after(self, case: Case) -> Case:
        return replace(
            case,
            reopening="answered",
            exhaustion_confirmed_by=self.by,
            reopening_answered_at=self.at,
        )

    def tells(self, telling: Telling) -> Tells:
        return (*telling.complainant("decision"), *telling.news(*telling.coordinators), *telling.done)


class AskToReopen(StageCommand):
    """`reasons.words["reasons"]`: why the complainant wants it reopened."""

    reasons: Writing

    def decide(self, at: Situation) -> Events:
        at.require(ASK_TO_REOPEN, self.by, self.stage)
        self.reasons.require(reasons="Tell us why you would like it reopened.")
        return (ReopeningAsked(at=at.now, by=self.by, stage=self.stage, reasons=self.reasons.id),)


class ConfirmExhausted(StageCommand):
    def decide(self, at: Situation) -> Events:
        at.require(CONFIRM_EXHAUSTED, self.by, self.stage)
        return (ExhaustionConfirmed(at=at.now, by=self.by, stage=self.stage),)


def _against_asking(at: Situation, by: str, stage: str) -> Refused | None:
    if by != COMPLAINANT:
        return NotYours("Only the person who complained can ask for this.")
    if at.procedure.exhausted is None:
        return NotAllowed("This procedure does not allow a case to be reopened.")
    if refusal := ended_as(at.case, stage, "exhausted"):
        return refusal
    if at.case.reopening:
        return AlreadyDone("You have already asked for this.")
    return None


def _against_confirming(at: Situation, by: str, stage: str) -> Refused | None:
    rule = at.procedure.exhausted
    if rule is None:
        return NotAllowed("This procedure does not have such a letter.")
    if refusal := conflicted(at.case, by) or holds_role(by, rule.letter_from, at.procedure):
        return refusal
    if at.case.current.stage != stage:
        return StagePassed("This case has moved on to another stage.")
    if at.case.reopening == "asked":
        return None
    if at.case.reopening:
        return AlreadyDone("The letter has already been sent.")
    return NotNow("The complainant has not asked for this.")


def _asked_to_confirm(asking: Asking) -> ConfirmExhausted:
    asking.confirm()
    return ConfirmExhausted(by=asking.by, stage=asking.stage)


ASK_TO_REOPEN = Act(
    name="reopen",
    whose="complainant",
    traits=Traits(again="as-often", waits_for=nobody, about="complaint", stands_alone=True),
    against=_against_asking,
    asked=lambda asking: AskToReopen(by=asking.by, stage=asking.stage, reasons=asking.wrote("reasons")),
    choice="action",
    shows=None,
    scenes={"reopen": writing("reasons")},
)
CONFIRM_EXHAUSTED = Act(
    name="exhausted",
    whose="staff",
    traits=Traits(again="as-often", waits_for=somebody, about="complaint", stands_alone=True),
    against=_against_confirming,
    asked=_asked_to_confirm,
    choice="action",
    shows=None,
    scenes={"exhausted": Scene(needs=(), knows=(), fills=lambda step, at: {"confirm": "yes"}, by=None)},
)
ACTS = (ASK_TO_REOPEN, CONFIRM_EXHAUSTED)
