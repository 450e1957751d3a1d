"""The two organisations whose procedures follow published frameworks, served: what people read on pages and in
mails."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from domain.case import COMPLAINANT
from tests.browser.gateway import post_form
from tests.integration.conftest import Serve
from tests.integration.desk import Desk, Read
from tests.integration.town import ADDRESS, Town, days

COUNCIL = "fenmoor-council"
FOLDER = Path(__file__).parents[1] / "procedures"
OMBUDSMAN = "The Ombudsman for Local Services"


@pytest.fixture
def town(desk: Desk, serve: Serve) -> Town:
    """A deployment that serves the organisations of the tests."""
    serve(FOLDER)
    return Town(desk)


def refused(town: Town, person: str, action: str, **fields: object) -> str:
    """What the page says that takes the form back."""
    page = town.page_of(person, action)
    answer = town.desk.post(town.secrets(person)[0], page.forms[action].hidden, **fields)
    assert answer["statusCode"] == 422, answer["statusCode"]
    return Read(answer["body"]).text


def test_the_council_sets_out_how_it_understands_a_complaint(town: Town) -> None:
    """The page asks for it, does not go on without, and the complainant has it in the mail and on their page."""
    town.complain(COUNCIL)
    assert "Write how you understand the complaint." in refused(
        town, "service-manager", "acknowledge", confirm="yes"
    )
    said = "You say that the store was never built."
    town.act("service-manager", "acknowledge", confirm="yes", understood=said)
    assert "HOW WE UNDERSTAND YOUR COMPLAINT" in (mail := town.mail(ADDRESS, "acknowledgement"))
    assert said in mail
    assert said in town.page_of(COMPLAINANT).text
    assert OMBUDSMAN not in mail


def test_the_council_names_the_ombudsman_on_the_way(town: Town) -> None:
    """With a new date, which the page holds to its cap, and with the outcome of the first stage."""
    town.complain(COUNCIL)
    town.act("service-manager", "acknowledge", confirm="yes", understood="It was never built.")
    parts = {"message": "More time is needed.", "who": "The manager.", "next": "We write to you."}
    form = town.page_of("service-manager", "interim").forms.page("interim").text
    assert "later than the current date, and no later than Monday 30 November 2026." in form
    said = refused(town, "service-manager", "interim", **parts, **days("respond_by", date(2026, 12, 1)))
    assert "The procedure allows no date after Monday 30 November 2026." in said
    town.act("service-manager", "interim", **parts, **days("respond_by", date(2026, 11, 30)))
    assert OMBUDSMAN in town.mail(ADDRESS, "interim-response")
    assert OMBUDSMAN in town.page_of(COMPLAINANT).text
    assert OMBUDSMAN in town.answer()
    assert OMBUDSMAN in town.page_of(COMPLAINANT, "reply").text


def test_the_council_can_refuse_a_complaint(town: Town) -> None:
    """With the reason, and where to turn: nobody has to invent a place that it could be taken to."""
    town.complain(COUNCIL)
    page = town.page_of("service-manager", "decline").forms.page("decline").text
    assert "A complaint can be refused if it happened more than 12 months ago" in page
    town.act("service-manager", "decline", what="whole", reason="A tribunal is deciding on it.")
    mail = town.mail(ADDRESS, "not-covered")
    assert "We have decided not to look into it." in mail
    assert "You have the right to take our decision to:" in mail
    assert OMBUDSMAN in mail
    assert "does not cover" not in mail
    assert town.desk.case().ended == "not-covered"


UNIVERSITY = "ridgeway-university"
REGISTRAR = "registrar@ridgeway.example"


def test_the_registrar_skips_a_stage_from_their_own_page(town: Town) -> None:
    """The case waits for nobody because of it, so it is opened by whoever knows it; what the page offers next is the
    stage after the skipped one."""
    town.complain(UNIVERSITY, "concern", relationship="applicant")
    secret, page = town.own_page(UNIVERSITY, REGISTRAR)
    assert "Nothing is waiting for you" in page.text
    opened = post_form(f"/s/{secret}", [("case", town.desk.ref)])
    link = opened.headers["Location"].rpartition("/")[2]
    form = Read(town.desk.get(link, act="skip")["body"])
    assert "the case will not go on to The formal stage. It will go straight on to The review." in form.text
    answer = town.desk.post(link, form.forms["skip"].hidden, reason="Term begins in January.")
    assert answer["statusCode"] == 200
    assert "Term begins in January." in town.mail(ADDRESS, "decision")
    first = town.answer(conclusion_1="justified")
    assert "The review." in first
    town.reply("escalate")
    assert town.desk.case().current.stage == "review"


def test_the_letter_that_is_owed_stays_on_the_list_until_it_is_sent(town: Town) -> None:
    """After the closure the Registrar finds the case among what waits, and not once the letter is sent."""
    town.complain(UNIVERSITY, "concern", relationship="applicant")
    town.answer(conclusion_1="justified")
    town.wait_until(2026, 11, 24, 9)
    town.wait_until(2026, 12, 2, 9)
    assert town.desk.case().ended == "lapsed"
    secret, page = town.own_page(UNIVERSITY, REGISTRAR)
    assert town.desk.ref in page.text
    asked = town.mail(REGISTRAR, "decision-request")
    assert "The procedure asks you for the Completion of Procedures letter, by the end of" in asked
    said = refused(town, "registrar", "completion", letter=" ")
    assert "Write what the complaint was about and what was decided." in said
    town.act("registrar", "completion", letter="You complained of an offer. It stands.")
    assert "You complained of an offer. It stands." in (mail := town.mail(ADDRESS, "completion"))
    assert "The Admissions Ombudsman" in mail
    assert town.desk.ref not in town.page(f"/s/{secret}").text
