"""A data protection complaint as people meet it: from the organisation's start page to the Commissioner's address."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest

from adapters.cases.execute import execute
from domain.acts.progress import ReportProgress
from domain.acts.waking import Wake
from domain.case import COMPLAINANT
from domain.words import Writing
from tests.browser.gateway import call, event_of, post_form
from tests.integration.desk import ABOUT_DATA, OUTCOME, Desk, Read

BASE = "/leadership-east/data-protection"
FORM = f"{BASE}/complaint"

FILLED: dict[str, str] = {name: value for name, value in ABOUT_DATA.items() if name != "aspects"}


@pytest.fixture
def opened(desk: Desk) -> Desk:
    """Sent through the API, as a program does for somebody."""
    answer = call(
        "POST",
        f"/api/v1{BASE}/cases",
        headers={"content-type": "application/json", "idempotency-key": "one"},
        body=json.dumps({"form": "complaint", "answers": ABOUT_DATA}).encode(),
    )
    assert answer.status == 201, answer.body
    desk.ref = answer.json["reference"]
    assert answer.json["deadlines"][0]["name"] == "stage/acknowledge"
    # The clock stands at 2 November: 29 days of it, and 1 December.
    assert answer.json["deadlines"][0]["due"] == "2026-12-01"
    desk.office.deliver_all()
    return desk


def mail_to(desk: Desk, person: str, notice: str) -> str:
    desk.office.deliver_all()
    mail = desk.office.mails_to(desk.address(person), notice)[-1]["Content"]["Simple"]
    return " ".join(f"{mail['Subject']['Data']} {mail['Body']['Text']['Data']}".split())


def test_the_organisation_s_start_page_leads_there_and_back(desk: Desk) -> None:
    """Who looks for the organisation finds the form, and who is wrong there finds the way back."""
    own = call("GET", "/leadership-east").page
    assert BASE in [one.get("href") for one in own.all("a")]
    page = call("GET", BASE).page
    assert "within 30 days of receiving it (that day is the first)" in page.text
    assert "we will tell you how it is going at least every 2 weeks" in page.text
    assert "Information Commissioner" in page.text
    assert FORM in [one.get("href") for one in page.all("a")]
    assert "/leadership-east" in [one.get("href") for one in page.all("a")]


def test_its_address_is_not_taken_for_a_form(desk: Desk) -> None:
    """The gateway takes the route that names more of the path; a form of another name is not found there."""
    for method, path, route in (
        ("GET", BASE, "ANY /{org}/data-protection"),
        ("GET", FORM, "ANY /{org}/data-protection/{form}"),
        ("POST", FORM, "POST /{org}/data-protection/{form}"),
        ("POST", f"{FORM}/submit", "POST /{org}/data-protection/{form}/submit"),
        ("GET", "/leadership-east/complaint", "ANY /{org}/{form}"),
        ("POST", "/leadership-east/complaint/submit", "POST /{org}/{form}/submit"),
    ):
        assert event_of(method, path, headers={})["routeKey"] == route
    for path in (f"{BASE}/nothing", "/nobody/data-protection", "/nobody/data-protection/complaint"):
        assert call("GET", path).status == 404


def test_somebody_fills_the_form_in(desk: Desk) -> None:
    """Check and send stay at its own address, and the confirmation says by when it is acknowledged."""
    empty = call("GET", FORM).page
    values = [(name, FILLED.get(name, value)) for name, value in empty.values]
    shown = {name for name, _ in values}
    values += [(name, value) for name, value in FILLED.items() if name not in shown]
    checked = post_form(FORM, [*values, ("_do", "check")])
    assert checked.status == 200
    (form,) = checked.page.all("form")
    assert form["action"] == f"{FORM}/submit"
    sent = post_form(f"{FORM}/submit", [*checked.page.values, ("_do", "send")])
    assert sent.status == 201, sent.page.text
    assert re.search(r"LEDP-[2-9A-Z]{4}-[2-9A-Z]{4}", sent.page.text)
    assert "Tuesday 1 December 2026" in sent.page.text


def test_what_is_missing_is_named(desk: Desk) -> None:
    """The law asks for a form, not for a guess: without what it is about nothing is stored."""
    before = desk.office.items()
    answer = call(
        "POST",
        f"/api/v1{BASE}/cases",
        headers={"content-type": "application/json", "idempotency-key": "two"},
        body=json.dumps({"form": "complaint", "answers": {**ABOUT_DATA, "personal_data": ""}}).encode(),
    )
    assert answer.status == 422
    assert [one["field"] for one in answer.json["errors"]] == ["personal_data"]
    assert desk.office.items() == before


def test_the_description_of_the_api_has_it(desk: Desk) -> None:
    """Programs find the routes and the form's answers."""
    document = call("GET", "/api/v1/openapi.json").json
    definition = call("GET", f"/api/v1{BASE}/forms/complaint").json
    schema = document["components"]["schemas"]["leadership-east.data-protection.complaint"]
    assert schema["properties"] == definition["schema"]["properties"]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+", name) for name in document["components"]["schemas"])
    organisations = [
        parameter["schema"]["enum"]
        for path in document["paths"].values()
        for operation in path.values()
        for parameter in operation.get("parameters", ())
        if parameter["name"] == "org"
    ]
    assert len(organisations) == 4
    assert all("leadership-east/data-protection" not in names for names in organisations)


def test_it_runs_from_links_and_mails_to_the_commissioner(opened: Desk) -> None:
    """The data protection contact acknowledges within the 30 days, answers, and says where to turn."""
    contact = opened.procedure().holders("data-protection-contact")[0].id
    assert opened.ref.startswith("LEDP-")
    assert contact == opened.coordinator() == opened.reviewer()
    assert "Tuesday 1 December 2026" in mail_to(opened, COMPLAINANT, "receipt")
    assert ABOUT_DATA["name"] not in mail_to(opened, contact, "assignment")
    page = Read(opened.get(opened.secret(contact))["body"])
    assert "What data about you is this about?" in page.text
    assert "30 days beginning with Monday 2 November 2026, which is day 1" in page.text

    opened.act(contact, "acknowledge", confirm="yes")
    assert "Leadership East" in mail_to(opened, COMPLAINANT, "acknowledgement")
    opened.act(contact, "respond", **OUTCOME)
    outcome = mail_to(opened, COMPLAINANT, "outcome")
    assert "https://ico.org.uk/make-a-complaint" in outcome
    assert "We are sorry." in outcome


def test_a_missed_acknowledgement_is_a_breach_that_the_one_above_is_told_of(opened: Desk) -> None:
    """At midnight after the 30th day, and not before, whoever `escalates_to` names learns of it."""
    opened.at(datetime(2026, 12, 1, 23, 59, tzinfo=UTC))
    execute(opened.ref, Wake(), site=opened.office.site)
    assert "DeadlineBreached" not in opened.facts()
    opened.at(datetime(2026, 12, 2, 0, 0, tzinfo=UTC))
    execute(opened.ref, Wake(), site=opened.office.site)
    assert [breach.deadline for breach in opened.case().breaches] == ["stage/acknowledge"]
    director = opened.procedure().holders(opened.procedure().escalates_to)[0].id
    assert opened.ref in mail_to(opened, director, "breach")


def test_the_complainant_hears_how_it_is_going(opened: Desk) -> None:
    """Every two weeks from the acknowledgement on, in the words of who looks into it; once for two clicks."""
    contact = opened.coordinator()
    opened.act(contact, "acknowledge", confirm="yes")
    opened.at(datetime(2026, 11, 11, 9, tzinfo=UTC))
    execute(opened.ref, Wake(), site=opened.office.site)
    assert "the progress report to the complainant" in mail_to(opened, contact, "reminder")

    secret = opened.secret(contact)
    form = Read(opened.get(secret)["body"]).forms["progress"]
    refused = opened.post(secret, form.hidden, message=" ")
    assert refused["statusCode"] == 422
    assert "Write what has been done" in Read(refused["body"]).text
    opened.act(contact, "progress", message="We have asked who sent the table.")
    again = opened.post(secret, form.hidden, message="We have asked who sent the table.")
    assert again["statusCode"] == 409
    assert opened.facts().count("ProgressReported") == 1

    told = mail_to(opened, COMPLAINANT, "progress")
    assert "We have asked who sent the table." in told
    assert "You will hear from us again by Wednesday 25 November 2026." in told
    assert "We will send you the outcome by Wednesday 2 December 2026." in told
    assert "asked who sent" not in mail_to(opened, contact, "done")
    page = Read(opened.get(opened.secret(contact))["body"])
    assert "told the complainant how it is going" in page.text
    assert "We have asked who sent the table." in page.text


def test_each_progress_report_is_sent_in_its_own_words(opened: Desk) -> None:
    """Two that were written while the post stood still arrive both, and not the second one twice."""
    contact, site = opened.coordinator(), opened.office.site
    opened.act(contact, "acknowledge", confirm="yes")
    for words in ("We have asked.", "They have answered."):
        message = Writing(words, {"message": words})
        execute(opened.ref, ReportProgress(by=contact, stage="stage", message=message), site=site)
    opened.office.deliver_all()
    mails = opened.office.mails_to(opened.address(COMPLAINANT), "progress")
    bodies = [mail["Content"]["Simple"]["Body"]["Text"]["Data"] for mail in mails]
    assert [["We have asked." in body, "They have answered." in body] for body in bodies] == [
        [True, False],
        [False, True],
    ]
