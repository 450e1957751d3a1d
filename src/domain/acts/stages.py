"""A case goes on to the next stage, and a stage begins."""

from __future__ import annotations

from datetime import datetime

from domain.acts.assignment import assign_without_choice
from domain.case import SYSTEM, Case, StageRecord
from domain.command import Events
from domain.event import StageEvent, Telling, Tells
from domain.frozen import replace
from domain.people import assigners
from domain.procedure import Route
from domain.situation import Situation


class ComplaintEscalated(StageEvent):
    """The complainant asked for the next stage; `reasons` is content, empty where none were given."""

    to_stage: str
    reasons: str
    aspects: tuple[int, ...] = ()
    """Those that go on, where it is not all of the case's."""
    route: Route = "web"
    """How they asked for it."""
    received_at: datetime | None = None
    """When they asked for it, where that was before it was entered."""

    wrote = ("reasons", "reasons")

    def after(self, case: Case) -> Case:
        came = self.received_at or self.at
        replied = case.on_stage(replied_at=came)
        following = StageRecord(stage=self.to_stage, requested_at=came, aspects=self.aspects)
        return replace(replied, stages=(*replied.stages, following))

    def tells(self, telling: Telling) -> Tells:
        asked = telling.in_line(*assigners(telling.case, telling.procedure))
        return (
            *telling.complainant("escalation"),
            *telling.tell("new-case", *asked),
            *telling.news(*(person for person in telling.informed if person not in asked)),
            *telling.of_nobody_left,
            *telling.done,
        )


def stage_begins(at: Situation) -> Events:
    """Return what happens of itself when a case comes to a stage: it is already on it."""
    if at.stage.acknowledgement != "automatic":
        return assign_without_choice(at)
    from domain.acts.acknowledgement import ComplaintAcknowledged

    acknowledged = ComplaintAcknowledged(at=at.now, by=SYSTEM, stage=at.stage.id)
    return (acknowledged, *assign_without_choice(at))
