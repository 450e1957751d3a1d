"""The API's OpenAPI document: the resolver's, with the forms that this deployment serves.

The resolver describes what every deployment has in common. Which organisations there are, and what their forms ask, is
known when the document is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.openapi.models import Server

from adapters.cases.answers import json_schema
from domain.procedure import Procedure
from handlers.problems import PROBLEMS, problem_response
from handlers.shapes import Problem

_SCHEMAS: Final = "#/components/schemas/"
_RESOLVERS_OWN: Final = ("HTTPValidationError", "ResponseValidationError", "ValidationError")
"""The shapes in which the resolver would say what is wrong with a request, if we did not."""

_TOO_MANY: Final[dict[str, Any]] = {
    "description": "Too many requests at once. The gateway says so by itself, and nothing was stored. Wait a moment, "
    "then send it again.",
    "content": {
        "application/json": {"schema": {"type": "object", "properties": {"message": {"type": "string"}}}},
    },
}


def description(app: APIGatewayHttpResolver, served: Sequence[Procedure], *, address: str) -> dict[str, Any]:
    """Return the OpenAPI document of a deployment that serves these procedures at `address`."""
    document: dict[str, Any] = app.get_openapi_schema(
        title="Complaints",
        version="1",
        description="Send a complaint as the organisation's web form would, and get its reference and dates.",
        servers=[Server(url=address)],
    ).model_dump(mode="json", by_alias=True, exclude_none=True)
    choices = {
        "org": list(dict.fromkeys(procedure.organisation_slug for procedure in served)),
        "form": sorted({form.id for procedure in served for form in procedure.forms}),
    }
    for operation in _operations(document):
        for parameter in operation.get("parameters", ()):
            if parameter["name"] in choices:
                parameter["schema"]["enum"] = choices[parameter["name"]]
        responses = {**operation["responses"]}
        ours = responses.get("429", {"description": "", "content": {}})
        responses["429"] = {
            "description": " Or: ".join(filter(None, (ours["description"], _TOO_MANY["description"]))),
            "content": {**ours["content"], **_TOO_MANY["content"]},
        }
        operation["responses"] = {
            status: response
            for status, response in sorted(responses.items())
            if not _is_resolvers_own(response)
        }
    schemas = document["components"]["schemas"]
    for name in _RESOLVERS_OWN:
        del schemas[name]
    answers = {
        f"{procedure.slug.replace('/', '.')}.{form.id}": {
            **json_schema(form),
            "title": f"{procedure.organisation}: {form.title}",
        }
        for procedure in served
        for form in procedure.forms
    }
    problem = Problem.model_json_schema(ref_template=_SCHEMAS + "{model}")
    schemas |= {**problem.pop("$defs"), "Problem": problem, **answers}
    asked = schemas["Submission"]["properties"]
    asked["form"]["enum"] = choices["form"]
    asked["answers"] = {
        "description": asked["answers"]["description"],
        "anyOf": [{"$ref": f"{_SCHEMAS}{name}"} for name in answers],
    }
    document["components"]["responses"] = {name: problem_response(name) for name in PROBLEMS}
    return document


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in document["paths"].values():
        yield from path.values()


def _is_resolvers_own(response: dict[str, Any]) -> bool:
    schemas = [content.get("schema", {}) for content in response.get("content", {}).values()]
    return any(schema.get("$ref", "").removeprefix(_SCHEMAS) in _RESOLVERS_OWN for schema in schemas)
