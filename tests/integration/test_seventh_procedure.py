"""The seventh organisation, served: its file is compiled in place of those that ship, and people use the result."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.case import COMPLAINANT
from tests.browser.gateway import call
from tests.integration.conftest import Serve
from tests.integration.desk import Desk, Read
from tests.integration.town import ADDRESS, Town

SLUG = "northern-isles-college"
FOLDER = Path(__file__).parents[1] / "procedures"


@pytest.fixture
def town(desk: Desk, serve: Serve) -> Town:
    """A deployment that serves this organisation and no other."""
    serve(FOLDER)
    return Town(desk)


def refused(town: Town, person: str, action: str, **fields: object) -> str:
    """What the page says that takes the form back."""
    secret = town.secrets(person)[0]
    form = Read(town.desk.get(secret)["body"]).forms[action]
    answer = town.desk.post(secret, form.hidden, **fields)
    assert answer["statusCode"] == 422, answer["statusCode"]
    return Read(answer["body"]).text


def day(when: str) -> dict[str, str]:
    year, month, of_month = when.split("-")
    return {"respond_by.year": year, "respond_by.month": month, "respond_by.day": of_month}


def to_the_panel(town: Town) -> None:
    """The complaint is in, was answered, and the complainant goes on."""
    town.complain(SLUG)
    town.answer()
    town.reply("escalate", reasons="It is not settled.")


def test_its_pages_show_its_own_rules(town: Town) -> None:
    """The start page draws four steps, the form asks what the file says, and programs find both."""
    page = town.page(f"/{SLUG}").text
    for words in (
        "Northern Isles College",
        "headed by Chair of the complaints panel",
        "24 hours on working days",
        "While we wait for your answer to a question it stands still",
        "The Islands Ombudsman",
        "We keep it for 7 years",
    ):
        assert words in page, words
    assert call("GET", "/leadership-east").status == 404
    assert call("GET", f"/api/v1/{SLUG}/forms/complaint").status == 200


def test_what_it_does_not_cover_goes_elsewhere(town: Town) -> None:
    """Its own exclusion, in its own words, opens no case."""
    answer = town.fill_in(SLUG, subject="ferry")
    assert answer.status == 422
    assert "Please write to the harbour office. No case has been opened." in answer.page.text


def test_its_clock_stands_still_while_it_asks(town: Town) -> None:
    """The question says so, the date moves to the latest that it can be, and back with the answer."""
    town.complain(SLUG)
    town.acknowledge()
    reviewer = town.desk.case().current.reviewers[0]
    assert "Monday 23 November 2026" in town.page_of(reviewer, "ask").text
    town.at(2026, 11, 4, 12)
    town.act(reviewer, "ask", question="When did it arrive?")
    asked = town.mail(ADDRESS, "question")
    assert (
        "the time we have to send you the outcome is paused, until Wednesday 18 November 2026 at the latest"
        in asked
    )
    assert "Monday 7 December 2026" in town.page_of(reviewer, "respond").text
    town.at(2026, 11, 10, 12)
    question = town.desk.case().current.questions[0].id
    town.act(COMPLAINANT, "answer", **{f"answer_{question}": "In June."})
    page = town.page_of(reviewer, "respond").text
    # Monday 23 November and the six days of waiting is a Sunday, which rolls on; Saint Andrew's Day follows it.
    assert "Tuesday 1 December 2026" in page
    assert "waiting for an answer to our question (Thursday 5 November to Tuesday 10 November)" in page


def test_its_cap_holds_new_dates(town: Town) -> None:
    """Two months from the request: the page takes the day before back with the last one that can be."""
    town.complain(SLUG)
    town.acknowledge()
    reviewer = town.desk.case().current.reviewers[0]
    said = refused(
        town,
        reviewer,
        "interim",
        message="More time is needed.",
        who="The reviewer.",
        next="We write to you.",
        **day("2027-01-03"),
    )
    assert "The procedure allows no date after Saturday 2 January 2027." in said
    town.act(
        reviewer,
        "interim",
        message="More time is needed.",
        who="The reviewer.",
        next="We write to you.",
        **day("2026-12-18"),
    )
    assert "Friday 18 December 2026" in town.mail(ADDRESS, "interim-response")
    # A date that was given is not moved by asking, and nobody is told that it is.
    town.act(reviewer, "ask", question="When did it arrive?")
    assert "is paused" not in town.mail(ADDRESS, "question")
    assert "Friday 18 December 2026" in town.page_of(reviewer, "respond").text


def test_going_on_takes_reasons(town: Town) -> None:
    """The page says so beforehand, and takes the answer back without them."""
    town.complain(SLUG)
    town.answer()
    assert "To go on to the next stage you need to say why" in town.page_of(COMPLAINANT, "reply").text
    assert "Tell us why you are not satisfied." in refused(town, COMPLAINANT, "reply", answer="escalate")
    assert town.desk.case().current.stage == "department"
    town.reply("escalate", reasons="It is not settled.")
    assert town.desk.case().current.stage == "panel"


def test_its_panel_has_three_members_and_a_chair(town: Town) -> None:
    """The clerk sees who can head it; a panel without a chair, or of two, is not taken; all three have to agree."""
    to_the_panel(town)
    asked = "3 reviewers (Member of the complaints panel, headed by Chair of the complaints panel)"
    assert asked in town.mail("clerk@northern-isles.example", "new-case")
    offered = town.page_of("clerk", "assign").forms.page("assign").text
    assert "Choose 3. One of them must be Chair of the complaints panel, who will head them." in offered
    assert "The Chair of the panel Can head them" in offered
    members = ["panel-lecturer", "panel-learner", "panel-parent"]
    assert "One of them has to be Chair" in refused(town, "clerk", "assign", reviewers=members)
    assert "Choose 3 reviewers for this stage" in refused(town, "clerk", "assign", reviewers=["panel-chair"])
    town.assign("panel-learner", "panel-parent", "panel-chair")
    assert town.desk.case().current.reviewers[0] == "panel-chair"
    town.acknowledge()
    town.act("panel-chair", "respond", **town.outcome(remedies="apology"))
    town.act("panel-learner", "approve", decision="approve")
    assert "OutcomeSent" not in town.desk.facts()[town.desk.facts().index("ComplaintEscalated") :]
    town.act("panel-parent", "approve", decision="return", reason="Say when.")
    town.act("panel-chair", "respond", **town.outcome(remedies="apology"))
    for member in ("panel-learner", "panel-parent"):
        town.act(member, "approve", decision="approve")
    assert "We are sorry." in town.mail(ADDRESS, "outcome")


def test_without_its_chair_the_panel_meets_without(town: Town) -> None:
    """Where the chair is involved in the matter, nobody has to head the three."""
    to_the_panel(town)
    town.act("clerk", "involve", involved="panel-chair", reason="It was her workshop.")
    assert "who heads them" not in town.page_of("clerk", "assign").text
    town.assign("panel-lecturer", "panel-learner", "panel-parent")
    assert len(town.desk.case().current.reviewers) == 3


def test_the_principal_can_assign_in_spite_of_a_conflict(town: Town) -> None:
    """Only with the reason, which stays on the case; the clerk cannot at all."""
    to_the_panel(town)
    town.act("clerk", "involve", involved="panel-learner", reason="He was in that class.")
    town.act("clerk", "involve", involved="panel-parent", reason="Her daughter was.")
    three = ["panel-chair", "panel-lecturer", "panel-learner"]
    clerk = refused(town, "clerk", "assign", reviewers=three)
    assert "Someone who was involved in what happened cannot review the complaint." in clerk
    assert "Write why this person should review it" in refused(town, "principal", "assign", reviewers=three)
    town.act("principal", "assign", reviewers=three, override="Nobody else is left.")
    assert "panel-learner" in town.desk.case().current.reviewers
    assert "Nobody else is left." in town.page_of("panel-chair").text


def test_a_late_complaint_is_the_principal_s_to_decide(town: Town) -> None:
    """More than six months after it happened it is shown as late, and goes on when the Principal says so."""
    town.complain(SLUG, incident_date="2026-04-20")
    assert town.desk.case().late
    town.act("principal", "lateness", decision="accept", reason="The certificates came in October.")
    assert "The certificates came in October." in town.mail(ADDRESS, "decision")
    town.answer()
    assert town.desk.case().current.responded_at is not None


def test_where_the_head_of_department_is_involved_the_deputy_governor_reviews(town: Town) -> None:
    """The alternative role takes over, without anybody having to choose."""
    town.complain(SLUG)
    town.act("clerk", "involve", involved="head-of-department", reason="It is about her.")
    assert town.desk.case().current.reviewers == ("deputy-governor",)


def test_silence_a_late_answer_two_trustees_and_the_letter(town: Town) -> None:
    """After the reminder it closes; the Principal lets a late answer go on; the Governor's answer takes two trustees
    and is the last; whoever wants it reopened gets the letter."""
    to_the_panel(town)
    town.assign("panel-chair", "panel-lecturer", "panel-learner")
    town.answer(remedies="apology")
    town.wait_until(2026, 11, 23, 9)
    assert "go on to the next stage" in town.mail(ADDRESS, "reply-reminder")
    town.wait_until(2026, 12, 2, 9)
    assert town.desk.case().ended == "lapsed"
    town.at(2026, 12, 9, 8)
    town.act(COMPLAINANT, "ask-late", reasons="I was at sea.")
    town.act("principal", "late-reply", decision="accept", reason="She was at sea.")
    assert town.desk.case().current.stage == "governor"

    town.act("governor", "respond", **town.outcome(remedies="apology"))
    town.act("trustee-north", "approve", decision="approve")
    assert town.desk.case().is_open
    town.act("trustee-south", "approve", decision="approve")
    assert town.desk.case().ended == "exhausted"
    assert "The Islands Ombudsman" in town.mail(ADDRESS, "outcome")

    town.act(COMPLAINANT, "reopen", reasons="The hours were two short.")
    town.act("clerk", "exhausted", confirm="yes")
    letter = town.mail(ADDRESS, "decision")
    assert "The Clerk" in letter
    assert "The Islands Ombudsman" in letter
