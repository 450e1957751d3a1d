"""Requests that lead nowhere, or ask for something in another way: people get a page, programs a problem document."""

from __future__ import annotations

import json
from typing import Any

import pytest

from domain.case import COMPLAINANT
from handlers import links
from handlers.problems import PROBLEMS
from tests.browser.gateway import Response, call
from tests.integration.desk import Desk
from tests.integration.papers import EVENTS, ask

pytestmark = pytest.mark.usefixtures("clock_file")

FOR_PEOPLE = ("/", "/leadership-east", "/leadership-east/complaint", "/leadership-east/staff")
FOR_PROGRAMS = ("/api/v1/openapi.json", "/api/v1/leadership-east/forms/complaint")
NOWHERE = ("/nobody", "/leadership-east/nothing", "/leadership-east/complaint/of/mine", "/a/b/c/d/e")


def is_problem(answer: Response, name: str) -> bool:
    status, title, _ = PROBLEMS[name]
    assert answer.headers["Content-Type"] == "application/problem+json"
    return bool((answer.status, answer.json["title"]) == (status, title))


@pytest.mark.parametrize("path", NOWHERE)
def test_people_get_a_page_where_there_is_nothing(path: str) -> None:
    """Whatever the address, the answer is a page of ours that says what to do."""
    answer = call("GET", path)
    assert (answer.status, answer.page.title.partition(" ")[0]) == (404, "Page")
    assert is_problem(call("GET", path, headers={"accept": "application/json"}), "NotFound")


@pytest.mark.parametrize(
    "path", ["/api", "/api/v1", "/api/v1/", "/api/v2/leadership-east/cases", "/api/v1/a/b/c"]
)
def test_programs_get_a_problem_document_where_there_is_nothing(path: str) -> None:
    """What lies under the API's address is for programs, whatever they say that they take."""
    answer = call("GET", path)
    assert is_problem(call("GET", answer.headers["Location"]) if answer.status == 308 else answer, "NotFound")
    if path.count("/") > 1:
        assert is_problem(call("POST", path.rstrip("/")), "NotFound")


@pytest.mark.parametrize("path", [*FOR_PEOPLE, *FOR_PROGRAMS, *NOWHERE])
def test_a_head_is_answered_like_a_get_without_a_body(path: str) -> None:
    """Whoever only looks whether a page is there is told the same."""
    head, get = call("HEAD", path), call("GET", path)
    assert head.body == ""
    assert (head.status, head.headers) == (get.status, get.headers)


@pytest.mark.parametrize(
    "path", ["/leadership-east/", "/leadership-east/complaint/", "/leadership-east//complaint//"]
)
def test_a_slash_too_many_leads_on(path: str) -> None:
    """An address with a slash at its end is another's, and leads to the page without."""
    answer = call("GET", path)
    assert answer.status == 308
    assert call("GET", answer.headers["Location"]).status == 200


def test_a_slash_too_many_leads_to_no_other_host() -> None:
    """An address that a browser would take for another host's is ours all the same."""
    for path in ("//other.example/", "///other.example//", "/\\other.example/"):
        assert call("GET", path).headers["Location"].lstrip("/\\") != ""
        assert call("GET", path).headers["Location"][:2] not in ("//", "/\\")


@pytest.mark.parametrize("method", ["DELETE", "PUT", "PATCH", "OPTIONS"])
@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/leadership-east", "GET, HEAD"),
        ("/leadership-east/staff", "GET, HEAD, POST"),
        ("/leadership-east/complaint/submit", "GET, HEAD, POST"),
        ("/api/v1/openapi.json", "GET, HEAD"),
        ("/api/v1/leadership-east/cases", "POST"),
    ],
)
def test_another_method_is_told_which_ones_there_are(method: str, path: str, allowed: str) -> None:
    """Nothing is done, and the answer says by which methods something would be."""
    answer = call(method, path)
    assert (answer.status, answer.headers["Allow"]) == (405, allowed)
    if path.startswith("/api/"):
        assert is_problem(answer, "WrongMethod")
    else:
        assert answer.page.title


@pytest.mark.parametrize("form", ["/leadership-east/complaint", "/leadership-east/data-protection/complaint"])
def test_the_address_of_a_confirmation_leads_to_the_form(form: str) -> None:
    """Whoever opens it again, from a bookmark or the address bar, has nothing to send."""
    answer = call("GET", f"{form}/submit")
    assert (answer.status, answer.headers["Location"]) == (303, form)


class TestLinks:
    @pytest.mark.parametrize("end", [".", ")", ">", ").", ">,", "’"])
    def test_a_link_is_copied_with_what_stood_behind_it(self, leadership: Desk, end: str) -> None:
        """A full stop or a bracket that came along is no part of a link, and does not stand in the page's own."""
        secret = leadership.secret(COMPLAINANT)
        page = self.answer("links-show", f"{secret}{end}")
        assert page["statusCode"] == 200
        assert f"/l/{secret}{end}" not in page["body"]
        assert page == self.answer("links-show", secret)
        assert ask(f"{secret}{end}", "choose")["statusCode"] == 200

    def test_a_head_changes_nothing_and_says_nothing(self, leadership: Desk) -> None:
        """A mailbox that looks where a link leads gets the page's headers alone."""
        secret = leadership.secret(COMPLAINANT)
        before = leadership.office.items()
        answer = self.answer("links-show", secret, method="HEAD")
        assert (answer["statusCode"], answer["body"]) == (200, "")
        assert leadership.office.items() == before

    def test_asking_for_a_fresh_link_is_a_button(self, leadership: Desk) -> None:
        """The address behind the button leads back to the link's own page."""
        secret = leadership.secret(COMPLAINANT)
        answer = self.answer("links-fresh", secret, method="GET", route="ANY /l/{secret}/fresh")
        assert (answer["statusCode"], answer["headers"]["Location"]) == (303, f"/l/{secret}")

    def test_another_method_is_refused(self, leadership: Desk) -> None:
        """By a page, as a person reads it."""
        secret = leadership.secret(COMPLAINANT)
        answer = self.answer("links-show", secret, method="DELETE")
        assert (answer["statusCode"], answer["headers"]["Allow"]) == (405, "GET, HEAD, POST")
        assert secret not in answer["body"]

    def answer(self, name: str, secret: str, *, method: str = "GET", route: str = "") -> dict[str, Any]:
        """What is answered to a sample event with this link."""
        event = json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))
        event["pathParameters"]["secret"] = secret
        event["requestContext"]["http"]["method"] = method
        event["routeKey"] = route or event["routeKey"]
        return links.handler(event, None)
