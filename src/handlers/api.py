"""The API for programs: what a form asks, sending one in, and the description of both.

Errors are problem documents; see `handlers.problems`.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from typing import Any, Final, NoReturn

from adapters import procedures
from adapters.cases.answers import json_schema, read
from domain.case import COMPLAINANT
from domain.errors import FieldProblem, InvalidAnswers
from domain.procedure import Form, Procedure
from handlers.http import (
    Endpoint,
    Request,
    Response,
    Unreadable,
    body_text,
    dispatch,
    header,
    json_answer,
    path_part,
    procedure_slug,
    public_address,
    record,
    record_failure,
    temporary,
)
from handlers.problems import LONGEST_KEY, OPENAPI, problem

DEEPEST: Final = 8
"""How deep a body may be nested; what the API takes has three levels."""


def handler(event: Request, context: Any) -> Response:
    """Answer a request of API Gateway."""
    return dispatch(
        event,
        ROUTES,
        broken=lambda _: problem("BrokenHere"),
        misused=lambda _, allowed: problem("WrongMethod", headers={"Allow": allowed}),
    )


def show_openapi(event: Request) -> Response:
    """Return the OpenAPI document of this deployment."""
    from handlers.openapi import document

    served = [procedures.load(slug) for slug in procedures.served_procedures(os.environ)]
    description = document(served, routes=ROUTES, address=public_address(event))
    return json_answer(200, description, cache="public, max-age=300")


def show_form(event: Request) -> Response:
    """Return what a form asks, and the JSON Schema of its answers."""
    procedure = _procedure(event)
    form = procedure.form(path_part(event, "form")) if procedure is not None else None
    if procedure is None or form is None:
        return problem("NotFound")
    return json_answer(200, definition(procedure, form), cache="public, max-age=300")


def open_case(event: Request) -> Response:
    """Send a form. The same key and body again get the first answer again."""
    procedure = _procedure(event)
    if procedure is None:
        return problem("NotFound")
    key = header(event, "idempotency-key") or ""
    if not (1 <= len(key) <= LONGEST_KEY and all("!" <= char <= "~" for char in key)):
        return problem("MissingIdempotencyKey")
    try:
        form, answers = _submission(procedure, body_text(event, media_type="application/json"))
        return _opened(event, procedure, form, answers, key=key)
    except Unreadable as unreadable:
        return problem(_UNREADABLE[unreadable.status], detail=str(unreadable))
    except InvalidAnswers as invalid:
        return problem("InvalidAnswers", errors=invalid.problems)
    except temporary() as error:
        record_failure(error, event)
        return problem("TryAgain", headers={"Retry-After": "5"})


def definition(procedure: Procedure, form: Form) -> dict[str, Any]:
    """Return a form as JSON: what it asks in the words of its page, and the schema of its answers."""
    return {
        "organisation": {"slug": procedure.slug, "name": procedure.organisation},
        "form": form.id,
        "title": form.title,
        "kind": form.kind,
        "kinds": list(form.kinds),
        "urgent": list(procedure.urgent.about) if procedure.urgent is not None else [],
        "introduction": list(form.introduction),
        "fields": [
            {
                "id": field.id,
                "label": field.label,
                "hint": field.hint,
                "type": field.type,
                "required": field.required,
                **({"max_length": field.max_length} if field.type in _WRITTEN else {}),
                **(
                    {"choices": [{"id": choice.id, "label": choice.label} for choice in field.choices]}
                    if field.choices
                    else {}
                ),
            }
            for field in form.fields
        ],
        "privacy": list(form.privacy),
        "schema": {"$schema": "https://json-schema.org/draft/2020-12/schema", **json_schema(form)},
    }


_WRITTEN: Final = ("text", "long-text", "email", "telephone", "list")
_UNREADABLE: Final = {400: "MalformedRequest", 413: "TooLarge", 415: "WrongMediaType"}


def _procedure(event: Request) -> Procedure | None:
    slug = procedure_slug(event)
    return procedures.load(slug) if slug in procedures.served_procedures(os.environ) else None


def _submission(procedure: Procedure, text: str) -> tuple[Form, dict[str, Any]]:
    """Return the form that is meant and the valid answers to it. Unreadable, InvalidAnswers."""
    body = _parsed(text)
    if not isinstance(body, dict):
        raise Unreadable(400, 'Send a JSON object: {"form": "…", "answers": {…}}.')
    problems = [
        FieldProblem(name, "Send only `form` and `answers`.")
        for name in body
        if name not in ("form", "answers")
    ]
    named, given = body.get("form"), body.get("answers")
    form = procedure.form(named) if isinstance(named, str) else None
    if form is None:
        forms = ", ".join(form.id for form in procedure.forms)
        problems.append(FieldProblem("form", f"Give the id of a form as text. The forms are: {forms}."))
    if not isinstance(given, dict):
        problems.append(
            FieldProblem("answers", "Give the answers as an object, with the ids of the questions as names.")
        )
    answers: dict[str, Any] = {}
    if form is not None and isinstance(given, dict):
        try:
            answers = read(form, given)
        except InvalidAnswers as invalid:
            problems.extend(invalid.problems)
    if problems or form is None:
        raise InvalidAnswers(tuple(problems))
    return form, answers


def _opened(
    event: Request, procedure: Procedure, form: Form, answers: dict[str, Any], *, key: str
) -> Response:
    # boto3 comes with these, and a request that is refused need not wait for it.
    from adapters.cases.submission import KeyReused, submit
    from handlers.wiring import site

    try:
        receipt = submit(procedure.slug, form.id, answers, key=f"api {key}", by=COMPLAINANT, site=site())
    except KeyReused:
        return problem("KeyReused")
    if not receipt.repeated:
        record(event, "A case was opened.", ref=receipt.reference)
    return json_answer(
        201,
        {
            "reference": receipt.reference,
            "received_at": receipt.received_at.isoformat(),
            "kind": receipt.kind,
            "stage": receipt.stage,
            "deadlines": [
                {
                    "name": deadline.name,
                    "due": deadline.due.isoformat(),
                    "due_at": deadline.due_at.isoformat(),
                }
                for deadline in receipt.deadlines
            ],
            "not_yet_known": list(receipt.uncounted),
        },
        headers={"Idempotent-Replayed": "true"} if receipt.repeated else None,
    )


def _parsed(text: str) -> Any:
    """Return the value of a JSON text. Unreadable: it is none, or cannot be stored."""
    try:
        value = json.loads(
            text, object_pairs_hook=_without_duplicates, parse_constant=_no_number, parse_float=_finite
        )
        _look_through(value, depth=0)
    except RecursionError:
        raise Unreadable(400, f"The JSON is nested deeper than {DEEPEST} levels.") from None
    except ValueError as error:
        place = (
            f" at line {error.lineno}, column {error.colno}"
            if isinstance(error, json.JSONDecodeError)
            else ""
        )
        raise Unreadable(400, f"The body is not JSON{place}.") from None
    return value


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Unreadable(400, "An object in the JSON gives a name twice.")
    return found


def _no_number(name: str) -> NoReturn:
    raise Unreadable(400, f"{name} is not a number in JSON.")


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise Unreadable(400, "A number in the JSON is too large.")
    return value


def _look_through(value: Any, *, depth: int) -> None:
    if depth > DEEPEST:
        raise Unreadable(400, f"The JSON is nested deeper than {DEEPEST} levels.")
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            raise Unreadable(400, "A text in the JSON includes half of a surrogate pair.") from None
    elif isinstance(value, dict):
        for name, entry in value.items():
            _look_through(name, depth=depth)
            _look_through(entry, depth=depth + 1)
    elif isinstance(value, list):
        for entry in value:
            _look_through(entry, depth=depth + 1)


ROUTES: Final[Mapping[str, Endpoint]] = {
    f"GET {OPENAPI}": show_openapi,
    "GET /api/v1/{org}/forms/{form}": show_form,
    "POST /api/v1/{org}/cases": open_case,
    "GET /api/v1/{org}/data-protection/forms/{form}": show_form,
    "POST /api/v1/{org}/data-protection/cases": open_case,
}
