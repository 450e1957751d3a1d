"""What turns out not to be covered by the procedure is declined after it was taken in: the whole, or some of its
points, with where it can be taken instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from domain.act import Act, FilledIn, Scene, Shows, Traits, nobody
from domain.acts.closure import close
from domain.case import Case
from domain.command import Events, StageCommand
from domain.errors import Refused, UnknownChoice
from domain.event import Contents, StageEvent, Telling, Tells
from domain.exchanges import DeclinedPoints
from domain.form import Asking
from domain.frozen import replace
from domain.outcomes import aspects_of
from domain.rights import concluded, looks_after, open_at
from domain.situation import Situation
from domain.step import Step
from domain.words import Writing

ELSEWHERE: Final = "elsewhere"
"""The choice that says that the words beside it tell where else."""


class FoundNotCovered(StageEvent):
    """The procedure does not cover it; `why` is content: the reason, and where it can be taken instead. `points`: the
    numbers of the main points that are not covered; empty: nothing is."""

    why: str
    points: tuple[int, ...] = ()

    wrote = ("why", "reason", "goes_to")

    def after(self, case: Case) -> Case:
        if not self.points:
            return case
        of = case.agreed or case.answers
        declined = DeclinedPoints(why=self.why, points=self.points, of=of, stage=self.stage)
        known = (*case.declined, declined)
        left = tuple(point for point in case.points if point not in self.points)
        return replace(case.on_stage(aspects=left), declined=known)

    def tells(self, telling: Telling) -> Tells:
        told = telling.complainant("not-covered", content=self.why)
        news = telling.news_to_others(*telling.handling, *telling.coordinators) if self.points else ()
        return (*told, *news, *telling.done)


class DeclineNotCovered(StageCommand):
    """`why.words`: `reason`, and `goes_to`, where it can be taken instead; the complainant reads both. `points`: the
    numbers of those that are not covered; empty: all of it."""

    why: Writing
    points: tuple[int, ...] = ()

    def decide(self, at: Situation) -> Events:
        """Return what happens: the points go no further, or the case ends. Incomplete: no reason, or not where it can
        be taken. UnknownChoice: a point that this stage does not deal with."""
        at.require(DECLINE, self.by, self.stage)
        refusal = at.procedure.refusal
        asked = {"reason": "Write why the procedure does not cover it."}
        if refusal is not None:
            asked["reason"] = "Write why it is refused."
        if refusal is None or not refusal.signposts:
            asked["goes_to"] = "Choose or write where the complainant can take it instead."
        self.why.require(**asked)
        points = tuple(sorted(set(self.points)))
        if set(points) - set(at.case.points):
            raise UnknownChoice("Choose points that this stage deals with.", field="points")
        whole = not points or points == at.case.points
        found = FoundNotCovered(
            at=at.now, by=self.by, stage=self.stage, why=self.why.id, points=() if whole else points
        )
        return (found, *close(at.then(found), "not-covered")) if whole else (found,)


def _against(at: Situation, by: str, stage: str) -> Refused | None:
    """Allow it until an outcome is recorded: from then on that says what is concluded."""
    return open_at(at.case, stage) or looks_after(at.case, by, at.procedure) or concluded(at.case)


def _asked(asking: Asking) -> DeclineNotCovered:
    places = {matter.id: matter.goes_to for matter in asking.at.procedure.not_covered}
    chosen = asking.text("place")
    if asking.chosen("place") and chosen not in (*places, ELSEWHERE):
        asking.refuse("place", "Choose where the complainant can take it instead.")
    words = {"reason": asking.text("reason"), "goes_to": asking.text("goes_to") or places.get(chosen, "")}
    what = asking.choice(
        "what", ("whole", "points"), "Choose whether all of it or some points are not covered."
    )
    points = tuple(int(point) for point in asking.chosen("points") if point.isdecimal())
    if what == "points" and not points:
        asking.refuse("points", "Choose the points that are not covered.")
    return DeclineNotCovered(
        by=asking.by,
        stage=asking.stage,
        why=asking.writing(**words),
        points=points if what == "points" else (),
    )


def _gives(at: Situation, by: str, contents: Contents) -> Mapping[str, object]:
    said = aspects_of(at.case, contents.get(at.case.agreed or at.case.answers, {}))
    return {
        "places": [(matter.id, f"{matter.label}: {matter.goes_to}") for matter in at.procedure.not_covered],
        "points": [(str(number), said[number - 1]) for number in at.case.points],
    }


def _played(step: Step, at: Situation) -> FilledIn:
    refusal = at.procedure.refusal
    return {
        "what": "points" if step.points else "whole",
        "points": [str(point) for point in step.points],
        "reason": step.words,
        "goes_to": step.whom or ("" if refusal is not None and refusal.signposts else "Somewhere else."),
    }


DECLINE = Act(
    name="decline",
    whose="staff",
    traits=Traits(again="as-often", waits_for=nobody, about="complaint", stands_alone=True),
    against=_against,
    asked=_asked,
    choice="what",
    shows=Shows(reads=lambda at, by: (at.case.answers, at.case.agreed), gives=_gives),
    scenes={"decline": Scene(needs=(), knows=("points", "text", "whom"), fills=_played, by=None)},
)
ACTS = (DECLINE,)
