"""What the forms ask, and what they open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, get_args

from authoring.ids import unknown
from authoring.objection import Location, Objection, each_of, one_source, repeated
from domain.answers import ACTS, ASKED_BY
from domain.procedure import LOGGED, STAFF, Field, FieldType, Form, Kind, Procedure, WrittenForm

ANSWERS: Final[Mapping[str, tuple[FieldType, ...]]] = {
    "name": ("text",),
    "email": ("email",),
    "telephone": ("telephone",),
    "address": ("long-text", "text"),
    "relationship": ("choice", "text"),
    "incident_date": ("date",),
    "became_known_date": ("date",),
    "account": ("long-text",),
    "aspects": ("list",),
    "complained_about": ("roles",),
    "people_involved": ("long-text", "text", "list"),
    "actions_taken": ("long-text", "text"),
    "outcome_sought": ("long-text", "text"),
    "availability": ("text", "long-text"),
    "course": ("choice", "text"),
    "subject": ("choice",),
    "personal_data": ("long-text", "text"),
    "adjustments": ("long-text", "text"),
    "declaration": ("declaration",),
    "raised_informally": ("choice", "text", "long-text"),
    "kind": ("choice",),
    "represented": ("choice",),
    "representative": ("text", "long-text"),
    "helped_by": ("text", "long-text"),
}
"""The answers that Dueprocess knows what to do with, and the types of question that can ask for each."""

NEEDED_ANSWERS: Final = {
    "name": "without it nobody knows whose complaint it is",
    "email": "without it the complainant cannot be reached",
    "account": "without it there is nothing to conclude on",
}


def check_form(procedure: Procedure, form: Form, at: Location, *, is_released: bool) -> Iterator[Objection]:
    """Check that the form leads to a stage, and asks for what is needed in a way that can be answered. What has been
    released stays as it is."""
    stages = [stage.id for stage in procedure.stages]
    is_staged = any(kind not in LOGGED for kind in (*form.kinds, form.kind))
    if (form.starts_at or is_staged) and form.starts_at not in stages:
        yield from _starts_nowhere(procedure, form, at, stages)
    yield from _kinds(form, at)
    for number, question in enumerate(form.fields):
        if question.id == "represented" and ACTS not in {choice.id for choice in question.choices}:
            place = (*at, "fields", number)
            yield Objection(
                place, f"the question `represented` needs the answer `{ACTS}`: that somebody acts"
            )
    if form.written is not None:
        yield from _written(form.written, (*at, "written"))
    if form.id == STAFF:
        yield Objection(at, f"a form cannot be called `{STAFF}`: staff ask for their link at that address")
    if not form.privacy:
        yield Objection((*at, "privacy"), f"the form `{form.id}` has no privacy notice")
    yield from _needed(form, at)
    if is_staged and not is_released and not any(question.type == "roles" for question in form.fields):
        yield Objection(
            (*at, "fields"),
            f"the form `{form.id}` does not ask for `complained_about`: whoever it is about could be the first to "
            "read it",
        )
    for number, question in enumerate(form.fields):
        yield from _question(procedure, question, (*at, "fields", number))


def _needed(form: Form, at: Location) -> Iterator[Objection]:
    asked = {question.id: question for question in form.fields}
    for answer, why in NEEDED_ANSWERS.items():
        if answer not in asked:
            yield Objection((*at, "fields"), f"the form `{form.id}` does not ask for `{answer}`: {why}")
        elif not asked[answer].required:
            place = (*at, "fields", list(asked).index(answer))
            yield Objection(place, f"`{answer}` has to be required: {why}", ((*place, "required"),))


def _question(procedure: Procedure, question: Field, at: Location) -> Iterator[Objection]:
    if question.id not in ANSWERS:
        yield Objection(at, unknown("answer", question.id, ANSWERS))
    elif question.type not in ANSWERS[question.id]:
        types = " or ".join(ANSWERS[question.id])
        yield Objection(
            (*at, "type"),
            f"`{question.id}` is asked for by a question of type {types}, not {question.type}",
        )
    needs = ((*at, "type"), (*at, "choices"))
    if question.type == "choice" and not question.choices:
        yield Objection(at, f"`{question.id}` is a choice, but has no `choices`", needs)
    if question.type == "roles" and question.choices not in ((), procedure.roles_held):
        yield Objection(
            (*at, "choices"), f"`{question.id}` asks for roles, which are its choices: leave them out", needs
        )
    elif question.type not in ("choice", "roles") and question.choices:
        yield Objection((*at, "choices"), f"`{question.id}` has choices, but is not a choice", needs)
    if question.max_length < 1:
        yield Objection((*at, "max_length"), "`max_length` counts from 1")


def _starts_nowhere(procedure: Procedure, form: Form, at: Location, stages: list[str]) -> Iterator[Objection]:
    if not form.starts_at:
        yield Objection(
            at,
            f"the form `{form.id}` has no `starts_at`: it needs a stage, for it takes more than suggestions and "
            "compliments",
        )
    else:
        yield Objection(
            (*at, "starts_at"), unknown("stage", form.starts_at, stages), each_of(procedure, "stages")
        )


def _kinds(form: Form, at: Location) -> Iterator[Objection]:
    """Yield what the form takes, where it asks which."""
    known = get_args(Kind)
    for number, question in enumerate(form.fields):
        if question.id != "kind":
            continue
        place = (*at, "fields", number)
        if not question.required:
            yield Objection(place, "`kind` has to be required", ((*place, "required"),))
        for index, choice in enumerate(question.choices):
            if choice.id not in known:
                yield Objection((*place, "choices", index), unknown("kind", choice.id, known))
    for index, kind in enumerate(form.entered_as):
        if kind in form.kinds:
            yield Objection((*at, "entered_as", index), f"`{kind}` is what the form takes from everybody")
    yield from repeated((*at, "entered_as"), form.entered_as)


def _written(written: WrittenForm, at: Location) -> Iterator[Objection]:
    yield from one_source(written, at, "the complaint in writing")
    if "web" in written.routes:
        yield Objection(
            (*at, "routes"), "what came by the form is in writing: `web` is not a route to wait on"
        )
    yield from repeated((*at, "routes"), written.routes)
    if written.reminders < 1:
        yield Objection((*at, "reminders"), "`reminders` counts from 1")
    for index, name in enumerate(written.counts):
        if name not in ("acknowledge", "first-response", "respond", "progress"):
            yield Objection(
                (*at, "counts", index),
                f"`{name}` does not wait for the form: acknowledge, first-response, respond or progress",
            )


def check_not_covered(procedure: Procedure) -> Iterator[Objection]:
    """Check that what is not covered can be said on some form."""
    asking = [field for form in procedure.forms for field in form.fields if field.id in ASKED_BY]
    known = [choice.id for field in asking for choice in field.choices]
    for number, matter in enumerate(procedure.not_covered):
        if matter.id not in known:
            message = f"`{matter.id}` is not an answer to {' or '.join(f'`{name}`' for name in ASKED_BY)} in any form"
            yield Objection(("not_covered", number), message, (("forms",),))
