"""Entering a case for somebody, who is told as if they had sent the form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, get_args

from adapters.identities import RandomIdentities, is_secret
from domain.errors import FieldProblem, Incomplete, InvalidAnswers, UnknownChoice
from domain.procedure import LOGGED, Field, Form, Kind, Procedure
from handlers.http import (
    AGAIN,
    Banner,
    Request,
    Response,
    Unreadable,
    form_values,
    hidden,
    page,
    path_part,
    record,
    record_failure,
    temporary,
)
from handlers.pages import FormValues, anchor_of, asked_of, not_found, raw_answers
from handlers.staff.questions import WAYS, asked_form, received_at
from handlers.staff.session import Session, about, address_of, procedures_of
from handlers.staff.worklist import session_for, worklist_page
from handlers.wiring import site

if TYPE_CHECKING:
    from adapters.cases.submission import Receipt

MORE_ENTRIES: Final = 4
"""How many boxes a question that takes a list has where staff fill it in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entering:
    """The form as staff fill it in, with what they say beside it. `strict` is the form itself."""

    session: Session
    procedure: Procedure
    strict: Form
    kinds: tuple[Kind, ...]


def show(event: Request) -> Response:
    """Return the form, empty."""
    entering = _entering(event)
    if not isinstance(entering, Entering):
        return entering
    return _entering_page(200, entering, key=RandomIdentities().secret())


def enter(event: Request) -> Response:
    """Open the case; the complainant is told as if the form had been sent."""
    entering = _entering(event)
    if not isinstance(entering, Entering):
        return entering
    try:
        typed = form_values(event)
    except Unreadable as unreadable:
        return worklist_page(unreadable.status, entering.session, banner=str(unreadable))
    given = typed.pop("_key", [""])[-1]
    key = given if is_secret(given) else ""
    if not key:
        return _entering_page(
            400,
            entering,
            key=RandomIdentities().secret(),
            typed=typed,
            banner="Nothing was saved. Try again.",
        )
    try:
        receipt = _submit(entering, typed, key=key)
    except InvalidAnswers as invalid:
        return _entering_page(422, entering, key=key, typed=typed, problems=invalid.problems)
    except Incomplete as incomplete:
        return _entering_page(422, entering, key=key, typed=typed, problems=incomplete.missing)
    except UnknownChoice as unknown:
        problem = FieldProblem(unknown.field or "kind", str(unknown))
        return _entering_page(422, entering, key=key, typed=typed, problems=(problem,))
    except temporary() as error:
        record_failure(error, event)
        return _entering_page(503, entering, key=key, typed=typed, banner=AGAIN)
    if receipt is None:
        banner = (
            "You have already sent this form with different answers. Send this too if it is a different case."
        )
        return _entering_page(409, entering, key=RandomIdentities().secret(), typed=typed, banner=banner)
    if not receipt.repeated:
        record("A case was entered for somebody.", ref=receipt.reference)
    return hidden(
        page(
            200 if receipt.repeated else 201,
            "pages/staff/entered.html",
            **about(entering.session),
            receipt=receipt,
            stage=entering.procedure.stage(receipt.stage),
            by_letter=not "".join(typed.get("email", ())).strip(),
        )
    )


def _entering(event: Request) -> Entering | Response:
    session = session_for("enter", event)
    if not isinstance(session, Session):
        return session
    named = path_part(event, "form")
    for procedure in procedures_of(session.procedure):
        for form in procedure.forms:
            if address_of(procedure, form) == named:
                kinds = tuple(kind for kind in get_args(Kind) if kind in {*form.kinds, *form.entered_as})
                return Entering(session=session, procedure=procedure, strict=form, kinds=kinds)
    return not_found(session.procedure)


def _submit(entering: Entering, typed: FormValues, *, key: str) -> Receipt | None:
    """Submit what was sent. None: the key was used for other answers. Refused: as `submit`."""
    from adapters.cases.answers import read
    from adapters.cases.submission import Entered, KeyReused, submit

    chosen = "".join(typed.get("route", ()))
    way = next((way for way in WAYS if way == chosen), None)
    # As long as nobody has said how it came, nothing more than necessary is asked for.
    form = asked_form(entering.strict, entering.kinds, way or "telephone")
    if typed.get("settled") or "".join(typed.get("kind", ())) in LOGGED:
        form = replace(
            form,
            fields=tuple(
                replace(
                    field,
                    required=field.required and field.id in ("kind", "route", "received", "name", "account"),
                )
                for field in form.fields
            ),
        )
    said = read(form, raw_answers(form, typed))
    entered = Entered(
        kind=str(said.pop("kind", "")),
        route=said.pop("route"),
        came=f"{said['received']} {said.get('received_time', '')}",
        received_at=received_at(said, now=entering.session.now),
        done=str(said.pop("done", "")),
        content=said.pop("content", "not-asked"),
        settled=bool(said.pop("settled", False)),
        checked=str(said.pop("checked", "")),
    )
    for name in ("received", "received_time"):
        said.pop(name, None)
    try:
        return submit(
            entering.procedure.slug,
            entering.strict.id,
            said,
            key=f"staff {key}",
            by=entering.session.person.id,
            site=site(),
            entered=entered,
        )
    except KeyReused:
        return None


def _entering_page(
    status: int,
    entering: Entering,
    *,
    key: str,
    typed: FormValues | None = None,
    problems: Sequence[FieldProblem] = (),
    banner: Banner = "",
) -> Response:
    written = entering.strict.written
    waiting = written.routes if written is not None else ()
    # What waits for its form needs little, and which answers are needed is said as if it did.
    form = asked_form(entering.strict, entering.kinds, waiting[0] if waiting else "letter")
    questions = [asked_of(field, _with_room(field, typed or {}), problems) for field in form.fields]
    known = {field.id for field in form.fields}
    return hidden(
        page(
            status,
            "pages/staff/enter.html",
            script="pages/sending.js",
            **about(entering.session),
            form=entering.strict,
            address=address_of(entering.procedure, entering.strict),
            key=key,
            questions=questions,
            most_entries=MORE_ENTRIES,
            banner=banner,
            waiting_routes=[WAYS[route].lower() for route in waiting if route in WAYS],
            problems=[
                {"anchor": anchor_of(problem, known), "message": problem.message} for problem in problems
            ],
        )
    )


def _with_room(field: Field, typed: FormValues) -> FormValues:
    """Give a list its boxes from the beginning: there is no button to add one."""
    if field.type != "list":
        return typed
    given = [entry for entry in typed.get(field.id, ()) if entry.strip()]
    return {**typed, field.id: [*given, *[""] * MORE_ENTRIES][: max(MORE_ENTRIES, len(given))]}
