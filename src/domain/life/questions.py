"""Questions to the complainant, and their answers. What is open when the stage is answered lapses."""

from __future__ import annotations

from datetime import datetime

from domain.case import Case
from domain.commands import AnswerQuestions, AskQuestion
from domain.errors import AlreadyDone, FieldProblem, Incomplete, NotNow, NotYours, Refused, UnknownChoice
from domain.events import COMPLAINANT, Event, QuestionAnswered, QuestionAsked
from domain.life.standing import open_at, reviews

MOST_QUESTIONS = 30
"""On one stage."""


def may_ask(case: Case, by: str, stage: str) -> Refused | None:
    if refusal := open_at(case, stage) or reviews(case, by):
        return refusal
    if case.current.responded_at is not None:
        return AlreadyDone("The outcome of this stage has been sent.")
    if len(case.current.questions) >= MOST_QUESTIONS:
        return NotNow(
            f"The complainant has been asked {MOST_QUESTIONS} questions on this stage; please call."
        )
    return None


def ask_question(case: Case, command: AskQuestion, *, now: datetime) -> tuple[Event, ...]:
    if refusal := may_ask(case, command.by, command.stage):
        raise refusal
    if not str(command.question.words.get("question", "")).strip():
        raise Incomplete((FieldProblem("question", "Write what you would like to know."),))
    return (QuestionAsked(at=now, by=command.by, stage=command.stage, question=command.question.id),)


def may_answer(case: Case, by: str, stage: str) -> Refused | None:
    if by != COMPLAINANT:
        return NotYours("Only the person who complained can answer.")
    if refusal := open_at(case, stage):
        return refusal
    if case.current.unanswered:
        return None
    if any(not question.answer for question in case.current.questions):
        return NotNow("We have sent our answer, and the questions that were open have ended with it.")
    if case.current.questions:
        return AlreadyDone("You have answered all our questions. Thank you.")
    return NotNow("There is no question to answer at the moment.")


def answer_questions(case: Case, command: AnswerQuestions, *, now: datetime) -> tuple[Event, ...]:
    """Incomplete: no question has an answer. AlreadyDone: one was answered before. UnknownChoice: one was never
    asked on this stage."""
    if refusal := may_answer(case, command.by, command.stage):
        raise refusal
    words = command.answers.words
    asked = {question.id: question for question in case.current.questions}
    given = [one for one in words if str(words[one]).strip()]
    if any(one not in asked for one in given):
        raise UnknownChoice("This question was not asked here.")
    if any(asked[one].answer for one in given):
        raise AlreadyDone("You have answered this question already.")
    if not given:
        first = case.current.unanswered[0].id
        raise Incomplete((FieldProblem(f"answer_{first}", "Write your answer to at least one question."),))
    return tuple(
        QuestionAnswered(at=now, by=command.by, stage=command.stage, question=one, answer=command.answers.id)
        for one in given
    )
