"""Telling the complainant that the complaint has arrived and what happens next."""

from __future__ import annotations

from domain.act import Act, Scene, Traits, somebody
from domain.case import Case
from domain.command import Events, StageCommand
from domain.errors import AlreadyDone, Refused
from domain.event import StageEvent, Telling, Tells
from domain.form import Asking
from domain.people import assigners, ids, those_who_assign
from domain.rights import holds_role, open_at, reviews
from domain.situation import Situation


class ComplaintAcknowledged(StageEvent):
    def after(self, case: Case) -> Case:
        return case.on_stage(acknowledged_at=self.at)

    def tells(self, telling: Telling) -> Tells:
        return (*telling.complainant("acknowledgement"), *telling.done)


class Acknowledge(StageCommand):
    def decide(self, at: Situation) -> Events:
        at.require(ACKNOWLEDGE, self.by, self.stage)
        return (ComplaintAcknowledged(at=at.now, by=self.by, stage=self.stage),)


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
    return Acknowledge(by=asking.by, stage=asking.stage)


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
    scenes={"acknowledge": Scene(needs=(), knows=(), fills=lambda step, at: {"confirm": "yes"}, by=_usually)},
)
ACTS = (ACKNOWLEDGE,)
