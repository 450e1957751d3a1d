"""The clauses of Creative Alliance's policy, as those concerned meet them."""

from __future__ import annotations

from datetime import date

import pytest

from domain.case import COMPLAINANT
from tests.integration.town import ADDRESS, Town, days

SLUG = "creative-alliance"
OFFICE = "administration@creative-alliance.example"
POINTS = ["The first point", "The second point"]


def at_stage_two(town: Town) -> None:
    """Stage one is answered on 2 November, and the complainant goes on on the 9th."""
    town.complain(SLUG, aspects=POINTS)
    town.answer()
    town.at(2026, 11, 9, 11)
    town.reply("escalate")


@pytest.mark.clause("CA-06")
@pytest.mark.parametrize(
    ("relationship", "label"),
    [
        ("learner", "A learner or apprentice"),
        ("employer", "An employer"),
        ("freelance-associate", "A freelance associate"),
        ("client", "A client"),
        ("partner-organisation", "A partner organisation"),
        ("public", "A member of the public"),
    ],
)
def test_the_relationship_is_recorded(town: Town, relationship: str, label: str) -> None:
    """Whoever complains says who they are, and who works on the case reads it."""
    assert town.fill_in(SLUG, relationship="").status == 422
    town.complain(SLUG, relationship=relationship)
    assert f"Who are you? {label}" in town.page_of(town.desk.coordinator()).text


@pytest.mark.clause("CA-06")
def test_staff_are_sent_to_their_own_policies(town: Town) -> None:
    """Who works here can say so, is told of the disciplinary and grievance policies, and no case is opened."""
    assert "the disciplinary and grievance policies" in town.page(f"/{SLUG}").text
    assert "I work for Creative Alliance" in town.page(f"/{SLUG}/complaint").text
    answer = town.fill_in(SLUG, relationship="staff")
    assert answer.status == 422
    assert "Please use the disciplinary and grievance policies instead" in answer.page.text
    assert town.submit(SLUG, relationship="staff").status == 422
    assert town.desk.office.items() == []


@pytest.mark.clause("CA-06")
def test_staff_who_rang_in_are_sent_there_by_the_form(town: Town) -> None:
    """Who said nothing of it on the telephone is told when the form says so, and the form is not taken."""
    assert town.enter(SLUG, OFFICE).status == 201
    form = town.page_of(COMPLAINANT, "write").forms["write"]
    answers = town.needed(SLUG) | {"relationship": "staff"} | days("incident_date", date(2026, 10, 30))
    answer = town.desk.post(town.secrets(COMPLAINANT)[0], form.hidden, **answers)
    assert answer["statusCode"] == 422
    assert "Please use the disciplinary and grievance policies instead" in answer["body"]
    assert town.desk.case().waits_for_form


@pytest.mark.clause("CA-07")
def test_a_form_that_says_that_it_was_long_ago_needs_the_directors_discretion(town: Town) -> None:
    """Rung in on 2 November without a day; the form says June. The Director is asked first."""
    town.enter(SLUG, OFFICE)
    assert not town.desk.case().late
    town.act(COMPLAINANT, "write", **town.needed(SLUG), **days("incident_date", date(2026, 6, 1)))
    assert town.desk.case().late
    assert town.mails("director@creative-alliance.example", "decision-request")
    town.begin_stage()
    assert "respond" not in town.page_of(town.desk.case().current.reviewers[0]).forms


@pytest.mark.clause("CA-09")
def test_only_those_who_handle_a_complaint_see_it(town: Town) -> None:
    """Whoever is not yet, or no longer, its reviewer has no way to it; mails to staff hold no word of it."""
    town.complain(SLUG, account="The canary saw it.")
    first, second = town.desk.reviewer(0), town.desk.reviewer(1)
    assert town.secrets(first) == []
    town.assign(first)
    assert "The canary saw it." in town.page_of(first).text
    town.assign(second)
    assert "canary" not in town.desk.get(town.secrets(first)[0])["body"].lower()
    for person in town.desk.procedure().people:
        assert not any("canary saw" in mail for mail in town.mails(person.email))
    assert "Only those who deal directly with your complaint see it." in town.page(f"/{SLUG}/complaint").text


@pytest.mark.clause("CA-11")
def test_the_form_is_logged_and_acknowledged_within_two_weeks(town: Town) -> None:
    """A form of Monday 2 November has its reference at once and is acknowledged by the 16th; the office is reminded,
    and after that day the Director hears."""
    confirmed = town.complain(SLUG)
    assert town.desk.ref in confirmed.text
    assert "by the end of Monday 16 November 2026" in confirmed.text
    assert town.due(SLUG, "stage-1/acknowledge", "2026-11-02T10:00") == "2026-11-16"
    town.wait_until(2026, 11, 11, 9)
    assert town.mails("administration@creative-alliance.example", "reminder")
    town.wait_until(2026, 11, 17, 0, 1)
    assert town.mails("director@creative-alliance.example", "breach")
    town.acknowledge()
    assert "are dealing with it" in town.mail(ADDRESS, "acknowledgement")


@pytest.mark.clause("CA-14")
def test_the_detailed_response_gives_findings_actions_and_rationale(town: Town) -> None:
    """What was found on each point, why, and what is done reach the complainant; lacking one of them it is refused."""
    town.complain(SLUG, aspects=POINTS)
    town.begin_stage()
    reviewer = town.desk.case().current.reviewers[0]
    hidden = town.page_of(reviewer, "respond").forms["respond"].hidden
    for lacking in ("conclusion_2", "reasons_2", "response"):
        answer = town.desk.post(town.desk.secret(reviewer), hidden, **(town.outcome() | {lacking: ""}))
        assert answer["statusCode"] == 422
    told = town.answer(response="We repaired the studio.")
    for said in (
        "Our conclusion: Upheld",
        "Because the first.",
        "Our conclusion: Not upheld",
        "Because the second.",
    ):
        assert said in told
    assert "We repaired the studio." in told


@pytest.mark.clause("CA-14")
def test_a_case_resolved_at_stage_one_is_recorded_and_closed(town: Town) -> None:
    """Satisfied means closed at that stage, and the file says so."""
    town.complain(SLUG, aspects=POINTS)
    town.answer()
    town.reply("satisfied")
    case = town.desk.case()
    assert (case.ended, case.current.stage, case.is_open) == ("satisfied", "stage-1", False)
    assert town.desk.facts()[-2:] == ["ComplainantSatisfied", "CaseEnded"]
    assert town.mails(ADDRESS, "closure")


@pytest.mark.clause("CA-15")
def test_two_members_of_senior_management_review_and_both_agree(town: Town) -> None:
    """One name is too few; the outcome waits for the second reviewer, and goes out when both have agreed."""
    at_stage_two(town)
    town.acknowledge()
    office = town.desk.coordinator()
    page = town.page_of(office, "assign")
    assert len(page.forms["assign"].choices["reviewers"]) == 3
    one = town.desk.post(
        town.secrets(office)[0], page.forms["assign"].hidden, reviewers=town.desk.reviewer(0)
    )
    assert one["statusCode"] == 422
    assert "Choose 2 reviewers for this stage." in one["body"]
    first, second = town.desk.reviewer(0), town.desk.reviewer(1)
    town.assign(first, second)
    for reviewer in (first, second):
        assert "Because the first." in town.page_of(reviewer).text
    town.act(first, "respond", **town.outcome())
    assert len(town.mails(ADDRESS, "outcome")) == 1
    town.act(second, "approve", decision="approve")
    assert len(town.mails(ADDRESS, "outcome")) == 2


@pytest.mark.clause("CA-15")
def test_disagreement_sends_nothing(town: Town) -> None:
    """The second reviewer can return the outcome with the reason, and not without; the first one is told, and the
    complainant gets nothing of it."""
    at_stage_two(town)
    town.begin_stage()
    first, second = town.desk.case().current.reviewers
    town.act(first, "respond", **town.outcome())
    form = town.page_of(second, "approve").forms["approve"]
    unreasoned = town.desk.post(town.secrets(second)[0], form.hidden, decision="return", reason="")
    assert unreasoned["statusCode"] == 422
    town.act(second, "approve", decision="return", reason="The dates are wrong.")
    assert town.mails(town.desk.address(first), "outcome-returned")
    assert len(town.mails(ADDRESS, "outcome")) == 1
    assert "The dates are wrong." in town.page_of(first, "respond").text


@pytest.mark.clause("CA-15")
def test_a_senior_manager_who_investigated_stage_one_is_not_among_the_two(town: Town) -> None:
    """Somebody of the senior management team can look into stage one; the two of stage two are then two others,
    whatever reason is given."""
    town.complain(SLUG, relationship="learner")
    town.assign("head-of-quality")
    town.answer()
    town.reply("escalate")
    town.acknowledge()
    page = town.page_of(town.desk.coordinator(), "assign")
    assert set(page.forms["assign"].choices["reviewers"]) == {"head-of-delivery", "head-of-operations"}
    refused = town.desk.post(
        town.secrets(town.desk.coordinator())[0],
        page.forms["assign"].hidden,
        reviewers=["head-of-quality", "head-of-delivery"],
        override="Nobody else has the time.",
    )
    assert "involved in an earlier stage of this case cannot review this stage" in refused["body"]


@pytest.mark.clause("CA-16")
def test_stage_two_is_acknowledged_in_two_weeks_and_answered_in_four(town: Town) -> None:
    """Asked for on Monday 9 November: acknowledged by the 23rd, answered by 7 December, whenever it was
    acknowledged."""
    at_stage_two(town)
    told = town.mail(ADDRESS, "escalation")
    assert "by the end of Monday 23 November 2026" in told
    town.at(2026, 11, 17, 10)
    town.begin_stage()
    assert "by the end of Monday 7 December 2026" in town.mail(ADDRESS, "acknowledgement")
    town.wait_until(2026, 12, 8, 0, 1)
    assert town.mails("director@creative-alliance.example", "breach")


@pytest.mark.clause("CA-16")
def test_more_investigation_gives_the_complainant_a_new_date(town: Town) -> None:
    """The reviewer names the day with the reason, and the complainant is told both."""
    at_stage_two(town)
    town.begin_stage()
    day = {"respond_by.day": "18", "respond_by.month": "12", "respond_by.year": "2026"}
    town.act(
        town.desk.case().current.reviewers[0],
        "interim",
        message="We still have to hear the tutor.",
        who="The reviewer.",
        next="We write to you.",
        **day,
    )
    told = town.mail(ADDRESS, "interim-response")
    assert "We still have to hear the tutor." in told
    assert "Friday 18 December 2026" in told


@pytest.mark.clause("CA-17")
def test_the_board_acknowledges_in_four_weeks_and_decides_in_eight(town: Town) -> None:
    """Asked for on Monday 9 November: acknowledged by 7 December, decided by 4 January with reasons, whenever it was
    acknowledged; more time is given with a new date."""
    at_stage_two(town)
    town.answer()
    town.reply("escalate")
    assert "by the end of Monday 7 December 2026" in town.mail(ADDRESS, "escalation")
    town.at(2026, 11, 16, 10)
    town.acknowledge()
    page = town.page_of(town.desk.coordinator(), "assign")
    board = [person.id for person in town.desk.procedure().holders("board")]
    assert page.forms["assign"].choices["reviewers"] == board
    town.assign(board[0])
    assert "by the end of Monday 4 January 2027" in town.mail(ADDRESS, "acknowledgement")
    day = {"respond_by.day": "15", "respond_by.month": "1", "respond_by.year": "2027"}
    town.act(
        board[0],
        "interim",
        message="The board meets in January.",
        who="The reviewer.",
        next="We write to you.",
        **day,
    )
    told = town.mail(ADDRESS, "interim-response")
    assert "The board meets in January." in told
    assert "Friday 15 January 2027" in told
    assert "Because the second." in town.answer()
