"""Behind a domain in front, what comes past it is turned away: by a page, or for programs by a problem document."""

from __future__ import annotations

from typing import Any

import pytest

from handlers import files, forms, links, pages, staff
from handlers.http import came_by_front
from handlers.problems import PROBLEMS
from tests.browser.gateway import call
from tests.unit.test_template import FUNCTIONS, TEMPLATE, routes

PROOF = "a-proof-that-only-the-front-has-0123456789"
SHOWN = ("/", "/leadership-east", "/leadership-east/complaint", "/leadership-east/staff")
FOR_PROGRAMS = ("/api/v1/openapi.json", "/api/v1/leadership-east/forms/complaint", "/api/v2")
UNPROVEN: tuple[dict[str, str], ...] = (
    {},
    {"x-front-proof": ""},
    {"x-front-proof": f"{PROOF}x"},
    {"x-front-proof": "ü"},
)


@pytest.fixture(autouse=True)
def behind_a_front(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORGANISATIONS", "")
    monkeypatch.setenv("FRONT_PROOF", PROOF)


@pytest.mark.parametrize("headers", UNPROVEN)
@pytest.mark.parametrize("path", [*SHOWN, "/nobody"])
def test_people_who_come_past_the_front_are_told_where_to_go(path: str, headers: dict[str, str]) -> None:
    """The page says which address to use, and has no link, for each would lead past the front again."""
    answer = call("GET", path, headers=headers)
    assert answer.status == 403
    assert "link on the organisation’s website" in answer.page.text
    assert [link for link in answer.page.all("a") if link["href"].startswith("/")] == []


@pytest.mark.parametrize("path", FOR_PROGRAMS)
def test_programs_that_come_past_the_front_get_a_problem_document(path: str) -> None:
    """A program can read that it used the wrong address."""
    answer = call("GET", path)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.status, answer.json["title"]) == PROBLEMS["NotTheWayIn"][:2]


@pytest.mark.parametrize(
    "handler", [pages.handler, forms.handler, links.handler, staff.handler, files.handler]
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE"])
def test_nothing_is_done_for_what_comes_past_the_front(handler: Any, method: str) -> None:
    """Whatever the route and the method, no function looks further at such a request."""
    context = {"requestId": "one", "http": {"method": method}}
    event: dict[str, Any] = {"routeKey": "ANY /l/{secret}", "headers": {}, "requestContext": context}
    assert handler(event, None)["statusCode"] == 403


@pytest.mark.parametrize("path", [*SHOWN, *FOR_PROGRAMS[:2]])
def test_what_the_front_passes_on_is_answered(path: str) -> None:
    """With the proof, in a header of whatever case, a request gets what it would get without a front."""
    assert call("GET", path, headers={"X-Front-Proof": PROOF}).status == 200


@pytest.mark.parametrize("headers", [*UNPROVEN, {"x-front-proof": PROOF}])
def test_without_a_front_no_header_proves_anything(
    monkeypatch: pytest.MonkeyPatch, headers: dict[str, str]
) -> None:
    """A deployment without a front answers everybody, and believes nobody that the front passed them on."""
    monkeypatch.setenv("FRONT_PROOF", "")
    assert call("GET", "/leadership-east", headers=headers).status == 200
    assert not came_by_front({"headers": headers})


def test_whoever_answers_requests_knows_the_proof() -> None:
    """All functions that the gateway calls, and no other; it is shown nowhere, and is nothing unless somebody gives
    it."""
    told = {
        name
        for name, one in FUNCTIONS.items()
        if one["Environment"]["Variables"].get("FRONT_PROOF") == {"Ref": "FrontProof"}
    }
    assert told == {name for name in FUNCTIONS if routes(name)}
    parameter = TEMPLATE["Parameters"]["FrontProof"]
    assert (parameter["NoEcho"], parameter["Default"]) == (True, "")
