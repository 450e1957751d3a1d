"""The API for programs: what a form asks, sending one in, and the description of both.

Powertools' resolver finds the route, checks what comes in and what goes out against `handlers.shapes`, and makes the
OpenAPI document of it. Errors are problem documents; see `handlers.problems`.
"""

from __future__ import annotations

import json
import math
import os
from functools import partial
from typing import Annotated, Any, Final, NoReturn

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler import Response as Answer
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from aws_lambda_powertools.event_handler.openapi.params import Header, Path

from adapters import procedures
from adapters.cases.answers import json_schema, read
from domain.case import COMPLAINANT
from domain.errors import FieldProblem, InvalidAnswers
from domain.procedure import Form, Procedure
from handlers.http import (
    FOR_PROGRAMS,
    Request,
    Response,
    Unreadable,
    answer,
    body_text,
    dispatch,
    procedure_slug,
    public_address,
    record,
    record_failure,
    temporary,
)
from handlers.problems import LONGEST_KEY, OPENAPI, described, problem
from handlers.shapes import CaseOpened, Deadline, FormDefinition, Submission
from handlers.strangers import held_up

DEEPEST: Final = 8
"""How deep a body may be nested; what the API takes has three levels."""

_OBJECT_WANTED: Final = 'Send a JSON object: {"form": "…", "answers": {…}}.'

KEPT_FOR: Final = {"Cache-Control": "public, max-age=300"}
"""A form changes with a deployment."""


def handler(event: Request, context: Any) -> Response:
    """Answer a request of API Gateway."""
    return dispatch(
        event,
        dict.fromkeys(ROUTES, partial(_resolved, context=context)),
        context=context,
        broken=lambda _: problem("BrokenHere"),
        misused=lambda _, allowed: problem("WrongMethod", headers={"Allow": allowed}),
        stopped=lambda _: problem("NotTheWayIn"),
    )


class Unanswerable(Exception):
    """A request that is answered with one of `problems.PROBLEMS`, by its name, and with `more` of this time."""

    def __init__(self, name: str, **more: Any) -> None:
        super().__init__(name)
        self.name = name
        self.more = more


def _parsed(text: str) -> dict[str, Any]:
    """Return the object that a JSON text is. Unreadable: it is none, or cannot be stored."""
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
    if not isinstance(value, dict):
        raise Unreadable(400, _OBJECT_WANTED)
    return value


app = APIGatewayHttpResolver(
    enable_validation=True,
    json_body_deserializer=_parsed,
    serializer=partial(json.dumps, ensure_ascii=False),
)

Org = Annotated[str, Path(description="The organisation.")]
FormId = Annotated[str, Path(description="The form's id.")]
IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        description="Names this submission. Use visible ASCII characters, preferably random ones. With the same body, "
        "the same key gets the first answer again. With a different body, it is refused.",
        min_length=1,
        max_length=LONGEST_KEY,
        pattern="^[\\x21-\\x7e]+$",
        openapi_examples={"random": {"value": "6f1f8f0e-3f3b-4a53-9c39-0d7c2f0b7a10"}},
    ),
]

Solution = Annotated[
    str,
    Header(
        alias="Altcha-Solution",
        description="The answer to the `challenge` of a 429, where one was given: `challenge` and its `solution` as a "
        "JSON object in Base64. It is good for the same key, and for 20 minutes.",
    ),
]

_DESCRIBED: Final[Any] = {200: {"description": "The OpenAPI document."}, **described()}
_SHOWN: Final[Any] = {
    200: {"description": "The form, and the JSON Schema of its answers."},
    **described("NotFound"),
}
_OPENED: Final[Any] = {
    201: {
        "description": "The case is open.",
        "headers": {
            "Idempotent-Replayed": {
                "description": "`true` if this is the first answer again. Otherwise it is left out.",
                "schema": {"const": "true"},
            }
        },
    },
    **described(
        "MalformedRequest",
        "MissingIdempotencyKey",
        "NotFound",
        "TooLarge",
        "WrongMediaType",
        "InvalidAnswers",
        "KeyReused",
        "TooMany",
        "TryAgain",
    ),
}


@app.get(OPENAPI, operation_id="describeApi", summary="This document", responses=_DESCRIBED)
def show_openapi() -> Answer[dict[str, Any]]:
    """Answer with the OpenAPI document of this deployment."""
    from handlers.description import description

    served = [procedures.load(slug) for slug in procedures.served_procedures(os.environ)]
    document = description(app, served, address=public_address(app.current_event.raw_event))
    return Answer(200, "application/json", document, KEPT_FOR)


@app.get(
    "/api/v1/<org>/forms/<form>",
    operation_id="describeForm",
    summary="What a form asks",
    responses=_SHOWN,
)
@app.get(
    "/api/v1/<org>/data-protection/forms/<form>",
    operation_id="describeDataProtectionForm",
    summary="What the form for data protection complaints asks",
    description="For organisations that deal with these complaints by the procedure that the law requires.",
    responses=_SHOWN,
)
def show_form(org: Org, form: FormId) -> Answer[FormDefinition]:
    """Answer with what a form asks, and the JSON Schema of its answers."""
    procedure = _procedure(app.current_event.raw_event)
    asked = procedure.form(form)
    if asked is None:
        raise Unanswerable("NotFound")
    shown = FormDefinition.model_validate(definition(procedure, asked))
    return Answer(200, "application/json", shown, KEPT_FOR)


@app.post(
    "/api/v1/<org>/cases",
    operation_id="openCase",
    summary="Send a form",
    description="Opens a case. The person gets the same emails as after sending the web form.",
    status_code=201,
    responses=_OPENED,
)
@app.post(
    "/api/v1/<org>/data-protection/cases",
    operation_id="openDataProtectionCase",
    summary="Send a data protection complaint",
    description="Opens a case. The person gets the same emails as after sending the web form.",
    status_code=201,
    responses=_OPENED,
)
def open_case(
    org: Org, submission: Submission, key: IdempotencyKey, solution: Solution = ""
) -> Answer[CaseOpened]:
    """Send a form. The same key and body again get the first answer again."""
    procedure = _procedure(app.current_event.raw_event)
    form = procedure.form(submission.form)
    if form is None:
        forms = ", ".join(form.id for form in procedure.forms)
        raise InvalidAnswers(
            (FieldProblem("form", f"Give the id of a form as text. The forms are: {forms}."),)
        )
    answers = read(form, submission.answers)
    if held := held_up(app.current_event.raw_event, purpose=f"{procedure.slug}\napi {key}", proof=solution):
        raise Unanswerable("TooMany", challenge=held.challenge, headers={"Retry-After": str(held.wait)})
    # botocore comes with these, and a request that is refused need not wait for it.
    from adapters.cases.submission import KeyReused, submit
    from handlers.wiring import site

    try:
        receipt = submit(procedure.slug, form.id, answers, key=f"api {key}", by=COMPLAINANT, site=site())
    except KeyReused:
        raise Unanswerable("KeyReused") from None
    if not receipt.repeated:
        record("A case was opened.", ref=receipt.reference)
    opened = CaseOpened(
        reference=receipt.reference,
        received_at=receipt.received_at.isoformat(),
        kind=receipt.kind,
        stage=receipt.stage,
        deadlines=[
            Deadline(name=promise.name, due=promise.due.isoformat(), due_at=promise.due_at.isoformat())
            for promise in receipt.deadlines
        ],
        not_yet_known=list(receipt.uncounted),
    )
    return Answer(
        201, "application/json", opened, {"Idempotent-Replayed": "true"} if receipt.repeated else None
    )


ROUTES: Final = (
    f"GET {OPENAPI}",
    "GET /api/v1/{org}/forms/{form}",
    "POST /api/v1/{org}/cases",
    "GET /api/v1/{org}/data-protection/forms/{form}",
    "POST /api/v1/{org}/data-protection/cases",
)
"""The routes above by the gateway's names."""


def refused(error: Exception) -> Answer[str]:
    """Answer with the problem document of what went wrong, and with nothing of the resolver's own."""
    match error:
        case NotFoundError():
            return _as_answer(problem("NotFound"))
        case Unanswerable():
            return _as_answer(problem(error.name, **error.more))
        case Unreadable():
            return _as_answer(problem(_UNREADABLE[error.status], detail=str(error)))
        case InvalidAnswers():
            return _as_answer(problem("InvalidAnswers", errors=error.problems))
        case RequestValidationError() if error.errors()[0]["loc"][0] != "response":
            places = [wrong["loc"] for wrong in error.errors()]
            if any(place[0] == "header" for place in places):
                return _as_answer(problem("MissingIdempotencyKey"))
            return _as_answer(problem("InvalidAnswers", errors=[_misshapen(place[1:]) for place in places]))
    record_failure(error, app.current_event.raw_event)
    if isinstance(error, temporary()):
        return _as_answer(problem("TryAgain", headers={"Retry-After": "5"}))
    return _as_answer(problem("BrokenHere"))


app.exception_handler(Exception)(refused)


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
                "max_length": field.max_length if field.type in _WRITTEN else None,
                "choices": [{"id": choice.id, "label": choice.label} for choice in field.choices] or None,
            }
            for field in form.fields
        ],
        "privacy": list(form.privacy),
        "schema": {"$schema": "https://json-schema.org/draft/2020-12/schema", **json_schema(form)},
    }


_WRITTEN: Final = ("text", "long-text", "email", "telephone", "list")
_UNREADABLE: Final = {400: "MalformedRequest", 413: "TooLarge", 415: "WrongMediaType"}


def _resolved(event: Request, *, context: Any) -> Response:
    """Have the resolver answer, once it is known that there is somebody to answer for and something to read."""
    asked = event["requestContext"]["http"]["method"]
    try:
        if "{org}" in event["routeKey"]:
            _procedure(event)
        if asked == "POST":
            text = body_text(event, media_type="application/json")
            if not text:
                raise Unreadable(400, _OBJECT_WANTED)
            headers = {name.lower(): value for name, value in event["headers"].items()}
            headers["content-type"] = "application/json"
            event = {**event, "headers": headers, "body": text, "isBase64Encoded": False}
    except Unanswerable as unanswerable:
        return problem(unanswerable.name)
    except Unreadable as unreadable:
        return problem(_UNREADABLE[unreadable.status], detail=str(unreadable))
    if asked == "HEAD":
        http = {**event["requestContext"]["http"], "method": "GET"}
        event = {**event, "requestContext": {**event["requestContext"], "http": http}}
    found = app.resolve(event, context)
    headers = {**FOR_PROGRAMS, **found["headers"]}
    return answer(
        found["statusCode"],
        found["body"],
        media_type=headers.pop("Content-Type"),
        cache=headers.pop("Cache-Control", "no-store"),
        headers=headers,
    )


def _procedure(event: Request) -> Procedure:
    """Return the procedure that the address is about. Unanswerable: it is not served here."""
    slug = procedure_slug(event)
    if slug not in procedures.served_procedures(os.environ):
        raise Unanswerable("NotFound")
    return procedures.load(slug)


def _misshapen(place: tuple[int | str, ...]) -> FieldProblem:
    """Return what is wrong with a body that is no submission, by the name that it is wrong at."""
    match place:
        case ("form", *_):
            return FieldProblem("form", "Give the id of a form as text.")
        case ("answers", *_):
            return FieldProblem(
                "answers", "Give the answers as an object, with the ids of the questions as names."
            )
        case _:
            return FieldProblem(str(place[0]), "Send only `form` and `answers`.")


def _as_answer(response: Response) -> Answer[str]:
    return Answer(response["statusCode"], None, response["body"], response["headers"])


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
