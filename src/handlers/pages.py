"""The public pages that only show something: the organisations, a start page, an empty form.

A complaint form is opened rarely, so most visitors wait for this function to start. It imports neither boto3
nor pydantic.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from adapters import procedures
from adapters.identities import RandomIdentities
from domain import days
from domain.errors import FieldProblem
from domain.procedure import MOST_ENTRIES, Field, Form, Procedure
from handlers.http import (
    Endpoint,
    Request,
    Response,
    answer,
    dispatch,
    header,
    own_path,
    page,
    path_part,
    procedure_slug,
    redirect,
    stopped_page,
)

FormValues = Mapping[str, Sequence[str]]
"""What stands in a form: the texts under each name. A date is one text, or three in `<id>.day`, `.month`, `.year`."""

_AUTOCOMPLETE: Final[Mapping[str, str]] = {
    "name": "name",
    "email": "email",
    "telephone": "tel",
    "address": "street-address",
}
# Nothing on these pages is anybody's; a change to a procedure may take five minutes to show.
_PUBLIC: Final = "public, max-age=300"
# An empty form has a key of its own, so each visit asks for another one; but whoever goes back to one finds what they
# typed, which a browser throws away where nothing may be stored.
_ONES_OWN: Final = "private, no-cache"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question as a page shows it. `messages` has what is wrong with the answer under "", and what is wrong
    with an entry of a list under its position."""

    field: Field
    value: str
    entries: tuple[str, ...]
    parts: Mapping[str, str]
    messages: Mapping[str, str]
    takes_focus: bool
    autocomplete: str


def handler(event: Request, context: Any) -> Response:
    """Answer a request of API Gateway."""
    return dispatch(event, ROUTES, context=context, broken=broken_page, stopped=_stopped, elsewhere=POSTED)


def show_organisations(event: Request) -> Response:
    """Return the organisations that this deployment serves; where it is one, the way there."""
    slugs = procedures.served(os.environ)
    if len(slugs) == 1:
        return answer(302, "", media_type="text/plain", cache=_PUBLIC, headers={"Location": f"/{slugs[0]}"})
    return page(200, "pages/index.html", cache=_PUBLIC, procedures=[procedures.load(slug) for slug in slugs])


def show_start(event: Request) -> Response:
    """Return what an organisation's procedure is, before anything is filled in."""
    procedure = served_procedure(procedure_slug(event))
    if procedure is None:
        return nothing_here(event)
    first_stages = {form.starts_at for form in procedure.forms if form.starts_at}
    last = [stage.end for stage in procedure.stages if stage.end is not None]
    named = {signpost for end in last for signpost in end.signposts}
    return page(
        200,
        "pages/start.html",
        cache=_PUBLIC,
        organisation=procedure.organisation,
        home=f"/{procedure.slug}",
        procedure=procedure,
        drawing=procedures.drawing_of(procedure),
        first_stages=first_stages,
        submit_rules=[
            rule
            for stage in procedure.stages
            if stage.id in first_stages
            for rule in stage.deadlines
            if rule.name == "submit"
        ],
        signposts=[signpost for signpost in procedure.signposts if signpost.id in named],
        none_named=[end.none_named for end in last if end.none_named],
    )


def show_form(event: Request) -> Response:
    """Return an empty form, with the key under which it will be submitted."""
    procedure = served_procedure(procedure_slug(event))
    form = procedure.form(path_part(event, "form")) if procedure is not None else None
    if procedure is None or form is None:
        return nothing_here(event, procedure)
    return form_page(procedure, form, key=RandomIdentities().secret(), cache=_ONES_OWN)


def form_page(
    procedure: Procedure,
    form: Form,
    *,
    key: str,
    typed: FormValues | None = None,
    problems: Sequence[FieldProblem] = (),
    focus: str = "",
    status: int = 200,
    cache: str = "no-store",
) -> Response:
    """Return the form with what was typed and what is wrong with it. `focus` is the id of the question to begin at."""
    questions = [asked_of(field, typed or {}, problems, focus=focus) for field in form.fields]
    known = {field.id for field in form.fields}
    return page(
        status,
        "pages/form.html",
        cache=cache,
        script="pages/sending.js",
        organisation=procedure.organisation,
        home=f"/{procedure.slug}",
        procedure=procedure,
        form=form,
        key=key,
        questions=questions,
        most_entries=MOST_ENTRIES,
        problems=[{"anchor": anchor_of(problem, known), "message": problem.message} for problem in problems],
    )


def served_procedure(slug: str) -> Procedure | None:
    """Return the current procedure with this slug, if this deployment serves it."""
    return procedures.load(slug) if slug in procedures.served_procedures(os.environ) else None


def not_found(procedure: Procedure | None = None) -> Response:
    """Say that there is no such page."""
    return error_page(
        404,
        "Page not found",
        "If you typed the web address, check that it is correct.",
        "If you followed a link from an email, check that you have copied all of it.",
        procedure=procedure,
    )


def show_nothing(event: Request) -> Response:
    """Answer a request that no route takes: an address with a slash too many leads on, and nothing else is there."""
    path = str(event.get("rawPath", "/"))
    if path.endswith("/") or "//" in path:
        from urllib.parse import unquote

        return redirect(own_path(*(unquote(part) for part in path.split("/") if part)), status=308)
    return nothing_here(event)


def nothing_here(event: Request, procedure: Procedure | None = None) -> Response:
    """Say that there is nothing at this address, as a page or, to a program, as a problem document."""
    if _is_programs(event):
        from handlers.problems import problem

        return problem("NotFound")
    return not_found(procedure)


def _stopped(event: Request) -> Response:
    if _is_programs(event):
        from handlers.problems import problem

        return problem("NotTheWayIn")
    return stopped_page(event)


def _is_programs(event: Request) -> bool:
    accepted = header(event, "accept") or ""
    return f"{event.get('rawPath', '')}/".startswith("/api/") or (
        "json" in accepted and "html" not in accepted
    )


def broken_page(event: Request) -> Response:
    """Say that something went wrong here, not on the reader's side."""
    return error_page(
        500,
        "Sorry, there is a problem",
        "Something went wrong on our side and we have been told. Try again later.",
        "If you were filling in a form, go back in your browser. What you typed will still be there.",
    )


def error_page(status: int, heading: str, *paragraphs: str, procedure: Procedure | None = None) -> Response:
    """Return a page that says what went wrong and what to do."""
    context: dict[str, Any] = {}
    if procedure is not None:
        home = f"/{procedure.slug}"
        context = {"procedure": procedure, "organisation": procedure.organisation, "home": home}
    return page(status, "pages/error.html", heading=heading, paragraphs=paragraphs, **context)


def asked_of(field: Field, typed: FormValues, problems: Sequence[FieldProblem], *, focus: str = "") -> Asked:
    """Return a question with what was typed and what is wrong with it."""
    given = tuple(typed.get(field.id, ()))
    value = given[0] if given else ""
    messages: dict[str, str] = {}
    for problem in problems:
        name, _, position = problem.field.partition(".")
        if name == field.id:
            messages.setdefault(position, problem.message)
    return Asked(
        field=field,
        value=value,
        entries=given or ("",),
        parts=_date_parts(field, value, typed) if field.type == "date" else {},
        messages=messages,
        takes_focus=field.id == focus and not problems,
        autocomplete=_AUTOCOMPLETE.get(field.id, ""),
    )


def _date_parts(field: Field, value: str, typed: FormValues) -> dict[str, str]:
    year, month, day = value.split("-") if value.count("-") == 2 else ("", "", "")
    whole = {"day": day.lstrip("0"), "month": month.lstrip("0"), "year": year}
    return {part: "".join(typed.get(f"{field.id}.{part}", ())) or whole[part] for part in days.PARTS}


def raw_answers(form: Form, typed: FormValues) -> dict[str, Any]:
    """Return what was typed as the form's model takes it: one text for a question, or a list."""
    raw: dict[str, Any] = {}
    taken: set[str] = set()
    for field in form.fields:
        given = typed.get(field.id)
        taken.add(field.id)
        if field.type == "date":
            taken.update(f"{field.id}.{part}" for part in days.PARTS)
            if boxed := days.in_boxes(typed, field.id):
                given = [boxed]
        if given is not None:
            # A question that is asked once but answered twice is not answered.
            is_list = field.type in ("list", "roles")
            raw[field.id] = list(given) if is_list or len(given) != 1 else given[0]
    return raw | {name: values for name, values in typed.items() if name not in taken}


def anchor_of(problem: FieldProblem, known: set[str]) -> str:
    """Return where on the page a problem can be mended."""
    name, _, position = problem.field.partition(".")
    if name not in known:
        return "main"
    return name if position in ("", "0") else problem.field


POSTED: Final = ("POST /{org}/{form}", "POST /{org}/data-protection/{form}")
"""What `handlers.forms` answers at addresses of ours."""

ROUTES: Final[Mapping[str, Endpoint]] = {
    "GET /": show_organisations,
    "GET /{org}": show_start,
    "GET /{org}/{form}": show_form,
    "GET /{org}/data-protection": show_start,
    "GET /{org}/data-protection/{form}": show_form,
    "$default": show_nothing,
}
