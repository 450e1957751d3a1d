"""A form that was filled in: check your answers, change them, send them.

Nothing is stored before the last step: the answers travel in the pages. So does the key under which they are
sent, from the empty form on, so that a second click, a reload or a step back opens no second case.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from adapters.cases.answers import read
from adapters.identities import RandomIdentities, is_secret
from domain.answers import hold_to_scope
from domain.calendars import spell_day
from domain.case import COMPLAINANT
from domain.errors import InvalidAnswers
from domain.ladder import DeadlineRule
from domain.procedure import MOST_ENTRIES, Field, Form, Procedure
from handlers.http import (
    Endpoint,
    Request,
    Response,
    Unreadable,
    dispatch,
    form_values,
    own_path,
    page,
    path_part,
    procedure_slug,
    record,
    record_failure,
    redirect,
    temporary,
)
from handlers.pages import (
    FormValues,
    broken_page,
    error_page,
    form_page,
    nothing_here,
    raw_answers,
    served_procedure,
)
from handlers.strangers import Held, held_up

if TYPE_CHECKING:
    from adapters.cases.submission import Receipt
    from domain.promises import Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class SentForm:
    """A form as it came in. `do` is the button that was pressed, in its parts; `proof` is what was asked for where much
    had come from the same connection."""

    procedure: Procedure
    form: Form
    typed: FormValues
    key: str
    do: str
    about: str
    proof: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An answer as the check page shows it; `entries` where it is a list."""

    field: Field
    text: str
    entries: tuple[str, ...] | None

    @property
    def label(self) -> str:
        return "Declaration" if self.field.type == "declaration" else self.field.label


def handler(event: Request, context: Any) -> Response:
    """Answer a request of API Gateway."""
    return dispatch(event, ROUTES, context=context, broken=broken_page)


def check_answers(event: Request) -> Response:
    """Show what was filled in, to be checked; or the form again, to be changed, lengthened or put right."""
    posted = _posted(event)
    if not isinstance(posted, SentForm):
        return posted
    if posted.do == "change":
        return _form_again(posted, focus=posted.about)
    if posted.do == "add":
        return _form_again(_with_another_entry(posted), focus=posted.about)
    try:
        # First, so that nobody fills in a form to the end that cannot be taken.
        hold_to_scope(posted.procedure, _raw(posted))
        answers = read(posted.form, _raw(posted))
    except InvalidAnswers as invalid:
        return _form_again(posted, invalid=invalid)
    return _check_page(posted, answers)


def back_to_form(event: Request) -> Response:
    """Lead whoever opens the address of a confirmation, with nothing to send, to the form."""
    return redirect(own_path(*procedure_slug(event).split("/"), path_part(event, "form")))


def send(event: Request) -> Response:
    """Submit the answers and confirm it. The same key and answers again get the same confirmation."""
    posted = _posted(event)
    if not isinstance(posted, SentForm):
        return posted
    try:
        answers = read(posted.form, _raw(posted))
    except InvalidAnswers as invalid:
        return _form_again(posted, invalid=invalid)
    if not posted.key:
        return _check_page(posted, answers, status=400, banner=_NOT_SENT)
    if held := held_up(event, purpose=f"{posted.procedure.slug}\n{_key_of(posted)}", proof=posted.proof):
        return _check_page(posted, answers, status=429, banner=_TOO_MANY, held=held)
    try:
        receipt = _submit(posted, answers)
    except InvalidAnswers as invalid:
        return _form_again(posted, invalid=invalid)
    except temporary() as error:
        record_failure(error, event)
        return _check_page(posted, answers, status=503, banner=_TRY_AGAIN)
    if receipt is None:
        return _check_page(_with_new_key(posted), answers, status=409, banner=_SENT_BEFORE)
    if not receipt.repeated:
        record("A case was opened.", ref=receipt.reference)
    return _confirmation(posted, answers, receipt)


_NOT_SENT: Final = {
    "heading": "It has not been sent yet",
    "text": "Check your answers, then press Send.",
}
_SENT_BEFORE: Final = {
    "heading": "You have already sent this form with different answers",
    "text": "We have received what you sent first. If you send this too, we will deal with it separately.",
}
_TOO_MANY: Final = {
    "heading": "It has not been sent yet",
    "text": "Many forms have come from your internet connection, so this takes one more step. Your answers are still "
    "here.",
}
_TRY_AGAIN: Final = {
    "heading": "Send it again",
    "text": "Something went wrong on our side and we do not know whether your form has reached us. Your answers are "
    "still here. Wait a moment, then press Send again. We will not count it twice.",
}


def _submit(posted: SentForm, answers: dict[str, Any]) -> Receipt | None:
    """Submit what was sent. None: the key was used for other answers."""
    # boto3 comes with these, and whoever only checks answers need not wait for it.
    from adapters.cases.submission import KeyReused, submit
    from handlers.wiring import site

    try:
        return submit(
            posted.procedure.slug,
            posted.form.id,
            answers,
            key=_key_of(posted),
            by=COMPLAINANT,
            site=site(),
        )
    except KeyReused:
        return None


def _key_of(posted: SentForm) -> str:
    return f"form {posted.key}"


def _posted(event: Request) -> SentForm | Response:
    procedure = served_procedure(procedure_slug(event))
    form = procedure.form(path_part(event, "form")) if procedure is not None else None
    if procedure is None or form is None:
        return nothing_here(event, procedure)
    try:
        typed = form_values(event)
    except Unreadable as unreadable:
        return error_page(
            unreadable.status,
            "We could not read the form",
            str(unreadable),
            "Go back in your browser. What you typed will still be there.",
            procedure=procedure,
        )
    key = typed.pop("_key", [""])[-1]
    proof = typed.pop("_proof", [""])[-1]
    do, _, about = typed.pop("_do", ["check"])[-1].partition(".")
    return SentForm(
        procedure=procedure,
        form=form,
        typed=typed,
        key=key if is_secret(key) else "",
        do=do,
        about=about,
        proof=proof,
    )


def _raw(posted: SentForm) -> dict[str, Any]:
    return raw_answers(posted.form, posted.typed)


def _form_again(posted: SentForm, *, invalid: InvalidAnswers | None = None, focus: str = "") -> Response:
    return form_page(
        posted.procedure,
        posted.form,
        key=posted.key or _new_key(),
        typed=posted.typed,
        problems=() if invalid is None else invalid.problems,
        focus=focus,
        status=200 if invalid is None else 422,
    )


def _check_page(
    posted: SentForm,
    answers: Mapping[str, Any],
    *,
    status: int = 200,
    banner: Mapping[str, str] | None = None,
    held: Held | None = None,
) -> Response:
    return page(
        status,
        "pages/check.html",
        script="pages/sending.js",
        organisation=posted.procedure.organisation,
        home=f"/{posted.procedure.slug}",
        procedure=posted.procedure,
        form=posted.form,
        key=posted.key or _new_key(),
        hidden=list(_hidden(answers)),
        rows=[_row(field, answers.get(field.id)) for field in posted.form.fields],
        email=answers.get("email", ""),
        banner=banner,
        challenge="" if held is None else json.dumps(held.challenge),
        minutes=0 if held is None else -(-held.wait // 60),
    )


def _hidden(answers: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    for name, value in answers.items():
        for choice in value if isinstance(value, list) else [value]:
            yield name, "yes" if choice is True else choice


def _row(field: Field, answer: Any) -> Row:
    match field.type, answer:
        case _, None:
            text = ""
        case "choice", _:
            text = next(choice.label for choice in field.choices if choice.id == answer)
        case "declaration", _:
            text = field.label
        case "date", _:
            text = spell_day(date.fromisoformat(answer))
        case "list", _:
            return Row(field=field, text="", entries=tuple(answer))
        case "roles", _:
            chosen = tuple(choice.label for choice in field.choices if choice.id in answer)
            return Row(field=field, text="", entries=chosen)
        case _:
            text = answer
    return Row(field=field, text=text, entries=None)


def _confirmation(posted: SentForm, answers: Mapping[str, Any], receipt: Receipt) -> Response:
    procedure = posted.procedure
    stage = procedure.stage(receipt.stage)
    promises = list(_promises(stage.deadlines, receipt.deadlines, stage.id))
    if stage.acknowledgement == "automatic":
        # This page and the mail that goes out with it are the acknowledgement.
        promises = [(promise, rule) for promise, rule in promises if rule.name != "acknowledge"]
    begun = {promise.name for promise in receipt.deadlines}
    return page(
        200 if receipt.repeated else 201,
        "pages/confirmation.html",
        organisation=procedure.organisation,
        home=f"/{procedure.slug}",
        procedure=procedure,
        form=posted.form,
        receipt=receipt,
        stage=stage,
        email=answers.get("email", ""),
        promises=promises,
        later=[
            rule
            for rule in stage.deadlines
            if (rule.name == "respond" and f"{stage.id}/{rule.name}" not in begun)
            or (
                rule.name in ("acknowledge", "first-response")
                and f"{stage.id}/{rule.name}" in receipt.uncounted
            )
        ],
        uncounted=[name.rpartition("/")[2] for name in receipt.uncounted],
    )


def _promises(
    rules: Sequence[DeadlineRule], promises: Sequence[Promise], stage: str
) -> Iterable[tuple[Promise, DeadlineRule]]:
    by_name = {promise.name: promise for promise in promises}
    for rule in rules:
        promise = by_name.get(f"{stage}/{rule.name}")
        if promise is not None:
            yield promise, rule


def _with_another_entry(posted: SentForm) -> SentForm:
    given = [entry for entry in posted.typed.get(posted.about, ()) if entry.strip()]
    longer = [*given, ""][:MOST_ENTRIES]
    return replace(posted, typed={**posted.typed, posted.about: longer})


def _with_new_key(posted: SentForm) -> SentForm:
    return replace(posted, key=_new_key())


def _new_key() -> str:
    return RandomIdentities().secret()


ROUTES: Final[Mapping[str, Endpoint]] = {
    "POST /{org}/{form}": check_answers,
    "POST /{org}/{form}/submit": send,
    "GET /{org}/{form}/submit": back_to_form,
    "POST /{org}/data-protection/{form}": check_answers,
    "POST /{org}/data-protection/{form}/submit": send,
    "GET /{org}/data-protection/{form}/submit": back_to_form,
}
