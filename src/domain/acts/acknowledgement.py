"""Telling the complainant that the complaint has arrived and what happens next."""

from __future__ import annotations

from domain.act import Act, FilledIn, Scene, Traits, somebody
from domain.case import Case
from domain.command import Events, StageCommand
from domain.errors import AlreadyDone, FieldProblem, Refused
from domain.event import StageEvent, Telling, Tells
from domain.form import Asking
from domain.ladder import Stage
from domain.people import assigners, ids, those_who_assign
from domain.rights import holds_role, open_at, reviews
from domain.situation import Situation
from domain.step import Step
from domain.words import Writing, require


class ComplaintAcknowledged(StageEvent):
    """`understood` is the content that sets out how the complaint is understood, empty where nobody has to."""

    understood: str = ""

    wrote = ("understood", "understood")

    def after(self, case: Case) -> Case:
        return case.on_stage(acknowledged_at=self.at, understood=self.understood)

    def tells(self, telling: Telling) -> Tells:
        return (*telling.complainant("acknowledgement"), *telling.done)


class Acknowledge(StageCommand):
    """`understood.words["understood"]`: how the complaint is understood, where the procedure asks for it."""

    understood: Writing | None = None

    def decide(self, at: Situation) -> Events:
        """Return what happens. Incomplete: it is not said how the complaint is understood."""
        at.require(ACKNOWLEDGE, self.by, self.stage)
        if not sets_out(at.stage):
            return (ComplaintAcknowledged(at=at.now, by=self.by, stage=self.stage),)
        if self.understood is None or not self.understood.says("understood"):
            require([FieldProblem("understood", "Write how you understand the complaint.")])
        understood = self.understood.id if self.understood is not None else ""
        return (ComplaintAcknowledged(at=at.now, by=self.by, stage=self.stage, understood=understood),)


def sets_out(stage: Stage) -> bool:
    """Return whether who acknowledges a complaint on this stage sets out how it is understood."""
    return stage.understanding == "required"


def _against(at: Situation, by: str, stage: str) -> Refused | None:
    if refusal := open_at(at.case, stage):
        return refusal
    if at.case.current.acknowledged_at is not None:
        return AlreadyDone("This complaint has already been acknowledged.")
    if reviews(at.case, by) is None:
        return None
    return holds_role(by, assigners(at.case, at.procedure), at.procedure)


def _asked(asking: Asking) -> Acknowledge:
    asking.confirm()
    understood = asking.wrote("understood") if sets_out(asking.at.stage) else None
    return Acknowledge(by=asking.by, stage=asking.stage, understood=understood)


def _played(step: Step, at: Situation) -> FilledIn:
    return {"confirm": "yes", "understood": step.words if sets_out(at.stage) else ""}


def _usually(at: Situation) -> str:
    return next(iter((*at.case.current.reviewers, *ids(those_who_assign(at.case, at.procedure)))), "")


ACKNOWLEDGE = Act(
    name="acknowledge",
    whose="staff",
    traits=Traits(again="as-often", waits_for=somebody, about="complaint", stands_alone=True),
    against=_against,
    asked=_asked,
    choice="action",
    shows=None,
    scenes={"acknowledge": Scene(needs=(), knows=("text",), fills=_played, by=_usually)},
)
ACTS = (ACKNOWLEDGE,)
