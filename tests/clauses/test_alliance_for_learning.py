"""The clauses of Alliance for Learning's policy, as those concerned meet them."""

from __future__ import annotations

import pytest

from domain.people import approvers
from tests.integration.town import ADDRESS, Town

SLUG = "alliance-for-learning"
POINTS = ["The first point", "The second point", "The third point"]


@pytest.mark.clause("AFL-01")
def test_the_form_says_what_a_complaint_is(town: Town) -> None:
    """Above the questions stands what needs an investigation, and what a disappointing course does not change."""
    text = town.page(f"/{SLUG}/complaint").text
    assert "dissatisfaction about something we did or did not do that needs to be investigated" in text
    assert "a course was not what you had hoped for does not by itself change what we offer" in text
    assert text.index("to be investigated") < text.index("What is your name?")


@pytest.mark.clause("AFL-06")
@pytest.mark.parametrize(("incident", "late"), [("2026-10-19", False), ("2026-10-16", True)])
def test_ten_working_days_after_the_incident(town: Town, incident: str, late: bool) -> None:
    """On Monday 2 November the incident of Monday 19 October is in time; that of the Friday before is late, is
    taken all the same, and staff see that it is."""
    town.complain(SLUG, incident_date=incident)
    page = town.page_of(town.desk.coordinator())
    assert ("came after the time limit of the procedure" in page.text) is late
    assert town.desk.case().late is late
    told = town.mail(ADDRESS, "acknowledgement")
    assert (
        "Our procedure asks you to send complaints within 10 working days of what happened" in told
    ) is late
    assert town.due(SLUG, "formal/submit", "2026-12-17") == "2027-01-05"


@pytest.mark.clause("AFL-07")
def test_a_complaint_that_lacks_something_is_not_accepted(town: Town) -> None:
    """Each thing that the policy asks for is needed, and the form that comes back names what is missing."""
    missing = {
        "aspects": "Enter at least one point.",
        "incident_date": "Enter the date it happened.",
        "account": "Tell us what happened.",
        "actions_taken": "Tell us what has been done so far.",
        "outcome_sought": "Tell us what you would like to happen.",
        "telephone": "Enter your telephone number.",
        "email": "Enter your email address.",
        "availability": "Tell us when we can reach you.",
    }
    for question, message in missing.items():
        answer = town.fill_in(SLUG, **{question: ""})
        assert answer.status == 422
        assert message in answer.page.text
    answer = town.fill_in(SLUG, **dict.fromkeys(missing, ""))
    assert all(message in answer.page.text for message in missing.values())
    assert town.desk.office.items() == []


@pytest.mark.clause("AFL-08", "AFL-14")
def test_the_acknowledgement_names_the_date_of_the_response(town: Town) -> None:
    """A complaint of Monday 2 November is answered by Monday 14 December: 30 working days after it was received."""
    town.complain(SLUG)
    told = town.mail(ADDRESS, "acknowledgement")
    assert "by the end of Monday 14 December 2026: 30 working days after Monday 2 November 2026" in told
    assert town.due(SLUG, "formal/respond", "2026-11-02T10:00") == "2026-12-14"


@pytest.mark.clause("AFL-14")
def test_the_response_explains_what_follows(town: Town) -> None:
    """The answer to a formal complaint says by when to reply, what happens then, and that no further step exists."""
    town.complain(SLUG, aspects=POINTS[:2])
    told = town.answer()
    for said in (
        "This was the last stage of our procedure.",
        "by the end of Monday 16 November 2026",
        "Our policy has no further step",
        "If we do not hear from you by then, we will close your complaint.",
    ):
        assert said in told


@pytest.mark.clause("AFL-12")
def test_the_response_concludes_on_each_main_aspect(town: Town) -> None:
    """Three aspects get three conclusions, in the policy's words; an outcome that leaves one out is not taken."""
    town.complain(SLUG, aspects=POINTS)
    town.desk.says_it_was_them()
    town.begin_stage()
    page = town.page_of(town.desk.reviewer(), "respond")
    conclusions = ["upheld", "not-upheld", "no-decision"]
    assert page.forms["respond"].choices["conclusion_3"] == conclusions
    filled = {f"reasons_{number}": f"The reason on {number}." for number in (1, 2, 3)}
    filled["explanation_3"] = "Nobody else was there."
    chosen = {f"conclusion_{number}": one for number, one in enumerate(conclusions, 1)}
    secret = town.desk.secret(town.desk.reviewer())
    left_out = {name: value for name, value in chosen.items() if name != "conclusion_3"}
    hidden = page.forms["respond"].hidden
    refused = town.desk.post(secret, hidden, **filled, **left_out, response="We are sorry.")
    assert refused["statusCode"] == 422
    assert "conclusion on point 3" in refused["body"]
    told = town.answer(**filled, **chosen)
    for number, label in enumerate(("Upheld", "Not upheld", "No decision could be reached"), 1):
        assert f"What you wrote: {POINTS[number - 1]} Our conclusion: {label} The reason on {number}." in told


@pytest.mark.clause("AFL-12")
def test_similar_aspects_are_answered_together(town: Town) -> None:
    """What is said on the first stands for the third too: it is on record for both, and the complainant reads it
    once. A point cannot lean on one that itself has no answer."""
    town.complain(SLUG, aspects=POINTS)
    town.desk.says_it_was_them()
    town.begin_stage()
    reviewer = town.desk.reviewer()
    secret, hidden = town.desk.secret(reviewer), town.page_of(reviewer, "respond").forms["respond"].hidden
    filled = {
        "conclusion_1": "upheld",
        "reasons_1": "Nobody came.",
        "conclusion_2": "not-upheld",
        "reasons_2": "It was there.",
        "response": "We are sorry.",
        "no_conversation": "They asked us to write.",
    }
    circle = town.desk.post(secret, hidden, **filled, with_3="2", with_2="3")
    assert circle["statusCode"] == 422
    assert "For point 3, choose a point that has its own conclusion." in circle["body"]
    town.act(reviewer, "respond", **filled, with_3="1")

    recorded = town.desk.case().current
    assert [(one.aspect, one.conclusion) for one in recorded.findings] == [
        (1, "upheld"),
        (2, "not-upheld"),
        (3, "upheld"),
    ]
    wording = town.desk.office.site.store.contents(town.desk.ref, (recorded.wording,))[recorded.wording]
    assert wording["reasons"] == ["Nobody came.", "It was there.", "Nobody came."]
    approver = approvers(town.desk.case(), town.desk.procedure())[0].id
    shown = town.page_of(approver, "approve").text
    assert "Point 3: Upheld" in shown
    town.act(approver, "approve", decision="approve")
    told = town.mail(ADDRESS, "outcome")
    assert told.count("Nobody came.") == 1
    assert (
        f"What you wrote: {POINTS[2]} Our conclusion: Upheld We looked at this point together with point 1"
        in told
    )


@pytest.mark.clause("AFL-15", "AFL-17")
@pytest.mark.parametrize("form", ["complaint", "concern"])
def test_the_privacy_notice_says_who_sees_it_and_whom_to_ask(town: Town, form: str) -> None:
    """Before the button stands with whom the data is shared, whom to ask first and next, and the registration."""
    text = town.page(f"/{SLUG}/{form}").text
    shared = text.index("We share it only with the people")
    assert "staff or contractors who need it" in text[shared:]
    officer, commissioner = (
        text.index("data protection officer"),
        text.index("Information Commissioner's Office"),
    )
    assert (
        officer
        < commissioner
        < text.index("registered under number Z")
        < text.index("You can check your answers")
    )


@pytest.mark.clause("AFL-16")
def test_five_years_after_its_closure_a_case_is_deleted(town: Town) -> None:
    """A day earlier it is neither looked for nor let go; five years on it is announced, and after the notice
    nothing is left of what was written or answered."""
    town.complain(SLUG, aspects=POINTS[:2], account="The oven caught fire.")
    town.answer()
    town.reply("satisfied")
    town.at(2031, 11, 2, 23, 59)
    assert town.retention("find") == {"cases": []}
    assert not town.retention("announce")["proceed"]
    town.at(2031, 11, 3, 2)
    assert town.retention("find") == {"cases": [{"ref": town.desk.ref}]}
    assert town.retention("announce")["proceed"]
    assert not town.retention("destroy")["destroyed"]
    town.at(2031, 11, 18, 2)
    assert town.retention("destroy")["destroyed"]
    left = str(town.desk.office.items())
    for written in ("The oven caught fire.", "Because the first.", ADDRESS):
        assert written not in left
