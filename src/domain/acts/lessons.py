"""What was learned from a complaint, whatever its outcome: recorded with an outcome or at any time after it."""

from __future__ import annotations

from domain.act import Act, Scene, Standing, nobody
from domain.case import Case
from domain.command import Command, Events
from domain.errors import NotNow, NotYours, Refused
from domain.event import Event
from domain.form import Asking
from domain.frozen import replace
from domain.rights import being_destroyed
from domain.situation import Situation
from domain.telling import Telling, Tells
from domain.words import Writing


class LessonsRecorded(Event):
    """What was learned; `lessons` is content, for those who deal with the case."""

    stage: str
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
        return NotNow("What was learned is recorded with the outcome or after it.")
    person = at.procedure.person(by)
    coordinates = person is not None and at.procedure.coordinator in person.roles
    if not coordinates and not any(by in record.reviewers for record in answered):
        return NotYours("What was learned is recorded by those who dealt with the case.")
    return None


def _asked(asking: Asking) -> RecordLessons:
    return RecordLessons(by=asking.by, lessons=asking.wrote("lessons"))


RECORD_LESSONS = Act(
    name="lessons",
    whose="staff",
    against=_against,
    asked=_asked,
    again=Standing(sentence="This is recorded already.", ids=lambda case: case.lessons),
    waits_for=nobody,
    about="afterwards",
    stands_alone=True,
    choice="action",
    shows=None,
    scenes={
        "lessons": Scene(needs=(), knows=("text",), fills=lambda step, at: {"lessons": step.words}, by=None)
    },
)
ACTS = (RECORD_LESSONS,)
