"""What a link does about how something came in: the first contact, the complaint in writing, consent, feedback.

Beside `handlers.links`, which shows the pages and carries the commands out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol, assert_never

from domain.calendars import LONDON, to_london
from domain.commands import (
    AskForWrittenForm,
    Command,
    FollowUp,
    LogFirstContact,
    RecordConsent,
    SendWrittenForm,
    WaiveWrittenForm,
    Writing,
)
from domain.errors import FieldProblem, InvalidAnswers
from domain.procedure import Field, Form, Procedure

if TYPE_CHECKING:
    from adapters.desk import Desk
    from domain.case import Case

WritingDown = Literal["contact", "ask-form", "write", "written", "without-form", "consent", "follow-up"]

MORE_ENTRIES: Final = 3
"""How many empty boxes a question that takes a list has, beside those that are filled in."""

_NOON: Final = time(12)
_RECEIVED: Final = Field(
    id="received",
    label="When did the form reach you?",
    type="date",
    required=True,
    missing="Enter the day on which the form reached you.",
)


class Filled(Protocol):
    """What was typed, by the name of the field."""

    @property
    def typed(self) -> Mapping[str, Sequence[str]]: ...

    def text(self, name: str) -> str: ...


def command_of(
    action: WritingDown, form: Filled, case: Case, procedure: Procedure, *, by: str, stage: str, at: Desk
) -> Command:
    """InvalidAnswers: the form is not complete."""
    written = at.identities.content_id()
    match action:
        case "contact":
            content = form.text("content")
            return LogFirstContact(
                by=by,
                stage=stage,
                log=Writing(written, {"done": form.text("done")}),
                content="yes" if content == "yes" else "no" if content == "no" else "not-asked",
                settled=form.text("settled") == "yes",
            )
        case "ask-form":
            return AskForWrittenForm(
                by=by, stage=stage, reason=Writing(written, {"reason": form.text("reason")})
            )
        case "without-form":
            decision = form.text("decision")
            if decision not in ("go-on", "close"):
                raise InvalidAnswers((FieldProblem("decision", "Choose whether it goes on or is closed."),))
            return WaiveWrittenForm(
                by=by,
                stage=stage,
                goes_on=decision == "go-on",
                reason=Writing(written, {"reason": form.text("reason")}),
            )
        case "consent":
            return RecordConsent(
                by=by, stage=stage, consent=Writing(written, {"consent": form.text("consent")})
            )
        case "follow-up":
            return FollowUp(by=by, note=Writing(written, {"note": form.text("note")}))
        case "write" | "written":
            return _sent(action, form, case, procedure, by=by, stage=stage, written=written, at=at)
        case _:
            assert_never(action)


def _sent(
    action: Literal["write", "written"],
    form: Filled,
    case: Case,
    procedure: Procedure,
    *,
    by: str,
    stage: str,
    written: str,
    at: Desk,
) -> Command:
    from adapters.answers import read
    from adapters.submission import facts_in
    from handlers.pages import raw_answers

    asked = form_asked(case, procedure, action)
    typed = {name: values for name, values in form.typed.items() if name != "action"}
    answers = read(asked, raw_answers(asked, typed))
    received_at = None
    if received := answers.pop("received", ""):
        day, now = date.fromisoformat(received), at.clock.now()
        # Of a day that has passed nobody knows more; what comes today comes now.
        received_at = None if day == to_london(now).date() else datetime.combine(day, _NOON, LONDON)
    return SendWrittenForm(
        by=by, stage=stage, answers=Writing(written, answers), received_at=received_at, **facts_in(answers)
    )


def form_asked(case: Case, procedure: Procedure, action: Literal["write", "written"]) -> Form:
    """The form that the case waits for; where staff enter it, with the day on which it came."""
    from dataclasses import replace

    form = procedure.form(case.form)
    if form is None:
        raise KeyError(case.form)
    # What kind it is has been decided; nobody changes a complaint into a compliment by filling in a form.
    fields = tuple(one for one in form.fields if one.id != "kind")
    if action == "written":
        fields = (_RECEIVED, *(_as_on_paper(one, case) for one in fields))
    return replace(form, fields=fields)


def _as_on_paper(field: Field, case: Case) -> Field:
    """Who has no address for mails has none on paper either."""
    from dataclasses import replace

    return replace(field, required=False) if field.id == "email" and case.by_letter else field


def questions_of(
    case: Case,
    procedure: Procedure,
    action: Literal["write", "written"],
    *,
    answers: Mapping[str, Any],
    typed: Mapping[str, Sequence[str]],
    problems: Sequence[FieldProblem],
) -> list[Any]:
    """The form's questions, filled in with what was typed or, at first, with what is on record already."""
    from handlers.pages import asked_of

    form = form_asked(case, procedure, action)
    known = typed or {
        name: [str(one) for one in value] if isinstance(value, list) else [str(value)]
        for name, value in answers.items()
    }
    given = dict(known)
    for field in form.fields:
        if field.type == "list":
            entries = [one for one in known.get(field.id, ()) if one.strip()]
            given[field.id] = [*entries, *[""] * MORE_ENTRIES]
        if field.type == "declaration" and not typed:
            given[field.id] = []
    return [asked_of(field, given, problems) for field in form.fields]
