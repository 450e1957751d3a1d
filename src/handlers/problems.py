"""The errors that the API answers with, as problem documents (RFC 9457).

The type of each is the place in the OpenAPI document that describes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from domain.errors import FieldProblem
from handlers.http import Response, json_answer

LONGEST_KEY: Final = 255
"""In characters, of an Idempotency-Key."""

OPENAPI: Final = "/api/v1/openapi.json"
"""Where the document lies that describes all of them."""

PROBLEMS: Final[Mapping[str, tuple[int, str, str]]] = {
    "MalformedRequest": (
        400,
        "The request cannot be read",
        "Send a JSON object in UTF-8. Do not give a name twice or include anything that cannot be stored.",
    ),
    "MissingIdempotencyKey": (
        400,
        "The Idempotency-Key header is missing or not valid",
        "Send 1 to 255 visible ASCII characters. Use a new key for each complaint and the same key to try again.",
    ),
    "NotTheWayIn": (
        403,
        "This is not the way in",
        "Use the address that the organisation gives for its API. Nothing was done.",
    ),
    "NotFound": (
        404,
        "Not found",
        "There is no organisation or form at this address.",
    ),
    "WrongMethod": (
        405,
        "The method is not known here",
        "The header Allow says which methods are. Nothing was done.",
    ),
    "TooLarge": (413, "The body is too large", "Send 256 kB or less."),
    "WrongMediaType": (415, "The body has the wrong media type", "Send JSON, as application/json."),
    "InvalidAnswers": (
        422,
        "The answers cannot be accepted",
        "Some answers are missing or not accepted. `errors` names each field and says what to do. Nothing was stored.",
    ),
    "KeyReused": (
        422,
        "The Idempotency-Key was used with a different body",
        "The first complaint sent with this key was kept. Nothing else was stored.",
    ),
    "TooMany": (
        429,
        "Many forms have come from this connection",
        "Wait as long as Retry-After says, or solve `challenge` and send Altcha-Solution. Nothing was stored.",
    ),
    "BrokenHere": (500, "Something went wrong on our side", "Try again with the same Idempotency-Key."),
    "TryAgain": (
        503,
        "It may not have been stored",
        "Try again with the same Idempotency-Key. Nothing will be stored twice.",
    ),
}
"""Every error that the API answers with: its status, its title, and what it means."""


def problem(
    name: str,
    *,
    detail: str = "",
    errors: Sequence[FieldProblem] = (),
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> Response:
    """Return the problem document of one of `PROBLEMS`; `detail` and `more` are what is particular to this time."""
    return json_answer(
        PROBLEMS[name][0],
        {**_document(name, detail=detail, errors=errors), **more},
        media_type="application/problem+json",
        headers=headers,
    )


def _document(name: str, *, detail: str, errors: Sequence[FieldProblem]) -> dict[str, Any]:
    status, title, meaning = PROBLEMS[name]
    found: dict[str, Any] = {
        "type": f"{OPENAPI}#/components/responses/{name}",
        "title": title,
        "status": status,
        "detail": detail or meaning,
    }
    if errors:
        found["errors"] = [{"field": error.field, "message": error.message} for error in errors]
    return found


def described(*names: str) -> dict[int, dict[str, Any]]:
    """Return the responses of an operation that answers with these problems, and with the one that any can, by
    status."""
    by_status: dict[int, list[str]] = {}
    for name in (*names, "BrokenHere"):
        by_status.setdefault(PROBLEMS[name][0], []).append(name)
    return {status: problem_response(*of_status) for status, of_status in by_status.items()}


def problem_response(*names: str) -> dict[str, Any]:
    """Return the description of an answer with one of these problems, each with an example."""
    return {
        "description": " Or: ".join(f"{PROBLEMS[name][1]}. {PROBLEMS[name][2]}" for name in names),
        "content": {
            "application/problem+json": {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "examples": {name: {"value": _example(name)} for name in names},
            }
        },
    }


def _example(name: str) -> dict[str, Any]:
    errors = [FieldProblem("name", "Enter your name.")] if name == "InvalidAnswers" else []
    return _document(name, detail="", errors=errors)
