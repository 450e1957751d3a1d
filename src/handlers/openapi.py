"""The OpenAPI 3.1 document of the API, made from its routes, its problems and the forms that are served.

A route without a description here fails at once, so that none can be forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.json_schema import models_json_schema

from adapters.cases.answers import json_schema
from domain.procedure import Procedure
from handlers.problems import LONGEST_KEY, PROBLEMS

_SCHEMAS: Final = "#/components/schemas/"


class _Described(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Organisation(_Described):
    """Whose form it is."""

    slug: str = Field(description="The organisation's part of every address.")
    name: str = Field(description="Its name for people.")


class Choice(_Described):
    """One answer of a closed question."""

    id: str = Field(description="What is sent as the answer.")
    label: str = Field(description="What people read.")


class FormField(_Described):
    """One question."""

    id: str = Field(description="The name of its answer in `answers`.")
    label: str = Field(description="The question.")
    hint: str = Field(description="What helps to answer it; may be empty.")
    type: str = Field(
        description="text, long-text, email, telephone, date, choice, list (of texts), roles (a list of ids of the "
        "choices) or declaration."
    )
    required: bool = Field(description="Whether an answer is required.")
    max_length: int | None = Field(
        default=None, description="The most characters in an answer that is text, or in each entry of a list."
    )
    choices: list[Choice] | None = Field(default=None, description="The answers to choose from.")


class FormDefinition(_Described):
    """What a form asks."""

    organisation: Organisation = Field(description="Whose form it is.")
    form: str = Field(description="The form's id, as it is sent in `form`.")
    title: str = Field(description="Its title.")
    kind: str = Field(description="What the form opens if it has no question `kind`.")
    kinds: list[str] = Field(
        description="What the form accepts: complaint, concern, suggestion, compliment. If there are several, its "
        "question `kind` asks which."
    )
    urgent: list[str] = Field(
        description="Paragraphs for people who are in danger, to be shown before anything else; may be empty."
    )
    introduction: list[str] = Field(description="Paragraphs to show above the questions.")
    fields: list[FormField] = Field(description="The questions, in their order.")
    privacy: list[str] = Field(description="The privacy notice, to be shown before sending.")
    answers_schema: dict[str, Any] = Field(alias="schema", description="The JSON Schema of `answers`.")


class Deadline(_Described):
    """A date that has to be kept from now on."""

    name: str = Field(description="`<stage>/<deadline>`, such as stage-1/acknowledge.")
    due: str = Field(description="The last day.", json_schema_extra={"format": "date"})
    due_at: AwareDatetime = Field(description="The first moment that is too late.")


class CaseOpened(_Described):
    """The case that a submission opened."""

    reference: str = Field(description="The reference of the case, such as AB-7K3M-9QXT.")
    received_at: AwareDatetime = Field(description="When it was received.")
    kind: str = Field(
        description="What was opened. A suggestion or a compliment is recorded and passed on. It has no stages."
    )
    stage: str = Field(
        description="The id of the stage that the case starts at. It has no meaning for a suggestion or a compliment."
    )
    deadlines: list[Deadline] = Field(description="The deadlines that are now running.")
    not_yet_known: list[str] = Field(
        description="The names of deadlines that run and cannot be worked out yet: their public holidays or terms are "
        "not known."
    )


class FieldError(_Described):
    """One thing that is wrong with one field."""

    field: str = Field(
        description="The answer's id, with a position from 0 for an entry of a list (`aspects.2`); or `form`, "
        "`answers`, or the name that is not known."
    )
    message: str = Field(description="What to do, written for the person who filled in the form.")


class Problem(_Described):
    """An error (RFC 9457)."""

    type: str = Field(
        description="The type of the error: the place in this document that describes it.",
        json_schema_extra={"format": "uri-reference"},
    )
    title: str = Field(description="The same for every error of this type.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What happened this time.")
    errors: list[FieldError] | None = Field(default=None, description="Each field with a problem.")


MODELS: Final = (FormDefinition, CaseOpened, Problem)


def document(served: Sequence[Procedure], *, routes: Iterable[str], address: str) -> dict[str, Any]:
    """Return the OpenAPI document of a deployment that serves these procedures at these `routes` of `address`.

    KeyError: one of them is not described here."""
    paths: dict[str, Any] = {}
    for route in routes:
        method, path = route.split(" ", 1)
        operation = _OPERATIONS[route]
        errors = {name: PROBLEMS[name] for name in (*operation["problems"], "BrokenHere")}
        responses = {**operation["responses"], "429": _TOO_MANY}
        for name, (status, *_) in errors.items():
            _add_problem(responses, str(status), name)
        paths.setdefault(path, {})[method.lower()] = {
            **{key: value for key, value in operation.items() if key not in ("problems", "responses")},
            "responses": dict(sorted(responses.items())),
        }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Complaints",
            "version": "1",
            "description": "Send a complaint as the organisation's web form would, and get its reference and dates.",
        },
        "servers": [{"url": address}],
        "paths": paths,
        "components": {
            "schemas": _schemas(served),
            "parameters": _parameters(served),
            "responses": {name: _problem_response(name) for name in PROBLEMS},
        },
    }


_TOO_MANY: Final = {
    "description": "Too many requests at once. The gateway says so by itself, and nothing was stored. Wait a moment, "
    "then send it again.",
    "content": {
        "application/json": {"schema": {"type": "object", "properties": {"message": {"type": "string"}}}},
    },
}


def _add_problem(responses: dict[str, Any], status: str, name: str) -> None:
    """Add a problem; two of one status share its entry, which then names both."""
    if status not in responses:
        responses[status] = {"$ref": f"#/components/responses/{name}"}
        return
    first = responses[status]["$ref"].rpartition("/")[2]
    both = [_problem_response(example_of) for example_of in (first, name)]
    responses[status] = {
        "description": " Or: ".join(response["description"] for response in both),
        "content": {
            "application/problem+json": {
                "schema": {"$ref": f"{_SCHEMAS}Problem"},
                "examples": {
                    example: response["content"]["application/problem+json"]["examples"][example]
                    for response in both
                    for example in response["content"]["application/problem+json"]["examples"]
                },
            }
        },
    }


def _problem_response(name: str) -> dict[str, Any]:
    status, title, meaning = PROBLEMS[name]
    example: dict[str, Any] = {
        "type": f"/api/v1/openapi.json#/components/responses/{name}",
        "title": title,
        "status": status,
        "detail": meaning,
    }
    if name == "InvalidAnswers":
        example["errors"] = [{"field": "name", "message": "Enter your name."}]
    return {
        "description": f"{title}. {meaning}",
        "content": {
            "application/problem+json": {
                "schema": {"$ref": f"{_SCHEMAS}Problem"},
                "examples": {name: {"value": example}},
            }
        },
    }


def _schemas(served: Sequence[Procedure]) -> dict[str, Any]:
    _, generated = models_json_schema(
        [(model, "validation") for model in MODELS], ref_template=_SCHEMAS + "{model}"
    )
    schemas: dict[str, Any] = generated["$defs"]
    answers = []
    for procedure in served:
        for form in procedure.forms:
            name = f"{procedure.slug.replace('/', '.')}.{form.id}"
            title = f"{procedure.organisation}: {form.title}"
            schemas[name] = {**json_schema(form), "title": title}
            answers.append({"$ref": f"{_SCHEMAS}{name}"})
    schemas["Submission"] = {
        "type": "object",
        "description": "A filled-in form.",
        "required": ["form", "answers"],
        "additionalProperties": False,
        "properties": {
            "form": {
                "type": "string",
                "description": "The form's id.",
                "enum": sorted({form.id for procedure in served for form in procedure.forms}),
            },
            "answers": {
                "description": "The answers by the ids of the questions, as this organisation's form asks them.",
                "anyOf": answers,
            },
        },
    }
    return schemas


def _parameters(served: Sequence[Procedure]) -> dict[str, Any]:
    return {
        "org": {
            "name": "org",
            "in": "path",
            "required": True,
            "description": "The organisation.",
            "schema": {
                "type": "string",
                "enum": list(dict.fromkeys(procedure.organisation_slug for procedure in served)),
            },
        },
        "form": {
            "name": "form",
            "in": "path",
            "required": True,
            "description": "The form's id.",
            "schema": {
                "type": "string",
                "enum": sorted({form.id for procedure in served for form in procedure.forms}),
            },
        },
        "Idempotency-Key": {
            "name": "Idempotency-Key",
            "in": "header",
            "required": True,
            "description": "Names this submission. Use visible ASCII characters, preferably random ones. With the "
            "same body, the same key gets the first answer again. With a different body, it is refused.",
            "schema": {
                "type": "string",
                "minLength": 1,
                "maxLength": LONGEST_KEY,
                "pattern": "^[\\x21-\\x7e]+$",
            },
        },
    }


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


_OPERATIONS: Final[dict[str, dict[str, Any]]] = {
    "GET /api/v1/openapi.json": {
        "operationId": "describeApi",
        "summary": "This document",
        "responses": {
            "200": {"description": "The OpenAPI document.", "content": _json({"type": "object"})},
        },
        "problems": (),
    },
    "GET /api/v1/{org}/forms/{form}": {
        "operationId": "describeForm",
        "summary": "What a form asks",
        "parameters": [{"$ref": "#/components/parameters/org"}, {"$ref": "#/components/parameters/form"}],
        "responses": {
            "200": {
                "description": "The form, and the JSON Schema of its answers.",
                "content": _json({"$ref": f"{_SCHEMAS}FormDefinition"}),
            },
        },
        "problems": ("NotFound",),
    },
    "POST /api/v1/{org}/cases": {
        "operationId": "openCase",
        "summary": "Send a form",
        "description": "Opens a case. The person gets the same emails as after sending the web form.",
        "parameters": [
            {"$ref": "#/components/parameters/org"},
            {"$ref": "#/components/parameters/Idempotency-Key"},
        ],
        "requestBody": {"required": True, "content": _json({"$ref": f"{_SCHEMAS}Submission"})},
        "responses": {
            "201": {
                "description": "The case is open.",
                "headers": {
                    "Idempotent-Replayed": {
                        "description": "`true` if this is the first answer again. Otherwise it is left out.",
                        "schema": {"const": "true"},
                    }
                },
                "content": _json({"$ref": f"{_SCHEMAS}CaseOpened"}),
            },
        },
        "problems": (
            "MalformedRequest",
            "MissingIdempotencyKey",
            "NotFound",
            "TooLarge",
            "WrongMediaType",
            "InvalidAnswers",
            "KeyReused",
            "TryAgain",
        ),
    },
}

_OPERATIONS["GET /api/v1/{org}/data-protection/forms/{form}"] = {
    **_OPERATIONS["GET /api/v1/{org}/forms/{form}"],
    "operationId": "describeDataProtectionForm",
    "summary": "What the form for data protection complaints asks",
    "description": "For organisations that deal with these complaints by the procedure that the law requires.",
}
_OPERATIONS["POST /api/v1/{org}/data-protection/cases"] = {
    **_OPERATIONS["POST /api/v1/{org}/cases"],
    "operationId": "openDataProtectionCase",
    "summary": "Send a data protection complaint",
}
