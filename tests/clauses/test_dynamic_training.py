"""The clauses of Dynamic Training's policy, as those concerned meet them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from adapters.cases.rules import rules_of
from domain.calendars import spell_day
from domain.case import COMPLAINANT
from tests.integration.desk import Read
from tests.integration.papers import MP3, PDF, ask, attach, export, saved
from tests.integration.town import ADDRESS, Town, days
from tests.rules import promised

SLUG = "dynamic-training"
POINTS = ["The first point", "The second point"]
WISH = "Please call me; I cannot read letters."


@pytest.mark.clause("DT-02")
@pytest.mark.parametrize(
    ("subject", "place"),
    [
        ("assessment", "the appeals procedure for assessments"),
        ("employment", "the staff grievance procedure"),
        ("whistleblowing", "managing.director@dynamic-training.example"),
    ],
)
def test_what_is_not_covered_is_sent_to_the_right_place(town: Town, subject: str, place: str) -> None:
    """The start page names it, the form and the API send there whoever chooses it, and no case is opened."""
    assert place in town.page(f"/{SLUG}").text
    answer = town.fill_in(SLUG, subject=subject, name="", account="What I wrote.")
    assert answer.status == 422
    assert place in answer.page.text
    assert "No case has been opened." in answer.page.text
    assert "Enter your name." not in answer.page.text
    assert answer.page.value("account") == "What I wrote."
    found = town.submit(SLUG, subject=subject)
    assert found.status == 422
    (error,) = found.json["errors"]
    assert error["field"] == "subject"
    assert place in error["message"]
    assert town.desk.office.items() == []


@pytest.mark.clause("DT-04")
def test_the_form_takes_contact_details_and_shows_the_telephone_line(town: Town) -> None:
    """Beside the form stand the office's number and hours; without an email address it is not taken."""
    page = town.page(f"/{SLUG}/complaint")
    assert {"name", "email", "telephone", "address"} <= page.ids
    assert "020 7946 0560" in page.text
    assert "Monday to Friday, 9.30am to 5.30pm" in page.text
    assert town.fill_in(SLUG, email="").status == 422


@pytest.mark.clause("DT-05")
@pytest.mark.parametrize(
    ("received", "due"),
    [
        # Thursday afternoon: a weekend lies between.
        ("2026-11-05T16:00", "2026-11-09"),
        # A Saturday: the hours begin with Monday.
        ("2026-11-07T11:00", "2026-11-10"),
        ("2026-12-23T09:30", "2026-12-29"),
    ],
)
def test_48_hours_are_counted_on_working_days(town: Town, received: str, due: str) -> None:
    """Weekends and public holidays do not count."""
    assert town.due(SLUG, "departmental-manager/respond", received) == due


@pytest.mark.clause("DT-05")
def test_a_full_reply_that_takes_longer_is_replaced_by_an_interim_response(town: Town) -> None:
    """It says what is being done, who is involved, when the answer comes and what is next; the 48 hours are kept."""
    town.complain(SLUG, aspects=POINTS)
    assert "10am on Wednesday 4 November 2026" in town.mail(ADDRESS, "acknowledgement")
    town.assign()
    reviewer = town.desk.reviewer()
    day = {"respond_by.day": "20", "respond_by.month": "11", "respond_by.year": "2026"}
    secret = town.secrets(reviewer)[0]
    form = Read(town.desk.get(secret)["body"]).forms["interim"]
    without = Read(town.desk.post(secret, form.hidden, **day)["body"]).text
    for part in ("what is being done, and why it takes longer", "who is doing it", "what will happen next"):
        assert f"Write {part}." in without
    town.act(
        reviewer,
        "interim",
        message="The manager asks the tutor. Then we write to you.",
        who="The reviewer.",
        next="We write to you.",
        **day,
    )
    told = town.mail(ADDRESS, "interim-response")
    assert "The manager asks the tutor. Then we write to you." in told
    for said in (
        "Friday 20 November 2026",
        "Who is doing this: The reviewer.",
        "What will happen next: We write to you.",
    ):
        assert said in told
    town.wait_until(2026, 11, 4, 10, 1)
    assert town.desk.case().breaches == ()


@pytest.mark.clause("DT-05", "DT-09")
def test_a_new_date_is_bounded_and_seen_by_somebody_above(town: Town) -> None:
    """Twenty working days beyond the date that runs, and no further; those whom a missed date goes to hear of each new
    date."""
    town.complain(SLUG, aspects=POINTS)
    town.assign()
    reviewer = town.desk.reviewer()
    said = {"message": "We ask the tutor.", "who": "The reviewer.", "next": "We write to you."}
    over = [town.desk.address(one.id) for one in town.desk.procedure().holders("head-of-apprenticeships")]
    # From Wednesday 4 November, and then from Wednesday 2 December: without the days on which nobody works.
    for last in (date(2026, 12, 2), date(2027, 1, 4)):
        secret = next(
            secret
            for secret in town.secrets(reviewer)
            if "interim" in Read(town.desk.get(secret)["body"]).forms
        )
        late = town.desk.post(
            secret, {"action": "interim", **said, **days("respond_by", last + timedelta(days=1))}
        )
        assert late["statusCode"] == 422
        assert f"allows no date after {spell_day(last)}" in Read(late["body"]).text
        town.act(reviewer, "interim", **said, **days("respond_by", last))
    for address in over:
        heard = [mail for mail in town.mails(address, "case-news") if "new date in complaint" in mail]
        assert len(heard) == 2


@pytest.mark.clause("DT-05")
def test_48_hours_without_a_word_are_a_breach(town: Town) -> None:
    """When neither the reply nor an interim response has gone out, the Head hears of it."""
    town.complain(SLUG)
    town.wait_until(2026, 11, 4, 9, 59)
    assert town.desk.case().breaches == ()
    town.wait_until(2026, 11, 4, 10, 1)
    assert town.mails("head.of.apprenticeships@dynamic-training.example", "breach")


@pytest.mark.clause("DT-06", "DT-07")
def test_each_reply_gives_outcome_action_and_whom_to_turn_to_next(town: Town) -> None:
    """From the departmental manager over the Head to the panel that the Managing Director heads, whose decision is
    final."""
    town.complain(SLUG, aspects=POINTS)
    steps = [
        ("departmental-manager", "Second step: the Head of Apprenticeships and Commercial"),
        ("head-of-apprenticeships", "Third step: the appeals panel"),
        ("panel-head", "The appeals panel's decision is final."),
    ]
    for role, next_step in steps:
        told = town.answer(response=f"What the {role} does.")
        holders = {person.id for person in town.desk.procedure().holders(role)}
        assert set(town.desk.case().current.reviewers) <= holders
        for said in ("Our conclusion: Upheld", "Because the first.", f"What the {role} does.", next_step):
            assert said in told
        town.reply("escalate")
    assert not town.desk.case().is_open


@pytest.mark.clause("DT-02", "DT-06")
def test_a_point_out_of_scope_gets_that_as_its_answer(town: Town) -> None:
    """The reviewer declines one of two points and answers the other: the reply says of one what was concluded, and of
    the other that it is not covered, why, and where it can be taken. So does the page."""
    town.complain(SLUG, aspects=["The first.", "The examination result."])
    town.desk.says_it_was_them()
    town.begin_stage()
    (reviewer,) = town.desk.case().current.reviewers
    why = "We cannot change what the examiner decided."
    town.act(reviewer, "decline", what="points", points="2", reason=why, place="assessment")
    assert "The examination result." in town.mail(ADDRESS, "not-covered")
    town.act(reviewer, "respond", **town.outcome())
    told = town.mail(ADDRESS, "outcome")
    for said in (told, town.page_of(COMPLAINANT).text):
        lowered = said.lower()
        assert "because the first." in lowered
        assert "a point that our procedure does not cover" in lowered
        assert said.index("The examination result.") < said.index(why)
        assert "appeals procedure for assessments" in said


@pytest.mark.clause("DT-07")
def test_the_panel_decides_together(town: Town) -> None:
    """What its head records goes out when two members of the panel have agreed, and not before."""
    town.complain(SLUG, aspects=POINTS)
    for _ in range(2):
        town.answer()
        town.reply("escalate")
    head = town.desk.holder("panel-head")
    assert town.desk.case().current.reviewers == (head,)
    town.act(head, "respond", **town.outcome())
    for number in range(2):
        assert len(town.mails(ADDRESS, "outcome")) == 2
        town.act(town.desk.holder("panel-member", number), "approve", decision="approve")
    assert len(town.mails(ADDRESS, "outcome")) == 3


@pytest.mark.clause("DT-10")
def test_adjustments_are_asked_for_recorded_and_shown_at_every_step(town: Town) -> None:
    """Everybody who works on the case reads the wish above the complaint, at each stage, approvers too."""
    assert "How would you like us to communicate with you?" in town.page(f"/{SLUG}/complaint").text
    town.complain(SLUG, aspects=POINTS, adjustments=WISH, account="What happened there.")
    assert WISH in town.page_of(town.desk.coordinator()).text
    for stage in ("departmental-manager", "head-of-apprenticeships", "appeals-panel"):
        town.begin_stage()
        assert town.desk.case().current.stage == stage
        text = town.page_of(town.desk.case().current.reviewers[0], "respond").text
        assert "What would make it easier for them: " + WISH in text
        assert text.index(WISH) < text.index("What happened there.")
        if stage != "appeals-panel":
            town.answer()
            town.reply("escalate")
    town.act(town.desk.holder("panel-head"), "respond", **town.outcome())
    assert WISH in town.page_of(town.desk.holder("panel-member"), "approve").text


@pytest.mark.clause("DT-04", "DT-10")
def test_other_ways_than_the_form_are_open(town: Town) -> None:
    """The start page names each of them, and the form and the mail to the complainant another one."""
    start = town.page(f"/{SLUG}").text
    for way in (
        "complaints@dynamic-training.example",
        "020 7946 0560",
        "Monday to Friday, 9.30am to 5.30pm",
        "5 Example Place, Exampleton EX5 5EE",
    ):
        assert way in start
    form = town.page(f"/{SLUG}/complaint").text
    assert "If a form is not the right way for you, call us or ask somebody to write for you." in form
    town.complain(SLUG)
    told = town.mail(ADDRESS)
    assert "020 7946 0560" in told
    assert "large print, calls instead of emails, or someone to speak for you" in told


@pytest.mark.clause("DT-12")
def test_recordings_are_attached_and_the_complainant_can_listen_later(town: Town) -> None:
    """Who would rather speak than write sends a recording; that of a meeting is shared; both can be saved again, by
    whoever works on the case and by the complainant, and by nobody else."""
    town.complain(SLUG, adjustments=WISH)
    assert attach(town.desk, COMPLAINANT, MP3, name="What happened, in my words")["statusCode"] == 200
    assert "A document or a recording has been added" in town.mail(
        town.desk.address(town.desk.coordinator()), "case-news"
    )
    town.assign()
    reviewer = town.desk.case().current.reviewers[0]
    attach(town.desk, reviewer, MP3 + b"2", name="Our meeting", **{"for": "shared"})
    attach(town.desk, reviewer, PDF, name="Notes for the panel", **{"for": "record"})
    assert "Our meeting" in town.mail(ADDRESS, "document")
    own, meeting, notes = town.desk.case().documents
    secret = town.desk.secret(COMPLAINANT)
    page = Read(town.desk.get(secret)["body"]).text
    assert "What happened, in my words" in page
    assert "Our meeting" in page
    assert "Notes for the panel" not in page
    assert saved(town.desk, ask(secret, "document", own.id))[0] == MP3
    assert saved(town.desk, ask(secret, "document", meeting.id))[0] == MP3 + b"2"
    assert ask(secret, "document", notes.id)["statusCode"] == 404
    assert saved(town.desk, ask(town.desk.secret(reviewer), "document", own.id))[0] == MP3
    town.answer()
    again = town.desk.secret(COMPLAINANT)
    assert saved(town.desk, ask(again, "document", meeting.id))[0] == MP3 + b"2"


@pytest.mark.clause("DT-13")
def test_the_head_hears_of_each_case_and_each_outcome(town: Town) -> None:
    """Whoever is responsible for the records learns of it as it is recorded, and reads it from the link."""
    head = "head.of.apprenticeships@dynamic-training.example"
    town.complain(SLUG, account="What I saw.")
    assert len(town.mails(head, "case-news")) == 1
    town.answer(response="We are sorry.")
    assert len(town.mails(head, "case-news")) == 2
    page = town.page_of(town.desk.holder("head-of-apprenticeships"), "read").text
    for said in ("What I saw.", "We are sorry."):
        assert said in page


@pytest.mark.clause("DT-13")
def test_who_answers_for_the_records_and_the_complainant_have_copies(town: Town) -> None:
    """The Head has the whole file, which nobody else has who does not deal with the case; the complainant a copy of
    what is theirs, also when all is over."""
    town.complain(SLUG, account="What I saw.")
    town.assign()
    town.act(town.desk.coordinator(), "note", kind="note", text="For our eyes.")
    town.answer(response="We are sorry.")
    town.reply("satisfied")
    head = town.desk.holder("head-of-apprenticeships")
    contact = town.desk.holder("data-protection-contact")
    pages = [Read(town.desk.get(secret)["body"]) for secret in town.secrets(contact)]
    assert pages
    assert not [page for page in pages if "export" in page.forms]
    with export(town.desk, head, reason="The yearly review") as archive:
        whole = Read(archive.read(f"{town.desk.ref}/case.html").decode()).text
    for said in ("What I saw.", "For our eyes.", "We are sorry.", "The case was closed."):
        assert said in whole, said
    with export(town.desk, COMPLAINANT, confirm="yes") as archive:
        copy = Read(archive.read(f"{town.desk.ref}/case.html").decode()).text
    for said in ("What I saw.", "We are sorry.", "Your complaint is closed"):
        assert said in copy, said
    assert "For our eyes." not in copy


def promised_by(town: Town) -> datetime:
    case = town.desk.case()
    dates = promised(case, *rules_of(case))
    return next(date.due_at for date in dates if date.deadline.endswith("/respond"))


@pytest.mark.clause("DT-17")
def test_mediation_is_offered_answered_and_noted(town: Town) -> None:
    """Whoever reviews it offers it, the complainant accepts from their page, and what came of it is on the case and
    told; the outcome is due when it was."""
    town.complain(SLUG)
    town.assign()
    reviewer = town.desk.case().current.reviewers[0]
    due = promised_by(town)
    town.act(reviewer, "offer-mediation", offer="A talk with your coach, led by a colleague.")
    assert "A talk with your coach, led by a colleague." in town.mail(ADDRESS, "mediation")
    page = Read(town.desk.get(town.desk.secret(COMPLAINANT))["body"])
    assert "You do not have to accept." in page.text
    assert "mediation-held" not in town.page_of(reviewer, "note").forms
    town.act(COMPLAINANT, "answer-mediation", decision="accept", answer="On a Monday.")
    assert "The complainant has accepted mediation" in town.mail(town.desk.address(reviewer), "case-news")
    assert "You have accepted mediation." in Read(town.desk.get(town.desk.secret(COMPLAINANT))["body"]).text
    secret, form = town.secrets(reviewer)[0], town.page_of(reviewer).forms["mediation-held"]
    assert town.desk.post(secret, form.hidden, held="no", note="")["statusCode"] == 422
    town.act(reviewer, "mediation-held", held="no", note="Your coach has left us.")
    assert "Your coach has left us." in town.mail(ADDRESS, "mediation")
    history = Read(town.desk.get(town.desk.secret(reviewer))["body"]).text
    for said in (
        "offered the complainant mediation",
        "accepted mediation",
        "did not take place",
        "On a Monday.",
    ):
        assert said in history, said
    assert promised_by(town) == due


@pytest.mark.clause("DT-17")
def test_mediation_can_be_declined(town: Town) -> None:
    """Nobody has to accept, and the complaint goes on to its outcome."""
    town.complain(SLUG)
    town.assign()
    reviewer = town.desk.case().current.reviewers[0]
    town.act(reviewer, "offer-mediation", offer="A talk with your coach.")
    town.act(COMPLAINANT, "answer-mediation", decision="decline")
    assert "You have declined mediation." in Read(town.desk.get(town.desk.secret(COMPLAINANT))["body"]).text
    town.answer()
    assert town.desk.case().current.responded_at is not None
