"""Passing on who the complainant is, or what was told in confidence: never without a record of to whom and why."""

from __future__ import annotations

from typing import get_args

from domain.act import Act, Scene, Traits, nobody
from domain.case import Case
from domain.command import Events, StageCommand
from domain.errors import Refused
from domain.event import StageEvent, Telling, Tells
from domain.form import Asking
from domain.notekinds import Disclosed
from domain.rights import open_at, works_on
from domain.situation import Situation
from domain.words import Writing


class InformationDisclosed(StageEvent):
    """Something was told to somebody who does not handle the case; `disclosure` is content: to whom and why."""

    what: Disclosed
    disclosure: str

    wrote = ("disclosure", "to", "reason")

    def after(self, case: Case) -> Case:
        return case

    def tells(self, telling: Telling) -> Tells:
        rule = telling.procedure.disclosure
        if rule is None or not rule.tells_complainant:
            return telling.done
        return (*telling.complainant("disclosure", content=self.disclosure), *telling.done)


class RecordDisclosure(StageCommand):
    """`disclosure.words`: `to`, a role or description of who was told, and `reason`."""

    what: Disclosed
    disclosure: Writing

    def decide(self, at: Situation) -> Events:
        """Return what happens. Incomplete: it is not said to whom, or why."""
        at.require(DISCLOSE, self.by, self.stage)
        self.disclosure.require(
            to="Write who will be told, by role or description.", reason="Write why it cannot be avoided."
        )
        return (
            InformationDisclosed(
                at=at.now,
                by=self.by,
                stage=self.stage,
                what=self.what,
                disclosure=self.disclosure.id,
            ),
        )


def _against(at: Situation, by: str, stage: str) -> Refused | None:
    return open_at(at.case, stage) or works_on(at.case, by, at.procedure)


def _asked(asking: Asking) -> RecordDisclosure:
    what: Disclosed = asking.word("what", get_args(Disclosed), "Choose what will be passed on.")
    return RecordDisclosure(
        by=asking.by, stage=asking.stage, what=what, disclosure=asking.wrote("to", "reason")
    )


DISCLOSE = Act(
    name="disclose",
    whose="staff",
    traits=Traits(again="once", waits_for=nobody, about="complaint", stands_alone=True),
    against=_against,
    asked=_asked,
    choice="action",
    shows=None,
    scenes={
        "disclose": Scene(
            needs=("what",),
            knows=("whom", "text"),
            fills=lambda step, at: {
                "what": step.what or "",
                "to": step.whom or "Those who have to answer.",
                "reason": step.words,
            },
            by=None,
        )
    },
)
ACTS = (DISCLOSE,)
