"""Questions to the complainant, and their answers. What is open when the stage is answered lapses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from domain.act import Act, FilledIn, Scene, Shows, Traits, nobody, somebody, writing
from domain.case import COMPLAINANT, Case
from domain.command import Events, StageCommand
from domain.errors import AlreadyDone, FieldProblem, NotNow, NotYours, Refused, UnknownChoice
from domain.event import Contents, StageEvent, Telling, Tells
from domain.exchanges import Question
from domain.form import Asking
from domain.frozen import replace
from domain.hearing import PLAYED, came_at, heard, played
from domain.procedure import Route
from domain.rights import looks_after, open_at, reviewing, without_consent
from domain.situation import Situation
from domain.step import Step
from domain.words import Writing, require

MOST_QUESTIONS = 30
"""On one stage."""


class QuestionAsked(StageEvent):
    """The complainant was asked for something; `question` is content and the question's id."""

    question: str

    wrote = ("question", "question")

    def after(self, case: Case) -> Case:
        asked = Question(id=self.question, by=self.by, at=self.at)
        return case.on_stage(questions=(*case.current.questions, asked))

    def tells(self, telling: Telling) -> Tells:
        return (*telling.complainant("question", content=self.question), *telling.done)

    def has_lapsed(self, case: Case) -> bool:
        """Return whether the stage ended before the complainant answered."""
        return any(
            question.id == self.question and not question.answer and question not in record.unanswered
            for record in case.stages
            for question in record.questions
        )


class QuestionAnswered(StageEvent):
    """The complainant answered. `answer` is content: answers by the ids of the questions that were answered with it."""

    question: str
    answer: str
    route: Route = "web"
    """How they answered."""
    received_at: datetime | None = None
    """When they answered, where that was before it was entered."""

    wrote = ("answer",)

    def after(self, case: Case) -> Case:
        questions = tuple(
            replace(question, answer=self.answer, answered_at=self.received_at or self.at)
            if question.id == self.question
            else question
            for question in case.current.questions
        )
        return case.on_stage(questions=questions)

    def tells(self, telling: Telling) -> Tells:
        return (*telling.news_to_others(*telling.handling), *telling.done)

    def said(self, contents: Contents, case: Case) -> str:
        return str(contents.get(self.answer, {}).get(self.question, ""))


class AskQuestion(StageCommand):
    """`question.words["question"]`; its id is also the question's."""

    question: Writing

    def decide(self, at: Situation) -> Events:
        at.require(ASK, self.by, self.stage)
        self.question.require(question="Write what you would like to know.")
        return (QuestionAsked(at=at.now, by=self.by, stage=self.stage, question=self.question.id),)


class AnswerQuestions(StageCommand):
    """`answers.words`: texts by the id of the question; those without text are left open. `route` and `received_on`:
    how and on which day staff heard them who enter them."""

    answers: Writing
    route: Route = "web"
    received_on: date | None = None

    def decide(self, at: Situation) -> Events:
        """Return what happens. Incomplete: no question has an answer, or it came on a day on which it cannot have come.
        AlreadyDone: one was answered before. UnknownChoice: one was never asked on this stage."""
        at.require(ANSWER if self.by == COMPLAINANT else ENTER_ANSWER, self.by, self.stage)
        asked = {question.id: question for question in at.case.current.questions}
        given = [question for question in self.answers.words if self.answers.says(question)]
        if any(question not in asked for question in given):
            raise UnknownChoice("This question was not asked at this stage.")
        if any(asked[question].answer for question in given):
            raise AlreadyDone("You have already answered this question.")
        if not given:
            first = at.case.current.unanswered[0].id
            require([FieldProblem(f"answer_{first}", "Answer at least one question.")])
        came = {
            question: came_at(self, since=asked[question].at, what="the question was asked", now=at.now)
            for question in given
        }
        return tuple(
            QuestionAnswered(
                at=at.now,
                by=self.by,
                stage=self.stage,
                question=question,
                answer=self.answers.id,
                route=self.route,
                received_at=came[question],
            )
            for question in given
        )


def _against_asking(at: Situation, by: str, stage: str) -> Refused | None:
    if refusal := reviewing(at.case, by, stage) or without_consent(at.case, at.procedure):
        return refusal
    if len(at.case.current.questions) >= MOST_QUESTIONS:
        return NotNow(
            f"The complainant has been asked {MOST_QUESTIONS} questions at this stage. Call them instead."
        )
    return None


def _against_answering(at: Situation, by: str, stage: str) -> Refused | None:
    if by != COMPLAINANT:
        return NotYours("Only the person who complained can answer.")
    return _can_be_answered(at, stage)


def _against_entering(at: Situation, by: str, stage: str) -> Refused | None:
    """Let staff enter what the complainant told them by telephone, by letter or in any other way."""
    return looks_after(at.case, by, at.procedure) or _can_be_answered(at, stage)


def _can_be_answered(at: Situation, stage: str) -> Refused | None:
    if refusal := open_at(at.case, stage):
        return refusal
    current = at.case.current
    if current.unanswered:
        return None
    if any(not question.answer for question in current.questions):
        return NotNow("We have sent you the outcome, so you do not need to answer our questions any more.")
    if current.questions:
        return AlreadyDone("You have answered all our questions. Thank you.")
    return NotNow("There is no question to answer at the moment.")


def _asked_to_answer(asking: Asking) -> AnswerQuestions:
    answers = {
        name.removeprefix("answer_"): asking.text(name)
        for name in asking.form.typed
        if name.startswith("answer_") and asking.text(name)
    }
    return AnswerQuestions(
        by=asking.by, stage=asking.stage, answers=asking.writing(**answers), **heard(asking)
    )


def _to_answer(at: Situation, by: str) -> tuple[str, ...]:
    return tuple(question.id for question in at.case.current.unanswered)


def _asked_so_far(at: Situation, by: str, contents: Contents) -> Mapping[str, Any]:
    """Return the questions that have no answer yet, by id."""
    waiting = _to_answer(at, by)
    return {
        "asked": [(question, str(contents.get(question, {}).get("question", ""))) for question in waiting]
    }


def _played(step: Step, at: Situation) -> FilledIn:
    return {f"answer_{question.id}": step.words for question in at.case.current.unanswered}


ASK = Act(
    name="ask",
    whose="staff",
    traits=Traits(again="once", waits_for=nobody, about="complaint", stands_alone=True),
    against=_against_asking,
    asked=lambda asking: AskQuestion(by=asking.by, stage=asking.stage, question=asking.wrote("question")),
    choice="action",
    shows=None,
    scenes={"ask": writing("question")},
)
ANSWER = Act(
    name="answer",
    whose="complainant",
    traits=Traits(again="as-often", waits_for=somebody, about="complaint", stands_alone=True),
    against=_against_answering,
    asked=_asked_to_answer,
    choice="action",
    shows=None,
    scenes={"answer": Scene(needs=(), knows=("text",), fills=_played, by=None)},
)
ENTER_ANSWER = Act(
    name="enter-answer",
    whose="staff",
    traits=Traits(again="as-often", waits_for=nobody, about="complaint", stands_alone=True),
    against=_against_entering,
    asked=_asked_to_answer,
    choice="action",
    shows=Shows(reads=_to_answer, gives=_asked_so_far),
    scenes={
        "enter-answer": Scene(
            needs=(),
            knows=("text", *PLAYED),
            fills=lambda step, at: {**_played(step, at), **played(step, at)},
            by=None,
        )
    },
)
ACTS = (ASK, ANSWER, ENTER_ANSWER)
