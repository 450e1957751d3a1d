"""Somebody promises to ring the complainant back."""

from __future__ import annotations

from domain.act import Act, Traits, somebody, writing
from domain.case import Case
from domain.command import Events, StageCommand
from domain.errors import Refused
from domain.event import StageEvent, Telling, Tells
from domain.form import Asking
from domain.rights import open_at, works_on
from domain.situation import Situation
from domain.words import Writing


class RingingBackPromised(StageEvent):
    """Somebody rings the complainant back; `promise` is content: when, and about what."""

    promise: str

    wrote = ("promise", "promise")

    def after(self, case: Case) -> Case:
        return case.on_stage(noted=(*case.current.noted, "note"))

    def tells(self, telling: Telling) -> Tells:
        return (*telling.done, *telling.news_to_others(*telling.reviewers))


class PromiseToRingBack(StageCommand):
    """`promise.words["promise"]`: when, and about what."""

    promise: Writing

    def decide(self, at: Situation) -> Events:
        """Incomplete: nothing is said of it."""
        at.require(RING_BACK, self.by, self.stage)
        self.promise.require(promise="Write when you ring back, and about what.")
        return (RingingBackPromised(at=at.now, by=self.by, stage=self.stage, promise=self.promise.id),)


def _against(at: Situation, by: str, stage: str) -> Refused | None:
    return open_at(at.case, stage) or works_on(at.case, by, at.procedure)


def _asked(asking: Asking) -> PromiseToRingBack:
    return PromiseToRingBack(by=asking.by, stage=asking.stage, promise=asking.wrote("promise"))


RING_BACK = Act(
    name="ring-back",
    whose="staff",
    traits=Traits(again="once", waits_for=somebody, about="complaint", stands_alone=True),
    against=_against,
    asked=_asked,
    choice="action",
    shows=None,
    scenes={"ring-back": writing("promise")},
)
ACTS = (RING_BACK,)
