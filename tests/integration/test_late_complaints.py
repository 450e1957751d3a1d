"""Complaints that come late: shown, decided by a person where the procedure says so, never refused by the machine."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain.case import COMPLAINANT
from tests.integration.desk import ALLIANCE, CREATIVE, OUTCOME, WORDS, Desk, Read
from tests.integration.office import Office

DYNAMIC = ("dynamic-training", {"relationship": "learner"})


def late(desk: Desk, organisation: tuple[str, dict[str, str]], happened: str, **more: str) -> Desk:
    """A case about something that happened on a day, handed in on Monday 2 November 2026."""
    slug, answers = organisation
    desk.open(slug, {**answers, "incident_date": happened, **more})
    return desk


def text_of(office: Office, address: str, notice: str) -> str:
    """The text of the last mail of a notice to an address, in one line."""
    office.deliver_all()
    mail = office.mails_to(address, notice)[-1]
    return " ".join(mail["Content"]["Simple"]["Body"]["Text"]["Data"].split())


@pytest.mark.clause("CA-07")
def test_the_director_decides_about_a_late_complaint_and_gives_the_reason(desk: Desk) -> None:
    """Later than a month, the Director is asked by mail, accepts from the link, and the complainant reads why. Without
    a reason it is not decided, and nobody else decides it."""
    late(desk, CREATIVE, "2026-09-14")
    director = desk.holder("director")
    asked = desk.office.text_to(desk.address(director), "decision-request")
    assert "after the time limit of the procedure: 1 month" in asked
    assert "later than 4 months are generally not accepted" in asked
    page = Read(desk.get(desk.secret(director))["body"])
    assert WORDS in page.text
    assert "this one is later than that" not in page.text
    accepts = {"action": "lateness", "decision": "accept", "reason": "You were in hospital."}
    assert desk.post(desk.secret(director), accepts | {"reason": ""})["statusCode"] == 422
    assert desk.post(desk.secret(desk.coordinator()), accepts)["statusCode"] == 403
    desk.act(director, "lateness", decision="accept", reason="You were in hospital.")
    told = desk.office.text_to(desk.address(COMPLAINANT), "decision")
    assert "We have decided to consider it anyway." in told
    assert "You were in hospital." in told
    assert desk.case().is_open
    page = Read(desk.get(desk.secret(desk.coordinator()))["body"])
    assert "Director decided to consider this late complaint." in page.text
    assert "You were in hospital." in page.text


@pytest.mark.clause("CA-07")
def test_no_outcome_is_sent_before_the_director_has_decided(desk: Desk) -> None:
    """Reviewers can be named and can write to the complainant meanwhile; the outcome waits for the decision."""
    late(desk, CREATIVE, "2026-09-14")
    reviewer = desk.reviewer()
    desk.act(desk.coordinator(), "acknowledge", confirm="yes")
    desk.act(desk.coordinator(), "assign", reviewers=reviewer)
    secret = desk.secret(reviewer)
    page = Read(desk.get(secret)["body"])
    assert "No outcome can be sent before that." in page.text
    assert set(page.forms) >= {"interim"}
    assert "respond" not in page.forms
    answer = desk.post(secret, {"action": "respond", **OUTCOME})
    assert answer["statusCode"] in (403, 409)
    assert "OutcomeSent" not in desk.facts()
    desk.act(desk.holder("director"), "lateness", decision="accept", reason="A serious concern.")
    desk.act(reviewer, "respond", **OUTCOME)
    assert "OutcomeSent" in desk.facts()


@pytest.mark.clause("CA-07")
def test_after_four_months_the_director_is_told_so_and_can_decline(desk: Desk) -> None:
    """What is later than four months is taken in too; declined, the case ends, and the complainant is told why."""
    late(desk, CREATIVE, "2026-06-01")
    director = desk.holder("director")
    page = Read(desk.get(desk.secret(director))["body"])
    assert "this one is later than that" in page.text
    desk.act(director, "lateness", decision="decline", reason="The records are gone by now.")
    assert (desk.case().is_open, desk.case().ended) == (False, "declined")
    desk.office.deliver_all()
    told = desk.office.text_to(desk.address(COMPLAINANT), "decision")
    assert "we cannot consider it" in told
    assert "The records are gone by now." in told
    assert desk.office.mails_to(desk.address(COMPLAINANT), "closure") == []


@pytest.mark.clause("CA-07")
def test_the_month_counts_from_the_day_it_became_known(desk: Desk) -> None:
    """Whoever found out later has a month from that day."""
    late(desk, CREATIVE, "2026-06-01", became_known_date="2026-10-20")
    assert not desk.case().late
    assert desk.office.mails_to(desk.address(desk.holder("director")), "decision-request") == []


def _gone_on(desk: Desk, slug: str, happened: str) -> None:
    """A concern of 2 November that is answered informally, and becomes a complaint the week after."""
    desk.open(slug, {"relationship": "learner", "incident_date": happened}, form="concern")
    if not desk.case().current.reviewers:
        desk.act(desk.coordinator(), "assign", reviewers=desk.reviewer())
    desk.act(desk.case().current.reviewers[0], "respond", **OUTCOME)
    desk.at(datetime(2026, 11, 9, 11, tzinfo=UTC))
    desk.act(COMPLAINANT, "reply", answer="escalate")
    desk.office.deliver_all()


@pytest.mark.clause("CA-07")
def test_a_concern_does_not_go_round_the_month(desk: Desk) -> None:
    """What happened in January 2024 and is raised informally first is late when it becomes a complaint, and the
    Director is asked."""
    _gone_on(desk, "creative-alliance", "2024-01-31")
    assert desk.case().late
    director = desk.holder("director")
    asked = desk.office.text_to(desk.address(director), "decision-request")
    assert "became a complaint at 11am on Monday 9 November 2026, after the time limit" in asked
    page = Read(desk.get(desk.secret(director))["body"])
    assert "this one is later than that" in page.text
    desk.act(director, "lateness", decision="decline", reason="Nobody remembers it.")
    assert desk.case().ended == "declined"


@pytest.mark.clause("CA-07")
def test_a_concern_that_becomes_a_complaint_within_the_month_is_in_time(desk: Desk) -> None:
    """The limit counts from what happened to the day on which it became a complaint."""
    _gone_on(desk, "creative-alliance", "2026-10-09")
    assert not desk.case().late


@pytest.mark.clause("DT-08")
@pytest.mark.parametrize(("happened", "late"), [("2026-09-13", True), ("2026-09-14", False)])
def test_a_concern_does_not_go_round_the_eight_weeks(desk: Desk, happened: str, late: bool) -> None:
    """The eight weeks are checked when a concern becomes a complaint, and an exception is for a person to decide."""
    _gone_on(desk, "dynamic-training", happened)
    assert desk.case().late is late
    head = desk.address(desk.holder("head-of-apprenticeships"))
    assert bool(desk.office.mails_to(head, "decision-request")) is late


@pytest.mark.clause("AFL-06")
@pytest.mark.parametrize(("happened", "late"), [("2026-10-23", True), ("2026-10-26", False)])
def test_a_concern_does_not_go_round_the_ten_working_days(desk: Desk, happened: str, late: bool) -> None:
    """The ten working days are checked when a concern becomes a formal complaint."""
    _gone_on(desk, "alliance-for-learning", happened)
    assert desk.case().late is late


@pytest.mark.clause("DT-08")
def test_an_exception_from_eight_weeks_is_considered_and_recorded(desk: Desk) -> None:
    """After eight weeks the Head of Apprenticeships considers the exception, to whom the policy leaves it; the reason
    stays on the case."""
    late(desk, DYNAMIC, "2026-09-06")
    head = desk.holder("head-of-apprenticeships")
    asked = text_of(desk.office, desk.address(head), "decision-request")
    assert "8 weeks" in asked
    assert "The procedure leaves it to you whether to consider it." in asked
    unreasoned = {"action": "lateness", "decision": "accept", "reason": ""}
    assert desk.post(desk.secret(head), unreasoned)["statusCode"] == 422
    desk.act(head, "lateness", decision="accept", reason="The employer asked to wait.")
    assert "The employer asked to wait." in Read(desk.get(desk.secret(desk.coordinator()))["body"]).text


@pytest.mark.clause("DT-08")
def test_within_eight_weeks_nobody_has_to_decide(desk: Desk) -> None:
    """On the last day of the eight weeks a complaint is in time."""
    late(desk, DYNAMIC, "2026-09-07")
    assert not desk.case().late
    assert "decision-request" not in str(desk.office.mail.sent)


@pytest.mark.clause("AFL-06")
def test_on_the_tenth_working_day_a_formal_complaint_is_in_time(desk: Desk) -> None:
    """The tenth working day after the incident still counts."""
    late(desk, ALLIANCE, "2026-10-19")
    assert not desk.case().late


@pytest.mark.clause("AFL-06")
def test_on_the_eleventh_working_day_it_is_shown_as_late_and_decided_on(desk: Desk) -> None:
    """A formal complaint that is late is taken all the same, and everybody concerned is told that it is. The policy
    knows no exception: by the organisation's own rule those decide to whom missed dates go, before an outcome."""
    late(desk, ALLIANCE, "2026-10-16")
    assert desk.case().late
    told = desk.office.text_to(desk.address(COMPLAINANT), "acknowledgement")
    assert "10 working days" in told
    assert "A person will read it and decide whether we can consider it." in told
    reviewer, executive = desk.reviewer(), desk.holder("executive-team")
    page = Read(desk.get(desk.secret(reviewer))["body"])
    assert "A person has to decide whether to consider it: Member of the executive team." in page.text
    asked = text_of(desk.office, desk.address(executive), "decision-request")
    assert (
        "The procedure makes no exception for this. By our own rule, you decide whether to consider it."
        in asked
    )
    desk.act(reviewer, "respond", **OUTCOME)
    answer = desk.post(desk.secret(executive), {"action": "approve", "decision": "approve"})
    assert (answer["statusCode"], "OutcomeSent" in desk.facts()) == (409, False)
    desk.act(executive, "lateness", decision="accept", reason="You were ill.")
    assert "You were ill." in desk.office.text_to(desk.address(COMPLAINANT), "decision")
    desk.act(executive, "approve", decision="approve")
    assert "OutcomeSent" in desk.facts()
