"""A stage is skipped: somebody decides, with a reason, that the case goes straight on to the one after it."""

from __future__ import annotations

from collections.abc import Mapping

from domain.act import Act, Shows, Traits, nobody, nothing, writing
from domain.case import Case
from domain.command import Events, StageCommand
from domain.errors import AlreadyDone, NotAllowed, Refused
from domain.event import Contents, StageEvent, Telling, Tells
from domain.frozen import replace
from domain.ladder import Stage
from domain.rights import may_decide, open_at
from domain.situation import Situation
from domain.words import Writing


class StageSkipped(StageEvent):
    """Whoever goes on from `stage` does not come to `skipped`; `reason` is content, and the complainant is told it."""

    skipped: str
    reason: str

    wrote = ("reason", "reason")

    def after(self, case: Case) -> Case:
        return replace(case, skipped=(*case.skipped, self.skipped))

    def tells(self, telling: Telling) -> Tells:
        return (
            *telling.complainant("decision", content=self.reason),
            *telling.news_to_others(*telling.handling, *telling.coordinators),
            *telling.done,
        )


class SkipStage(StageCommand):
    """`reason.words["reason"]`: why the next stage is skipped; the complainant reads it."""

    reason: Writing

    def decide(self, at: Situation) -> Events:
        """Return what happens. Incomplete: there is no reason."""
        at.require(SKIP, self.by, self.stage)
        self.reason.require(reason="Write why the next stage is skipped.")
        return (
            StageSkipped(
                at=at.now, by=self.by, stage=self.stage, skipped=at.stage.next, reason=self.reason.id
            ),
        )


def _next(at: Situation) -> Stage | None:
    return at.procedure.stage(at.stage.next) if at.stage.next else None


def _against(at: Situation, by: str, stage: str) -> Refused | None:
    if refusal := open_at(at.case, stage):
        return refusal
    following = _next(at)
    if following is None or following.can_be_skipped is None:
        return NotAllowed("The procedure does not let the next stage be skipped.")
    if following.id in at.case.skipped:
        return AlreadyDone("The next stage is already skipped.")
    return may_decide(at.case, by, at.procedure, (following.can_be_skipped.role,))


def _gives(at: Situation, by: str, contents: Contents) -> Mapping[str, object]:
    following = _next(at)
    return {
        "skipped": following,
        "then": at.procedure.stage(following.next) if following is not None and following.next else None,
    }


SKIP = Act(
    name="skip",
    whose="staff",
    traits=Traits(again="as-often", waits_for=nobody, about="complaint", stands_alone=True),
    against=_against,
    asked=lambda asking: SkipStage(by=asking.by, stage=asking.stage, reason=asking.wrote("reason")),
    choice="action",
    shows=Shows(reads=nothing, gives=_gives),
    scenes={"skip": writing("reason")},
)
ACTS = (SKIP,)
