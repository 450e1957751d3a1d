"""How things come in: by form, telephone, letter or in person, settled at once or still to be put in writing, as
complaint, concern, suggestion or compliment. Clauses of all five policies, as those concerned meet them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from adapters.cases.erasure import destroy
from adapters.cases.execute import execute
from domain.acts.retention import AnnounceDeletion
from domain.case import COMPLAINANT
from tests.integration.desk import Read
from tests.integration.town import ADDRESS, Town

LEADERSHIP = "leadership-east"
LEADERSHIP_OFFICE = "programmes.office@leadership-east.example"
SCITT = "ashton-on-mersey-scitt"
SCITT_OFFICE = "course.administrator@ashton-on-mersey-scitt.example"
CREATIVE = "creative-alliance"
CREATIVE_OFFICE = "administration@creative-alliance.example"
ALLIANCE = "alliance-for-learning"
ALLIANCE_OFFICE = "complaints.officer@alliance-for-learning.example"
DYNAMIC = "dynamic-training"
DYNAMIC_OFFICE = "office@dynamic-training.example"

TOLD_TODAY = {"route": "telephone", "received.day": "2", "received.month": "11", "received.year": "2026"}
SETTLED = {"kind": "concern", "done": "Sent the missing file at once.", "content": "yes", "settled": "yes"}
APPENDIX_A = {
    "name": "A caller",
    "email": ADDRESS,
    "telephone": "01632 960 001",
    "address": "1 Example Road",
    "account": "What happened, in my own words.",
    "outcome_sought": "An apology",
    "declaration": "yes",
}


@pytest.mark.clause("LE-01")
def test_a_concern_that_is_settled_starts_no_formal_process(town: Town) -> None:
    """Entered as settled it is logged with what was done, closes, runs no date, and assigns nobody; the person has it
    in writing."""
    entered = town.enter(LEADERSHIP, LEADERSHIP_OFFICE, **SETTLED)
    assert "The concern has been recorded as settled" in entered.page.text
    case = town.desk.case()
    assert (case.kind, case.ended, case.contact) == ("concern", "settled", "yes")
    assert case.current.reviewers == ()
    told = town.mail(ADDRESS, "closure")
    assert "you are content with what was done straight away" in told
    assert not town.mails(LEADERSHIP_OFFICE, "new-case")


@pytest.mark.clause("LE-01")
def test_a_concern_that_is_not_settled_goes_on_without_retyping(town: Town) -> None:
    """The same form without the tick opens a complaint on the first stage, with every word that was entered."""
    answers = {"kind": "concern", "done": "Promised to ask.", "content": "no", "route": "email"}
    answers |= {"account": "The file was missing.", "outcome_sought": "The file", "address": "1 Example Road"}
    entered = town.enter(LEADERSHIP, LEADERSHIP_OFFICE, telephone="01632 960 001", **answers)
    assert entered.status == 201, entered.page.text
    case = town.desk.case()
    assert (case.kind, case.is_open, case.current.stage) == ("complaint", True, "stage-1")
    page = town.page_of(town.desk.coordinator()).text
    for written in ("The file was missing.", "Promised to ask.", "was not content with it", "by email"):
        assert written in page


@pytest.mark.clause("LE-01")
def test_what_is_settled_says_what_was_done_and_that_the_person_is_content(town: Town) -> None:
    """Without either it is not logged as settled, and what is missing is named."""
    undone = town.enter(LEADERSHIP, LEADERSHIP_OFFICE, **(SETTLED | {"done": ""}))
    assert undone.status == 422
    assert "Write what was said and done." in undone.page.text
    discontent = town.enter(LEADERSHIP, LEADERSHIP_OFFICE, **(SETTLED | {"content": "no"}))
    assert discontent.status == 422
    assert "You can only settle this if the person is content" in discontent.page.text


@pytest.mark.clause("LE-03", "LE-04")
def test_a_call_waits_for_the_form_and_everybody_sees_it(town: Town) -> None:
    """Telephoned in on 26 March, the form sent at once; the coordinator's page shows the wait, no outcome can be
    sent, and the answer counts from the form's arrival once it is acknowledged."""
    town.at(2026, 3, 26, 16, 50)
    entered = town.enter(LEADERSHIP, LEADERSHIP_OFFICE, kind="complaint", account="Feedback five weeks late.")
    assert "waiting for the written form" in entered.page.text
    asked = town.mail(ADDRESS, "written-form")
    assert "Please fill in the form" in asked
    assert "we will fill it in with you" in asked
    assert town.mails(ADDRESS, "receipt")
    page = town.page_of(town.desk.coordinator())
    assert "We are waiting for the complaint in writing" in page.text
    assert {"written", "without-form"} <= set(page.forms)
    _, own = town.own_page(LEADERSHIP, LEADERSHIP_OFFICE)
    assert "It is waiting for the written form." in own.text
    town.begin_stage()
    reviewer = town.desk.case().current.reviewers[0]
    assert "We are waiting for the complaint in writing" in town.page_of(reviewer).text
    assert "respond" not in town.page_of(reviewer).forms
    town.at(2026, 3, 30, 11)
    form = town.page_of(COMPLAINANT, "write").forms["write"]
    assert form.texts["account"].strip() == "Feedback five weeks late."
    town.act(COMPLAINANT, "write", **APPENDIX_A, aspects=["Late", "Somebody else’s"])
    assert not town.desk.case().waits_for_form
    assert "We now have your complaint" in town.mail(ADDRESS, "written-form")
    said = town.page_of(reviewer, "respond").text
    assert "What happened, in my own words." in said
    assert "Feedback five weeks late." in said
    # Acknowledged on the 26th, in writing on Monday the 30th: ten working days from there, over Easter.
    assert "by the end of Wednesday 15 April 2026" in town.page_of(reviewer, "respond").text


@pytest.mark.clause("LE-03")
def test_both_are_reminded_until_it_is_there(town: Town) -> None:
    """After five working days complainant and office are reminded; after three times only the office, which can then
    decide."""
    town.enter(LEADERSHIP, LEADERSHIP_OFFICE, kind="complaint")
    town.wait_until(2026, 11, 9, 8, 59)
    assert len(town.mails(ADDRESS, "written-form")) == 1
    town.wait_until(2026, 11, 9, 9)
    assert "has not reached us yet" in town.mail(ADDRESS, "written-form")
    assert "is still waiting for its written form" in town.mail(LEADERSHIP_OFFICE, "case-news")
    for day in (16, 23):
        town.wait_until(2026, 11, day, 9)
    assert len(town.mails(ADDRESS, "written-form")) == 4
    told = len(town.mails(LEADERSHIP_OFFICE, "case-news"))
    town.wait_until(2026, 12, 7, 9)
    assert len(town.mails(ADDRESS, "written-form")) == 4
    assert len(town.mails(LEADERSHIP_OFFICE, "case-news")) == told + 1
    town.act(
        town.desk.coordinator(), "without-form", decision="go-on", reason="They cannot write, and said all."
    )
    assert "They cannot write, and said all." in town.mail(ADDRESS, "decision")
    assert town.desk.case().is_open
    assert not town.desk.case().waits_for_form


@pytest.mark.clause("LE-03")
def test_a_form_on_paper_is_entered_with_the_day_on_which_it_came(town: Town) -> None:
    """Staff enter it; it takes the place of what was noted, and its day is the one from which the answer counts."""
    town.enter(LEADERSHIP, LEADERSHIP_OFFICE, kind="complaint")
    town.acknowledge()
    town.at(2026, 11, 11, 15)
    day = {"received.day": "9", "received.month": "11", "received.year": "2026"}
    town.act(town.desk.coordinator(), "written", **APPENDIX_A, **day)
    case = town.desk.case()
    assert case.form_here_at == datetime(2026, 11, 9, 9, tzinfo=UTC)
    assert "Monday 23 November 2026" in town.page_of(town.desk.coordinator()).text


@pytest.mark.clause("AOM-13")
def test_staff_can_ask_for_it_in_writing_at_any_time(town: Town) -> None:
    """What was said in person goes on at once; when the tutor asks for it in writing, with the reason, the complainant
    gets the form, and no outcome is sent before it is there."""
    town.enter(SCITT, SCITT_OFFICE, kind="complaint", route="in-person", outcome_sought="An apology")
    assert not town.desk.case().waits_for_form
    town.assign()
    tutor = town.desk.case().current.reviewers[0]
    assert "respond" in town.page_of(tutor, "respond").forms
    town.act(tutor, "ask-form", reason="The dates matter, and I want to have them right.")
    assert "I want to have them right." in town.mail(ADDRESS, "written-form")
    assert "respond" not in town.page_of(tutor).forms
    town.act(
        COMPLAINANT,
        "write",
        name="A caller",
        email=ADDRESS,
        account="It was on 1 October.",
        outcome_sought="x",
    )
    assert "respond" in town.page_of(tutor, "respond").forms


@pytest.mark.clause("AOM-15")
@pytest.mark.parametrize("route", ["telephone", "in-person", "email", "letter"])
def test_every_concern_is_logged_however_it_came(town: Town, route: str) -> None:
    """With the way it came, what was done, and whether the person was content."""
    town.enter(SCITT, SCITT_OFFICE, **(SETTLED | {"route": route}))
    facts = {row["fact"]["type"]: row["fact"] for row in town.desk.office.site.store.events(town.desk.ref)}
    assert facts["ComplaintSubmitted"]["route"] == route
    assert facts["FirstContactLogged"]["content"] == "yes"
    assert town.desk.case().ended == "settled"


@pytest.mark.clause("AOM-15")
def test_a_concern_that_came_by_the_form_is_logged_with_what_was_done(town: Town) -> None:
    """The office notes what was done and that the person is content; the concern closes, and the person hears it."""
    town.complain(SCITT, kind="concern")
    assert town.desk.case().kind == "concern"
    town.act(town.desk.coordinator(), "contact", done="Rang, and explained it.", content="yes", settled="yes")
    assert town.desk.case().ended == "settled"
    assert "content with what was done straight away" in town.mail(ADDRESS, "closure")


@pytest.mark.clause("AOM-15")
def test_a_concern_with_which_nobody_is_content_stays_open(town: Town) -> None:
    """The answer is on record all the same, and nobody can say with it that the concern is settled."""
    refused = town.enter(SCITT, SCITT_OFFICE, **(SETTLED | {"content": "no"}))
    assert refused.status == 422
    assert "You can only settle this if the person is content" in refused.page.text
    town.complain(SCITT, kind="concern")
    office = town.desk.coordinator()
    said = {"done": "Rang, and explained it.", "content": "no"}
    form = town.page_of(office, "contact").forms["contact"]
    settled = town.desk.post(town.secrets(office)[0], form.hidden, **said, settled="yes")
    assert settled["statusCode"] == 422
    town.act(office, "contact", **said)
    assert town.desk.case().is_open
    assert "The person was not content with it" in town.page_of(town.desk.coordinator()).text


@pytest.mark.clause("AOM-02")
@pytest.mark.parametrize("kind", ["suggestion", "compliment"])
def test_suggestions_and_compliments_are_logged_and_passed_on(town: Town, kind: str) -> None:
    """Thanked, passed on to the role that the procedure names, without stage or date; what comes of it is noted."""
    page = town.complain(SCITT, "feedback", kind=kind, account="The mentors are splendid.")
    assert f"We have received your {kind}" in page.text
    case = town.desk.case()
    assert (case.kind, case.is_open, case.ended) == (kind, False, "logged")
    assert f"Thank you for your {kind}." in town.mail(ADDRESS, "thanks")
    assert not town.mails(SCITT_OFFICE, "new-case")
    leader = town.desk.holder("management-team")
    assert town.mails(town.desk.address(leader), "feedback")
    assert "The mentors are splendid." in town.page_of(leader).text
    town.act(leader, "follow-up", note="Read out in the meeting.")
    assert town.desk.case().followed_up


@pytest.mark.clause("AOM-02")
def test_concerns_and_complaints_go_through_the_stages(town: Town) -> None:
    """The form asks which it is, and everything that follows calls it that."""
    for kind in ("complaint", "concern"):
        page = town.complain(SCITT, kind=kind)
        assert f"We have received your {kind}" in page.text
        assert (town.desk.case().kind, town.desk.case().current.stage) == (kind, "informal")
    assert town.fill_in(SCITT, kind="").status == 422


@pytest.mark.clause("AOM-02")
def test_a_compliment_is_kept_for_its_time_and_then_destroyed(town: Town) -> None:
    """By the same path as every case: announced, and gone after the notice."""
    town.complain(SCITT, "feedback", kind="compliment")
    town.at(2031, 11, 3, 9)
    execute(town.desk.ref, AnnounceDeletion(), site=town.desk.office.site)
    assert town.mails("data.protection@ashton-on-mersey-scitt.example", "deletion-notice")
    town.at(2031, 11, 18, 9)
    destroy(town.desk.ref, site=town.desk.office.site, s3=town.desk.office.s3)
    assert town.desk.office.site.store.load(town.desk.ref) is None


@pytest.mark.clause("AFL-05")
def test_a_concern_raised_with_those_involved_is_logged_as_settled(town: Town) -> None:
    """Staff log it with what was done; it closes."""
    town.enter(ALLIANCE, ALLIANCE_OFFICE, "concern", outcome_sought="The slides", **_without_kind(SETTLED))
    assert (town.desk.case().kind, town.desk.case().ended) == ("concern", "settled")


@pytest.mark.clause("AFL-05")
def test_a_concern_that_is_not_settled_goes_on_informally_and_then_formally(town: Town) -> None:
    """Nothing is typed again: the formal step's reviewer reads what was entered. The form asks whether it was tried."""
    town.enter(
        ALLIANCE,
        ALLIANCE_OFFICE,
        "concern",
        account="The slides were read out.",
        outcome_sought="The slides",
        done="Promised to ask.",
        content="no",
    )
    assert town.desk.case().current.stage == "informal"
    town.answer()
    town.reply("escalate")
    assert town.desk.case().current.stage == "formal"
    reviewer = town.desk.case().current.reviewers[0]
    assert "The slides were read out." in town.page_of(reviewer).text
    assert "raised_informally" in town.page(f"/{ALLIANCE}/complaint").ids


@pytest.mark.clause("CA-04")
def test_an_informal_complaint_is_acknowledged_and_dealt_with_informally(town: Town) -> None:
    """It has a form of its own, is acknowledged at once, and is answered without a formal process; who is not
    satisfied goes on with what was written."""
    page = town.complain(CREATIVE, "concern", account="The coach was late.")
    assert "Informally" in page.text
    assert town.mails(ADDRESS, "acknowledgement")
    assert town.desk.case().current.reviewers == ("administrator-primary",)
    assert "We are sorry." in town.answer()
    town.reply("escalate")
    assert town.desk.case().current.stage == "stage-1"
    assert "The coach was late." in town.page_of(town.desk.coordinator()).text


@pytest.mark.clause("CA-05")
@pytest.mark.parametrize("route", ["telephone", "in-person", "email", "letter"])
def test_a_formal_complaint_needs_its_form(town: Town, route: str) -> None:
    """However it came, the person is sent the form, and no outcome can be sent without it."""
    town.enter(CREATIVE, CREATIVE_OFFICE, route=route)
    assert town.desk.case().waits_for_form
    assert (
        "The form"
        in town.desk.office.mails_to(ADDRESS, "written-form")[0]["Content"]["Simple"]["Body"]["Html"]["Data"]
    )
    town.begin_stage()
    page = town.page_of(town.desk.case().current.reviewers[0])
    # Until it is here there is no date for the answer, and so none to move.
    assert not {"respond", "interim"} & set(page.forms)


@pytest.mark.clause("CA-05")
def test_a_concern_that_becomes_formal_needs_the_form_too(town: Town) -> None:
    """Who is not satisfied informally is sent the form with what they wrote in it; no outcome goes out without it, and
    the times count from it."""
    town.complain(CREATIVE, "concern", account="The coach was late.")
    told = town.answer()
    assert "It is a formal complaint, and we will ask you for our form" in told
    town.reply("escalate")
    assert (town.desk.case().kind, town.desk.case().waits_for_form) == ("complaint", True)
    assert "For this stage we need our form from you." in town.mail(ADDRESS, "escalation")
    town.begin_stage()
    assert "respond" not in town.page_of(town.desk.case().current.reviewers[0]).forms
    assert "write" in town.page_of(COMPLAINANT, "write").forms
    assert "The coach was late." in town.desk.get(town.secrets(COMPLAINANT)[0])["body"]
    town.at(2026, 11, 16, 9)
    given = {"name": "A learner", "email": ADDRESS, "relationship": "learner", "account": "It."}
    given |= {"outcome_sought": "x", "incident_date": "2026-11-01"}
    town.act(COMPLAINANT, "write", **given, **_optional(town))
    assert not town.desk.case().waits_for_form
    assert "by the end of Monday 14 December 2026" in town.page_of(COMPLAINANT).text


@pytest.mark.clause("CA-05")
def test_without_the_form_it_can_be_closed(town: Town) -> None:
    """A person decides that, with a reason that the complainant reads."""
    town.enter(CREATIVE, CREATIVE_OFFICE)
    town.act(town.desk.coordinator(), "without-form", decision="close", reason="We asked three times.")
    assert town.desk.case().ended == "unwritten"
    told = town.mail(ADDRESS, "decision")
    assert "We asked three times." in told
    assert "We have decided to close your complaint." in told


@pytest.mark.clause("CA-05")
def test_the_times_count_from_the_form(town: Town) -> None:
    """Rung in on 2 November, the form there on the 16th: acknowledged within two weeks of that."""
    town.enter(CREATIVE, CREATIVE_OFFICE)
    town.at(2026, 11, 16, 9)
    town.act(
        COMPLAINANT,
        "write",
        name="A caller",
        email=ADDRESS,
        relationship="learner",
        account="It.",
        outcome_sought="x",
        incident_date="2026-11-01",
        **_optional(town),
    )
    assert "by the end of Monday 30 November 2026" in town.page_of(town.desk.coordinator()).text


@pytest.mark.clause("CA-08")
def test_help_with_the_form_is_offered_and_recorded(town: Town) -> None:
    """The form says where help is, and asks who helped; whoever reviews it reads that."""
    form = town.page(f"/{CREATIVE}/complaint")
    assert "Call us if you would like help to fill it in." in form.text
    town.complain(CREATIVE, helped_by="A friend, who typed it for me")
    assert "A friend, who typed it for me" in town.page_of(town.desk.coordinator()).text


@pytest.mark.clause("CA-10")
def test_whoever_takes_a_complaint_writes_down_what_the_policy_asks_for(town: Town) -> None:
    """Facts, name, address, telephone number and relationship; the person gets the procedure, the form, what happens
    next and when."""
    secret, _ = town.own_page(CREATIVE, CREATIVE_OFFICE)
    form = town.page(f"/s/{secret}/enter/complaint")
    assert {
        "account",
        "name",
        "address",
        "telephone",
        "relationship",
        "route",
        "received",
        "done",
    } <= form.ids
    town.enter(
        CREATIVE,
        CREATIVE_OFFICE,
        account="Salaries were shown.",
        address="1 Example Road",
        telephone="01632 960 001",
        relationship="employer",
        done="Explained the procedure.",
    )
    page = town.page_of(town.desk.coordinator()).text
    for fact in (
        "Salaries were shown.",
        "1 Example Road",
        "01632 960 001",
        "An employer",
        "Explained the procedure.",
    ):
        assert fact in page
    receipt = town.mail(ADDRESS, "receipt")
    assert "WHAT HAPPENS NEXT" in receipt
    assert "Stage two: review by senior management" in receipt
    assert town.mails(ADDRESS, "written-form")


@pytest.mark.clause("CA-10")
def test_a_complaint_counts_from_the_day_on_which_it_came(town: Town) -> None:
    """A letter of last Wednesday that is entered on Monday is a complaint of Wednesday, and its page says so."""
    answers = {"route": "letter", "relationship": "learner", "outcome_sought": "x", "incident_date.day": "20"}
    answers |= {"incident_date.month": "10", "incident_date.year": "2026"}
    town.enter(CREATIVE, CREATIVE_OFFICE, **{"received.day": "28", "received.month": "10"}, **answers)
    assert town.desk.case().opened_at == datetime(2026, 10, 28, 9, tzinfo=UTC)
    page = town.page_of(town.desk.coordinator()).text
    assert "Received 9am on Wednesday 28 October 2026" in page
    assert "Administrator entered it" in page


@pytest.mark.clause("DT-01")
@pytest.mark.parametrize(
    ("route", "said"),
    [
        ("telephone", "by telephone"),
        ("in-person", "in person"),
        ("email", "by email"),
        ("letter", "by letter"),
    ],
)
def test_a_complaint_is_taken_however_it_comes(town: Town, route: str, said: str) -> None:
    """Entered with the way it came; the person gets the same acknowledgement, and the 48 hours run from receipt."""
    answers = {"subject": "training", "outcome_sought": "Observations", "incident_date.day": "30"}
    answers |= {"incident_date.month": "10", "incident_date.year": "2026"}
    answered = town.enter(DYNAMIC, DYNAMIC_OFFICE, route=route, received_time="08:30", **answers)
    assert answered.status == 201, answered.page.text
    assert f"The complaint came in {said}" in town.page_of(town.desk.coordinator()).text
    assert "before 8:30am on Wednesday 4 November 2026" in town.mail(ADDRESS, "acknowledgement")


@pytest.mark.clause("DT-03")
def test_concern_and_complaint_are_told_apart(town: Town) -> None:
    """A concern is settled informally by the office; one that is not goes on to the formal procedure with what was
    written."""
    town.complain(DYNAMIC, "concern", account="I worry about my observations.", outcome_sought="Reassurance")
    case = town.desk.case()
    assert (case.kind, case.current.stage, case.current.reviewers) == (
        "concern",
        "informal",
        ("office-administrator",),
    )
    assert town.mails(ADDRESS, "acknowledgement")
    town.answer()
    town.reply("escalate")
    assert town.desk.case().current.stage == "departmental-manager"
    assert "I worry about my observations." in town.page_of(town.desk.coordinator()).text
    assert "A concern is a worry" in town.page(f"/{DYNAMIC}/concern").text
    assert "A complaint is dissatisfaction" in town.page(f"/{DYNAMIC}/complaint").text


def test_somebody_who_acts_for_another_needs_their_consent(town: Town) -> None:
    """A sister rings for her brother; before his consent is on record, with when and how, no outcome goes out."""
    answers = {"subject": "training", "outcome_sought": "Observations", "incident_date.day": "30"}
    answers |= {"incident_date.month": "10", "incident_date.year": "2026"}
    town.enter(DYNAMIC, DYNAMIC_OFFICE, represented="acting", representative="His sister", **answers)
    town.assign()
    manager = town.desk.case().current.reviewers[0]
    page = town.page_of(manager)
    assert "consent is not on record yet" in page.text
    assert "respond" not in page.forms
    town.act(manager, "consent", consent="Told me so on the telephone on Monday.")
    page = town.page_of(manager, "respond")
    assert "Told me so on the telephone on Monday." in page.text
    assert "We are sorry." in town.answer()


def test_consent_is_asked_for_as_soon_as_somebody_acts(town: Town) -> None:
    """Who writes for somebody else is told in the same moment what is needed, on their page too, and the office reads
    that it is to be recorded; nobody else is asked. Once it is there, the page asks for nothing."""
    town.complain(DYNAMIC, represented="acting", representative="His sister", subject="training")
    asked = town.mail(ADDRESS, "consent-request")
    for said in ("Before we can send the outcome, we need that person's consent.", "who may act for them"):
        assert said in asked
    assert "We need consent." in town.page_of(COMPLAINANT).text
    assert "Record the complainant's consent when it is given" in town.mail(DYNAMIC_OFFICE, "new-case")
    town.act(town.desk.coordinator(), "consent", consent="By letter.")
    assert "We need consent." not in town.page_of(COMPLAINANT).text


def test_no_consent_is_asked_of_who_acts_for_themselves(town: Town) -> None:
    """There is nothing to consent to."""
    town.complain(DYNAMIC, represented="alone", subject="training")
    assert not town.mails(ADDRESS, "consent-request")
    assert "We need consent." not in town.page_of(COMPLAINANT).text


def test_a_settled_concern_by_the_form_of_a_complaint_stays_a_complaint(town: Town) -> None:
    """A complaint cannot be logged as settled at once: it gets its answer."""
    town.complain(SCITT, kind="complaint")
    secret, page = town.secrets(town.desk.coordinator())[0], town.page_of(town.desk.coordinator(), "contact")
    form = page.forms["contact"]
    assert "settled" not in form.choices
    answer = town.desk.post(secret, form.hidden, done="Rang.", content="yes", settled="yes")
    assert answer["statusCode"] == 422
    assert "Only a concern can be settled straight away." in Read(answer["body"]).text


def _without_kind(answers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in answers.items() if name != "kind"}


def _optional(town: Town) -> dict[str, str]:
    """What else the form has to have, beside what a test says."""
    form = town.desk.procedure().form("complaint")
    assert form is not None
    said = {"name", "email", "relationship", "account", "outcome_sought", "incident_date"}
    needed = [one for one in form.fields if one.required and one.id not in said]
    return {one.id: one.choices[0].id if one.choices else "Something" for one in needed}


def test_who_has_no_email_address_answers_through_staff(town: Town) -> None:
    """Whoever writes letters goes on to the next stage too: staff enter the answer, in the person's words. Where there
    is an address, nobody answers for the complainant."""
    entered = town.enter(
        ALLIANCE,
        ALLIANCE_OFFICE,
        "concern",
        email="",
        telephone="01632 960 003",
        outcome_sought="The slides",
        done="Asked.",
        content="no",
    )
    assert entered.status == 201, entered.page.text
    assert "enter-reply" not in town.page_of(town.desk.coordinator()).forms
    town.begin_stage()
    reviewer = town.desk.case().current.reviewers[0]
    town.act(reviewer, "respond", **town.outcome())
    coordinator = town.desk.coordinator()
    town.act(
        coordinator, "enter-reply", answer="escalate", reasons="I wrote that this is no answer.", **TOLD_TODAY
    )
    assert town.desk.case().current.stage == "formal"
    page = town.page_of(town.desk.coordinator()).text
    assert "I wrote that this is no answer." in page
    assert ", as " in page


def test_who_has_an_email_address_can_still_answer_by_telephone(town: Town) -> None:
    town.enter(ALLIANCE, ALLIANCE_OFFICE, "concern", outcome_sought="The slides", done="Asked.", content="no")
    town.answer()
    coordinator = town.desk.coordinator()
    town.act(coordinator, "enter-reply", answer="satisfied", **TOLD_TODAY)
    assert town.desk.case().ended == "satisfied"
