"""What people do in a scenario: each step becomes a command, by way of the form of its act.

A step fills in the act's own form, as a page would have it, so that whatever a page can do a scenario can play. What a
step does not say is filled in with something harmless. Whoever the case waits for acts, unless the step says who.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from typing import Any, Final, assert_never

from adapters.cases.answers import read as read_answers
from authoring.simulation import Life
from domain.act import Act, Scene
from domain.acts.bounces import RecordBounce
from domain.acts.intake import SubmitComplaint, as_entered
from domain.answers import facts_in
from domain.calendars import opening_of, to_london
from domain.case import COMPLAINANT
from domain.command import Command
from domain.errors import Incomplete
from domain.form import Asking, Filled, OtherCase, SentFile, Unprocessable
from domain.procedure import Field, Form, Procedure
from domain.registry import act, names, refusal
from domain.situation import Situation
from domain.step import Step
from domain.words import Writing

Keys = tuple[tuple[str, ...], tuple[str, ...]]

BESIDES: Final[Mapping[str, Keys]] = {
    "submit": (
        (),
        ("form", "answers", "aspects", "enters", "route", "received", "text", "content", "settled"),
    ),
    "bounce": (("person", "notice"), ()),
    "wait": ((), ()),
}
"""What happens in a scenario that is no act behind a link: the keys that it needs, and those that it can have."""


class CannotBe(Exception):
    """A step that makes no sense at its place; `str()` is a sentence."""


@cache
def scenes() -> Mapping[str, tuple[Act, Scene]]:
    """Return every way to play an act, by what a step calls it."""
    return {name: (played, scene) for played in map(act, names()) for name, scene in played.scenes.items()}


def keys_of(name: str) -> Keys | None:
    """Return the keys that a step needs, and those that it can have, beside those about who and when; None: there is
    no such step."""
    if name in BESIDES:
        return BESIDES[name]
    found = scenes().get(name)
    return (found[1].needs, found[1].knows) if found is not None else None


def command_of(step: Step, life: Life, number: int, at: datetime) -> Command:
    """Return what is asked for with step `number` (from 0), done at `at`. CannotBe: it makes no sense at its place.
    Refused: it cannot be done."""
    by = actor_of(step, life)
    match step.act:
        case "submit":
            return _submission(step, life.procedure, number, at, by=by)
        case "bounce":
            return RecordBounce(person=step.person, notice=step.notice or "")
        case "wait":
            raise CannotBe("this is not something that a person does")
        case _:
            return _filled_in(step, life, number, at, by=by)


def actor_of(step: Step, life: Life) -> str:
    """Return who acts: the person that the case waits for, where the step does not say it."""
    if step.by or step.act in BESIDES:
        return step.by or COMPLAINANT
    played, scene = scenes()[step.act]
    at = life.situation(life.now)
    return scene.by(at) if scene.by is not None else _who_can(played, at)


def lowest(procedure: Procedure) -> Form:
    """Return the form that starts lowest on the ladder shows the most of it."""
    order = [stage.id for stage in procedure.stages]
    staged = [form for form in procedure.forms if form.starts_at]
    return min(staged, key=lambda form: order.index(form.starts_at))


def _filled_in(step: Step, life: Life, number: int, now: datetime, *, by: str) -> Command:
    """Return the command of the act's form, as the step fills it in."""
    at = life.situation(now)
    played, scene = scenes()[step.act]
    stage = at.case.current.stage
    at.require(played, by, stage)
    typed = {
        name: [value] if isinstance(value, str) else value
        for name, value in scene.fills(step, at).items()
        if value
    }
    asking = Asking(
        Filled(typed=typed),
        at=at,
        by=by,
        stage=stage,
        new_id=_ids(f"{step.act}-{number + 1}"),
        answers=lambda form: _answers(step, form, now),
        read=life.read,
        sent=life.sent,
        # A scenario is about one case; of another it says no more than its reference.
        other=lambda ref: OtherCase(ref=ref, is_open=True, is_same_person=True),
        file=SentFile(
            document=f"document-{number + 1}",
            media_type=step.media_type or "application/pdf",
            size=1_000,
            sha256="0" * 64,
        ),
    )
    try:
        return played.asked(asking)
    except Unprocessable as wrong:
        raise Incomplete(wrong.problems) from wrong


def _ids(first: str) -> Callable[[], str]:
    """Return the ids of what is written in one step: `first`, then the same with a number."""
    numbers = count(1)
    return lambda: first if (number := next(numbers)) == 1 else f"{first}-{number}"


def _who_can(played: Act, at: Situation) -> str:
    """Return the first who can do it: a reviewer, then anybody in the directory's order. Where nobody can, who would
    be expected to, so that the refusal says why."""
    if played.whose == "complainant":
        return COMPLAINANT
    everybody = (*at.case.current.reviewers, *(person.id for person in at.procedure.people))
    stage = at.case.current.stage
    able = (person for person in everybody if not refusal(played.name, at, by=person, stage=stage))
    return next(able, everybody[0])


def _submission(step: Step, procedure: Procedure, number: int, at: datetime, *, by: str) -> SubmitComplaint:
    form = procedure.form(step.form) if step.form else lowest(procedure)
    if form is None:
        raise CannotBe(f"there is no form `{step.form}`")
    route = step.route or "web"
    asked = form if by == COMPLAINANT else as_entered(form, route)
    answers = _answers(step, asked, at)
    done = Writing(f"submit-{number + 1}-done", {"done": step.text}) if step.text else None
    return SubmitComplaint(
        organisation=procedure.slug,
        form=form.id,
        answers=Writing(f"submit-{number + 1}", answers),
        **facts_in(answers, form),
        kind=step.enters or str(answers.get("kind") or ""),
        by=by,
        route=route,
        received_at=opening_of(step.received) if step.received is not None else None,
        by_letter=by != COMPLAINANT and not answers.get("email"),
        first_contact=done,
        content=step.content or "not-asked",
        settled=step.settled,
    )


def _answers(step: Step, form: Form, at: datetime) -> dict[str, Any]:
    """Return the form as the step fills it in; what it leaves out says nothing."""
    return read_answers(form, dict(samples(form, at)) | dict(given_answers(step, form)))


def given_answers(step: Step, form: Form) -> Iterator[tuple[str, Any]]:
    """Yield what a step answers on a form; several roles stand in one text, with spaces between them."""
    several = {question.id for question in form.fields if question.type == "roles"}
    for answer in step.answers:
        yield answer.id, answer.text.split() if answer.id in several else answer.text
    if step.aspects:
        yield "aspects", list(step.aspects)
    if step.received is not None:
        yield "received", step.received.isoformat()


def samples(form: Form, at: datetime) -> Iterator[tuple[str, Any]]:
    """Yield answers that the questions take which have to have one, and that say nothing."""
    for question in form.fields:
        if question.required:
            yield question.id, _sample(question, at)


def _sample(question: Field, at: datetime) -> Any:
    match question.type:
        case "text":
            return "The complainant" if question.id == "name" else "Something short."
        case "long-text":
            return "What happened, in a few words."
        case "email":
            return "complainant@example.example"
        case "telephone":
            return "01632 960 001"
        case "date" if question.id == "received":
            return to_london(at).date().isoformat()
        case "date":
            return (to_london(at).date() - timedelta(days=1)).isoformat()
        case "choice":
            return question.choices[0].id
        case "roles":
            return [question.choices[0].id]
        case "list":
            return ["The first point.", "The second point."]
        case "declaration":
            return True
        case _:
            assert_never(question.type)
