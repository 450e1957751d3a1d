"""Whoever a complaint is about: no mail, link, list or page of theirs has the case in it, from its first moment on."""

from __future__ import annotations

import pytest

from adapters import procedures
from adapters.people.links import mint
from domain.case import COMPLAINANT
from tests.browser.gateway import post_form
from tests.integration.desk import Read
from tests.integration.papers import ask
from tests.integration.town import ADDRESS, OFFICE, Town

SCITT = "ashton-on-mersey-scitt"
DIRECTOR = "director@ashton-on-mersey-scitt.example"

SLUGS = [
    f"{organisation}{beside}"
    for organisation in (
        "alliance-for-learning",
        SCITT,
        "creative-alliance",
        "dynamic-training",
        "leadership-east",
    )
    for beside in ("", "/data-protection")
]


def about(town: Town, slug: str, *roles: str) -> list[str]:
    """Complain about these roles; the addresses of those who have them."""
    town.complain(slug, account="The canary sang.", complained_about=list(roles))
    return sorted({person.email for role in roles for person in town.desk.procedure().holders(role)})


@pytest.mark.clause("AOM-04")
@pytest.mark.parametrize("slug", SLUGS)
def test_whoever_has_the_role_reads_nothing_and_somebody_else_is_told(town: Town, slug: str) -> None:
    """For each role of each procedure: nobody who has it gets a mail or has the case on their page, and somebody who
    has not does."""
    for role in procedures.load(slug).roles:
        involved = about(town, slug, role.id)
        assert involved
        others = [one.email for one in town.desk.procedure().people if one.email not in involved]
        assert any(_told(town, address) for address in others), role.id
        for address in involved:
            assert not _told(town, address), role.id
            secret, page = town.own_page(slug.partition("/")[0], address)
            assert town.desk.ref not in page.text
            refused = post_form(f"/s/{secret}", [("case", town.desk.ref)])
            assert refused.status == 403
            assert "You do not work on this case." in refused.page.text


def _told(town: Town, address: str, notice: str = "") -> list[str]:
    return [mail for mail in town.mails(address, notice) if town.desk.ref in mail]


@pytest.mark.clause("AOM-04")
def test_a_year_in_which_the_director_is_told_nothing(town: Town) -> None:
    """Nothing is done about a complaint about the Director, who would hear of each case, of each breach and of each
    outcome: the board does."""
    about(town, SCITT, "director")
    town.wait_until(2026, 12, 1, 9)
    town.wait_until(2027, 2, 1, 9)
    assert town.desk.case().breaches
    assert town.mails(DIRECTOR) == []
    town.answer()
    town.reply("satisfied")
    town.retention("find")
    assert town.mails(DIRECTOR) == []


@pytest.mark.clause("AOM-06")
def test_a_link_from_before_shows_nothing_and_gets_no_other(town: Town) -> None:
    """Whoever is marked later has links already: they lead to a page without the case, and no fresh one is sent."""
    town.complain(SCITT, account="The canary sang.")
    tutor = town.desk.holder("scitt-staff")
    town.assign(tutor)
    secret = town.secrets(tutor)[0]
    assert "The canary sang." in Read(town.desk.get(secret)["body"]).text
    town.act(town.desk.coordinator(), "involve", involved=tutor, reason="It is about them.")
    before = len(town.mails(town.desk.address(tutor)))
    page = Read(town.desk.get(secret)["body"])
    assert "canary" not in page.text
    assert "You cannot take part in this case because you were involved in what happened." in page.text
    town.desk.fresh(secret)
    assert len(town.mails(town.desk.address(tutor))) == before


@pytest.mark.clause("AOM-06")
def test_files_and_exports_of_the_case_are_not_theirs(town: Town) -> None:
    """A link that somebody involved still has is good for no document, no letter and no export."""
    about(town, SCITT, "director")
    case = town.desk.case()
    secret = mint(
        ref=case.ref,
        person=town.desk.holder("director"),
        stage=case.current.stage,
        sent_for="export",
        sent_to="",
        site=town.desk.office.site,
    )
    assert "canary" not in Read(town.desk.get(secret)["body"]).text
    for what, name in (("document", "none"), ("letter", "000002-0"), ("export", "none")):
        assert ask(secret, what, name)["statusCode"] == 404
    assert ask(secret, "choose")["statusCode"] == 409
    refused = town.desk.post(secret, {"action": "export", "reason": "To read it."})
    assert refused["statusCode"] == 403
    assert town.desk.case().exports == ()


def test_staff_who_enter_a_case_say_whom_it_is_about(town: Town) -> None:
    """The question stands on their form too, and has the same effect."""
    answer = town.enter("leadership-east", OFFICE, kind="complaint", complained_about=["director"])
    assert answer.status == 201
    assert town.desk.case().involved == (town.desk.holder("director"),)
    assert town.mails("director@leadership-east.example") == []


def test_the_written_form_can_name_somebody(town: Town) -> None:
    """Whom the complaint is about can come with the form that was waited for: whoever had it until then loses it."""
    office = "course.administrator@ashton-on-mersey-scitt.example"
    assert town.enter(SCITT, office, kind="complaint", outcome_sought="An apology.").status == 201
    town.assign(town.desk.holder("scitt-staff"))
    town.act(town.desk.coordinator(), "ask-form", reason="We need it in writing.")
    town.act(
        COMPLAINANT,
        "write",
        name="A caller",
        email=ADDRESS,
        account="It was the tutors.",
        outcome_sought="An apology.",
        complained_about="scitt-staff",
    )
    case = town.desk.case()
    assert {person.id for person in town.desk.procedure().holders("scitt-staff")} <= set(case.involved)
    assert case.current.reviewers == ()


@pytest.mark.clause("AOM-04")
def test_the_director_who_is_named_in_words_alone_learns_nothing(town: Town) -> None:
    """“He must not learn of it yet”: the Director, who hears of each case, of each breach, and has the records, gets
    no mail, even though the office does not look for a week; it is asked again."""
    town.complain(
        SCITT,
        account="The canary sang.",
        people_involved="The Director himself. He must not learn of it yet.",
    )
    for day in (4, 5, 6, 9, 10, 13):
        town.wait_until(2026, 11, day, 9)
    assert town.mails(DIRECTOR) == []
    assert town.desk.case().is_unconfirmed
    assert "say who was involved" in town.mail(
        "course.administrator@ashton-on-mersey-scitt.example", "involvement"
    )


@pytest.mark.clause("LE-14")
def test_the_director_hears_of_it_once_the_office_has_looked(town: Town) -> None:
    """A caretaker is named: the office says on its page that nobody in the directory was involved, and the Director
    is told of the complaint, with a reason on record."""
    town.complain("leadership-east", people_involved="The caretaker")
    director = "director@leadership-east.example"
    assert town.mails(director) == []
    secret, page = town._link_to(town.desk.coordinator(), "confirm-involved")  # noqa: SLF001
    assert "Nobody has said yet who was involved" in page.text
    for fields in ({}, {"nobody": "yes", "involved": town.desk.holder("director")}, {"nobody": "yes"}):
        assert town.desk.post(secret, page.forms["confirm-involved"].hidden, **fields)["statusCode"] == 422
    town.act(town.desk.coordinator(), "confirm-involved", nobody="yes", reason="A caretaker of the venue.")
    assert "came in at 10am" in town.mail(director, "case-news")
    history = town.page_of(town.desk.coordinator()).text
    assert "confirmed that nobody in the directory was involved" in history
    assert "A caretaker of the venue." in history


def test_whoever_may_act_instead_of_the_coordinator_is_told_and_can(town: Town) -> None:
    """The office marks its administrator: the Director gets the case with a link, and names a reviewer from it."""
    town.complain("leadership-east")
    office, director = town.desk.coordinator(), town.desk.holder("director")
    town.act(office, "involve", involved=office, reason="It is about me.")
    assert "A new complaint came in" in town.mail("director@leadership-east.example", "new-case")
    manager = town.desk.holder("programmes-manager")
    town.act(director, "assign", reviewers=manager)
    assert town.desk.case().current.reviewers == (manager,)


def test_a_complaint_about_the_data_protection_officer_is_handled_by_somebody_else(town: Town) -> None:
    """The Director deals with it from the acknowledgement to the outcome; the officer hears nothing of it."""
    slug, officer = "leadership-east/data-protection", "data.protection@leadership-east.example"
    about(town, slug, "data-protection-contact")
    director = town.desk.holder("director")
    town.act(
        director, "confirm-involved", involved=town.desk.holder("data-protection-contact"), reason="Named."
    )
    assert town.desk.case().current.reviewers == (director,)
    town.act(director, "acknowledge", confirm="yes")
    town.act(director, "respond", **town.outcome())
    assert town.mails(ADDRESS, "outcome")
    assert town.mails(officer) == []


def test_the_page_says_how_many_are_left_to_approve(town: Town) -> None:
    """Dynamic Training's panel: two of its three members are involved, and the Head of Apprenticeships makes up the
    number."""
    town.complain("dynamic-training", "complaint", incident_date="2026-10-30")
    for _ in range(2):
        town.begin_stage()
        town.act(town.desk.case().current.reviewers[0], "respond", **town.outcome())
        town.reply("escalate", reasons="It is not settled.")
    coordinator = town.desk.coordinator()
    for number in (0, 1):
        member = town.desk.holder("panel-member", number)
        town.act(coordinator, "involve", involved=member, reason="They took part.")
    town.act(town.desk.case().current.reviewers[0], "respond", **town.outcome())
    for person in (town.desk.holder("panel-member", 2), town.desk.holder("head-of-apprenticeships")):
        town.act(person, "approve", decision="approve")
    assert town.desk.case().current.responded_at is not None
