"""The API opens a case as the form does, refuses by name, and describes itself truly."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from openapi_spec_validator import OpenAPIV31SpecValidator

from adapters import procedures
from handlers import wiring
from handlers.api import ROUTES
from handlers.http import LARGEST_BODY
from handlers.problems import LONGEST_KEY, PROBLEMS
from handlers.shapes import CaseOpened, FormDefinition, Problem
from tests.browser.gateway import NOW, Response, call, set_clock
from tests.integration.office import TABLE, Office, answers_lost

pytestmark = pytest.mark.usefixtures("clock_file")

CASES = "/api/v1/leadership-east/cases"

ANSWERS: dict[str, Any] = {
    "name": "Complainant One",
    "email": "one@complainant.example",
    "telephone": "01632 960 001",
    "address": "1 Example Road",
    "account": "It rained.",
    "aspects": ["The rain"],
    "outcome_sought": "Sun",
    "incident_date": "2026-10-30",
    "declaration": True,
}


def submit(
    body: Any = None, *, key: str | None = "key-1", content_type: str = "application/json", path: str = CASES
) -> Response:
    """The answer to a submission. `body`: octets, or what is sent as JSON; the valid answers where it is left
    out."""
    if not isinstance(body, bytes):
        body = json.dumps({"form": "complaint", "answers": ANSWERS} if body is None else body).encode()
    headers = {"content-type": content_type} | ({} if key is None else {"idempotency-key": key})
    return call("POST", path, headers=headers, body=body)


def with_answers(**changes: Any) -> dict[str, Any]:
    return {"form": "complaint", "answers": ANSWERS | changes}


def problem_of(answer: Response, name: str) -> Any:
    """The problem document, which has to be the one called `name` and to be as it is described."""
    status, title, _ = PROBLEMS[name]
    assert answer.headers["Content-Type"] == "application/problem+json"
    found = answer.json
    Problem.model_validate(found, strict=True)
    assert (answer.status, found["status"], found["title"]) == (status, status, title)
    assert found["type"] == f"/api/v1/openapi.json#/components/responses/{name}"
    return found


def test_a_submission_opens_a_case(office: Office) -> None:
    """The answer has the reference of the case that was stored, its stage, and the dates that run from now on."""
    answer = submit()
    assert answer.status == 201
    opened = answer.json
    CaseOpened.model_validate_json(answer.body)
    stored = office.site.store.load(opened["reference"])
    assert stored is not None
    assert stored.case.organisation == "leadership-east"
    assert datetime.fromisoformat(opened["received_at"]) - NOW < timedelta(seconds=1)
    assert opened["stage"] == "stage-1"
    (deadline,) = opened["deadlines"]
    assert deadline["name"] == "stage-1/acknowledge"
    assert deadline["due"] == "2026-11-05"
    assert datetime.fromisoformat(deadline["due_at"]) == datetime(2026, 11, 6, tzinfo=UTC)


def test_the_same_key_and_body_again_get_the_first_answer(office: Office) -> None:
    """A program that tries again opens no second case, and is told that it is the first answer."""
    first, second = submit(), submit()
    assert (first.status, first.body) == (second.status, second.body)
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert sum(item["SK"] == {"S": "STATE"} for item in office.items()) == 1


def test_the_same_body_written_differently_is_the_same() -> None:
    """The order of names and the space around texts do not make another submission."""
    first = submit()
    again = {
        "answers": dict(reversed((ANSWERS | {"name": " Complainant One "}).items())),
        "form": "complaint",
    }
    assert submit(again).body == first.body


def test_the_same_key_with_another_body_is_refused(office: Office) -> None:
    """The first case stands, and nothing is added to it."""
    submit()
    before = office.items()
    problem_of(submit(with_answers(name="Complainant Two")), "KeyReused")
    assert office.items() == before


def test_organisations_do_not_share_keys(office: Office) -> None:
    """A key that was used at one organisation is free at another."""
    first = submit()
    values = ANSWERS | {"address": "1 Example Road", "relationship": "learner"}
    values = {name: value for name, value in values.items() if name != "declaration"}
    second = submit({"form": "complaint", "answers": values}, path="/api/v1/creative-alliance/cases")
    assert (first.status, second.status) == (201, 201)
    assert first.json["reference"] != second.json["reference"]


@pytest.mark.parametrize("key", [None, "", "x" * (LONGEST_KEY + 1), "two words", "caf\u00e9", "tab\tbed"])
def test_a_submission_needs_a_usable_key(key: str | None, office: Office) -> None:
    """Without a key a repetition could not be told, so nothing is stored."""
    found = problem_of(submit(key=key), "MissingIdempotencyKey")
    assert "Idempotency-Key" in found["title"]
    assert office.items() == []


def test_the_longest_key_is_taken() -> None:
    """255 characters are as good as one."""
    assert submit(key="~" * LONGEST_KEY).status == 201


def test_a_key_is_taken_as_it_came() -> None:
    """A comma does not make two keys of it, nor are two keys the same that differ after one."""
    first = submit(key="a,b")
    assert submit(key="a,b").body == first.body
    assert submit(key="a,c").json["reference"] != first.json["reference"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"form": "complaint", "answers": {}} more',
        b"[]",
        b'"complaint"',
        b"null",
        b"7",
        b"\xff",
        b'\xef\xbb\xbf{"form": "complaint"}',
        b'{"form": "complaint", "form": "concern", "answers": {}}',
        b'{"form": "complaint", "answers": {"name": "One", "name": "Two"}}',
        b'{"form": "complaint", "answers": {"name": NaN}}',
        b'{"form": "complaint", "answers": {"name": -Infinity}}',
        b'{"form": "complaint", "answers": {"name": 1e999}}',
        b'{"form": "complaint", "answers": {"name": ' + b"9" * 10_000 + b"}}",
        b'{"form": "complaint", "answers": {"name": "\\ud800"}}',
        b'{"form": "complaint", "answers": {"\\udc00": "x"}}',
        b'{"form": "complaint", "answers": {"name": ' + b"[" * 20 + b"]" * 20 + b"}}",
        b"[" * 100_000,
        b'{"a":' * 40_000,
    ],
)
def test_what_is_no_usable_json_is_refused_as_malformed(body: bytes, office: Office) -> None:
    """Cut off, ambiguous, bottomless or not an object: one clear answer, and nothing stored."""
    found = problem_of(submit(body), "MalformedRequest")
    assert found["detail"].endswith(".")
    assert office.items() == []


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["form", "answers"]),
        ({"form": 1, "answers": []}, ["form", "answers"]),
        ({"form": "praise", "answers": ANSWERS}, ["form"]),
        ({"form": "complaint", "answers": ANSWERS, "colour": "blue"}, ["colour"]),
        (with_answers(name=7), ["name"]),
        (with_answers(name=None), ["name"]),
        (with_answers(email="nobody"), ["email"]),
        (with_answers(account="\u0007"), ["account"]),
        (with_answers(account="x" * 10_001), ["account"]),
        (with_answers(aspects=["One", 2, "x" * 1001]), ["aspects.1", "aspects.2"]),
        (with_answers(declaration=False), ["declaration"]),
        (with_answers(incident_date="3 September 2026"), ["incident_date"]),
        (with_answers(incident_date="2026-11-03"), ["incident_date"]),
        (with_answers(colour="blue"), ["colour"]),
        (with_answers(course="npqx", email=""), ["email", "course"]),
    ],
)
def test_each_wrong_field_is_named(body: Any, fields: list[str], office: Office) -> None:
    """The problem lists every field that is wrong, with a sentence each, and nothing is stored."""
    found = problem_of(submit(body), "InvalidAnswers")
    assert [error["field"] for error in found["errors"]] == fields
    assert all(error["message"] for error in found["errors"])
    assert office.items() == []


def test_a_body_that_is_too_large_is_refused(office: Office) -> None:
    """What no form could hold is not even read."""
    problem_of(submit(with_answers(account="x" * LARGEST_BODY)), "TooLarge")
    assert office.items() == []


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_only_json_is_taken(content_type: str) -> None:
    """Another media type gets the status that says so."""
    problem_of(submit(content_type=content_type), "WrongMediaType")


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "Application/JSON"])
def test_json_may_be_announced_in_full(content_type: str) -> None:
    """Parameters and capitals do not make another media type."""
    assert submit(content_type=content_type).status == 201


def test_an_organisation_that_does_not_exist_takes_nothing() -> None:
    """An unknown organisation is not found, whatever is sent."""
    problem_of(submit(path="/api/v1/nobody/cases"), "NotFound")
    problem_of(call("GET", "/api/v1/nobody/forms/complaint"), "NotFound")
    problem_of(call("GET", "/api/v1/leadership-east/forms/praise"), "NotFound")


def test_dates_beyond_the_known_holidays_are_not_guessed(office: Office, clock_file: Path) -> None:
    """The complaint is taken, and the answer names the date that is not known yet."""
    set_clock(clock_file, datetime(2028, 12, 29, tzinfo=UTC))
    answer = submit(with_answers(incident_date="2028-12-20"))
    assert answer.status == 201
    body = json.loads(answer.body)
    assert (body["deadlines"], body["not_yet_known"]) == ([], ["stage-1/acknowledge"])


def test_a_table_that_does_not_answer_asks_for_another_try(office: Office) -> None:
    """A fault of ours is told as one that passes, with when to try again."""
    office.client.delete_table(TableName=TABLE)
    answer = submit()
    problem_of(answer, "TryAgain")
    assert answer.headers["Retry-After"]


def test_an_answer_that_got_lost_is_not_taken_for_a_failure(office: Office) -> None:
    """The problem does not claim that nothing was stored, and another try gets the first answer."""
    with answers_lost(wiring.client("dynamodb")):
        found = problem_of(submit(), "TryAgain")
    assert "Nothing was stored" not in found["detail"]
    stored = office.items()
    again = submit()
    assert (again.status, again.headers["Idempotent-Replayed"]) == (201, "true")
    assert office.items() == stored


def test_a_form_is_described_as_its_page_asks_it() -> None:
    """The definition has each question in the page's words, and the schema of the answers."""
    answer = call("GET", "/api/v1/leadership-east/forms/complaint")
    assert answer.status == 200
    FormDefinition.model_validate_json(answer.body)
    form = procedures.load("leadership-east").form("complaint")
    assert form is not None
    described = answer.json
    assert [field["label"] for field in described["fields"]] == [field.label for field in form.fields]
    assert described["schema"]["required"] == [field.id for field in form.fields if field.required]
    course = next(field for field in described["fields"] if field["id"] == "course")
    assert {"id": "npqh", "label": "NPQ for Headship"} in course["choices"]


def test_no_answer_is_kept_by_a_cache_or_taken_for_a_page() -> None:
    """What a submission is answered with is nobody else's, and runs nothing."""
    headers = submit().headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.fixture
def openapi() -> Any:
    answer = call("GET", "/api/v1/openapi.json")
    assert answer.status == 200
    return answer.json


def test_the_description_has_the_routes_and_no_others(openapi: Any) -> None:
    """Each route is described, and nothing is described that is no route."""
    described = {
        f"{method.upper()} {path}" for path, operations in openapi["paths"].items() for method in operations
    }
    assert described == set(ROUTES)


def test_the_description_has_every_problem(openapi: Any) -> None:
    """Each problem that can be answered is described, and some operation answers with it under its status; but for
    those that are no operation's: a method that is not known, and a request past the domain in front."""
    assert set(openapi["components"]["responses"]) == set(PROBLEMS)
    told = set()
    for operations in openapi["paths"].values():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                content = _followed(openapi, response)["content"].get("application/problem+json", {})
                for name in content.get("examples", {}):
                    assert str(PROBLEMS[name][0]) == status
                    told.add(name)
    assert told | {"NotTheWayIn", "WrongMethod"} == set(PROBLEMS)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("aspects", [""]),
        ("aspects", [" \n"]),
        ("aspects", ["The rain", ""]),
        ("name", " "),
        ("account", "\n\n"),
    ],
)
def test_nothing_is_no_answer_in_the_schema_either(field: str, value: Any) -> None:
    """What a form describes as an answer has something in it, as the API wants it."""
    schema = call("GET", "/api/v1/leadership-east/forms/complaint").json["schema"]
    validator = Draft202012Validator(schema)
    assert validator.is_valid(ANSWERS)
    assert not validator.is_valid(ANSWERS | {field: value})


def test_the_description_keeps_to_the_specification(openapi: Any) -> None:
    """Any program that knows OpenAPI can read it."""
    assert [error.message for error in OpenAPIV31SpecValidator(openapi).iter_errors()] == []


def test_the_description_has_no_errors_of_another_shape(openapi: Any) -> None:
    """Whatever is wrong with a request, a problem document says so, and not what the resolver would have said."""
    for operations in openapi["paths"].values():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                errors = {"application/problem+json"} if status >= "400" else set()
                if status == "429":
                    # The gateway refuses too, in its own words, and nobody but who sends a form is held up by us.
                    assert set(response["content"]) - errors == {"application/json"}
                    continue
                assert set(response["content"]) == (errors or {"application/json"})
    assert not [name for name in openapi["components"]["schemas"] if "Validation" in name]


def test_the_description_names_the_configured_address() -> None:
    """Whatever host a request says that it came to."""
    answer = call("GET", "/api/v1/openapi.json", headers={"host": "other.example"})
    assert [server["url"] for server in answer.json["servers"]] == ["https://complaints.example"]


def test_the_description_is_whole(openapi: Any) -> None:
    """It is OpenAPI 3.1 in its structure: references lead somewhere, operations have ids of their own, paths
    declare their parameters, and every response and field is described."""
    assert openapi["openapi"].startswith("3.1.")
    assert openapi["info"]["title"]
    assert openapi["info"]["version"]
    for reference in _all(openapi, "$ref"):
        _followed(openapi, {"$ref": reference})
    ids = _all(openapi["paths"], "operationId")
    assert len(set(ids)) == len(ids) == len(ROUTES)
    for path, operations in openapi["paths"].items():
        for operation in operations.values():
            parameters = [_followed(openapi, one) for one in operation.get("parameters", ())]
            in_path = {one["name"] for one in parameters if one["in"] == "path"}
            assert in_path == {part[1:-1] for part in path.split("/") if part.startswith("{")}
            assert all(one["description"] and one["schema"] for one in parameters)
            assert all(_followed(openapi, one)["description"] for one in operation["responses"].values())
    for name in ("CaseOpened", "Deadline", "FieldError", "FormDefinition", "FormField", "Problem"):
        schema = openapi["components"]["schemas"][name]
        assert all(_followed(openapi, one)["description"] for one in schema["properties"].values())


def test_the_description_has_the_answers_of_every_form(openapi: Any) -> None:
    """Each form that is served is there with the schema that it is checked by."""
    schemas = openapi["components"]["schemas"]
    for slug in procedures.served({}):
        for form in procedures.load(slug).forms:
            schema = call("GET", f"/api/v1/{slug}/forms/{form.id}").json["schema"]
            assert schemas[f"{slug}.{form.id}"]["properties"] == schema["properties"]
            assert {"$ref": f"#/components/schemas/{slug}.{form.id}"} in schemas["Submission"]["properties"][
                "answers"
            ]["anyOf"]


def _followed(document: Any, node: Any) -> Any:
    """What a reference refers to; KeyError: nothing."""
    if "$ref" not in node:
        return node
    found = document
    for part in node["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return found


def _all(node: Any, name: str) -> list[Any]:
    """Every value of that name, however deep."""
    if isinstance(node, dict):
        here = [node[name]] if isinstance(node.get(name), str) else []
        return here + [found for value in node.values() for found in _all(value, name)]
    if isinstance(node, list):
        return [found for value in node for found in _all(value, name)]
    return []
