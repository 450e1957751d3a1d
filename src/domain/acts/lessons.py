"""What was learned from a complaint, whatever its outcome: recorded with an outcome or at any time after it."""

from __future__ import annotations

from domain.act import Act, Standing, Traits, nobody, writing
from domain.case import Case
from domain.command import Command, Events
from domain.errors import NotNow, NotYours, Refused
from domain.event import StageEvent, Telling, Tells
from domain.frozen import replace
from domain.people import coordinating
from domain.rights import being_destroyed, holds_role
from domain.situation import Situation
from domain.words import Writing


class LessonsRecorded(StageEvent):
    """What was learned; `lessons` is content, for those who deal with the case."""

    lessons: str

    wrote = ("lessons", "lessons")

    def after(self, case: Case) -> Case:
        return replace(case, lessons=(*case.lessons, self.lessons))

    def tells(self, telling: Telling) -> Tells:
        return telling.done


class RecordLessons(Command):
    """`lessons.words["lessons"]`: what was learned."""

    by: str
    lessons: Writing

    def decide(self, at: Situation) -> Events:
        at.require(RECORD_LESSONS, self.by, "")
        self.lessons.require(lessons="Write what was learned.")
        stage = at.case.current.stage
        return (LessonsRecorded(at=at.now, by=self.by, stage=stage, lessons=self.lessons.id),)


def _against(at: Situation, by: str, stage: str) -> Refused | None:
    if refusal := being_destroyed(at.case):
        return refusal
    answered = [record for record in at.case.stages if record.responded_at is not None]
    if not answered:
        return NotNow("Record what was learned with the outcome or after it.")
    coordinates = holds_role(by, coordinating(at.case, at.procedure), at.procedure) is None
    if not coordinates and not any(by in record.reviewers for record in answered):
        return NotYours("Only the people who dealt with the case can record what was learned.")
    return None


_SAID = Standing(sentence="This has already been recorded.", ids=lambda case: case.lessons)

RECORD_LESSONS = Act(
    name="lessons",
    whose="staff",
    traits=Traits(again=_SAID, waits_for=nobody, about="afterwards", stands_alone=True),
    against=_against,
    asked=lambda asking: RecordLessons(by=asking.by, lessons=asking.wrote("lessons")),
    choice="action",
    shows=None,
    scenes={"lessons": writing("lessons")},
)
ACTS = (RECORD_LESSONS,)
