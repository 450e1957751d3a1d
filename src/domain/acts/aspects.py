"""The main points that are answered: as the complainant wrote them, or as agreed with them afterwards."""

from __future__ import annotations

from domain.act import Act, FilledIn, Scene, Shows, Standing, Traits, nobody, nothing
from domain.case import Case
from domain.command import Events, StageCommand
from domain.errors import FieldProblem, NotAllowed, NotNow, Refused
from domain.event import Contents, StageEvent, Telling, Tells
from domain.form import Asking
from domain.frozen import replace
from domain.rights import answered, open_at, reviews, without_consent
from domain.situation import Situation
from domain.step import Step
from domain.words import Writing, require

MOST = 30
"""How many main points can be agreed."""


class AspectsAgreed(StageEvent):
    """The main points were agreed with the complainant, and take the place of those before; `agreed` is content."""

    aspects: int
    agreed: str

    wrote = ("agreed",)

    def after(self, case: Case) -> Case:
        # What was agreed now is what this stage is about.
        return replace(case.on_stage(aspects=()), aspects=self.aspects, agreed=self.agreed)

    def tells(self, telling: Telling) -> Tells:
        return (*telling.complainant("aspects-agreed"), *telling.done)

    def said(self, contents: Contents, case: Case) -> str:
        points = contents.get(self.agreed, {}).get("aspects", ())
        return "\n".join(f"{number}. {text}" for number, text in enumerate(points, start=1))


class AgreeAspects(StageCommand):
    """`aspects.words["aspects"]`: the main points that were agreed, in their order."""

    aspects: Writing

    def decide(self, at: Situation) -> Events:
        """Return what happens. Incomplete: no point, an empty one, or too many."""
        at.require(AGREE_ASPECTS, self.by, self.stage)
        texts = [str(text).strip() for text in self.aspects.words.get("aspects", ())]
        if not texts or not all(texts):
            require([FieldProblem("aspect_1", "Write at least one main point. Do not leave any empty.")])
        if len(texts) > MOST:
            require([FieldProblem("aspect_1", f"Write no more than {MOST} main points.")])
        return (
            AspectsAgreed(
                at=at.now, by=self.by, stage=self.stage, aspects=len(texts), agreed=self.aspects.id
            ),
        )


def _against(at: Situation, by: str, stage: str) -> Refused | None:
    if refusal := open_at(at.case, stage) or reviews(at.case, by) or without_consent(at.case, at.procedure):
        return refusal
    if at.stage.aspects != "can-be-agreed":
        return NotAllowed("At this stage the points cannot be changed.")
    if refusal := answered(at.case):
        return refusal
    if at.case.current.awaits_approval:
        return NotNow("You cannot change the points while an outcome is waiting for approval.")
    return None


def _asked(asking: Asking) -> AgreeAspects:
    """Return the points that were typed, in their order, without gaps."""
    asking.confirm("Tick the box to confirm that the points were agreed.")
    texts = (asking.text(f"aspect_{number}") for number in range(1, MOST + 1))
    points = asking.writing(aspects=[text for text in texts if text])
    return AgreeAspects(by=asking.by, stage=asking.stage, aspects=points)


def _played(step: Step, at: Situation) -> FilledIn:
    points = {f"aspect_{number}": text for number, text in enumerate(step.aspects, start=1)}
    return {"confirm": "yes", **points}


_SAID = Standing(sentence="These points have already been agreed.", ids=lambda case: (case.agreed,))

AGREE_ASPECTS = Act(
    name="aspects",
    whose="staff",
    traits=Traits(again=_SAID, waits_for=nobody, about="complaint", stands_alone=True),
    against=_against,
    asked=_asked,
    choice="action",
    shows=Shows(
        reads=nothing,
        gives=lambda at, by, contents: {"rows": range(1, min(at.case.aspects + 2, MOST) + 1)},
    ),
    scenes={"aspects": Scene(needs=("aspects",), knows=(), fills=_played, by=None)},
)
ACTS = (AGREE_ASPECTS,)
