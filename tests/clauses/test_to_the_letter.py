"""What a rule says to the letter: from which event a date counts, which answers there are, who can be chosen. Clauses
of all five policies, as those concerned meet them."""

from __future__ import annotations

import pytest

from tests.integration.town import ADDRESS, Town

CREATIVE = "creative-alliance"
CREATIVE_OFFICE = "administration@creative-alliance.example"
RELATIONSHIPS = (
    "A learner or apprentice",
    "An employer",
    "A freelance associate",
    "A client",
    "A partner organisation",
    "A member of the public",
    "I work for Creative Alliance",
)


def at_stage_two(town: Town) -> None:
    """Creative Alliance: stage one is answered on 2 November, and the complainant goes on on the 9th."""
    town.complain(CREATIVE)
    town.answer()
    town.at(2026, 11, 9, 11)
    town.reply("escalate")


@pytest.mark.clause("CA-04")
def test_each_form_opens_what_it_is_for(town: Town) -> None:
    """The complaints form a formal complaint on stage one, the other one a concern that is dealt with informally."""
    town.complain(CREATIVE)
    assert (town.desk.case().kind, town.desk.case().current.stage) == ("complaint", "stage-1")
    town.complain(CREATIVE, "concern")
    assert (town.desk.case().kind, town.desk.case().current.stage) == ("concern", "informal")


@pytest.mark.clause("CA-05")
def test_the_form_is_asked_for_again_after_five_working_days(town: Town) -> None:
    """Rung in on Monday 2 November: a reminder on Monday the 9th, and none before."""
    town.enter(CREATIVE, CREATIVE_OFFICE)
    town.wait_until(2026, 11, 6, 17)
    assert len(town.mails(ADDRESS, "written-form")) == 1
    town.wait_until(2026, 11, 10, 17)
    assert len(town.mails(ADDRESS, "written-form")) == 2


@pytest.mark.clause("CA-06")
def test_who_works_here_can_say_so(town: Town) -> None:
    """It is one of the answers, so that nobody has to pick another to go on."""
    assert RELATIONSHIPS[-1] in town.page(f"/{CREATIVE}/complaint").text


@pytest.mark.clause("CA-07")
def test_the_form_asks_when_it_became_known(town: Town) -> None:
    """Whoever found out in October about something in June has a month from then."""
    town.complain(
        CREATIVE,
        **{f"incident_date.{part}": value for part, value in DAYS["June"].items()},
        **{f"became_known_date.{part}": value for part, value in DAYS["October"].items()},
    )
    assert not town.desk.case().late


DAYS = {
    "June": {"day": "1", "month": "6", "year": "2026"},
    "October": {"day": "20", "month": "10", "year": "2026"},
}


@pytest.mark.clause("CA-08")
def test_what_would_help_is_asked_and_read(town: Town) -> None:
    """A friend or representative at a meeting is one of the examples; whoever works on the case reads the answer."""
    assert "or a friend or representative to help you" in town.page(f"/{CREATIVE}/complaint").text
    town.complain(CREATIVE, adjustments="My sister comes with me.")
    assert "My sister comes with me." in town.page_of(town.desk.coordinator()).text


@pytest.mark.clause("CA-10")
def test_whoever_takes_a_complaint_has_every_relationship_to_choose_from(town: Town) -> None:
    """The page on which it is entered offers what the form offers."""
    secret, _ = town.own_page(CREATIVE, CREATIVE_OFFICE)
    entered = town.page(f"/s/{secret}/enter/complaint").text
    for said in RELATIONSHIPS:
        assert said in entered


@pytest.mark.clause("CA-11", "CA-13")
def test_what_began_informally_has_its_weeks_from_the_request(town: Town) -> None:
    """A concern of 2 November that becomes a formal complaint on the 9th is acknowledged by the 23rd and answered by
    7 December."""
    town.complain(CREATIVE, "concern")
    town.answer()
    town.at(2026, 11, 9, 11)
    town.reply("escalate")
    assert "by the end of Monday 23 November 2026" in town.page_of(town.desk.coordinator()).text
    town.begin_stage()
    assert "by the end of Monday 7 December 2026" in town.mail(ADDRESS, "acknowledgement")


@pytest.mark.clause("CA-12")
def test_only_reviewers_of_stage_one_can_be_assigned(town: Town) -> None:
    """Both programme leads are offered, and nobody else."""
    town.complain(CREATIVE)
    choices = town.page_of(town.desk.coordinator(), "assign").forms["assign"].choices["reviewers"]
    assert choices == ["programme-lead-apprenticeships", "programme-lead-courses"]


@pytest.mark.clause("CA-13")
def test_the_four_weeks_do_not_wait_for_the_acknowledgement(town: Town) -> None:
    """Complained of on 2 November, acknowledged on the 9th: answered by the 30th."""
    town.complain(CREATIVE)
    town.at(2026, 11, 9, 10)
    town.begin_stage()
    assert "by the end of Monday 30 November 2026" in town.mail(ADDRESS, "acknowledgement")


@pytest.mark.clause("CA-14")
def test_the_page_promises_findings_actions_and_reasons(town: Town) -> None:
    """Before anybody complains, they read what the answer will have."""
    assert "writes to you with the findings, the actions taken and the reasons" in town.page(f"/{CREATIVE}").text


@pytest.mark.clause("CA-15")
def test_who_reviewed_stage_one_cannot_review_stage_two_with_another_role(town: Town) -> None:
    """A programme lead who joins the senior management team after stage one is not among the choices."""
    at_stage_two(town)
    lead = town.desk.case().stages[0].reviewers[0]
    secret, _ = town.own_page(CREATIVE, CREATIVE_OFFICE)
    known = {"name": "Programme Lead", "email": town.desk.address(lead)}
    changed = town.keep(secret, "change", person=lead, **known, roles=["senior-management-team"])
    assert changed.status == 200
    town.acknowledge()
    town.at(2026, 11, 9, 12)
    choices = town.page_of(town.desk.coordinator(), "assign").forms["assign"].choices["reviewers"]
    assert choices == ["head-of-delivery", "head-of-quality", "head-of-operations"]


@pytest.mark.clause("CA-16")
def test_the_weeks_of_stage_two_do_not_wait_for_its_acknowledgement(town: Town) -> None:
    """Asked for on 9 November, acknowledged on the 16th: answered by 7 December."""
    at_stage_two(town)
    town.at(2026, 11, 16, 10)
    town.begin_stage()
    assert "by the end of Monday 7 December 2026" in town.mail(ADDRESS, "acknowledgement")


@pytest.mark.clause("CA-17")
def test_the_weeks_of_the_board_do_not_wait_for_its_acknowledgement(town: Town) -> None:
    """Asked for on 9 November, acknowledged on the 16th: decided by 4 January."""
    at_stage_two(town)
    town.answer()
    town.reply("escalate")
    town.at(2026, 11, 16, 10)
    town.begin_stage()
    assert "by the end of Monday 4 January 2027" in town.mail(ADDRESS, "acknowledgement")
