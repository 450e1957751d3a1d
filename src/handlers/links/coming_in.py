"""How something came in, after it did: what was done at once, the complaint in writing, consent, and what comes of
feedback."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final, Literal, assert_never, get_args

from domain.calendars import opening_of, to_london
from domain.case import Case
from domain.commands import (
    AskForWrittenForm,
    Command,
    FollowUp,
    LogFirstContact,
    RecordConsent,
    SendWrittenForm,
    WaiveWrittenForm,
)
from domain.errors import FieldProblem
from domain.events import Content
from domain.procedure import Field, Form, Procedure
from handlers.links.form import Filled, choice, word, writing
from handlers.links.situation import Situation
from handlers.wiring import site

WholeForm = Literal["write", "written"]

MORE_ENTRIES: Final = 3
"""How many empty boxes a question that takes a list has, beside those that are filled in."""

_RECEIVED: Final = Field(
    id="received",
    label="When did the form reach you?",
    type="date",
    required=True,
    missing="Enter the day on which the form reached you.",
)


def command(
    action: Literal["contact", "ask-form", "write", "written", "without-form", "consent", "follow-up"],
    form: Filled,
    situation: Situation,
) -> Command:
    """Unprocessable, InvalidAnswers: the form lacks something."""
    by, stage = situation.link.person, situation.link.stage
    match action:
        case "contact":
            content: Content = word(
                form, "content", get_args(Content), "Choose whether the person is content with it."
            )
            return LogFirstContact(
                by=by,
                stage=stage,
                log=writing(done=form.text("done")),
                content=content,
                settled=form.text("settled") == "yes",
            )
        case "ask-form":
            return AskForWrittenForm(by=by, stage=stage, reason=writing(reason=form.text("reason")))
        case "without-form":
            decision = choice(form, "decision", ("go-on", "close"), "Choose whether it goes on or is closed.")
            reason = writing(reason=form.text("reason"))
            return WaiveWrittenForm(by=by, stage=stage, goes_on=decision == "go-on", reason=reason)
        case "consent":
            return RecordConsent(by=by, stage=stage, consent=writing(consent=form.text("consent")))
        case "follow-up":
            return FollowUp(by=by, note=writing(note=form.text("note")))
        case "write" | "written":
            return _sent(action, form, situation)
        case _:
            assert_never(action)


def _sent(action: WholeForm, form: Filled, situation: Situation) -> SendWrittenForm:
    from adapters.cases.answers import read
    from adapters.cases.submission import facts_in
    from handlers.pages import raw_answers

    asked = _asked(situation.case, situation.procedure, action)
    typed = {name: values for name, values in form.typed.items() if name != "action"}
    answers = read(asked, raw_answers(asked, typed))
    received_at = None
    if received := answers.pop("received", ""):
        day = date.fromisoformat(received)
        # Of a day that has passed nobody knows more; what comes today comes now.
        is_today = day == to_london(situation.now).date()
        received_at = None if is_today else opening_of(day)
    return SendWrittenForm(
        by=situation.link.person,
        stage=situation.link.stage,
        answers=writing(**answers),
        received_at=received_at,
        **facts_in(answers, asked),
    )


def _asked(case: Case, procedure: Procedure, action: WholeForm) -> Form:
    """The form that the case waits for; where staff enter it, with the day on which it came."""
    form = procedure.form(case.form)
    if form is None:
        raise KeyError(case.form)
    # What it is has been decided; nobody changes a complaint into a compliment by filling in a form.
    fields = tuple(one for one in form.fields if one.id != "kind")
    if action == "written":
        fields = (_RECEIVED, *(_on_paper(one, case) for one in fields))
    return replace(form, fields=fields)


def _on_paper(field: Field, case: Case) -> Field:
    """Who has no address for mails has none on paper either."""
    return replace(field, required=False) if field.id == "email" and case.by_letter else field


def questions_of(
    situation: Situation,
    action: WholeForm,
    *,
    typed: Mapping[str, Sequence[str]],
    problems: Sequence[FieldProblem],
) -> list[Any]:
    """The form's questions, filled in with what was typed or, at first, with what is on record already."""
    from handlers.pages import asked_of

    case = situation.case
    form = _asked(case, situation.procedure, action)
    answers = {} if typed else site().store.contents(case.ref, (case.answers,))[case.answers]
    given: dict[str, Sequence[str]] = dict(typed)
    for name, value in answers.items():
        given[name] = [str(one) for one in value] if isinstance(value, list) else [str(value)]
    for field in form.fields:
        if field.type == "list":
            entries = [one for one in given.get(field.id, ()) if one.strip()]
            given[field.id] = [*entries, *[""] * MORE_ENTRIES]
        if field.type == "declaration" and not typed:
            given[field.id] = []
    return [asked_of(field, given, problems) for field in form.fields]
