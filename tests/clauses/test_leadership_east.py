"""The clauses of Leadership East's policy, as those concerned meet them."""

from __future__ import annotations

import pytest

from adapters.cases.execute import execute
from domain.acts.bounces import RecordBounce
from domain.case import COMPLAINANT
from tests.integration.town import ADDRESS, Town

SLUG = "leadership-east"
POINTS = ["The first point", "The second point"]


@pytest.mark.clause("LE-02")
def test_somebody_makes_contact_within_three_working_days(town: Town) -> None:
    """A complaint of Monday 2 November is confirmed by a person by Thursday, and both messages say where the policy
    is; when nobody did it, the Director hears."""
    policy = "Complaints handling policy): https://www.leadership-east.example/complaints-handling-policy"
    town.complain(SLUG)
    received = town.mail(ADDRESS, "receipt")
    assert (
        "A person will read what you wrote and write to you by the end of Thursday 5 November 2026"
        in received
    )
    assert policy in received
    assert town.due(SLUG, "stage-1/acknowledge", "2026-11-02T10:00") == "2026-11-05"
    town.wait_until(2026, 11, 4, 9)
    assert town.mails("programmes.office@leadership-east.example", "reminder")
    town.wait_until(2026, 11, 6, 0, 1)
    assert town.mails("director@leadership-east.example", "breach")
    town.acknowledge()
    assert policy in town.mail(ADDRESS, "acknowledgement")


@pytest.mark.clause("LE-04")
def test_the_programmes_manager_investigates_what_was_written(town: Town) -> None:
    """Only who holds that role can be named, and reads what was written and who is concerned."""
    town.complain(SLUG, account="The room was locked.", people_involved="The caretaker")
    choices = town.page_of(town.desk.coordinator()).forms["assign"].choices["reviewers"]
    rules = town.desk.procedure()
    assert choices == [person.id for person in rules.holders("programmes-manager")]
    town.begin_stage()
    page = town.page_of(choices[0])
    assert "respond" in page.forms
    for written in ("The room was locked.", "The caretaker"):
        assert written in page.text


@pytest.mark.clause("LE-06", "LE-09")
def test_contact_goes_on_until_the_stages_are_exhausted(town: Town) -> None:
    """Each stage's result reaches the complainant by mail, with what is proposed; the last is an executive's or a
    trustee's."""
    town.complain(SLUG, aspects=POINTS)
    for role in ("programmes-manager", "director", "executive-or-trustee"):
        town.begin_stage()
        reviewer = town.desk.case().current.reviewers[0]
        form = town.page_of(reviewer, "respond").forms["respond"]
        unresolved = town.desk.post(town.secrets(reviewer)[0], form.hidden, **town.outcome(response=""))
        assert "Write the proposed resolution and what will happen next." in unresolved["body"]
        told = town.answer(response=f"The resolution of the {role}.")
        assert town.desk.case().current.reviewers[0] in {
            person.id for person in town.desk.procedure().holders(role)
        }
        assert f"The resolution of the {role}." in told
        assert "Because the second." in told
        town.reply("escalate")
    assert town.desk.case().ended == "exhausted"


@pytest.mark.clause("LE-06")
def test_contact_ends_with_satisfaction(town: Town) -> None:
    """Who says that they are satisfied is told that the case is closed, and no stage follows."""
    town.complain(SLUG, aspects=POINTS)
    town.answer()
    town.reply("satisfied")
    assert town.desk.case().ended == "satisfied"
    assert town.mails(ADDRESS, "closure")


@pytest.mark.clause("LE-07")
def test_ten_working_days_count_from_the_acknowledgement(town: Town) -> None:
    """A complaint of Monday 2 November that is acknowledged on the 4th is answered by the 18th, and no date is
    named before."""
    confirmed = town.complain(SLUG)
    assert (
        "We will send you the outcome within 10 working days of confirming that we have it." in confirmed.text
    )
    town.at(2026, 11, 4, 15)
    town.acknowledge()
    told = town.mail(ADDRESS, "acknowledgement")
    assert "by the end of Wednesday 18 November 2026: 10 working days after Wednesday 4 November 2026" in told
    town.assign()
    assert "by the end of Wednesday 18 November 2026" in town.page_of(town.desk.reviewer()).text
    assert town.due(SLUG, "stage-1/respond", "2026-11-04T15:00") == "2026-11-18"


@pytest.mark.clause("LE-10")
def test_at_each_stage_there_are_ten_working_days_to_reply(town: Town) -> None:
    """The written summary names the day at every stage, counted from the summary alone, and the page takes either
    answer."""
    town.complain(SLUG, aspects=POINTS)
    days = ((3, 4, "Wednesday 18 November"), (6, 9, "Monday 23 November"), (11, 12, "Thursday 26 November"))
    for acknowledged, answered, last in days:
        town.at(2026, 11, acknowledged, 11)
        town.begin_stage()
        town.at(2026, 11, answered, 11)
        told = town.answer()
        assert "We are sorry." in told
        assert f"by the end of {last} 2026: 10 working days after" in told
        form = town.page_of(COMPLAINANT).forms["reply"]
        assert form.choices["answer"] == ["satisfied", "escalate"]
        town.at(2026, 11, answered + 1, 11)
        town.reply("escalate")


@pytest.mark.clause("LE-10")
def test_silence_closes_the_case_after_a_reminder(town: Town) -> None:
    """Three working days before the last day a reminder goes out; on the working morning after the last day the case
    is closed."""
    town.complain(SLUG, aspects=POINTS)
    town.answer()
    town.wait_until(2026, 11, 10, 9)
    assert not town.mails(ADDRESS, "reply-reminder")
    town.wait_until(2026, 11, 11, 9)
    assert "Monday 16 November 2026" in town.mail(ADDRESS, "reply-reminder")
    town.wait_until(2026, 11, 17, 8, 59)
    assert town.desk.case().is_open
    town.wait_until(2026, 11, 17, 9)
    assert not town.desk.case().is_open
    assert town.mails(ADDRESS, "closure")


@pytest.mark.clause("LE-06", "LE-10")
def test_silence_does_not_close_what_did_not_arrive(town: Town) -> None:
    """The outcome came back: the time for a reply passes, the office is told, and the case stays open."""
    town.complain(SLUG, aspects=POINTS)
    town.answer()
    execute(town.desk.ref, RecordBounce(person=COMPLAINANT, notice="outcome"), site=town.desk.office.site)
    town.wait_until(2026, 11, 17, 9)
    assert town.desk.case().is_open
    assert not town.mails(ADDRESS, "closure")
    assert "did not reach" in town.page_of(town.desk.coordinator()).text


@pytest.mark.clause("LE-06", "LE-10")
@pytest.mark.parametrize("route", ["web", "telephone"])
def test_who_answers_after_the_closure_is_heard(town: Town, route: str) -> None:
    """The closure offers a way back. Who takes it, or rings, is heard: the Director decides, and the case goes on to
    the next stage."""
    town.complain(SLUG, aspects=POINTS)
    town.answer()
    for morning in (11, 17):
        town.wait_until(2026, 11, morning, 9)
    assert not town.desk.case().is_open
    if route == "web":
        town.act(COMPLAINANT, "ask-late", reasons="I was in hospital.")
    else:
        day = {"received.day": "17", "received.month": "11", "received.year": "2026"}
        town.act(
            town.desk.coordinator(),
            "enter-reply",
            answer="escalate",
            reasons="I was in hospital.",
            route="telephone",
            **day,
        )
    assert town.mails("director@leadership-east.example", "decision-request")
    town.act("director-primary", "late-reply", decision="accept", reason="That is a good reason.")
    assert town.desk.case().is_open
    assert town.desk.case().current.stage == "stage-2"


@pytest.mark.clause("LE-10")
def test_who_rang_on_the_last_day_answered_in_time(town: Town) -> None:
    """Entered after the silence had closed the case, it counts as of its day: the case goes on, and nobody decides."""
    town.complain(SLUG, aspects=POINTS)
    town.answer()
    for morning in (11, 17):
        town.wait_until(2026, 11, morning, 9)
    assert not town.desk.case().is_open
    day = {"received.day": "16", "received.month": "11", "received.year": "2026"}
    town.act(town.desk.coordinator(), "enter-reply", answer="escalate", route="telephone", **day)
    assert town.desk.case().is_open
    assert town.desk.case().current.stage == "stage-2"
    assert not town.mails("director@leadership-east.example", "decision-request")


@pytest.mark.clause("LE-12")
@pytest.mark.parametrize(("course", "signposted"), [("npqh", True), ("other-training", False), ("", True)])
def test_the_last_letter_signposts_by_course(town: Town, course: str, signposted: bool) -> None:
    """After stage 3, and not before, the Department for Education is named where it is about an NPQ; where nobody said
    what it is about, with its condition."""
    town.complain(SLUG, course=course)
    for _ in range(2):
        assert "Department for Education" not in town.answer()
        town.reply("escalate")
    assert ("Department for Education" in town.answer()) is signposted
    town.reply("escalate")
    closure = town.mail(ADDRESS, "closure")
    assert ("Department for Education" in closure) is signposted
    assert ("If your complaint is about an NPQ." in closure) is (course == "")


@pytest.mark.clause("LE-17")
def test_the_form_takes_what_appendix_a_asks_for(town: Town) -> None:
    """Each entry of the appendix has its question; without name, address, telephone, details, outcome or signature the
    form comes back."""
    form = town.page(f"/{SLUG}/complaint")
    for asked in (
        "name",
        "address",
        "telephone",
        "account",
        "people_involved",
        "outcome_sought",
        "declaration",
    ):
        assert asked in form.ids
    assert "with dates and times" in form.text
    assert "stands for my signature" in form.text
    for needed in ("name", "address", "telephone", "account", "outcome_sought", "declaration"):
        answer = town.fill_in(SLUG, **{needed: ""})
        assert answer.status == 422
        assert [one["href"] for one in answer.page.all("a") if one.get("href") == f"#{needed}"]


@pytest.mark.clause("LE-17")
def test_the_record_has_the_dates_received_and_answered(town: Town) -> None:
    """At the next stage the reviewer reads when the complaint came, with its signature, and when it was answered."""
    town.complain(SLUG)
    town.at(2026, 11, 5, 14)
    town.answer()
    town.reply("escalate")
    page = town.page_of(town.desk.reviewer())
    assert "Received 10am on Monday 2 November 2026" in page.text
    assert "Sent at 2pm on Thursday 5 November 2026." in page.text


@pytest.mark.clause("LE-14")
def test_the_director_hears_of_each_complaint_and_each_resolution(town: Town) -> None:
    """A message goes to the Director when a complaint comes in, and another when its outcome is sent. The messages hold
    no word of it; their links lead to what was complained of and to how it was resolved, after the closure too."""
    director = "director@leadership-east.example"
    town.complain(SLUG, account="The room was locked.", aspects=POINTS)
    assert len(town.mails(director, "case-news")) == 1
    assert "The room was locked." in town.page_of("director-primary").text
    town.answer()
    assert len(town.mails(director, "case-news")) == 2
    town.reply("satisfied")
    page = town.page_of("director-primary")
    for said in ("The room was locked.", "Because the second.", "We are sorry."):
        assert said in page.text
        assert not any(said in mail for mail in town.mails(director))
    town.act("director-primary", "read", confirm="yes")
    assert "Director read the case." in town.page_of("director-primary").text


@pytest.mark.clause("LE-14")
def test_the_director_who_turns_out_to_be_involved_loses_the_case(town: Town) -> None:
    """The link of the first message shows it until the office finds out whom it is about; nothing comes after that."""
    town.complain(SLUG, account="The room was locked.")
    link = town.secrets("director-primary")[0]
    assert "The room was locked." in town.desk.get(link)["body"]
    town.act(town.desk.coordinator(), "involve", involved="director-primary", reason="It was their room.")
    assert "The room was locked." not in town.desk.get(link)["body"]
    told = len(town.mails("director@leadership-east.example"))
    town.answer()
    assert len(town.mails("director@leadership-east.example")) == told


@pytest.mark.clause("LE-14")
def test_the_director_hears_nothing_of_a_complaint_about_the_director(town: Town) -> None:
    """Neither of its arrival nor of its resolution: no message, and so no link."""
    town.complain(SLUG, complained_about=["director"])
    town.act(
        town.desk.coordinator(),
        "confirm-involved",
        involved=["director-primary"],
        reason="Named on the form.",
    )
    town.answer()
    assert town.secrets("director-primary") == []
