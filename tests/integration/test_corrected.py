"""What was recorded about the person or the incident is corrected, and what follows from it follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from adapters.cases.particulars import ways_on
from domain.acts.correction import CORRECT
from domain.case import COMPLAINANT
from domain.errors import NotNow
from domain.situation import Situation
from tests.integration.desk import CREATIVE, WORDS, Desk, Read
from tests.integration.town import days
from tests.unit.invented import CALENDAR

WHY = {"reason": "They called, and told us about the canary."}


def corrected(desk: Desk, by: str, **fields: Any) -> None:
    desk.act(by, "correct", **WHY | fields)
    desk.office.deliver_all()


def about(desk: Desk, happened: str, **more: str) -> str:
    """A complaint of Monday 2 November 2026 at Creative Alliance; who coordinates it."""
    slug, answers = CREATIVE
    desk.open(slug, {**answers, "incident_date": happened, **more})
    return desk.coordinator()


def test_the_old_value_stays_readable_and_the_complainant_is_told(desk: Desk) -> None:
    """The page shows what it is now, the history what it was and why; the mail says both, those to staff neither."""
    office = about(desk, "2026-10-20")
    corrected(desk, office, **days("incident_date", date(2026, 10, 21)), remark="They mean Wednesday.")
    page = Read(desk.get(desk.secret(office))["body"]).text
    assert "When did it happen? Wednesday 21 October 2026" in page
    line = "When did it happen? Wednesday 21 October 2026 (before: Tuesday 20 October 2026)"
    assert line in page
    told = desk.office.text_to(desk.address(COMPLAINANT), "corrected")
    for said in (line, "They mean Wednesday.", "about the canary"):
        assert said in told
    assert "canary" not in desk.told(office, "done").lower()
    assert desk.case().incident_on == date(2026, 10, 21)


def test_a_complaint_that_was_earlier_than_recorded_is_late(desk: Desk) -> None:
    """The Director is asked as for any late complaint, and no outcome goes out before."""
    office = about(desk, "2026-10-20")
    assert not desk.case().late
    corrected(desk, office, **days("incident_date", date(2026, 9, 1)))
    assert desk.case().late
    director = desk.holder("director")
    assert desk.office.mails_to(desk.address(director), "decision-request")
    desk.act(director, "lateness", decision="accept", reason="It is serious.")
    corrected(desk, office, **days("incident_date", date(2026, 9, 2)))
    assert desk.case().lateness == "accepted"


def test_a_complaint_that_was_in_time_is_not_late_any_more(desk: Desk) -> None:
    """Nobody has to decide on what was late only by a wrong date."""
    office = about(desk, "2026-06-01")
    assert desk.case().late
    corrected(desk, office, **days("became_known_date", date(2026, 10, 20)))
    assert not desk.case().late
    assert "lateness" not in Read(desk.get(desk.secret(office))["body"]).forms


def test_a_course_decides_where_people_can_turn(desk: Desk) -> None:
    """Who is told of the Department for Education follows the course as it is now."""
    desk.open("leadership-east", {"relationship": "participant", "course": "other"})
    office = desk.coordinator()
    assert ways_on(desk.case(), desk.procedure())[0] == ()
    corrected(desk, office, course="npqsl")
    ((department,), _) = ways_on(desk.case(), desk.procedure())
    assert department.name == "Department for Education"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Correct at least one answer"),
        ({"reason": "", "remark": "x"}, "Write why you are correcting this."),
        (days("incident_date", date(2027, 1, 1)), "in the past"),
        ({"relationship": "staff"}, "Decline the case as not covered instead."),
    ],
)
def test_what_cannot_be_is_said_at_its_field(desk: Desk, fields: dict[str, str], said: str) -> None:
    """Nothing is changed, and the page says what is wrong."""
    office = about(desk, "2026-10-20")
    before = desk.facts()
    secret = desk.secret(office)
    answer = desk.post(secret, {"action": "correct", **WHY | fields})
    assert answer["statusCode"] == 422
    assert said in Read(answer["body"]).text
    assert desk.facts() == before


def test_who_is_named_by_a_correction_has_no_part_in_it(desk: Desk) -> None:
    """A person whom it names now is taken to be involved before anybody else has looked, and what they had to review is
    taken from them; they hear that, and somebody is asked to look."""
    office = about(desk, "2026-10-20")
    reviewer = desk.reviewer()
    desk.act(office, "assign", reviewers=reviewer)
    named = desk.procedure().person(reviewer)
    assert named is not None
    corrected(desk, office, people_involved=f"It was {named.name}.")
    assert reviewer in desk.case().involved
    assert desk.case().is_unconfirmed
    assert desk.case().current.reviewers == ()
    assert desk.told(reviewer, "case-news")
    assert desk.told(office, "involvement")


def test_what_is_kept_of_a_closed_case_can_be_corrected(desk: Desk) -> None:
    """Reason, mail and history as of an open one. No date moves: it is not late afterwards, nobody has to decide, and
    it is destroyed on the day that it was to be."""
    office = about(desk, "2026-10-20")
    desk.act(office, "assign", reviewers=desk.reviewer())
    desk.act(COMPLAINANT, "withdraw", confirm="yes")
    before = desk.case()
    assert not before.is_open
    corrected(desk, office, **days("incident_date", date(2026, 8, 21)), remark="They mean Friday.")
    case = desk.case()
    assert case.incident_on == date(2026, 8, 21)
    assert (case.late, case.keep_until, case.destroy_at) == (False, before.keep_until, before.destroy_at)
    line = "When did it happen? Friday 21 August 2026 (before: Tuesday 20 October 2026)"
    assert line in desk.office.text_to(desk.address(COMPLAINANT), "corrected")
    assert "RecordCorrected" in desk.facts()
    assert not desk.office.mails_to(desk.address(desk.holder("director")), "decision-request")
    (reviewer,) = before.current.reviewers
    assert "has been corrected." in (news := desk.told(reviewer, "case-news"))
    assert "history on the case page" not in news


def test_whom_a_closed_case_is_about_is_corrected_when_it_is_open_again(desk: Desk) -> None:
    """It decides who has the case, which somebody has to look at: the form does not ask it, and says what to do. The
    page shows nothing of what people wrote."""
    office = about(desk, "2026-10-20")
    desk.act(COMPLAINANT, "withdraw", confirm="yes")
    page = Read(desk.get(desk.secret(office))["body"])
    assert "people_involved" not in page.forms["correct"].texts
    assert "such as who it is about, open the case again first." in page.text
    assert WORDS not in page.text


def test_what_was_written_before_the_closure_is_not_lost(desk: Desk) -> None:
    """A form that was opened before and sent afterwards comes back with what cannot be corrected any more, and why;
    the rest of it stays filled in, and is taken when it is sent again."""
    office = about(desk, "2026-10-20")
    secret = desk.secret(office)
    desk.act(COMPLAINANT, "withdraw", confirm="yes")
    before = desk.facts()
    named = {"people_involved": "The Director.", "remark": "It was she."}
    answer = desk.post(secret, {"action": "correct", **WHY, **named})
    assert answer["statusCode"] == 422
    assert desk.facts() == before
    page = Read(answer["body"])
    assert "The case has been closed. Open it again before you correct this answer." in page.text
    assert "The Director." in page.text
    assert 'href="#correct.people_involved"' in page.html
    assert 'id="correct.people_involved"' in page.html
    kept = page.forms["correct"].texts
    assert (kept["remark"], kept["reason"]) == ("It was she.", WHY["reason"])
    assert "people_involved" not in kept
    again = {"action": "correct", **{name: text for name, text in kept.items() if text}}
    assert desk.post(secret, again)["statusCode"] == 200
    assert desk.facts() == [*before, "RecordCorrected"]


def test_a_case_that_is_being_destroyed_is_not_corrected(desk: Desk) -> None:
    """What is about to go is not touched any more."""
    office = about(desk, "2026-10-20")
    desk.act(COMPLAINANT, "withdraw", confirm="yes")
    case = desk.case()
    at = Situation(case, procedure=desk.procedure(), calendar=CALENDAR, now=desk.office.clock.now())
    gone = Situation(replace(case, erasing=True), procedure=at.procedure, calendar=CALENDAR, now=at.now)
    assert at.refusal(CORRECT, office, case.current.stage) is None
    assert isinstance(gone.refusal(CORRECT, office, case.current.stage), NotNow)
