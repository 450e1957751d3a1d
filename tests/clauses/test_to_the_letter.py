"""What a rule says to the letter: from which event a date counts, which answers there are, who can be chosen. Clauses
of all five policies, as those concerned meet them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from adapters import procedures
from domain.calendars import spell_day
from domain.case import COMPLAINANT
from tests.integration.desk import Read
from tests.integration.town import ADDRESS, Town, days

CREATIVE = "creative-alliance"
CREATIVE_OFFICE = "administration@creative-alliance.example"
LEADERSHIP = "leadership-east"
LEADERSHIP_OFFICE = "programmes.office@leadership-east.example"
ALLIANCE = "alliance-for-learning"
ALLIANCE_OFFICE = "complaints.officer@alliance-for-learning.example"
DYNAMIC = "dynamic-training"
DYNAMIC_OFFICE = "office@dynamic-training.example"
SCITT = "ashton-on-mersey-scitt"
SCITT_OFFICE = "course.administrator@ashton-on-mersey-scitt.example"
RELATIONSHIPS = (
    "A learner or apprentice",
    "An employer",
    "A freelance associate",
    "A client",
    "A partner organisation",
    "A member of the public",
    "I work for Creative Alliance",
)


def goes_on(town: Town, slug: str) -> None:
    """A concern of 2 November becomes a formal complaint on the 9th, and on Thursday the 12th at eleven the form is
    there."""
    town.complain(slug, "concern")
    town.answer()
    town.at(2026, 11, 9, 11)
    town.reply("escalate")
    town.at(2026, 11, 12, 11)
    town.act(COMPLAINANT, "write", **town.needed(slug))


def letter_of_monday(town: Town, slug: str, office: str) -> None:
    """The office enters a complaint that came by letter on Monday 2 November."""
    arrived = days("received", date(2026, 11, 2))
    entered = town.enter(slug, office, route="letter", **town.needed(slug), **arrived)
    assert entered.status == 201, entered.page.text


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
def test_what_began_informally_has_its_weeks_from_the_form(town: Town) -> None:
    """The form is there on Thursday 12 November: acknowledged by the 26th, answered by 10 December."""
    goes_on(town, CREATIVE)
    assert "by the end of Thursday 26 November 2026" in town.page_of(town.desk.coordinator()).text
    town.begin_stage()
    assert "by the end of Thursday 10 December 2026" in town.mail(ADDRESS, "acknowledgement")


@pytest.mark.clause("CA-12")
def test_only_reviewers_of_stage_one_can_be_assigned(town: Town) -> None:
    """Whoever has the role is offered, and nobody else."""
    town.complain(CREATIVE)
    choices = town.page_of(town.desk.coordinator(), "assign").forms["assign"].choices["reviewers"]
    assert choices == ["programme-lead-apprenticeships", "programme-lead-courses", "head-of-quality"]


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
    assert (
        "writes to you with the findings, the actions taken and the reasons" in town.page(f"/{CREATIVE}").text
    )


@pytest.mark.clause("LE-03")
@pytest.mark.parametrize("route", ["telephone", "in-person"])
def test_what_is_said_waits_for_the_form_and_what_is_written_does_not(town: Town, route: str) -> None:
    """By telephone and in person the form is asked for; what is sent in opens a complaint on the first stage."""
    town.enter(LEADERSHIP, LEADERSHIP_OFFICE, kind="complaint", route=route)
    assert town.desk.case().waits_for_form
    town.complain(LEADERSHIP)
    case = town.desk.case()
    assert (case.kind, case.current.stage, case.waits_for_form) == ("complaint", "stage-1", False)


@pytest.mark.clause("LE-04")
def test_the_page_says_how_the_manager_looks_into_it(town: Town) -> None:
    """Before anybody complains, they read that those concerned are asked."""
    said = "The programmes manager looks into your complaint, asks the people concerned, and writes to you"
    assert said in town.page(f"/{LEADERSHIP}").text


@pytest.mark.clause("LE-11")
def test_a_complaint_says_what_should_happen(town: Town) -> None:
    """A form that says nothing about it comes back."""
    assert town.fill_in(LEADERSHIP, outcome_sought="").status == 422


@pytest.mark.clause("LE-12")
def test_the_department_is_named_for_each_of_the_ten_npqs(town: Town) -> None:
    """The form offers each qualification, and each of them, but no other course, leads to the Department, with its
    address."""
    offered = town.page(f"/{LEADERSHIP}/complaint").text
    for course in NPQS.values():
        assert f"NPQ for {course}" in offered
    (department,) = procedures.load(LEADERSHIP).signposts
    assert set(department.only_for) == set(NPQS)
    town.complain(LEADERSHIP, course="npqh")
    for _ in range(2):
        town.answer()
        town.reply("escalate")
    assert "https://www.gov.uk/contact-dfe" in town.answer()


NPQS = {
    "npqeyl": "Early Years Leadership",
    "npqel": "Executive Leadership",
    "npqh": "Headship",
    "npqlbc": "Leading Behaviour and Culture",
    "npqll": "Leading Literacy",
    "npqlpm": "Leading Primary Mathematics",
    "npqlt": "Leading Teaching",
    "npqltd": "Leading Teacher Development",
    "npqsl": "Senior Leadership",
    "npqsenco": "Special Educational Needs Co-ordinators",
}


@pytest.mark.clause("AFL-04")
@pytest.mark.parametrize("form", ["complaint", "concern"])
def test_both_forms_say_when_a_name_is_passed_on(town: Town, form: str) -> None:
    """Only where it cannot be settled without the person's answer; an access-to-information request can break it."""
    said = town.page(f"/{ALLIANCE}/{form}").text
    assert "without that person's answer" in said
    assert "access-to-information request" in said


@pytest.mark.clause("AFL-05")
def test_the_form_asks_whether_it_was_raised_and_what_came_of_it(town: Town) -> None:
    """Both answers are there, and what came of it has to be said."""
    said = town.page(f"/{ALLIANCE}/complaint").text
    assert "Have you raised it with the people involved, the Director or the executive team?" in said
    assert "Yes, and it was not settled" in said
    assert "Not yet" in said
    assert "What has been done so far to put it right, and what came of it?" in said
    assert town.fill_in(ALLIANCE, actions_taken="").status == 422


@pytest.mark.clause("AFL-05")
def test_the_director_or_the_executive_team_settles_it_informally(town: Town) -> None:
    """A concern goes to one of them, and to nobody else."""
    town.complain(ALLIANCE, "concern")
    choices = town.page_of(town.desk.coordinator(), "assign").forms["assign"].choices["reviewers"]
    assert choices[:2] == ["director-of-teaching-school-primary", "executive-first"]


@pytest.mark.clause("AFL-08", "AFL-14")
def test_the_thirty_days_of_what_began_informally_count_from_the_form(town: Town) -> None:
    """The form is there on Thursday 12 November: answered by 24 December."""
    goes_on(town, ALLIANCE)
    assert "by the end of Thursday 24 December 2026" in town.page_of(COMPLAINANT).text


@pytest.mark.clause("AFL-08", "AFL-14")
def test_the_thirty_days_of_a_letter_count_from_its_arrival(town: Town) -> None:
    """It came on Monday 2 November, and was entered and acknowledged on Wednesday: answered by 14 December."""
    town.at(2026, 11, 4, 11)
    letter_of_monday(town, ALLIANCE, ALLIANCE_OFFICE)
    assert "by the end of Monday 14 December 2026" in town.mail(ADDRESS, "acknowledgement")


@pytest.mark.clause("AFL-11")
def test_the_page_says_that_the_points_are_agreed_on_a_call(town: Town) -> None:
    """Before anybody complains, they read it."""
    said = (
        "calls you to agree which points to look into, investigates them, and writes to you with a conclusion"
    )
    assert said in town.page(f"/{ALLIANCE}").text


@pytest.mark.clause("AFL-12", "AFL-13")
def test_the_reviewer_reads_what_no_decision_has_to_explain(town: Town) -> None:
    """Which accounts conflict, and why nobody who is independent can confirm either."""
    town.complain(ALLIANCE)
    town.begin_stage()
    said = town.page_of(town.desk.case().current.reviewers[0], "respond").text
    assert (
        "Say which accounts conflict, and why nobody who was not involved in the matter or its review can"
        in said
    )


@pytest.mark.clause("DT-02")
def test_the_form_asks_what_it_is_about(town: Town) -> None:
    """What the procedure covers can be chosen, and something has to be."""
    said = town.page(f"/{DYNAMIC}/complaint").text
    for subject in (
        "Teaching, training or support",
        "How somebody behaved",
        "Organisation, places or equipment",
        "Something else",
        "An assessment decision or an examination result",
        "My employment with Dynamic Training",
        "Wrongdoing that I have to report in confidence",
    ):
        assert subject in said
    assert town.fill_in(DYNAMIC, subject="").status == 422


@pytest.mark.clause("DT-05")
def test_the_48_hours_of_a_concern_that_goes_on_count_from_the_form(town: Town) -> None:
    """The form is there on Thursday 12 November at eleven: replied to by Monday at eleven."""
    goes_on(town, DYNAMIC)
    assert "11am on Monday 16 November 2026" in town.page_of(COMPLAINANT).text


@pytest.mark.clause("DT-05")
def test_the_48_hours_of_a_letter_count_from_its_arrival(town: Town) -> None:
    """It came on Monday 2 November, and was entered and acknowledged on Tuesday: replied to by Wednesday morning."""
    town.at(2026, 11, 3, 15)
    letter_of_monday(town, DYNAMIC, DYNAMIC_OFFICE)
    assert "9am on Wednesday 4 November 2026" in town.mail(ADDRESS, "acknowledgement")


@pytest.mark.clause("DT-09")
def test_at_every_step_a_new_date_can_be_given(town: Town) -> None:
    """The manager, the Head and the panel each tell when the reply can be expected, and from whom: within twenty
    working days of the date that it takes the place of."""
    town.complain(DYNAMIC)
    said = {"message": "It is complex.", "who": "The reviewer answers.", "next": "We write to you."}
    for last in (date(2026, 12, 2), date(2026, 12, 14), date(2026, 12, 30)):
        town.begin_stage()
        reviewer = town.desk.case().current.reviewers[0]
        beyond = town.desk.post(
            town.secrets(reviewer)[0],
            {"action": "interim", **said, **days("respond_by", last + timedelta(days=1))},
        )
        assert f"allows no date after {spell_day(last)}" in Read(beyond["body"]).text
        town.act(reviewer, "interim", **said, **days("respond_by", last))
        told = town.mail(ADDRESS, "interim-response")
        assert spell_day(last) in told
        assert "The reviewer answers." in told
        town.answer()
        town.reply("escalate")


@pytest.mark.clause("AOM-06")
def test_the_form_says_who_can_read_it(town: Town) -> None:
    """Before anything is sent: only those who deal with it, and the Director, who can check the records."""
    said = town.page(f"/{SCITT}/complaint").text
    assert "What you tell us is confidential. Only those who deal with your complaint can read it." in said


@pytest.mark.clause("AOM-09")
def test_a_concern_says_what_would_put_it_right(town: Town) -> None:
    """A form that says nothing about it comes back."""
    assert town.fill_in(SCITT, outcome_sought="").status == 422


@pytest.mark.clause("AOM-12")
def test_at_every_stage_of_the_ladder_a_new_date_can_be_given(town: Town) -> None:
    """The complainant gets the date and the reason, from the member of staff up to the strategic board."""
    town.complain(SCITT)
    for number, month in enumerate(("January", "February", "March", "April"), 1):
        town.begin_stage()
        day = {"respond_by.day": "8", "respond_by.month": str(number), "respond_by.year": "2027"}
        town.act(
            town.desk.case().current.reviewers[0],
            "interim",
            message="We still need facts.",
            who="The reviewer.",
            next="We write to you.",
            **day,
        )
        told = town.mail(ADDRESS, "interim-response")
        assert f"8 {month} 2027" in told
        assert "We still need facts." in told
        town.answer()
        town.reply("escalate")


@pytest.mark.clause("AOM-13")
def test_who_is_asked_for_it_in_writing_is_asked_again_after_five_working_days(town: Town) -> None:
    """The form says beforehand that it can happen; asked for on Monday 2 November, there is a reminder on the 9th, and
    none before."""
    assert "We may ask you to put a complaint in writing." in town.page(f"/{SCITT}/complaint").text
    town.enter(SCITT, SCITT_OFFICE, kind="complaint", route="in-person", outcome_sought="An apology")
    town.assign()
    tutor = town.desk.case().current.reviewers[0]
    town.act(tutor, "ask-form", reason="The dates matter.")
    town.wait_until(2026, 11, 6, 17)
    assert len(town.mails(ADDRESS, "written-form")) == 1
    town.wait_until(2026, 11, 10, 17)
    assert len(town.mails(ADDRESS, "written-form")) == 2


@pytest.mark.clause("AOM-14")
def test_the_three_days_of_a_letter_count_from_its_arrival(town: Town) -> None:
    """It came on Monday 2 November, and was entered and acknowledged on Wednesday: they end on Thursday."""
    town.at(2026, 11, 4, 11)
    letter_of_monday(town, SCITT, SCITT_OFFICE)
    assert "by the end of Thursday 5 November 2026" in town.mail(ADDRESS, "acknowledgement")


@pytest.mark.clause("AOM-14")
def test_the_three_days_of_what_turns_out_to_be_a_complaint_count_from_its_arrival(town: Town) -> None:
    """Sent as a suggestion on Monday 2 November; read on Wednesday, it is a complaint: they end on Thursday."""
    town.complain(SCITT, "feedback", kind="suggestion")
    town.at(2026, 11, 4, 11)
    town.act(town.desk.holder("management-team"), "change-kind", kind="complaint", reason="It is one.")
    said = "We will tell you what has been done or is planned by the end of Thursday 5 November 2026"
    assert said in town.page_of(COMPLAINANT).text


@pytest.mark.clause("AOM-14")
def test_whoever_answers_reads_that_the_earlier_of_both_counts(town: Town) -> None:
    """Before half-term the three school days would end a week later, and the mail says so."""
    town.at(2026, 10, 23, 15)
    town.complain(SCITT)
    town.assign()
    both = "the earlier of 3 working days (to Wednesday 28 October 2026) and 3 school days (to"
    tutor = town.desk.reviewer()
    assert f"{both} Wednesday 4 November 2026)" in town.mail(town.desk.address(tutor), "assignment")


@pytest.mark.clause("AOM-17")
def test_two_members_of_the_board_hear_an_appeal_who_did_not_hear_it_before(town: Town) -> None:
    """One name is too few, two are enough; a Director who has joined the board since is not among the choices."""
    town.complain(SCITT)
    for _ in range(2):
        town.answer()
        town.reply("escalate")
    town.answer()
    (director,) = town.desk.case().current.reviewers
    secret, _ = town.own_page(SCITT, SCITT_OFFICE)
    known = {"name": "Director", "email": town.desk.address(director)}
    roles = ["director", "strategic-board"]
    assert town.keep(secret, "change", person=director, **known, roles=roles).status == 200
    town.at(2026, 11, 2, 11)
    town.reply("escalate")
    assert town.desk.case().current.stage == "strategic-board"
    office = town.desk.coordinator()
    form = town.page_of(office, "assign").forms["assign"]
    assert form.choices["reviewers"] == BOARD
    one = town.desk.post(town.secrets(office)[0], form.hidden, reviewers=BOARD[0])
    assert one["statusCode"] == 422
    town.assign(*BOARD[:2])
    assert len(town.desk.case().current.reviewers) == 2


BOARD = ["board-chair", "board-member-first", "board-member-second"]


@pytest.mark.clause("DPA-01", "DPA-02")
def test_the_form_for_personal_data_opens_a_complaint(town: Town) -> None:
    """It says what it is for."""
    said = town.page(f"/{LEADERSHIP}/data-protection/complaint").text
    assert "Use this form if you think that something went wrong with personal data about you." in said
    town.complain(f"{LEADERSHIP}/data-protection")
    assert town.desk.case().kind == "complaint"


@pytest.mark.clause("DPA-05")
def test_the_page_says_that_enquiries_are_made(town: Town) -> None:
    """As far as the complaint calls for them."""
    said = town.page(f"/{LEADERSHIP}/data-protection").text
    assert "makes enquiries as far as your complaint calls for them" in said


@pytest.mark.clause("DPA-06")
def test_the_two_weeks_of_news_count_from_the_acknowledgement(town: Town) -> None:
    """Acknowledged on Thursday 5 November, two weeks are over on the 19th."""
    town.complain(f"{LEADERSHIP}/data-protection")
    town.at(2026, 11, 5, 11)
    town.acknowledge()
    town.wait_until(2026, 11, 19, 23)
    assert town.desk.case().breaches == ()
    town.wait_until(2026, 11, 20, 0, 1)
    assert [breach.deadline for breach in town.desk.case().breaches] == ["stage/progress"]


@pytest.mark.clause("DPA-08")
def test_a_point_can_be_upheld_in_part(town: Town) -> None:
    """And in full, and not at all."""
    town.complain(f"{LEADERSHIP}/data-protection")
    town.acknowledge()
    form = town.page_of(town.desk.coordinator(), "respond").forms["respond"]
    assert form.choices["conclusion_1"] == ["upheld", "partly-upheld", "not-upheld"]
